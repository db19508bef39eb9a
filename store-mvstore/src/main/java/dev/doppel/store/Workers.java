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
 * Bounded workers for questions that may have to look at everything, so that no number of them
 * delays a lookup. One that finds the queue full, or gets no worker in time, fails with OVERLOADED;
 * one that isn't done in time with TIMED_OUT.
 */
final class Workers {

  /** How long a search may take, its wait for a worker included; as long as in PostgreSQL. */
  static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration BACKUP_TIMEOUT = Duration.ofHours(1);

  /** Of searches, which take at most half of the processors. */
  private static final int MAX_WORKERS = 4;

  private static final int QUEUE = 256;
  private static final long IDLE_SECONDS = 10;

  private final long timeout;
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor workers;
  private final Promise<Void> closed = Promise.promise();
  private volatile boolean closing;

  static Workers forSearches() {
    return new Workers(
        "doppel-store-search",
        Math.max(1, Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors() / 2)),
        QUEUE,
        SEARCH_TIMEOUT,
        System::nanoTime);
  }

  /** Returns one that makes a backup, and has another one wait. */
  static Workers forBackups() {
    return new Workers("doppel-store-backup", 1, 1, BACKUP_TIMEOUT, System::nanoTime);
  }

  /**
   * @param name of the threads
   * @param nanoTime of which only differences count
   */
  Workers(String name, int workers, int queue, Duration timeout, LongSupplier nanoTime) {
    this.timeout = timeout.toNanos();
    this.nanoTime = nanoTime;
    this.workers =
        new ThreadPoolExecutor(
            workers,
            workers,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            work -> thread(name, work)) {
          @Override
          protected void terminated() {
            closed.complete();
          }
        };
    this.workers.allowCoreThreadTimeOut(true); // most stores of tests are never searched
  }

  private static Thread thread(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Returns the limit of a search that begins now and runs on no worker. */
  static Runnable searchLimit() {
    var end = System.nanoTime() + SEARCH_TIMEOUT.toNanos();
    return () -> {
      if (System.nanoTime() - end > 0) {
        throw Failure.of(Reason.TIMED_OUT);
      }
    };
  }

  private void checkTime(long begin, Reason late) {
    if (closing) {
      throw Failure.of(Reason.UNAVAILABLE);
    }
    if (nanoTime.getAsLong() - begin > timeout) {
      throw Failure.of(late);
    }
  }

  /**
   * Answers a question on the caller's context.
   *
   * @param question given the limit, which it runs often; what it throws fails the future
   */
  <T> Future<T> run(Function<Runnable, T> question) {
    var begin = nanoTime.getAsLong();
    var context = Vertx.currentContext();
    var promise = Promise.<T>promise();
    try {
      workers.execute(() -> work(question, begin, context, promise));
    } catch (RejectedExecutionException full) {
      return Future.failedFuture(Failure.of(closing ? Reason.UNAVAILABLE : Reason.OVERLOADED));
    }
    return promise.future();
  }

  private <T> void work(
      Function<Runnable, T> question, long begin, @Nullable Context context, Promise<T> promise) {
    Runnable answer;
    try {
      checkTime(begin, Reason.OVERLOADED);
      var found = question.apply(() -> checkTime(begin, Reason.TIMED_OUT));
      answer = () -> promise.complete(found);
    } catch (RuntimeException | Error thrown) { // an error must be answered, too
      answer = () -> promise.fail(thrown);
    }
    if (context == null) {
      answer.run();
    } else {
      var done = answer;
      context.runOnContext(ignored -> done.run());
    }
  }

  /** Fails what is under way with UNAVAILABLE, and then ends the workers. */
  Future<Void> close() {
    closing = true;
    workers.shutdown();
    return closed.future();
  }
}
