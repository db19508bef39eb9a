package dev.doppel.testkit;

import dev.doppel.users.Failure;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits in a test's own thread, and not for ever. */
public final class Await {

  private static final long SECONDS = 20;
  private static final long PAUSE_MILLIS = 10;

  private Await() {}

  /** The result; what failed the future is thrown as it is if it is unchecked. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no result within " + SECONDS + " s", e);
    }
  }

  /** Why the future failed. */
  public static Failure.Reason reason(Future<?> future) {
    try {
      throw new AssertionError("did not fail, but gave " + await(future));
    } catch (Failure failure) {
      return failure.reason();
    }
  }

  /** Comes back when it has come true. */
  public static void until(String what, BooleanSupplier holds) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + SECONDS + " s: " + what);
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
