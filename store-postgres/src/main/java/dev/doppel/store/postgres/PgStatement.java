package dev.doppel.store.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/** A statement of SQL and the values of its parameters. */
record PgStatement(String sql, Tuple values) {

  /** Runs it as a prepared statement. */
  Future<RowSet<Row>> execute(SqlClient on) {
    return on.preparedQuery(sql).execute(values);
  }
}
