package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Credentials;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.users.Alias;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.Storage;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a gateway keeps, as a whole: how it is at first, what is put into it, and the way back. */
final class GatewayState {

  /** How much of a seed was put in. */
  record Seeded(int organizations, int roles, int users, int tokens) {}

  private final Realm realm;
  private final GatewayConfig config;
  private final MovableClock clock;
  private volatile Optional<Storage.Snapshot> first = Optional.empty();

  GatewayState(Realm realm, GatewayConfig config, MovableClock clock) {
    this.realm = realm;
    this.config = config;
    this.clock = clock;
  }

  boolean lasts() {
    return config.store().lasts();
  }

  /**
   * Makes what every realm has, and the administrator and the seed where there is nobody yet. Fails
   * with {@link Refused} if nobody could sign in then.
   */
  Future<Void> prepare() {
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
  private record Contents(Optional<NewUser> administrator, Optional<HashedSeed> seed) {}

  /**
   * @param clear whether the store isn't empty yet
   */
  private Future<Contents> contents(boolean clear) {
    if (!config.credentials().blank() && !config.credentials().given() && !config.readyToUse()) {
      return Future.failedFuture(
          new Refused(
              Refused.CONFIGURATION,
              "--store %s: %s, so nobody could sign in; give --admin-password, or --blank"
                  .formatted(config.store(), clear ? "it would be empty" : "it is empty")));
    }
    return administrator()
        .compose(
            administrator ->
                config
                    .seed()
                    .map(seed -> hashed(seed).map(Optional::of))
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
        .hashed(NewUser.named(realm.settings().administrator()).withPassword(password))
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
                    : realm.change(Realm::createDefaults));
  }

  private Future<Void> fill(boolean clear, Contents contents) {
    if (clear) {
      clock.reset(); // or what is made now would be as old as the clock says
    }
    return realm.change(now -> fill(now, clear, contents));
  }

  private static Future<Boolean> isEmpty(Realm realm) {
    return realm.users().list(UserQuery.first(1)).map(page -> page.items().isEmpty());
  }

  private Future<Void> fill(Realm realm, boolean clear, Contents contents) {
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
                                ? put(realm, contents.seed.get()).mapEmpty()
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
        .compose(done -> makeBucket(realm));
  }

  private Future<Void> makeBucket(Realm realm) {
    return config
        .influxBucket()
        .map(name -> InfluxDialect.createBucket(realm, name))
        .orElseGet(Future::succeededFuture);
  }

  /**
   * Goes back to how it was when the gateway was ready, and to the machine's time; a store that
   * lasts is emptied for that. Fails with {@link Refused}, and does nothing, if nobody could sign
   * in then.
   */
  Future<Void> reset() {
    return first.map(this::goBack).orElseGet(() -> fill(true));
  }

  private Future<Void> goBack(Storage.Snapshot snapshot) {
    clock.reset();
    return realm.storage().restore(snapshot);
  }

  Future<Storage.Snapshot> snapshot() {
    return realm.storage().snapshot();
  }

  /** Fails with {@link IllegalArgumentException} if there is none of this number. */
  Future<Void> restore(long number) {
    return realm.storage().restore(new Storage.Snapshot(number));
  }

  /** A seed whose passwords are hashed, and its users in the same order. */
  private record HashedSeed(Seed seed, List<NewUser> users) {}

  private Future<HashedSeed> hashed(Seed seed) {
    var users = new ArrayList<NewUser>();
    return each(seed.users(), user -> realm.users().hashed(wanted(user)).onSuccess(users::add))
        .map(done -> new HashedSeed(seed, users));
  }

  /** Puts all of it in, or nothing; fails with USER_EXISTS if a user is there already. */
  Future<Seeded> seed(Seed seed) {
    return each(seed.users(), this::checkNew) // before their passwords are hashed
        .compose(done -> hashed(seed))
        .compose(hashed -> realm.change(now -> put(now, hashed)));
  }

  private Future<Seeded> put(Realm realm, HashedSeed hashed) {
    var seed = hashed.seed;
    var users = hashed.users.iterator();
    return each(
            seed.organizations(),
            one -> organization(realm, one.name(), Optional.ofNullable(one.description())))
        .compose(done -> each(seed.roles(), one -> role(realm, one)))
        .compose(done -> each(seed.users(), one -> user(realm, one, users.next())))
        .map(
            done ->
                new Seeded(
                    seed.organizations().size(),
                    seed.roles().size(),
                    seed.users().size(),
                    seed.users().stream().mapToInt(user -> user.tokens().size()).sum()));
  }

  private static <T> Future<Void> each(Iterable<T> all, Function<T, Future<?>> one) {
    var last = Future.<Void>succeededFuture();
    for (var item : all) {
      last = last.compose(done -> one.apply(item).mapEmpty());
    }
    return last;
  }

  private Future<Void> checkNew(Seed.SeededUser user) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(user.name()))
        .compose(
            known ->
                known.isPresent()
                    ? Future.failedFuture(Failure.of(Reason.USER_EXISTS, user.name()))
                    : Future.succeededFuture());
  }

  private static Future<?> organization(Realm realm, String name, Optional<String> description) {
    return realm
        .organizations()
        .ensure(name)
        .compose(
            made ->
                description.isEmpty()
                    ? Future.succeededFuture(made)
                    : realm
                        .organizations()
                        .update(
                            Authority.SERVER,
                            made.id(),
                            one -> one.withDescription(description.get())));
  }

  /** One that is there already stays as it is. */
  private static Future<?> role(Realm realm, Seed.SeededRole role) {
    var description = Optional.ofNullable(role.description()).orElse("");
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, realm.roles().find(role.name()))
        .compose(
            known ->
                known.isPresent()
                    ? Future.succeededFuture(known.get())
                    : realm.roles().insert(new Role(role.name(), description, false, Map.of())));
  }

  private Future<?> user(Realm realm, Seed.SeededUser seeded, NewUser wanted) {
    var user = new NewUser[] {wanted};
    return each(seeded.roles(), role -> role(realm, new Seed.SeededRole(role, null)))
        .compose(
            done ->
                each(
                    List.copyOf(seeded.organizations().entrySet()),
                    membership ->
                        realm
                            .organizations()
                            .ensure(membership.getKey())
                            .onSuccess(
                                made ->
                                    user[0] =
                                        joining(user[0], made, membership.getValue(), seeded))))
        .compose(done -> realm.users().by(Authority.SERVER).create(user[0]))
        .compose(made -> each(seeded.tokens(), token -> token(realm, made, token)));
  }

  /** A user of one organization only was made in it. */
  private static NewUser joining(
      NewUser user, Organization organization, Membership membership, Seed.SeededUser seeded) {
    return seeded.organizations().size() == 1 && organization.kind() == Organization.Kind.ORDINARY
        ? user.withHome(organization.id(), membership)
        : user.withMembership(organization.id(), membership);
  }

  private static NewUser wanted(Seed.SeededUser seeded) {
    var user =
        NewUser.named(seeded.name())
            .withId(Optional.ofNullable(seeded.id()).flatMap(UserId::parse));
    user = seeded.clear().map(user::withPassword).orElse(user);
    user = seeded.hashed().map(user::withHash).orElse(user);
    user = seeded.status() == null ? user : user.withStatus(seeded.status());
    user = seeded.email() == null ? user : user.withEmail(seeded.email());
    user = seeded.fullName() == null ? user : user.withFullName(seeded.fullName());
    for (var role : seeded.roles()) {
      user = role.equals(Role.ADMINISTRATOR) ? user.withAdministrator(true) : user.withRole(role);
    }
    for (var alias : seeded.aliases().entrySet()) {
      user = user.withAlias(new Alias(alias.getKey(), alias.getValue()));
    }
    return user;
  }

  private Future<?> token(Realm realm, User owner, Seed.SeededToken token) {
    var description = Optional.ofNullable(token.description()).orElse("");
    var permissions = token.permissions();
    return permissions == null
        ? realm.tokens().issueForEveryDialect(token.token(), owner, description)
        : organization(realm, token)
            .compose(
                organization ->
                    InfluxDialect.issueToken(
                        realm,
                        config.influx(),
                        token.token(),
                        owner,
                        organization,
                        description,
                        permissions.stream().map(Seed.SeededPermission::toInflux).toList()));
  }

  private static Future<Organization> organization(Realm realm, Seed.SeededToken token) {
    var name = token.organization();
    return name == null ? realm.organizations().defaultOne() : realm.organizations().ensure(name);
  }
}
