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
 * Creates the tables or upgrades those of an older version, in one transaction. The scripts that
 * were run are recorded in the format of Flyway, which ran them until version 3.
 */
final class PgSchema {

  /** In milliseconds, for statements that only read and for a lock that another process holds. */
  private static final long QUERY_TIMEOUT = 5_000;

  /** In milliseconds, for all scripts together, which may have to change millions of rows. */
  private static final long MIGRATION_TIMEOUT = TimeUnit.HOURS.toMillis(1);

  private static final String CREATE_HISTORY =
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

  private static final String RECORD_SCRIPT =
      "INSERT INTO schema_history (installed_rank, version, description, type, script, checksum,"
          + " installed_by, execution_time, success)"
          + " SELECT coalesce(max(installed_rank), 0) + 1, $1, $2, 'SQL', $3, $4::integer, current_user, 0,"
          + " true FROM schema_history";

  private static final String FIND_HISTORY =
      "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'schema_history'";
  private static final String FIND_SCHEMA = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
  private static final String FIND_VERSIONS =
      "SELECT version FROM schema_history WHERE success AND version IS NOT NULL";

  /** Lets one process at a time migrate. The first number identifies this program. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(1685024881, 1)";

  /** In the order in which they run. */
  static final List<Script> SCRIPTS =
      List.of(
          new Script("1", "users"),
          new Script("2", "authority"),
          new Script("3", "integrity"),
          new Script("4", "bulk"));

  private static final Comparator<String> VERSION_ORDER =
      (one, other) -> Arrays.compare(parseVersion(one), parseVersion(other));

  private final Vertx vertx;
  private final PgServers servers;
  private final PgAddress address;

  /** A file of SQL that upgrades the tables from the version before it. */
  record Script(String version, String description) {

    String fileName() {
      return "V" + version + "__" + description + ".sql";
    }

    String sql() {
      try (var in = PgSchema.class.getResourceAsStream(fileName())) {
        if (in == null) {
          throw new IllegalStateException(fileName() + " is missing");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Returns the checksum that Flyway computes: of the lines without their terminators. */
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
   * Creates or upgrades the tables. May be called by several processes at once. Fails with {@link
   * StorageException} if the schema is newer than this program.
   *
   * @param create whether missing tables are created; without it, the call fails with {@link
   *     StorageException} where there are none
   */
  Future<Void> migrate(boolean create) {
    var settings =
        PgSettings.inSchema(address.schema())
            .with("statement_timeout", 0) // the default of a database may be too short for scripts
            .with("lock_timeout", QUERY_TIMEOUT);
    var begin =
        settings.perTransaction(address.pooled()).map(set -> "BEGIN; " + set).orElse("BEGIN");
    return servers
        .connect(settings)
        .compose(
            on -> // closing it rolls back an uncommitted transaction
            withTimeout(run(on, begin))
                    .compose(begun -> withTimeout(findVersions(on)))
                    .compose(versions -> migrate(on, versions, create))
                    .compose(done -> withTimeout(run(on, "COMMIT")))
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
        : Deadline.within(vertx, QUERY_TIMEOUT * 2, run(on, LOCK))
            .compose(locked -> withTimeout(findVersions(on))) // another process may have migrated
            .compose(
                current -> {
                  refuseNewer(current.orElse(Set.of()));
                  return Deadline.within(vertx, MIGRATION_TIMEOUT, runMissing(on, current));
                });
  }

  private Future<Void> runMissing(PgConnection on, Optional<Set<String>> applied) {
    var last = run(on, "SET LOCAL lock_timeout TO '0'");
    if (applied.isEmpty()) {
      last = last.compose(done -> createSchema(on)).compose(done -> run(on, CREATE_HISTORY));
    }
    for (var script : missing(applied)) {
      last =
          last.compose(done -> run(on, script.sql()))
              .compose(
                  done ->
                      query(
                          on,
                          RECORD_SCRIPT,
                          Tuple.of(
                              script.version(),
                              script.description(),
                              script.fileName(),
                              script.checksum())))
              .mapEmpty();
    }
    return last;
  }

  /** Looks for the schema first, so that an existing one needs no right to create schemas. */
  private Future<Void> createSchema(PgConnection on) {
    var quoted = '"' + address.schema().replace("\"", "\"\"") + '"';
    return query(on, FIND_SCHEMA, Tuple.of(address.schema()))
        .compose(
            rows ->
                rows.size() > 0
                    ? Future.succeededFuture()
                    : run(on, "CREATE SCHEMA IF NOT EXISTS " + quoted));
  }

  /** Returns the versions whose scripts were run; empty if there is no history of them. */
  private Future<Optional<Set<String>>> findVersions(PgConnection on) {
    return query(on, FIND_HISTORY, Tuple.of(address.schema()))
        .compose(
            found ->
                found.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : query(on, FIND_VERSIONS, Tuple.tuple())
                        .map(PgSchema::versions)
                        .map(Optional::of));
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
    var found = applied.stream().max(VERSION_ORDER).orElse(known);
    if (VERSION_ORDER.compare(found, known) > 0) {
      throw new StorageException(
          "the database has schema %s, which a newer Doppel made; this one knows up to %s"
              .formatted(found, known),
          new IllegalStateException());
    }
  }

  private static int[] parseVersion(String version) {
    return Arrays.stream(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private <T> Future<T> withTimeout(Future<T> result) {
    return Deadline.within(vertx, QUERY_TIMEOUT, result);
  }

  private static Future<Void> run(PgConnection on, String statements) {
    return on.query(statements).execute().mapEmpty();
  }

  private static Future<RowSet<Row>> query(PgConnection on, String sql, Tuple values) {
    return on.preparedQuery(sql).execute(values);
  }
}
