package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgAddress.Target;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;

/**
 * The facts about a server that decide whether it takes changes.
 *
 * @param isStandby whether it replays the changes of another server
 * @param isReadOnly whether transactions of the session that asked are read-only
 */
record PgServerState(boolean isStandby, boolean isReadOnly) {

  private static final String QUERY =
      "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean";

  private static final String READ_ONLY = "the server is read-only";

  /** Thrown where a server takes no changes. */
  static final class ReadOnlyException extends RuntimeException {

    ReadOnlyException(String message) {
      super(message, null, false, false);
    }
  }

  /** Asks the server at the other end of a connection. */
  static Future<PgServerState> read(SqlClient on) {
    return on.query(QUERY)
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row -> new PgServerState(row.getBoolean(0), row.getBoolean(1)));
  }

  /**
   * Checks that the session can change something.
   *
   * @throws ReadOnlyException if it can't
   */
  void requireWritable() {
    if (isStandby || isReadOnly) {
      throw new ReadOnlyException(READ_ONLY);
    }
  }

  /**
   * Checks that the server is of the kind that an address asks for.
   *
   * @throws ReadOnlyException if it isn't
   */
  void requireTarget(Target target) {
    if (target == Target.PRIMARY && isStandby) {
      throw new ReadOnlyException("the server is a standby");
    }
    if (target == Target.READ_WRITE && isReadOnly) {
      throw new ReadOnlyException(READ_ONLY);
    }
  }
}
