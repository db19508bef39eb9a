package dev.doppel.users;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeoutException;

/** Until when an answer is waited for. */
public final class Deadline {

  private Deadline() {}

  /**
   * The answer, or a {@link TimeoutException} if it isn't there in so many milliseconds. As {@link
   * Future#timeout}, but by a timer of the event loop that asks: that one is another thread's for
   * futures that know no context, and waking it costs more than most answers.
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
