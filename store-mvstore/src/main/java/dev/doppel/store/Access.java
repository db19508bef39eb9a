package dev.doppel.store;

import io.vertx.core.Future;
import java.util.function.Function;

/** Access to the tables: each call alone, or as part of a larger change. */
interface Access {

  /** Runs a query on one state of the tables. An exception of the query fails the future. */
  <T> Future<T> read(Function<State, T> query);

  /**
   * Runs a query that may read a whole table. It calls {@link State#checkTime} before each entry,
   * and fails with TIMED_OUT or OVERLOADED as tasks of {@link StoreExecutor} do.
   */
  <T> Future<T> search(Function<State, T> query);

  /** Makes a change. An exception of the change fails the future and undoes the change. */
  <T> Future<T> write(Function<Change, T> change);

  /** Access by calls that are part of one change. Their futures are complete. */
  record WithinChange(Change change) implements Access {

    @Override
    public <T> Future<T> read(Function<State, T> query) {
      try {
        return Future.succeededFuture(query.apply(change));
      } catch (RuntimeException thrown) {
        return Future.failedFuture(thrown);
      }
    }

    @Override
    public <T> Future<T> search(Function<State, T> query) {
      var limited = new TimeLimitedState(change, StoreExecutor.newSearchDeadline());
      return read(state -> query.apply(limited));
    }

    @Override
    public <T> Future<T> write(Function<Change, T> step) {
      var savepoint = change.savepoint();
      try {
        return Future.succeededFuture(step.apply(change));
      } catch (RuntimeException thrown) {
        change.rollbackTo(savepoint);
        return Future.failedFuture(thrown);
      }
    }
  }
}
