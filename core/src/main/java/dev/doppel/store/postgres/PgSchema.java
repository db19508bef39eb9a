package dev.doppel.store.postgres;

import dev.doppel.users.Storage.Unopenable;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.logging.LogFactory;
import org.flywaydb.core.api.logging.LogLevel;

/** Makes the tables, and brings those of an older version up to date. */
final class PgSchema {

  private static final int CONNECT_SECONDS = 5;

  /** Each of these is waited for a second, for ten gateways may start at once. */
  private static final int LOCK_ATTEMPTS = 60;

  private PgSchema() {}

  /**
   * Safe to be called by several processes at once; blocks until it is done.
   *
   * @throws Unopenable if the database can't be reached or changed, or holds a newer schema
   */
  static void migrate(PgAddress address) {
    migrate(address, anything -> {});
  }

  /**
   * As {@link #migrate}, but makes nothing where there is nothing.
   *
   * @throws Unopenable as {@link #migrate} does, and if the schema has no tables of Doppel
   */
  static void migrateExisting(PgAddress address) {
    migrate(
        address,
        all -> {
          if (newest(all, false).isEmpty()) {
            throw new Unopenable(
                "there is no store in schema '%s' of this database".formatted(address.schema()),
                new IllegalStateException());
          }
        });
  }

  private static void migrate(PgAddress address, Consumer<MigrationInfo[]> check) {
    LogFactory.setLogLevel(LogLevel.WARN);
    try {
      var flyway =
          Flyway.configure(PgSchema.class.getClassLoader())
              .dataSource(
                  address.jdbcUrl(CONNECT_SECONDS),
                  address.options().getUser(),
                  address.options().getPassword())
              .locations("classpath:dev/doppel/store/postgres")
              .failOnMissingLocations(true)
              .defaultSchema(address.schema())
              .table("schema_history")
              .lockRetryCount(LOCK_ATTEMPTS)
              .load();
      var all = flyway.info().all();
      check.accept(all);
      refuseNewer(all);
      flyway.migrate();
    } catch (FlywayException e) {
      throw new Unopenable(why(e), e);
    }
  }

  private static void refuseNewer(MigrationInfo[] all) {
    var known = newest(all, true);
    var found = newest(all, false);
    if (found.isPresent() && found.get().isNewerThan(known.orElse(MigrationVersion.EMPTY))) {
      throw new Unopenable(
          "the database has schema %s, which a newer Doppel made; this one knows up to %s"
              .formatted(found.get(), known.map(MigrationVersion::toString).orElse("none")),
          new IllegalStateException());
    }
  }

  /** Of those that this program has, or of those that the database was given. */
  private static Optional<MigrationVersion> newest(MigrationInfo[] all, boolean ours) {
    return Arrays.stream(all)
        .filter(one -> ours ? one.getState().isResolved() : one.getState().isApplied())
        .map(MigrationInfo::getVersion)
        .filter(Objects::nonNull) // that of the schema's own making
        .max(Comparator.naturalOrder());
  }

  /** What the server or the network said, in one line. */
  private static String why(FlywayException thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException said && said.getMessage() != null) {
        return said.getMessage().lines().findFirst().orElse("no reason given");
      }
    }
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
