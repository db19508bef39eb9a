package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgUserQuery.Statement;
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
 * How stores get at the tables: each statement by itself, or as part of one transaction. Everything
 * fails with a {@link Failure} but for a broken constraint, which {@link PgFailures#constraint}
 * reads.
 */
interface PgAccess {

  int MAX_ATTEMPTS = 1_000;

  /** A statement that reads a few rows by an index. */
  Future<RowSet<Row>> lookup(String sql, Tuple values);

  /** A statement that changes something, by itself a transaction. */
  Future<RowSet<Row>> change(String sql, Tuple values);

  /** A statement that may take its time. */
  Future<RowSet<Row>> search(Statement statement);

  /** Several statements that read the same moment. */
  <T> Future<T> snapshot(Function<SqlConnection, Future<T>> work);

  /** Several statements that are one change, with no other change beside it. */
  <T> Future<T> transaction(Function<SqlConnection, Future<T>> work);

  /**
   * Until nothing else changed the same in between, which an empty result tells. Fails with
   * OVERLOADED if something always did.
   */
  default <T> Future<T> untilKept(Supplier<Future<Optional<T>>> attempt) {
    return untilKept(attempt, MAX_ATTEMPTS);
  }

  private static <T> Future<T> untilKept(Supplier<Future<Optional<T>>> attempt, int attempts) {
    return attempt
        .get()
        .compose(
            kept -> {
              if (kept.isPresent()) {
                return Future.succeededFuture(kept.get());
              }
              return attempts > 1
                  ? untilKept(attempt, attempts - 1)
                  : Future.failedFuture(Failure.of(Reason.OVERLOADED));
            });
  }

  /** Statements of one transaction, with no other change beside it. */
  record Within(SqlConnection on) implements PgAccess {

    @Override
    public Future<RowSet<Row>> lookup(String sql, Tuple values) {
      return on.preparedQuery(sql)
          .execute(values)
          .recover(thrown -> Future.failedFuture(PgFailures.of(thrown)));
    }

    @Override
    public Future<RowSet<Row>> change(String sql, Tuple values) {
      return lookup(sql, values);
    }

    @Override
    public Future<RowSet<Row>> search(Statement statement) {
      return lookup(statement.sql(), statement.values());
    }

    @Override
    public <T> Future<T> snapshot(Function<SqlConnection, Future<T>> work) {
      return transaction(work);
    }

    @Override
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
      return work.apply(on).recover(thrown -> Future.failedFuture(PgFailures.of(thrown)));
    }
  }
}
