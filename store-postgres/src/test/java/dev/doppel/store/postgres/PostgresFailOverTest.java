package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.testkit.Await;
import dev.doppel.testkit.StorageFixture;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Storage;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Two servers with the same content, one of which takes changes at a time. */
class PostgresFailOverTest extends StorageFixture {

  private static final String READ_ONLY =
      "ALTER DATABASE postgres SET default_transaction_read_only = ";
  private static final UserId BOB = new UserId(7);

  @Override
  protected Storage open() {
    return TestPostgres.newStorage(vertx);
  }

  private static String uri(String target, int... ports) {
    var hosts = new StringBuilder();
    for (int port : ports) {
      hosts.append(hosts.isEmpty() ? "" : ",").append("localhost:").append(port);
    }
    return "postgresql://postgres:postgres@%s/postgres%s".formatted(hosts, target);
  }

  private Storage open(String uri) {
    return await(PgStorage.open(vertx, PgAddress.parse(uri), 4));
  }

  private void fill(EmbeddedPostgres server) {
    var alone = open(uri("", server.getPort()));
    addReferences(alone);
    await(alone.users().insert(user(BOB.value(), "bob")));
    await(alone.close());
  }

  /** Changes the default for new sessions, and terminates existing ones. */
  private static void makeReadOnly(EmbeddedPostgres server, boolean readOnly) throws SQLException {
    var url = "jdbc:postgresql://localhost:%s/postgres".formatted(server.getPort());
    try (var on = DriverManager.getConnection(url, "postgres", "postgres");
        var statement = on.createStatement()) {
      statement.execute("SET default_transaction_read_only = off");
      statement.execute(READ_ONLY + (readOnly ? "on" : "off"));
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doppel'");
    }
  }

  private static long versionOn(EmbeddedPostgres server) throws SQLException {
    var url = "jdbc:postgresql://localhost:%s/postgres".formatted(server.getPort());
    try (var on = DriverManager.getConnection(url, "postgres", "postgres");
        var statement = on.createStatement();
        var rows = statement.executeQuery("SELECT version FROM doppel.users WHERE name = 'bob'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static boolean changes(Storage storage) {
    return await(storage.users().update(BOB, User::nextVersion).map(user -> true).otherwise(false));
  }

  @Test
  @SuppressWarnings("try") // one of them is stopped early
  void update_usesTheServerThatTakesChanges() throws IOException, SQLException {
    try (var a = TestPostgres.start();
        var b = TestPostgres.start()) {
      fill(a);
      fill(b);
      makeReadOnly(b, true);
      var storage = open(uri("?target_session_attrs=read-write", b.getPort(), a.getPort()));
      assertThat(changes(storage)).isTrue();
      assertThat(versionOn(b)).isEqualTo(1);

      makeReadOnly(a, true);
      assertThat(reason(storage.users().update(BOB, User::nextVersion)))
          .isEqualTo(Reason.UNAVAILABLE);
      assertThat(reason(storage.ping())).isEqualTo(Reason.UNAVAILABLE);
      makeReadOnly(b, false);
      Await.until("changes are made", () -> changes(storage));
      await(storage.ping());
      var before = versionOn(b);
      assertThat(changes(storage)).isTrue();
      assertThat(versionOn(b)).isGreaterThan(before);
      var made = versionOn(b);
      Await.until(
          "lookups go where changes go", () -> await(storage.users().find(BOB)).version() == made);

      makeReadOnly(a, false);
      b.close();
      Await.until("changes are made", () -> changes(storage));
      assertThat(await(storage.users().find(BOB)).version()).isEqualTo(versionOn(a));
      await(storage.close());
    }
  }

  @Test
  void open_namesTheReasonOfEachServer() throws IOException, SQLException {
    try (var a = TestPostgres.start()) {
      fill(a);
      makeReadOnly(a, true);
      var address = PgAddress.parse(uri("?target_session_attrs=read-write", a.getPort(), 1));
      var opening = PgStorage.open(vertx, address, 2);
      assertThat(reason(opening)).isEqualTo(Reason.UNAVAILABLE);
      assertThat(PgStorage.outage(opening.cause()))
          .contains(
              "localhost:%s: the server is read-only; localhost:1: connection refused"
                  .formatted(a.getPort()));
      var any = open(uri("", 1, a.getPort()));
      assertThat(await(any.users().find(BOB)).name()).isEqualTo("bob");
      await(any.close());
    }
  }

  @Test
  void parse_namesParametersWithWrongValues() {
    assertThatThrownBy(
            () -> PgAddress.parse("postgresql://u:pw@a,b/d?target_session_attrs=standby"))
        .hasMessage("target_session_attrs 'standby': not allowed; use any, read-write or primary");
    assertThatThrownBy(() -> PgAddress.parse("postgresql://u:pw@a/d?pgbouncer=1"))
        .hasMessage("pgbouncer '1': not allowed; use true or false");
    assertThat(PgAddress.parse("postgresql://u:pw@a:1,[::1]:2,c/d?pgbouncer=true"))
        .hasToString("postgresql://a:1,[::1]:2,c:5432/d");
  }
}
