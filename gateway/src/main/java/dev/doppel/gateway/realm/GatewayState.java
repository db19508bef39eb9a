package dev.doppel.gateway.realm;

import dev.doppel.BadRequestException;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.MovableClock;
import dev.doppel.Seed;
import dev.doppel.SeedConflict;
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

/** What a gateway keeps, as a whole: how it is at first, what is put into it, and the way back. */
public final class GatewayState {

  private final Vertx vertx;
  private final Realm realm;
  private final Seeding seeding;
  private final DoppelConfig config;
  private final MovableClock clock;
  private volatile Optional<Storage.Snapshot> first = Optional.empty();

  GatewayState(Vertx vertx, Realm realm, DoppelConfig config, MovableClock clock) {
    this.vertx = vertx;
    this.realm = realm;
    this.config = config;
    this.clock = clock;
    seeding = new Seeding(vertx, realm, config.scopedTokens());
  }

  public boolean lasts() {
    return config.store().isPersistent();
  }

  /**
   * Makes what every realm has, and the administrator and the seed where there is nobody yet. Fails
   * with {@link StartupException} if nobody could sign in then.
   */
  public Future<Void> prepare() {
    return fill(false)
        .compose(
            filled ->
                lasts() // it would have to keep every change since
                    ? Future.<Optional<Storage.Snapshot>>succeededFuture(Optional.empty())
                    : realm.storage().snapshot().map(Optional::of))
        .onSuccess(snapshot -> first = snapshot)
        .mapEmpty();
  }

  /** What a store without users gets; passwords are hashed already. */
  private record Contents(Optional<NewUser> administrator, Optional<Seeding.Begun> seed) {}

  /**
   * @param clear whether the store isn't empty yet
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
                                .prepare(seed, administrator, clear || !lasts())
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

  /**
   * @param clear whether the store is emptied before; nothing is done if it can't be filled then
   */
  private Future<Void> fill(boolean clear) {
    return isEmpty(realm)
        .compose(
            empty ->
                empty || clear
                    ? contents(clear).compose(contents -> fill(clear, contents))
                    : realm.change(Realm::createDefaults))
        .compose(filled -> seeding.finish(config.seed(), config.store().toString()))
        .recover(GatewayState::refusedSeed);
  }

  private static Future<Void> refusedSeed(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof SeedConflict conflict
            ? new StartupException(
                StartupException.CONFIGURATION, "--seed: " + String.join("\n  ", conflict.lines()))
            : thrown);
  }

  private Future<Void> fill(boolean clear, Contents contents) {
    if (clear) {
      clock.reset(); // or what is made now would be as old as the clock says
    }
    // In memory all of it is done at once, and a seed may be large.
    return Workers.run(vertx, () -> realm.change(now -> fill(now, clear, contents)));
  }

  private static Future<Boolean> isEmpty(Realm realm) {
    return realm.users().list(UserQuery.first(1)).map(page -> page.items().isEmpty());
  }

  private Future<Void> fill(Realm realm, boolean clear, Contents contents) {
    if (!lasts()) { // others are waited for anyway
      Workers.checkThread();
    }
    return (clear ? realm.storage().clear() : Future.<Void>succeededFuture())
        .compose(done -> isEmpty(realm)) // another gateway may have filled it meanwhile
        .compose(
            empty ->
                realm
                    .createDefaults()
                    .compose(
                        done ->
                            empty && contents.administrator.isPresent()
                                ? administer(realm, contents.administrator.get())
                                : Future.succeededFuture())
                    .compose(
                        done ->
                            empty && contents.seed.isPresent()
                                ? seeding.begin(realm, contents.seed.get())
                                : Future.succeededFuture()));
  }

  private Future<Void> administer(Realm realm, NewUser wanted) {
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
        .compose(done -> SeedLoader.each(config.vendors(), vendor -> vendor.prepare(realm)));
  }

  /**
   * Goes back to how it was when the gateway was ready, and to the machine's time; a store that
   * lasts is emptied for that. Fails with {@link StartupException}, and does nothing, if nobody
   * could sign in then.
   */
  Future<Void> reset() {
    return first.map(this::goBack).orElseGet(() -> fill(true));
  }

  private Future<Void> goBack(Storage.Snapshot snapshot) {
    clock.reset();
    return realm.storage().restore(snapshot);
  }

  public Future<Storage.Snapshot> snapshot() {
    return realm.storage().snapshot();
  }

  /** Fails with {@link IllegalArgumentException} if there is none of this number. */
  public Future<Void> restore(long number) {
    return realm.storage().restore(new Storage.Snapshot(number));
  }

  /** Puts all of it in, or nothing; fails with {@link SeedConflict} if rows can't be. */
  public Future<Seeding.Seeded> seed(Seed seed) {
    return seeding.load(seed);
  }

  /** As above, of a text; fails with {@link BadRequestException} if it is no seed. */
  public Future<Seeding.Seeded> seed(String text) {
    return Workers.run(vertx, () -> seed(Seed.parse(text)));
  }
}
