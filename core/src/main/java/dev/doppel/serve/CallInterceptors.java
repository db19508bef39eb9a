package dev.doppel.serve;

import dev.doppel.dialect.CallInfo;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Several interceptors as one. */
final class CallInterceptors implements CallInterceptor {

  /** An array, since every call iterates over it four times. */
  private final CallInterceptor[] all;

  CallInterceptors(List<CallInterceptor> all) {
    this.all = all.toArray(CallInterceptor[]::new);
  }

  @Override
  public boolean hasFaults() {
    for (var one : all) {
      if (one.hasFaults()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Future<Optional<InjectedFault>> fault(CallInfo call) {
    var fault = Future.succeededFuture(Optional.<InjectedFault>empty());
    for (var one : all) {
      if (one.hasFaults()) {
        fault = fault.compose(found -> found.isPresent() ? succeeded(found) : one.fault(call));
      }
    }
    return fault;
  }

  private static Future<Optional<InjectedFault>> succeeded(Optional<InjectedFault> fault) {
    return Future.succeededFuture(fault);
  }

  @Override
  public void onResponse(CallInfo call, int status, Duration took) {
    for (var one : all) {
      one.onResponse(call, status, took);
    }
  }

  @Override
  public boolean recordsCalls() {
    for (var one : all) {
      if (one.recordsCalls()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void onCompleted(CompletedCall completed) {
    for (var one : all) {
      if (one.recordsCalls()) {
        one.onCompleted(completed);
      }
    }
  }
}
