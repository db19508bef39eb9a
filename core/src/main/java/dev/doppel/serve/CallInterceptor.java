package dev.doppel.serve;

import dev.doppel.dialect.CallInfo;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Injects faults into calls, or records them, whatever transport they use. Every method does
 * nothing by default. Called on event loops, by several at the same time; implementations must not
 * block and must not throw.
 */
public interface CallInterceptor {

  /** Injects no faults and records no calls. */
  CallInterceptor NONE = new CallInterceptor() {};

  /** Returns one interceptor that applies all of these, in order; the first fault decides. */
  static CallInterceptor of(List<CallInterceptor> interceptors) {
    return new CallInterceptors(interceptors);
  }

  /** Whether any call may get a fault at present; if not, {@link #fault} is not called. */
  default boolean hasFaults() {
    return false;
  }

  /** Returns the fault to inject into this call. Called at most once per call. Never fails. */
  default Future<Optional<InjectedFault>> fault(CallInfo call) {
    return Future.succeededFuture(Optional.empty());
  }

  /**
   * Receives every call before its response is sent.
   *
   * @param status HTTP status; 0 if no response is sent
   * @param took from the last byte of the request until the response was ready
   */
  default void onResponse(CallInfo call, int status, Duration took) {}

  /** Whether {@link #onCompleted} needs calls at present. */
  default boolean recordsCalls() {
    return false;
  }

  /** Receives every call, with request and response, before its response is sent. */
  default void onCompleted(CompletedCall completed) {}
}
