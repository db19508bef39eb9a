package dev.doppel.store.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;

/** Runs statements on one or more connections. */
interface PgExecutor {

  Future<RowSet<Row>> execute(PgStatement statement);

  Future<Void> close();

  /** One connection that sends further statements before earlier ones are answered. */
  record Pipeline(SqlClient client) implements PgExecutor {

    @Override
    public Future<RowSet<Row>> execute(PgStatement statement) {
      return statement.execute(client);
    }

    @Override
    public Future<Void> close() {
      return client.close();
    }
  }
}
