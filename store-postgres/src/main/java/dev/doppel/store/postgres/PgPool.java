package dev.doppel.store.postgres;

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
 * Connections on each of which one statement or transaction runs at a time. A connection that turns
 * out to be read-only is closed: a session remains read-only after the server has changed.
 */
final class PgPool implements PgExecutor {

  /** Ends the session on the server as well, which a pooler would keep for other clients. */
  private static final String TERMINATE = "SELECT pg_terminate_backend(pg_backend_pid())";

  /** In milliseconds, for a terminated connection to close; it is returned to the pool anyway. */
  private static final long TERMINATE_TIMEOUT = 200;

  /** In milliseconds, for a free connection. */
  static final int ACQUIRE_TIMEOUT = 700;

  private final Vertx vertx;
  private final Pool pool;

  /** Statements that each transaction begins with. */
  private final Optional<String> settings;

  PgPool(Vertx vertx, Pool pool, Optional<String> settings) {
    this.vertx = vertx;
    this.pool = pool;
    this.settings = settings;
  }

  @Override
  public Future<RowSet<Row>> execute(PgStatement statement) {
    return withConnection(
        on ->
            settings.isPresent()
                ? executeWith(settings.get(), on, statement)
                : statement.execute(on));
  }

  /** Sends everything at once; if one part fails, all later parts fail and nothing is committed. */
  private static Future<RowSet<Row>> executeWith(
      String settings, SqlConnection on, PgStatement statement) {
    var begun = on.query("BEGIN; " + settings).execute();
    var result = statement.execute(on);
    var committed = on.query("COMMIT").execute();
    return Future.join(List.of(begun, result, committed))
        .transform(all -> begun.compose(done -> result).compose(rows -> committed.map(rows)));
  }

  /**
   * Runs work as one transaction.
   *
   * @param first statements that the transaction begins with, after the settings
   */
  <T> Future<T> transaction(String first, Function<SqlConnection, Future<T>> work) {
    var beginning = settings.map(set -> set + "; " + first).orElse(first);
    return withConnection(
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

  /** Fails with {@link PgServerState.ReadOnlyException} if the server takes no changes. */
  Future<Void> checkWritable() {
    return withConnection(
        on ->
            PgServerState.read(on)
                .map(
                    state -> {
                      state.requireWritable();
                      return null;
                    }));
  }

  private <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
    return acquire()
        .onSuccess(on -> on.exceptionHandler(PgServers::logBroken))
        .compose(
            on ->
                work.apply(on)
                    .recover(
                        thrown ->
                            (PgFailures.isReadOnly(thrown)
                                    ? terminate(on)
                                    : Future.<Void>succeededFuture())
                                .compose(done -> Future.failedFuture(thrown)))
                    .onComplete(done -> on.close()));
  }

  /**
   * Waits for a connection; fails with {@link ConnectionPoolTooBusyException} after {@link
   * #ACQUIRE_TIMEOUT}. The pool's own timeout isn't used: in Vert.x 5.0 a pool with a request that
   * timed out while it was connecting is never closed.
   */
  private Future<SqlConnection> acquire() {
    var connection = pool.getConnection();
    return Deadline.within(vertx, ACQUIRE_TIMEOUT, connection)
        .onFailure(late -> connection.onSuccess(SqlConnection::close))
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof TimeoutException
                        ? new ConnectionPoolTooBusyException("no connection was free in time")
                        : thrown));
  }

  private Future<Void> terminate(SqlConnection on) {
    var closed = Promise.<Void>promise();
    on.closeHandler(done -> closed.tryComplete());
    on.query(TERMINATE).execute(); // answered only by the end of the connection
    return Deadline.within(vertx, TERMINATE_TIMEOUT, closed.future()).otherwiseEmpty();
  }

  @Override
  public Future<Void> close() {
    return pool.close();
  }
}
