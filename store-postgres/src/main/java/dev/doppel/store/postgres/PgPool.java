package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgUserQuery.Statement;
import dev.doppel.users.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Connections on which one statement or transaction is run at a time. One that turns out to be
 * read-only is closed: a session keeps that from its start, also after the server has changed.
 */
final class PgPool implements PgLine {

  private static final String CHECK =
      "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean";

  /** Closes the server's end as well, which a pooler would keep for others. */
  private static final String END = "SELECT pg_terminate_backend(pg_backend_pid())";

  /** For a connection to be closed; it is given back afterwards in any case. */
  private static final long END_TIMEOUT = 200;

  /** For a connection that is free. */
  static final int TURN_TIMEOUT = 700;

  private final Vertx vertx;
  private final Pool pool;

  /** Settings that each transaction has to make; empty where the connection has them. */
  private final Optional<String> local;

  PgPool(Vertx vertx, Pool pool, Optional<String> local) {
    this.vertx = vertx;
    this.pool = pool;
    this.local = local;
  }

  @Override
  public Future<RowSet<Row>> run(Statement statement) {
    return borrow(
        on ->
            local.isPresent()
                ? runWith(local.get(), on, statement)
                : PgConnections.run(on, statement));
  }

  /** All is sent at once; if one part fails, so does what follows, and nothing is kept. */
  private static Future<RowSet<Row>> runWith(
      String settings, SqlConnection on, Statement statement) {
    var begun = on.query("BEGIN; " + settings).execute();
    var result = PgConnections.run(on, statement);
    var kept = on.query("COMMIT").execute();
    return Future.join(List.of(begun, result, kept))
        .transform(all -> begun.compose(done -> result).compose(rows -> kept.map(rows)));
  }

  /**
   * Runs work as one transaction.
   *
   * @param first statements that it begins with, after the settings
   */
  <T> Future<T> transaction(String first, Function<SqlConnection, Future<T>> work) {
    var beginning = local.map(settings -> settings + "; " + first).orElse(first);
    return borrow(
        on ->
            on.begin()
                .compose(
                    transaction ->
                        on.query(beginning)
                            .execute()
                            .compose(begun -> work.apply(on))
                            .compose(
                                result -> transaction.commit().map(result),
                                thrown ->
                                    transaction
                                        .rollback()
                                        .transform(done -> Future.failedFuture(thrown)))));
  }

  /** Fails with {@link PgServers.ReadOnlyException} if the server takes no changes. */
  Future<Void> checkWritable() {
    return borrow(
        on ->
            on.query(CHECK)
                .execute()
                .compose(
                    rows ->
                        rows.iterator().next().getBoolean(0)
                            ? Future.failedFuture(
                                new PgServers.ReadOnlyException("the server is read-only"))
                            : Future.succeededFuture()));
  }

  private <T> Future<T> borrow(Function<SqlConnection, Future<T>> work) {
    return turn()
        .onSuccess(on -> on.exceptionHandler(PgServers::logBroken))
        .compose(
            on ->
                work.apply(on)
                    .recover(
                        thrown ->
                            (PgFailures.readOnly(thrown) ? end(on) : Future.<Void>succeededFuture())
                                .compose(done -> Future.failedFuture(thrown)))
                    .onComplete(done -> on.close()));
  }

  /**
   * Waits for a connection, or fails with {@link ConnectionPoolTooBusyException}. The pool's own
   * timeout isn't used: in Vert.x 5.0 a pool with a request that timed out while it was connecting
   * is never closed.
   */
  private Future<SqlConnection> turn() {
    var turn = pool.getConnection();
    return Deadline.within(vertx, TURN_TIMEOUT, turn)
        .onFailure(late -> turn.onSuccess(SqlConnection::close))
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof TimeoutException
                        ? new ConnectionPoolTooBusyException("no connection was free in time")
                        : thrown));
  }

  private Future<Void> end(SqlConnection on) {
    var closed = Promise.<Void>promise();
    on.closeHandler(done -> closed.tryComplete());
    on.query(END).execute(); // has no answer but that the connection is closed
    return Deadline.within(vertx, END_TIMEOUT, closed.future()).otherwiseEmpty();
  }

  @Override
  public Future<Void> close() {
    return pool.close();
  }
}
