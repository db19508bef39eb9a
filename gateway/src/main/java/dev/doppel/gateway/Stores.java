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

  /** Creates what is missing. Fails with {@link StorageException}. */
  public static Future<Storage> open(Vertx vertx, Store store) {
    Workers.checkThread();
    return store.open(vertx);
  }

  /**
   * As {@link #open}, but creates nothing; fails if there is no store yet.
   *
   * @throws IllegalArgumentException for a store in memory, which never exists before it is opened
   */
  public static Future<Storage> openExisting(Vertx vertx, Store store) {
    Workers.checkThread();
    return store.openExisting(vertx);
  }

  /**
   * Translates a failure of a store.
   *
   * @param work what was being done, such as "while it was prepared"
   * @return a {@link StartupException} if the machine or the store said no, else what was thrown
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
