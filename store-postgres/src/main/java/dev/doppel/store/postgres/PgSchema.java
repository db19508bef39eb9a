package dev.doppel.store.postgres;

import dev.doppel.users.Deadline;
import dev.doppel.users.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * Creates the tables, and brings those of an older version up to date, in one transaction. Which
 * scripts were run is kept as Flyway keeps it, which did this until version 3.
 */
final class PgSchema {

  /** For statements that only look, and for another process that migrates. */
  private static final long LOOK_TIMEOUT = 5_000;

  /** For the scripts, which may have to change millions of rows. */
  private static final long MIGRATION_TIMEOUT = TimeUnit.HOURS.toMillis(1);

  private static final String HISTORY =
      """
      CREATE TABLE IF NOT EXISTS schema_history (
        installed_rank integer       NOT NULL,
        version        varchar(50),
        description    varchar(200)  NOT NULL,
        type           varchar(20)   NOT NULL,
        script         varchar(1000) NOT NULL,
        checksum       integer,
        installed_by   varchar(100)  NOT NULL,
        installed_on   timestamp     NOT NULL DEFAULT now(),
        execution_time integer       NOT NULL,
        success        boolean       NOT NULL,
        CONSTRAINT schema_history_pk PRIMARY KEY (installed_rank)
      )\
      """;

  private static final String NOTE =
      "INSERT INTO schema_history (installed_rank, version, description, type, script, checksum,"
          + " installed_by, execution_time, success)"
          + " SELECT coalesce(max(installed_rank), 0) + 1, $1, $2, 'SQL', $3, $4::integer, current_user, 0,"
          + " true FROM schema_history";

  private static final String FIND_HISTORY =
      "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'schema_history'";
  private static final String FIND_SCHEMA = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
  private static final String VERSIONS =
      "SELECT version FROM schema_history WHERE success AND version IS NOT NULL";

  /** One process at a time; the first number is this program's. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(1685024881, 1)";

  /** In the order in which they are run. */
  static final List<Script> SCRIPTS =
      List.of(
          new Script("1", "users"),
          new Script("2", "authority"),
          new Script("3", "integrity"),
          new Script("4", "bulk"));

  private static final Comparator<String> BY_NUMBERS =
      (one, other) -> Arrays.compare(numbers(one), numbers(other));

  private final Vertx vertx;
  private final PgServers servers;
  private final PgAddress address;

  /** A file of SQL that makes a version of the one before. */
  record Script(String version, String description) {

    String file() {
      return "V" + version + "__" + description + ".sql";
    }

    String sql() {
      try (var in = PgSchema.class.getResourceAsStream(file())) {
        if (in == null) {
          throw new IllegalStateException(file() + " is missing");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** As Flyway computes it: of the lines, without what ends them. */
    int checksum() {
      var checksum = new CRC32();
      sql().lines().forEach(line -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
      return (int) checksum.getValue();
    }
  }

  PgSchema(Vertx vertx, PgServers servers, PgAddress address) {
    this.vertx = vertx;
    this.servers = servers;
    this.address = address;
  }

  /**
   * Safe to be called by several processes at once. Fails with {@link StorageException} if the
   * schema is a newer one.
   *
   * @param create whether the tables are created where there are none; fails with {@link
   *     StorageException} there if not
   */
  Future<Void> migrate(boolean create) {
    var settings =
        PgSettings.in(address.schema())
            .with("statement_timeout", 0) // a database may have one that is too short for scripts
            .with("lock_timeout", LOOK_TIMEOUT);
    return servers
        .connect(settings)
        .compose(
            on -> // what isn't committed when it is closed is rolled back
            looking(run(on, "BEGIN; " + settings.local()))
                    .compose(begun -> looking(applied(on)))
                    .compose(applied -> migrate(on, applied, create))
                    .compose(done -> looking(run(on, "COMMIT")))
                    .onComplete(done -> on.close()));
  }

  private Future<Void> migrate(PgConnection on, Optional<Set<String>> applied, boolean create) {
    refuseNewer(applied.orElse(Set.of()));
    if (applied.isEmpty() && !create) {
      throw new StorageException(
          "there is no store in schema '%s' of this database".formatted(address.schema()),
          new IllegalStateException());
    }
    return missing(applied).isEmpty()
        ? Future.succeededFuture()
        : Deadline.within(vertx, LOOK_TIMEOUT * 2, run(on, LOCK))
            .compose(alone -> looking(applied(on))) // another process may have been here
            .compose(
                now -> {
                  refuseNewer(now.orElse(Set.of()));
                  return Deadline.within(vertx, MIGRATION_TIMEOUT, runMissing(on, now));
                });
  }

  private Future<Void> runMissing(PgConnection on, Optional<Set<String>> applied) {
    var last = run(on, "SET LOCAL lock_timeout TO '0'");
    if (applied.isEmpty()) {
      last = last.compose(done -> createSchema(on)).compose(done -> run(on, HISTORY));
    }
    for (var script : missing(applied)) {
      last =
          last.compose(done -> run(on, script.sql()))
              .compose(
                  done ->
                      query(
                          on,
                          NOTE,
                          Tuple.of(
                              script.version(),
                              script.description(),
                              script.file(),
                              script.checksum())))
              .mapEmpty();
    }
    return last;
  }

  /** Who may not create one needs no right to if it is there. */
  private Future<Void> createSchema(PgConnection on) {
    var quoted = '"' + address.schema().replace("\"", "\"\"") + '"';
    return query(on, FIND_SCHEMA, Tuple.of(address.schema()))
        .compose(
            rows ->
                rows.size() > 0
                    ? Future.succeededFuture()
                    : run(on, "CREATE SCHEMA IF NOT EXISTS " + quoted));
  }

  /** Returns the versions whose scripts were run; empty if none ever was. */
  private Future<Optional<Set<String>>> applied(PgConnection on) {
    return query(on, FIND_HISTORY, Tuple.of(address.schema()))
        .compose(
            found ->
                found.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : query(on, VERSIONS, Tuple.tuple()).map(PgSchema::versions).map(Optional::of));
  }

  private static Set<String> versions(RowSet<Row> rows) {
    var versions = new HashSet<String>();
    rows.forEach(row -> versions.add(row.getString(0)));
    return versions;
  }

  private static List<Script> missing(Optional<Set<String>> applied) {
    return SCRIPTS.stream()
        .filter(script -> applied.map(all -> !all.contains(script.version())).orElse(true))
        .toList();
  }

  private static void refuseNewer(Set<String> applied) {
    var known = SCRIPTS.get(SCRIPTS.size() - 1).version();
    var found = applied.stream().max(BY_NUMBERS).orElse(known);
    if (BY_NUMBERS.compare(found, known) > 0) {
      throw new StorageException(
          "the database has schema %s, which a newer Doppel made; this one knows up to %s"
              .formatted(found, known),
          new IllegalStateException());
    }
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private <T> Future<T> looking(Future<T> answer) {
    return Deadline.within(vertx, LOOK_TIMEOUT, answer);
  }

  private static Future<Void> run(PgConnection on, String statements) {
    return on.query(statements).execute().mapEmpty();
  }

  private static Future<RowSet<Row>> query(PgConnection on, String sql, Tuple values) {
    return on.preparedQuery(sql).execute(values);
  }
}
