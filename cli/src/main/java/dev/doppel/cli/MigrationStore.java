package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.migration.MigrationException;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Ids;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.SignInLimits;
import dev.doppel.users.Storage;
import dev.doppel.users.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The store of {@code import} and {@code export}, for work that blocks. */
final class MigrationStore {

  private static final long OPENING_TIMEOUT_SECONDS = 60;

  private MigrationStore() {}

  /**
   * Opens the store, runs the work on this thread, and closes the store.
   *
   * @param flag that names the store, for messages
   * @param create whether to create the store if it doesn't exist
   * @throws StartupException if the store isn't available or the work fails
   */
  static <T> T use(String flag, Store store, boolean create, Function<Realm, T> work)
      throws InterruptedException {
    try {
      return create
          ? ExistingStore.useOrCreate(store, OPENING_TIMEOUT_SECONDS, "", runner(work))
          : ExistingStore.use(store, OPENING_TIMEOUT_SECONDS, "", runner(work));
    } catch (StartupException refused) {
      throw new StartupException(
          refused.exitCode(), refused.line().replaceFirst("^--store ", flag + " "));
    }
  }

  private static <T> BiFunction<Vertx, Storage, Future<T>> runner(Function<Realm, T> work) {
    return (vertx, storage) ->
        Future.future(promise -> promise.complete(run(vertx, storage, work)));
  }

  private static <T> T run(Vertx vertx, Storage storage, Function<Realm, T> work) {
    var clock = Clock.systemUTC();
    var hasher = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 1);
    try {
      var node = storage.node().toCompletionStage().toCompletableFuture().join();
      var settings =
          new Realm.Settings(
              Realm.Settings.DEFAULT.administrator(),
              Realm.Settings.DEFAULT.defaultOrganization(),
              SignInLimits.PERSISTENT,
              Vendors.idForms());
      return work.apply(
          Realm.over(vertx, storage, hasher, new Ids(clock, node), new Secrets(), clock, settings));
    } catch (MigrationException failed) {
      throw new StartupException(StartupException.MACHINE, String.valueOf(failed.getMessage()));
    } finally {
      hasher.close();
    }
  }
}
