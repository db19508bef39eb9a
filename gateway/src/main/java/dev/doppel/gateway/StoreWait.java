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
 * Waits for a store that isn't there yet when a process starts, such as a database that starts
 * beside it: what is done first is tried again until it succeeds, for a minute in all. Failures
 * that waiting can't mend are final. Only for one start.
 */
public final class StoreWait {

  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Logger LOG = System.getLogger(StoreWait.class.getName());

  /** A start that takes as long as this is told why. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Store store;
  private final Duration limit;
  private final Future<Void> canceled;
  private final long begun = System.nanoTime();
  private Optional<String> said = Optional.empty();

  public StoreWait(Vertx vertx, Store store) {
    this(vertx, store, LIMIT);
  }

  public StoreWait(Vertx vertx, Store store, Duration limit) {
    this(vertx, store, limit, Promise.<Void>promise().future());
  }

  /**
   * @param limit of all attempts together
   * @param canceled completes when nothing more is to be tried
   */
  public StoreWait(Vertx vertx, Store store, Duration limit, Future<Void> canceled) {
    this.vertx = vertx;
    this.store = store;
    this.limit = limit;
    this.canceled = canceled;
  }

  /**
   * Repeats an attempt that may be repeated. Fails as the last attempt did, or with {@link
   * StartupException} if time is over, or with {@link CancellationException}.
   */
  public <T> Future<T> until(Supplier<Future<T>> attempt) {
    return attempt.get().recover(thrown -> again(attempt, thrown));
  }

  private <T> Future<T> again(Supplier<Future<T>> attempt, Throwable thrown) {
    var outage = store.outage(thrown);
    if (outage.isEmpty()) {
      return Future.failedFuture(thrown);
    }
    if (canceled.isComplete()) {
      return Future.failedFuture(new CancellationException("told to stop"));
    }
    var waited = Duration.ofNanos(System.nanoTime() - begun);
    if (waited.plus(PAUSE).compareTo(limit) > 0) {
      return Future.failedFuture(
          new StartupException(
              StartupException.MACHINE,
              "--store %s: not available within %s s: %s"
                  .formatted(store, limit.toSeconds(), outage.get())));
    }
    if (waited.compareTo(QUIET) > 0 && !said.equals(outage)) {
      said = outage;
      LOG.log(Level.WARNING, "waiting for {0}: {1}", store.description(), outage.get());
    }
    var paused = Promise.<Void>promise();
    vertx.setTimer(PAUSE.toMillis(), fired -> paused.complete());
    return paused
        .future()
        .compose(done -> canceled.isComplete() ? again(attempt, thrown) : until(attempt));
  }
}
