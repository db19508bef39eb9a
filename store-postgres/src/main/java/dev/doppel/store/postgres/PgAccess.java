package dev.doppel.store.postgres;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Access to the tables: each statement alone, or as part of one transaction. Every call fails with
 * a {@link Failure}, except for a violated constraint, which {@link PgFailures#constraint} names.
 */
interface PgAccess {

  int MAX_ATTEMPTS = 1_000;

  /** Runs a statement that reads a few rows by an index. */
  Future<RowSet<Row>> lookup(String sql, Tuple values);

  /** Runs a statement that changes something, as a transaction of its own. */
  Future<RowSet<Row>> change(String sql, Tuple values);

  /** Runs a statement that may read a whole table. */
  Future<RowSet<Row>> search(PgStatement statement);

  /** Runs several statements that read the same state of the database. */
  <T> Future<T> readConsistently(Function<SqlConnection, Future<T>> work);

  /** Runs several statements as one change, with no other change at the same time. */
  <T> Future<T> transaction(Function<SqlConnection, Future<T>> work);

  /**
   * Repeats an attempt as long as another change of the same row comes in between. Fails with
   * OVERLOADED after {@link #MAX_ATTEMPTS}.
   *
   * @param attempt has an empty result if another change came in between
   */
  default <T> Future<T> retryUntilUpdated(Supplier<Future<Optional<T>>> attempt) {
    return retryUntilUpdated(attempt, MAX_ATTEMPTS);
  }

  private static <T> Future<T> retryUntilUpdated(
      Supplier<Future<Optional<T>>> attempt, int attempts) {
    return attempt
        .get()
        .compose(
            updated -> {
              if (updated.isPresent()) {
                return Future.succeededFuture(updated.get());
              }
              return attempts > 1
                  ? retryUntilUpdated(attempt, attempts - 1)
                  : Future.failedFuture(Failure.of(Reason.OVERLOADED));
            });
  }

  /** Statements of one transaction, with no other change at the same time. */
  record InTransaction(SqlConnection on) implements PgAccess {

    @Override
    public Future<RowSet<Row>> lookup(String sql, Tuple values) {
      return search(new PgStatement(sql, values));
    }

    @Override
    public Future<RowSet<Row>> change(String sql, Tuple values) {
      return search(new PgStatement(sql, values));
    }

    @Override
    public Future<RowSet<Row>> search(PgStatement statement) {
      return transaction(statement::execute);
    }

    @Override
    public <T> Future<T> readConsistently(Function<SqlConnection, Future<T>> work) {
      return transaction(work);
    }

    @Override
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
      return work.apply(on).recover(thrown -> Future.failedFuture(PgFailures.translate(thrown)));
    }
  }
}
