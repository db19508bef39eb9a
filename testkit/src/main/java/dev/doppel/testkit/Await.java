package dev.doppel.testkit;

import dev.doppel.users.Failure;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Blocks the thread of a test until a result is there, for at most 20 seconds. */
public final class Await {

  private static final long TIMEOUT_SECONDS = 20;
  private static final long PAUSE_MILLIS = 10;

  private Await() {}

  /**
   * Returns the result of a future.
   *
   * @throws RuntimeException the cause of the failure, if it is unchecked
   * @throws CompletionException with the cause of the failure, if it is checked
   */
  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no result within " + TIMEOUT_SECONDS + " s", e);
    }
  }

  /** Returns the reason of a future that fails with a {@link Failure}. */
  public static Failure.Reason reason(Future<?> future) {
    try {
      throw new AssertionError("did not fail, but returned " + await(future));
    } catch (Failure failure) {
      return failure.reason();
    }
  }

  /**
   * Returns as soon as a condition holds.
   *
   * @param what the condition in words, for the message of the error
   */
  public static void until(String what, BooleanSupplier holds) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + TIMEOUT_SECONDS + " s: " + what);
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
