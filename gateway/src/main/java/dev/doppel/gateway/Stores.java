package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Store;
import dev.doppel.store.MvStorage;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Locale;

/** Opens stores. */
final class Stores {

  private Stores() {}

  /** Creates what is missing. Fails with {@link StorageException}. */
  static Future<Storage> open(Vertx vertx, Store store) {
    Workers.checkThread();
    try {
      if (store instanceof Store.InPostgres postgres) {
        return PgStorage.open(vertx, postgres.address(), postgres.connections());
      }
      return Future.succeededFuture(
          store instanceof Store.InFile in
              ? MvStorage.inFile(vertx, in.file())
              : MvStorage.inMemory());
    } catch (StorageException e) {
      return Future.failedFuture(e);
    }
  }

  /**
   * As {@link #open}, but creates nothing; fails if there is no store yet.
   *
   * @throws IllegalArgumentException for a store in memory, which never exists before it is opened
   */
  static Future<Storage> openExisting(Vertx vertx, Store store) {
    Workers.checkThread();
    if (store instanceof Store.InPostgres postgres) {
      return PgStorage.openExisting(vertx, postgres.address(), postgres.connections());
    }
    if (store instanceof Store.InFile in) {
      try {
        return Future.succeededFuture(MvStorage.inExistingFile(vertx, in.file()));
      } catch (StorageException e) {
        return Future.failedFuture(e);
      }
    }
    throw new IllegalArgumentException("a store in memory is always new");
  }

  /**
   * Translates a failure of a store.
   *
   * @param work what was being done, such as "while it was prepared"
   * @return a {@link StartupException} if the machine or the store said no, else what was thrown
   */
  static Throwable refusal(Store store, String work, Throwable thrown) {
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
