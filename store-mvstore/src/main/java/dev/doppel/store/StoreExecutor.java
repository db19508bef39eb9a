package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of threads for tasks that may read whole tables, so that no number of them
 * delays a lookup. A task fails with OVERLOADED if the queue is full or no thread is free in time,
 * and with TIMED_OUT if it isn't done in time. Thread-safe.
 */
final class StoreExecutor {

  /** For a search, including its time in the queue; the same as in PostgreSQL. */
  static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration BACKUP_TIMEOUT = Duration.ofHours(1);

  /** For searches, which use at most half of the processors. */
  private static final int MAX_SEARCH_THREADS = 4;

  private static final int MAX_WAITING_SEARCHES = 256;
  private static final long IDLE_SECONDS = 10;

  private final long timeoutNanos;
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor threads;
  private final Promise<Void> closed = Promise.promise();
  private volatile boolean closing;

  static StoreExecutor forSearches() {
    return new StoreExecutor(
        "doppel-store-search",
        Math.max(1, Math.min(MAX_SEARCH_THREADS, Runtime.getRuntime().availableProcessors() / 2)),
        MAX_WAITING_SEARCHES,
        SEARCH_TIMEOUT,
        System::nanoTime);
  }

  /** Returns an executor that makes one backup at a time. */
  static StoreExecutor forBackups() {
    return new StoreExecutor(
        "doppel-store-backup", 1, MvStorage.MAX_BACKUPS - 1, BACKUP_TIMEOUT, System::nanoTime);
  }

  /**
   * @param name of the threads
   * @param queue maximum number of tasks that wait for a thread
   * @param nanoTime the time in nanoseconds from any origin
   */
  StoreExecutor(String name, int threads, int queue, Duration timeout, LongSupplier nanoTime) {
    timeoutNanos = timeout.toNanos();
    this.nanoTime = nanoTime;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            task -> newThread(name, task)) {
          @Override
          protected void terminated() {
            closed.complete();
          }
        };
    this.threads.allowCoreThreadTimeOut(true); // most stores in tests are never searched
  }

  private static Thread newThread(String name, Runnable task) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns a check for a search that begins now and runs on the caller's thread: it throws
   * TIMED_OUT after {@link #SEARCH_TIMEOUT}.
   */
  static Runnable newSearchDeadline() {
    var end = System.nanoTime() + SEARCH_TIMEOUT.toNanos();
    return () -> {
      if (System.nanoTime() - end > 0) {
        throw Failure.of(Reason.TIMED_OUT);
      }
    };
  }

  private void checkTime(long begin, Reason reason) {
    if (closing) {
      throw Failure.of(Reason.UNAVAILABLE);
    }
    if (nanoTime.getAsLong() - begin > timeoutNanos) {
      throw Failure.of(reason);
    }
  }

  /**
   * Runs a task and completes on the caller's context.
   *
   * @param task gets a check that it calls often, which throws a failure when the time is over; an
   *     exception of the task fails the future
   */
  <T> Future<T> run(Function<Runnable, T> task) {
    var begin = nanoTime.getAsLong();
    var context = Vertx.currentContext();
    var promise = Promise.<T>promise();
    try {
      threads.execute(() -> run(task, begin, context, promise));
    } catch (RejectedExecutionException full) {
      return Future.failedFuture(Failure.of(closing ? Reason.UNAVAILABLE : Reason.OVERLOADED));
    }
    return promise.future();
  }

  private <T> void run(
      Function<Runnable, T> task, long begin, @Nullable Context context, Promise<T> promise) {
    Runnable completion;
    try {
      checkTime(begin, Reason.OVERLOADED);
      var result = task.apply(() -> checkTime(begin, Reason.TIMED_OUT));
      completion = () -> promise.complete(result);
    } catch (RuntimeException | Error thrown) { // an error must complete the future, too
      completion = () -> promise.fail(thrown);
    }
    if (context == null) {
      completion.run();
    } else {
      var complete = completion;
      context.runOnContext(ignored -> complete.run());
    }
  }

  /** Fails active and waiting tasks with UNAVAILABLE, and completes when all threads have ended. */
  Future<Void> close() {
    closing = true;
    threads.shutdown();
    return closed.future();
  }
}
