package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgUserQuery.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;

/** A way to run statements. */
interface PgLine {

  Future<RowSet<Row>> run(Statement statement);

  Future<Void> close();

  /** One connection with many statements on it at once. */
  record Pipeline(SqlClient client) implements PgLine {

    @Override
    public Future<RowSet<Row>> run(Statement statement) {
      return PgConnections.run(client, statement);
    }

    @Override
    public Future<Void> close() {
      return client.close();
    }
  }
}
