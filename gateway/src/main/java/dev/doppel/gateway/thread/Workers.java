package dev.doppel.gateway.thread;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;

/** What takes a while: loading many classes, reading files, going through a whole store. */
public final class Workers {

  private Workers() {}

  /** Begins work on a worker, and completes as it does; event loops go on serving meanwhile. */
  public static <T> Future<T> run(Vertx vertx, Supplier<Future<T>> work) {
    return vertx.executeBlocking(work::get, false).compose(Function.identity());
  }

  /**
   * Makes sure that such work isn't done on an event loop, where every connection would wait for
   * it.
   */
  public static void checkThread() {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("this takes too long for an event loop");
    }
  }
}
