package dev.doppel.migration;

import dev.doppel.users.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waiting for a store, on a thread that may block. */
final class StoreWaits {

  private static final long TIMEOUT_SECONDS = 120;
  private static final int MAX_ATTEMPTS = 5;
  private static final long RETRY_DELAY_MILLIS = 500;

  private StoreWaits() {}

  /**
   * Returns the result of a call.
   *
   * @throws MigrationException if the store isn't available or doesn't answer in time
   * @throws IllegalStateException on an event loop
   */
  static <T> T await(Future<T> call) {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("a migration takes too long for an event loop");
    }
    try {
      return call.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw translate(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new MigrationException(
          "the store did not answer within %s s; run the same command again"
              .formatted(TIMEOUT_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException("interrupted; run the same command again");
    }
  }

  private static RuntimeException translate(Throwable thrown) {
    if (thrown instanceof Failure failure && failure.reason() != Failure.Reason.INTERNAL) {
      return new MigrationException(
          "the store answered %s; run the same command again"
              .formatted(failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ')),
          failure);
    }
    return thrown instanceof RuntimeException unexpected
        ? unexpected
        : new IllegalStateException("could not work on the store", thrown);
  }

  /** Returns the result of a change, which is tried again while the store is busy. */
  static <T> T awaitRetrying(Supplier<Future<T>> change) {
    for (int attempt = 1; ; attempt++) {
      try {
        return await(change.get());
      } catch (MigrationException failed) {
        if (attempt == MAX_ATTEMPTS || !isBusy(failed)) {
          throw failed;
        }
        sleep();
      }
    }
  }

  private static boolean isBusy(MigrationException failed) {
    return failed.getCause() instanceof Failure failure
        && switch (failure.reason()) {
          case OVERLOADED, TIMED_OUT, UNAVAILABLE -> true;
          default -> false;
        };
  }

  private static void sleep() {
    try {
      Thread.sleep(RETRY_DELAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException("interrupted; run the same command again");
    }
  }
}
