package dev.doppel.gateway;

import dev.doppel.StartupException;
import dev.doppel.users.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Waits at start for a store that isn't available yet, such as a database that starts at the same
 * time: retries the first operations until they succeed or {@link #LIMIT} is over. Failures that
 * are not outages are final. For one start only.
 */
public final class StoreWait {

  /** Default time limit of all attempts together. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Logger LOG = System.getLogger(StoreWait.class.getName());

  /** Time after which a warning with the reason is logged. */
  private static final Duration WARN_AFTER = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Store store;
  private final Duration limit;
  private final Future<Void> canceled;
  private final long started = System.nanoTime();
  private Optional<String> logged = Optional.empty();

  /** Creates a wait of at most {@link #LIMIT}. */
  public StoreWait(Vertx vertx, Store store) {
    this(vertx, store, LIMIT);
  }

  StoreWait(Vertx vertx, Store store, Duration limit) {
    this(vertx, store, limit, Promise.<Void>promise().future());
  }

  /**
   * @param limit time limit of all attempts together
   * @param canceled completes to stop the attempts
   */
  StoreWait(Vertx vertx, Store store, Duration limit, Future<Void> canceled) {
    this.vertx = vertx;
    this.store = store;
    this.limit = limit;
    this.canceled = canceled;
  }

  /**
   * Runs an attempt, and repeats it while the store is unavailable. Fails with {@link
   * StartupException} when the time is over, with {@link CancellationException} when canceled, and
   * otherwise as the last attempt did.
   */
  public <T> Future<T> until(Supplier<Future<T>> attempt) {
    return attempt.get().recover(thrown -> retry(attempt, thrown));
  }

  private <T> Future<T> retry(Supplier<Future<T>> attempt, Throwable thrown) {
    var outage = store.outage(thrown);
    if (outage.isEmpty()) {
      return Future.failedFuture(thrown);
    }
    if (canceled.isComplete()) {
      return Future.failedFuture(new CancellationException("told to stop"));
    }
    var waited = Duration.ofNanos(System.nanoTime() - started);
    if (waited.plus(PAUSE).compareTo(limit) > 0) {
      return Future.failedFuture(
          new StartupException(
              StartupException.MACHINE,
              "--store %s: not available within %s s: %s"
                  .formatted(store, limit.toSeconds(), outage.get())));
    }
    if (waited.compareTo(WARN_AFTER) > 0 && !logged.equals(outage)) {
      logged = outage;
      LOG.log(Level.WARNING, "waiting for {0}: {1}", store.description(), outage.get());
    }
    var paused = Promise.<Void>promise();
    vertx.setTimer(PAUSE.toMillis(), fired -> paused.complete());
    return paused
        .future()
        .compose(done -> canceled.isComplete() ? retry(attempt, thrown) : until(attempt));
  }
}
