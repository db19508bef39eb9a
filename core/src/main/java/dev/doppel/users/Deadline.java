package dev.doppel.users;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeoutException;

/** Limits the time that a caller waits for a future. */
public final class Deadline {

  private Deadline() {}

  /**
   * Returns the result of the future, or fails with {@link TimeoutException} after the given time.
   * The work itself goes on. Unlike {@link Future#timeout}, uses a timer of the caller's event
   * loop: for futures without a context, that method wakes another thread, which costs more than
   * most answers.
   */
  public static <T> Future<T> within(Vertx vertx, long millis, Future<T> answer) {
    if (answer.isComplete()) {
      return answer;
    }
    var first = Promise.<T>promise();
    var timer =
        vertx.setTimer(
            millis, late -> first.tryFail(new TimeoutException("no answer in " + millis + " ms")));
    answer.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.succeeded()) {
            first.tryComplete(done.result());
          } else {
            first.tryFail(done.cause());
          }
        });
    return first.future();
  }
}
