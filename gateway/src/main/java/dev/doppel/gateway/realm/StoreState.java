package dev.doppel.gateway.realm;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.Seed;
import dev.doppel.SeedConflictException;
import dev.doppel.StartupException;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Storage;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Supplier;

/** The data of a store as a whole: its initial state, seeds, snapshots and resets. */
final class StoreState {

  private final Vertx vertx;
  private final Realm realm;
  private final Seeding seeding;
  private final DoppelConfig config;
  private final RealmClock clock;
  private volatile Optional<Storage.Snapshot> initial = Optional.empty();

  /**
   * @param config limited to this store
   */
  StoreState(Vertx vertx, Realm realm, DoppelConfig config, RealmClock clock) {
    this.vertx = vertx;
    this.realm = realm;
    this.config = config;
    this.clock = clock;
    seeding = new Seeding(vertx, realm, config.scopedTokens());
  }

  private boolean isPersistent() {
    return config.store().isPersistent();
  }

  /**
   * Creates the default organization and the built-in roles, and in a store without users the
   * administrator and the seed. Fails with {@link StartupException} if there would be no user to
   * sign in with, or if the seed can't be loaded.
   */
  Future<Void> prepare() {
    return fillIfEmpty()
        .compose(
            filled ->
                isPersistent() // a snapshot would keep every change since
                    ? Future.<Optional<Storage.Snapshot>>succeededFuture(Optional.empty())
                    : realm.storage().snapshot().map(Optional::of))
        .onSuccess(snapshot -> initial = snapshot)
        .mapEmpty();
  }

  /** The initial users of a store, with hashed passwords. */
  private record Contents(Optional<NewUser> administrator, Optional<Seeding.PreparedSeed> seed) {}

  /**
   * @param clear whether the store will be emptied first
   */
  private Future<Contents> contents(boolean clear) {
    if (!config.credentials().blank() && !config.credentials().given() && !config.readyToUse()) {
      return Future.failedFuture(
          new StartupException(
              StartupException.CONFIGURATION,
              "--store %s: %s, so nobody could sign in; give --admin-password, or --blank"
                  .formatted(config.store(), clear ? "it would be empty" : "it is empty")));
    }
    return administrator()
        .compose(
            administrator ->
                config
                    .seed()
                    .map(
                        seed ->
                            seeding
                                .prepare(seed, administrator, clear || !isPersistent())
                                .map(Optional::of))
                    .orElse(Future.succeededFuture(Optional.empty()))
                    .map(seed -> new Contents(administrator, seed)));
  }

  private Future<Optional<NewUser>> administrator() {
    if (config.credentials().blank()) {
      return Future.succeededFuture(Optional.empty());
    }
    var password =
        config.credentials().password().orElseGet(() -> new Password(Credentials.READY_PASSWORD));
    return realm
        .users()
        .hashPassword(NewUser.named(realm.settings().administrator()).withPassword(password))
        .map(Optional::of);
  }

  private Future<Void> fillIfEmpty() {
    return isEmpty(realm)
        .compose(
            empty ->
                empty
                    ? contents(false).compose(contents -> fill(false, contents))
                    : realm.change(Realm::createDefaults))
        .compose(filled -> finishSeed())
        .recover(StoreState::translateSeedConflict);
  }

  private Future<Void> finishSeed() {
    return seeding.finish(config.seed(), config.store().toString());
  }

  private static <T> Future<T> translateSeedConflict(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof SeedConflictException conflict
            ? new StartupException(
                StartupException.CONFIGURATION, "--seed: " + String.join("\n  ", conflict.lines()))
            : thrown);
  }

  private Future<Void> fill(boolean clear, Contents contents) {
    if (clear) {
      clock.reset(); // so that new users get the present time
      realm.outbox().forgetActions();
    }
    // A store in memory does all of it at once on this thread, and a seed may be large.
    return Workers.run(vertx, () -> realm.change(now -> fill(now, clear, contents)));
  }

  private static Future<Boolean> isEmpty(Realm realm) {
    return realm.users().list(UserQuery.first(1)).map(page -> page.items().isEmpty());
  }

  private Future<Void> fill(Realm realm, boolean clear, Contents contents) {
    if (!isPersistent()) { // a persistent store works on other threads
      Workers.checkThread();
    }
    return (clear ? realm.storage().clear() : Future.<Void>succeededFuture())
        .compose(done -> isEmpty(realm)) // another gateway may have filled it in the meantime
        .compose(
            empty ->
                realm
                    .createDefaults()
                    .compose(
                        done ->
                            empty && contents.administrator.isPresent()
                                ? createAdministrator(realm, contents.administrator.get())
                                : Future.succeededFuture())
                    .compose(
                        done ->
                            empty && contents.seed.isPresent()
                                ? seeding.begin(realm, contents.seed.get())
                                : Future.succeededFuture()));
  }

  private Future<Void> createAdministrator(Realm realm, NewUser wanted) {
    var token =
        config.readyToUse()
            ? Optional.of(Credentials.READY_TOKEN)
            : config.credentials().operatorToken();
    return realm
        .createOwner(wanted)
        .compose(
            administrator ->
                token.isEmpty()
                    ? Future.succeededFuture()
                    : realm
                        .tokens()
                        .issueForEveryDialect(
                            token.get(), administrator, administrator.name() + "'s Token"))
        .compose(
            done -> SeedLoader.forEachInOrder(config.vendors(), vendor -> vendor.prepare(realm)));
  }

  /**
   * Prepares to restore the state at start and the machine's time, without a change yet; a
   * persistent store will be emptied and filled again. Fails with {@link StartupException} if there
   * would be no user to sign in with.
   *
   * @return performs the reset
   */
  Future<Supplier<Future<Void>>> prepareReset() {
    return initial.isPresent()
        ? Future.succeededFuture(() -> restoreInitial(initial.get()))
        : contents(true)
            .<Supplier<Future<Void>>>map(contents -> () -> refill(contents))
            .recover(StoreState::translateSeedConflict);
  }

  private Future<Void> refill(Contents contents) {
    return fill(true, contents)
        .compose(filled -> finishSeed())
        .recover(StoreState::translateSeedConflict);
  }

  private Future<Void> restoreInitial(Storage.Snapshot snapshot) {
    clock.reset();
    return restore(snapshot);
  }

  /** Takes a snapshot of all data. */
  Future<Storage.Snapshot> snapshot() {
    return realm.storage().snapshot();
  }

  /** Restores a snapshot. Fails with {@link IllegalArgumentException} if it doesn't exist. */
  Future<Void> restore(Storage.Snapshot snapshot) {
    return realm.storage().restore(snapshot).onSuccess(done -> realm.outbox().forgetActions());
  }

  /** Fails with {@link SeedConflictException} if rows of a seed conflict with the store. */
  Future<Void> checkSeed(Seed seed) {
    return seeding.check(part(seed));
  }

  /**
   * Loads this store's part of a seed, all of it or nothing. Fails with {@link
   * SeedConflictException} if rows conflict with the store.
   */
  Future<Void> seed(Seed seed) {
    return seeding.load(part(seed));
  }

  private Seed part(Seed seed) {
    return config.stores() == Stores.SHARED
        ? seed
        : new SeedPart(config.vendors().get(0).vendor()).of(seed);
  }
}
