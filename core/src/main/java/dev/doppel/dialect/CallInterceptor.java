package dev.doppel.dialect;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * What a gateway does around every call of its dialects: it lets some go wrong on purpose, and it
 * looks on. Called on event loops, by several at once.
 */
public interface CallInterceptor {

  /** Nothing goes wrong on purpose, and nobody looks on. */
  CallInterceptor NONE = new CallInterceptor() {};

  /** Whether any call may go wrong on purpose right now; else {@link #fault} is not asked. */
  default boolean hasFaults() {
    return false;
  }

  /** What is to go wrong with this call. Asked once a call. Never fails. */
  default Future<Optional<InjectedFault>> fault(CallInfo call) {
    return Future.succeededFuture(Optional.empty());
  }

  /**
   * Hears of every call before its answer goes out.
   *
   * @param status of HTTP; 0 if no answer gets out
   * @param took from the last byte of the request until the answer was ready
   */
  default void onResponse(CallInfo call, int status, Duration took) {}

  /** Whether {@link #onCompleted} wants to hear of calls right now. */
  default boolean recordsCalls() {
    return false;
  }

  /** As {@link #onResponse}, with all there is to know. */
  default void onCompleted(CompletedCall served) {}
}
