package dev.doppel.users;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Calls an asynchronous function for each of many values, a limited number at a time. */
final class BoundedConcurrency<T, R> {

  private final List<T> values;
  private final Function<T, Future<R>> function;
  private final AtomicReferenceArray<@Nullable R> results;
  private final AtomicInteger next = new AtomicInteger();

  private BoundedConcurrency(List<T> values, Function<T, Future<R>> function) {
    this.values = values;
    this.function = function;
    results = new AtomicReferenceArray<>(values.size());
  }

  /**
   * Returns the results in the order of the values. Fails with the failure of the first call that
   * fails, and makes no further calls then.
   *
   * @param maxConcurrency the maximum number of calls at a time
   */
  static <T, R> Future<List<R>> map(
      List<T> values, int maxConcurrency, Function<T, Future<R>> function) {
    var work = new BoundedConcurrency<>(values, function);
    return Future.all(
            IntStream.range(0, maxConcurrency)
                .mapToObj(
                    chain -> {
                      var done = Promise.<Void>promise();
                      work.callNext(done);
                      return done.future();
                    })
                .toList())
        .map(all -> work.results());
  }

  /**
   * Makes calls one after the other. A loop handles calls that complete at once, since recursion
   * would overflow the stack.
   */
  private void callNext(Promise<Void> done) {
    for (int index = next.getAndIncrement();
        index < values.size();
        index = next.getAndIncrement()) {
      var result = function.apply(values.get(index));
      if (!result.isComplete()) {
        int pending = index;
        result.onComplete(
            value -> {
              results.set(pending, value);
              callNext(done);
            },
            thrown -> stop(done, thrown));
        return;
      }
      if (result.failed()) {
        stop(done, result.cause());
        return;
      }
      results.set(index, result.result());
    }
    done.tryComplete();
  }

  private void stop(Promise<Void> done, Throwable thrown) {
    next.set(values.size());
    done.tryFail(thrown);
  }

  private List<R> results() {
    return IntStream.range(0, values.size())
        .mapToObj(index -> Objects.requireNonNull(results.get(index)))
        .toList();
  }
}
