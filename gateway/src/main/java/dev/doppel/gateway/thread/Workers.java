package dev.doppel.gateway.thread;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs work that takes long on worker threads: loading many classes, reading files, scanning a
 * whole store.
 */
public final class Workers {

  private Workers() {}

  /** Starts work on a worker thread, and completes with its result. */
  public static <T> Future<T> run(Vertx vertx, Supplier<Future<T>> work) {
    return vertx.executeBlocking(work::get, false).compose(Function.identity());
  }

  /**
   * Checks that work that takes long doesn't run on an event loop, where it would block other
   * connections.
   *
   * @throws IllegalStateException on an event loop
   */
  public static void checkThread() {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("this takes too long for an event loop");
    }
  }
}
