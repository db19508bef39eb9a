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

/** A store that is there already, for commands that work on it without a gateway. */
public final class ExistingStore {

  private ExistingStore() {}

  /**
   * Waits for the store and opens it, does the work on it, and closes it.
   *
   * @param seconds for the work
   * @param what the work is to the store, such as "while it was changed"
   * @return the work's result
   * @throws StartupException if the machine or the store says no, or not within the time
   */
  public static <T> T use(
      Store store, long seconds, String what, BiFunction<Vertx, Storage, Future<T>> work)
      throws InterruptedException {
    var vertx = Vertx.vertx(ServeCommand.vertxOptions());
    try {
      var wait = new StoreWait(vertx, store);
      var opening = wait.until(() -> Workers.run(vertx, () -> Stores.openExisting(vertx, store)));
      var storage = await(opening, store, seconds + StoreWait.LIMIT.toSeconds(), what);
      return await(work.apply(vertx, storage).eventually(storage::close), store, seconds, what);
    } finally {
      await(vertx.close(), store, seconds, what);
    }
  }

  private static <T> T await(Future<T> future, Store store, long seconds, String what)
      throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      var thrown = e.getCause() == null ? e : e.getCause();
      var cause = Stores.refusal(store, what, thrown);
      throw cause instanceof StartupException refused
          ? refused
          : new IllegalStateException("could not work on the store", cause);
    } catch (TimeoutException e) {
      throw new StartupException(
          StartupException.MACHINE, "--store %s: no answer within %d s".formatted(store, seconds));
    }
  }
}
