package dev.doppel.store;

import io.vertx.core.Future;
import java.util.function.Function;

/** How stores get at the tables: each call by itself, or as part of a larger change. */
interface Access {

  /** What the question finds in one state. What it throws fails the future. */
  <T> Future<T> read(Function<State, T> question);

  /**
   * As {@link #read}, for a question that may look at a whole table. It calls {@link
   * State#checkTime} before each entry, and fails with TIMED_OUT or OVERLOADED as {@link Workers}
   * do.
   */
  <T> Future<T> search(Function<State, T> question);

  /** Makes a change. What it throws fails the future, and nothing of it is kept. */
  <T> Future<T> write(Function<Change, T> change);

  /** Calls that are part of one change, answered at once. */
  record Within(Change change) implements Access {

    @Override
    public <T> Future<T> read(Function<State, T> question) {
      try {
        return Future.succeededFuture(question.apply(change));
      } catch (RuntimeException thrown) {
        return Future.failedFuture(thrown);
      }
    }

    @Override
    public <T> Future<T> search(Function<State, T> question) {
      var limited = new Limited(change, Workers.searchLimit());
      return read(state -> question.apply(limited));
    }

    @Override
    public <T> Future<T> write(Function<Change, T> step) {
      var mark = change.mark();
      try {
        return Future.succeededFuture(step.apply(change));
      } catch (RuntimeException thrown) {
        change.backTo(mark);
        return Future.failedFuture(thrown);
      }
    }
  }
}
