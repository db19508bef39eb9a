package dev.doppel.gateway;

import dev.doppel.StartupException;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
import dev.doppel.users.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Locale;

/** Opens stores. */
public final class Stores {

  private Stores() {}

  /**
   * Opens a store, and creates it if it doesn't exist. Blocks. Fails with {@link StorageException}.
   */
  public static Future<Storage> open(Vertx vertx, Store store) {
    Workers.checkThread();
    return store.open(vertx);
  }

  /**
   * Opens a store that exists. Blocks. Fails with {@link StorageException} if it doesn't exist.
   *
   * @throws IllegalArgumentException for a store in memory, which can't exist before it is opened
   */
  public static Future<Storage> openExisting(Vertx vertx, Store store) {
    Workers.checkThread();
    return store.openExisting(vertx);
  }

  /**
   * Translates a failure of a store.
   *
   * @param work when it failed, such as "while it was prepared"
   * @return a {@link StartupException} for a failure of the machine or the store, otherwise the
   *     failure itself
   */
  public static Throwable refusal(Store store, String work, Throwable thrown) {
    var flag = "--store " + store + ": ";
    if (thrown instanceof StorageException) {
      return new StartupException(StartupException.MACHINE, flag + thrown.getMessage());
    }
    if (thrown instanceof Failure failure && failure.reason() != Reason.INTERNAL) {
      var why = failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return new StartupException(StartupException.MACHINE, flag + why + " " + work);
    }
    return thrown;
  }
}
