package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.gateway.StoreWait;
import dev.doppel.gateway.Stores;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.users.Storage;
import dev.doppel.users.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/** Access to an existing store for commands that work on it without a gateway. */
public final class ExistingStore {

  private ExistingStore() {}

  /**
   * Waits for the store, opens it, runs the work on it, and closes it.
   *
   * @param timeoutSeconds limit for the work
   * @param phase the end of an error line, such as "while it was changed"
   * @return the work's result
   * @throws StartupException if the store isn't available, or at the timeout
   */
  public static <T> T use(
      Store store, long timeoutSeconds, String phase, BiFunction<Vertx, Storage, Future<T>> work)
      throws InterruptedException {
    return use(store, Stores::openExisting, timeoutSeconds, phase, work);
  }

  /** As {@link #use}, but also creates the store if it doesn't exist. */
  static <T> T useOrCreate(
      Store store, long timeoutSeconds, String phase, BiFunction<Vertx, Storage, Future<T>> work)
      throws InterruptedException {
    return use(store, Stores::open, timeoutSeconds, phase, work);
  }

  private static <T> T use(
      Store store,
      BiFunction<Vertx, Store, Future<Storage>> open,
      long timeoutSeconds,
      String phase,
      BiFunction<Vertx, Storage, Future<T>> work)
      throws InterruptedException {
    var vertx = Vertx.vertx(ServeCommand.vertxOptions());
    try {
      var wait = new StoreWait(vertx, store);
      var opening = wait.until(() -> Workers.run(vertx, () -> open.apply(vertx, store)));
      var storage = await(opening, store, timeoutSeconds + StoreWait.LIMIT.toSeconds(), phase);
      var worked = work.apply(vertx, storage).eventually(storage::close);
      return await(worked, store, timeoutSeconds, phase);
    } finally {
      await(vertx.close(), store, timeoutSeconds, phase);
    }
  }

  private static <T> T await(Future<T> future, Store store, long timeoutSeconds, String phase)
      throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(timeoutSeconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      var thrown = e.getCause() == null ? e : e.getCause();
      var cause = Stores.refusal(store, phase, thrown);
      throw cause instanceof StartupException refused
          ? refused
          : new IllegalStateException("could not work on the store", cause);
    } catch (TimeoutException e) {
      throw new StartupException(
          StartupException.MACHINE,
          "--store %s: timed out after %d s".formatted(store, timeoutSeconds));
    }
  }
}
