package dev.doppel.dialect;

import dev.doppel.users.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What goes wrong with one call on purpose.
 *
 * @param id of what had it planned
 * @param delay how much later it is served
 * @param failure what the vendor is to tell instead of the answer
 * @param breakage what becomes of the answer on its way
 * @param after whether the call has its effect before that
 */
public record InjectedFault(
    long id, Duration delay, Optional<Failure> failure, Breakage breakage, boolean after) {

  /** How an answer breaks. */
  public enum Breakage {
    NONE,
    /** The connection is closed instead of an answer. */
    DROPPED,
    /** The first half comes, then the connection is closed. */
    TRUNCATED,
    /** Bytes come that are not the vendor's, as many as there would have been. */
    GARBAGE
  }

  /** Instead of an answer: the connection is to be closed. */
  public static final class Dropped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Dropped() {
      super("dropped on purpose", null, false, false);
    }
  }

  /** What the attempt gives, or what this fault makes of it; a {@link Dropped} where it drops. */
  public <T> Future<T> around(Vertx vertx, Supplier<Future<T>> attempt) {
    return after
        ? attempt.get().transform(done -> delayed(vertx).compose(waited -> instead(done)))
        : delayed(vertx).compose(waited -> this.<T>instead().orElseGet(attempt));
  }

  private <T> Future<T> instead(io.vertx.core.AsyncResult<T> done) {
    return this.<T>instead()
        .orElseGet(
            () ->
                done.succeeded()
                    ? Future.succeededFuture(done.result())
                    : Future.failedFuture(done.cause()));
  }

  private <T> Optional<Future<T>> instead() {
    return breakage == Breakage.DROPPED
        ? Optional.of(Future.failedFuture(new Dropped()))
        : failure.map(Future::failedFuture);
  }

  private Future<Void> delayed(Vertx vertx) {
    return delay.isZero()
        ? Future.succeededFuture()
        : Future.future(
            done -> vertx.setTimer(Math.max(1, delay.toMillis()), id -> done.complete()));
  }

  /** What is sent of an answer's body. */
  public Buffer broken(Buffer body) {
    return switch (breakage) {
      case NONE, DROPPED -> body;
      case TRUNCATED -> body.getBuffer(0, body.length() / 2);
      case GARBAGE -> garbage(body.length());
    };
  }

  /** No text in UTF-8, no JSON, no message; the same bytes every time. */
  private static Buffer garbage(int length) {
    var bytes = new byte[Math.max(1, length)];
    new Random(bytes.length).nextBytes(bytes);
    bytes[0] = (byte) 0xff;
    return Buffer.buffer(bytes);
  }
}
