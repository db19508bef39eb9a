package dev.doppel.benchmark;

import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHasher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import java.util.function.LongFunction;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Loads users into a database by COPY: {@code UserLoader URI COUNT}. User n (from 1) has the id
 * 2^60 + 4096 n, the name {@code user} followed by n in eight digits, an e-mail address of that
 * name at example.com, and the password {@value #PASSWORD}. The first 1% of the users belong to
 * organization 7, all others to the default one.
 */
public final class UserLoader {

  static final String PASSWORD = "P@ssw0rd";

  private static final long FIRST = 1L << 60;
  private static final long STEP = 1L << 12;
  private static final int CHUNK = 250_000;

  private UserLoader() {}

  public static void main(String[] args) throws SQLException, IOException {
    if (args.length != 2) {
      System.err.println("usage: UserLoader postgresql://USER:PASSWORD@HOST:PORT/DATABASE COUNT");
      System.exit(2);
    }
    var count = Long.parseLong(args[1]);
    var hash = prepare(PgAddress.parse(args[0]));
    try (var on = connect(args[0])) {
      var started = System.nanoTime();
      try (var statement = on.createStatement()) {
        // The rows' references are valid; checking them would double the time.
        statement.execute("SET session_replication_role = replica");
        statement.execute("SET synchronous_commit = off");
      }
      for (long from = 1; from <= count; from += CHUNK) {
        var to = Math.min(count, from + CHUNK - 1);
        copy(on, "users", from, to, n -> user(n, hash));
        copy(on, "memberships", from, to, n -> membership(n, count));
        System.err.printf(
            Locale.ROOT, "%d users, %d s%n", to, (System.nanoTime() - started) / 1_000_000_000);
      }
      try (var statement = on.createStatement()) {
        statement.execute("TRUNCATE member_counts");
        statement.execute(
            "INSERT INTO member_counts SELECT organization, 0, count(*) FROM memberships GROUP BY 1");
        statement.execute("VACUUM ANALYZE");
      }
    }
  }

  /** Creates the tables, and returns the hash that all users share. */
  private static String prepare(PgAddress address) {
    var vertx = Vertx.vertx();
    var hasher = new PasswordHasher(vertx, HashScheme.FAST, 1, 1);
    try {
      await(PgStorage.open(vertx, address, 2).compose(storage -> storage.close()));
      return await(hasher.hash(new Password(PASSWORD))).encoded();
    } finally {
      hasher.close();
      await(vertx.close());
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static Connection connect(String uri) throws SQLException {
    var at = uri.indexOf('@');
    var credentials = uri.substring(uri.indexOf("://") + 3, at).split(":", 2);
    var properties = new Properties();
    properties.put("user", credentials[0]);
    properties.put("password", credentials.length > 1 ? credentials[1] : "");
    properties.put("currentSchema", "doppel");
    return DriverManager.getConnection("jdbc:postgresql://" + uri.substring(at + 1), properties);
  }

  private static void copy(
      Connection on, String table, long from, long to, LongFunction<String> line)
      throws SQLException, IOException {
    try (var out =
        new PGCopyOutputStream(on.unwrap(PGConnection.class), "COPY " + table + " FROM STDIN")) {
      for (long n = from; n <= to; n++) {
        out.write(line.apply(n).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /**
   * Returns a row in the order of the table's columns. Ids are stored with the first bit flipped.
   */
  private static String user(long n, String hash) {
    var name = name(n);
    var email = name + "@example.com";
    return String.join(
        "\t",
        id(n),
        name,
        "t",
        hash,
        email,
        email,
        "\\N",
        "2026-01-01 00:00:00Z",
        "2026-01-01 00:00:00Z",
        "1",
        "{}\n");
  }

  private static String membership(long n, long count) {
    return String.join("\t", id(n), n <= count / 100 ? "7" : "0", "f", name(n) + "\n");
  }

  private static String id(long n) {
    return Long.toString((FIRST + STEP * n) ^ Long.MIN_VALUE);
  }

  private static String name(long n) {
    var digits = Long.toString(n);
    return "user" + "0".repeat(Math.max(0, 8 - digits.length())) + digits;
  }
}
