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

/** Calls a function on each of many values, with a bound on how many calls are under way. */
final class InLanes<T, R> {

  private final List<T> values;
  private final Function<T, Future<R>> function;
  private final AtomicReferenceArray<@Nullable R> results;
  private final AtomicInteger next = new AtomicInteger();

  private InLanes(List<T> values, Function<T, Future<R>> function) {
    this.values = values;
    this.function = function;
    results = new AtomicReferenceArray<>(values.size());
  }

  /**
   * Returns the results in the order of the values. Fails as the first call that fails; calls that
   * have not begun are not made then.
   *
   * @param lanes how many calls are under way at most
   */
  static <T, R> Future<List<R>> map(List<T> values, int lanes, Function<T, Future<R>> function) {
    var work = new InLanes<>(values, function);
    return Future.all(
            IntStream.range(0, lanes)
                .mapToObj(
                    lane -> {
                      var done = Promise.<Void>promise();
                      work.goOn(done);
                      return done.future();
                    })
                .toList())
        .map(all -> work.results());
  }

  /** Calls that are done at once are made in a loop, so that no number of them fills the stack. */
  private void goOn(Promise<Void> done) {
    for (int place = next.getAndIncrement();
        place < values.size();
        place = next.getAndIncrement()) {
      var result = function.apply(values.get(place));
      if (!result.isComplete()) {
        int waiting = place;
        result.onComplete(
            value -> {
              results.set(waiting, value);
              goOn(done);
            },
            thrown -> stop(done, thrown));
        return;
      }
      if (result.failed()) {
        stop(done, result.cause());
        return;
      }
      results.set(place, result.result());
    }
    done.tryComplete();
  }

  private void stop(Promise<Void> done, Throwable thrown) {
    next.set(values.size());
    done.tryFail(thrown);
  }

  private List<R> results() {
    return IntStream.range(0, values.size())
        .mapToObj(place -> Objects.requireNonNull(results.get(place)))
        .toList();
  }
}
