package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An isolated set of users, tokens, roles and organizations, with its mails, shared by dialects.
 * Immutable.
 */
public record Realm(
    Storage storage,
    Users users,
    Tokens tokens,
    Organizations organizations,
    RoleStore roles,
    Ids ids,
    Secrets secrets,
    Clock clock,
    Outbox outbox,
    Settings settings) {

  /**
   * The settings of a realm. Immutable.
   *
   * @param administrator initial name of the user that represents vendors' built-in accounts
   * @param defaultOrganization initial name of the default organization
   * @param limits on sign-ins
   * @param idForms of the dialects that support aliases
   * @param fromProvider whether a user comes from an identity provider, which verifies its password
   */
  public record Settings(
      String administrator,
      String defaultOrganization,
      SignInLimits limits,
      List<IdForm> idForms,
      Predicate<User> fromProvider) {

    public Settings {
      idForms = List.copyOf(idForms);
    }

    /** Creates settings of a realm in which no user comes from an identity provider. */
    public Settings(
        String administrator,
        String defaultOrganization,
        SignInLimits limits,
        List<IdForm> idForms) {
      this(administrator, defaultOrganization, limits, idForms, user -> false);
    }

    /** {@code root} and {@code doppel}, with the limits for tests. */
    public static final Settings DEFAULT =
        new Settings("root", "doppel", SignInLimits.FOR_TESTS, List.of());
  }

  /** Creates a realm. Doesn't take ownership of storage and hasher: the caller closes them. */
  public static Realm over(
      Vertx vertx,
      Storage storage,
      PasswordHasher hasher,
      Ids ids,
      Secrets secrets,
      Clock clock,
      Settings settings) {
    return new Realm(
        storage,
        new Users(
            storage.users(),
            hasher,
            ids,
            clock,
            new SignInThrottle(settings.limits, vertx),
            settings.idForms),
        new Tokens(storage.tokens(), ids, clock, settings.limits.sessions()),
        new Organizations(storage.organizations(), ids, clock, settings.defaultOrganization()),
        storage.roles(),
        ids,
        secrets,
        clock,
        new Outbox(clock),
        settings);
  }

  /** Returns this realm with another outbox, so that several realms share one. */
  public Realm with(Outbox other) {
    return new Realm(
        storage, users, tokens, organizations, roles, ids, secrets, clock, other, settings);
  }

  /** Returns this realm with another storage, which the caller closes. */
  public Realm over(Storage other) {
    return new Realm(
        other,
        users.withStore(other.users()),
        tokens.withStore(other.tokens()),
        new Organizations(other.organizations(), ids, clock, settings.defaultOrganization()),
        other.roles(),
        ids,
        secrets,
        clock,
        outbox,
        settings);
  }

  /**
   * Makes several changes atomically, as {@link Storage#change} does. A change inside another one
   * becomes part of it.
   *
   * @param work makes the changes through the realm that it is given, and through no other; must
   *     not hash passwords (see {@link Users#hashPassword(NewUser)})
   */
  public <T> Future<T> change(Function<Realm, Future<T>> work) {
    return storage
        .change(
            stores -> {
              var changed = withStores(stores);
              return work.apply(changed).map(result -> new Changed<>(result, changed));
            })
        .map(
            committed -> {
              organizations.updateCache(committed.realm.organizations);
              return committed.result;
            });
  }

  private record Changed<T>(T result, Realm realm) {}

  private Realm withStores(Stores stores) {
    return new Realm(
        new ChangeStorage(stores),
        users.withStore(stores.users()),
        tokens.withStore(stores.tokens()),
        organizations.withStore(stores.organizations()),
        stores.roles(),
        ids,
        secrets,
        clock,
        outbox,
        settings);
  }

  /**
   * Creates the system organization and the built-in roles, and marks the default organization and
   * the built-in account in a store from before there were such marks. Idempotent.
   */
  public Future<Void> createDefaults() {
    return organizations
        .createDefaults()
        .compose(done -> ensureRole(Role.ADMINISTRATOR))
        .compose(done -> ensureRole(Role.PUBLIC))
        .compose(done -> markBuiltIn());
  }

  /** Marks the administrator with the configured name, or else the one with the default name. */
  private Future<Void> markBuiltIn() {
    return builtIn()
        .compose(
            existing ->
                existing.isPresent()
                    ? Future.succeededFuture()
                    : findAdministrator(settings.administrator())
                        .compose(
                            named ->
                                named.isPresent()
                                    ? Future.succeededFuture(named)
                                    : findAdministrator(Settings.DEFAULT.administrator()))
                        .compose(
                            found ->
                                found.isEmpty()
                                    ? Future.succeededFuture()
                                    : storage
                                        .users()
                                        .update(found.get().id(), User::withBuiltIn)
                                        .mapEmpty()));
  }

  private Future<Optional<User>> findAdministrator(String name) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(name))
        .map(found -> found.filter(User::administrator));
  }

  /** Returns whether a user comes from an identity provider, as a vendor knows it. */
  public boolean isFromProvider(User user) {
    return settings.fromProvider().test(user);
  }

  /** Returns the user that represents vendors' built-in accounts, unless it has been deleted. */
  public Future<Optional<User>> builtIn() {
    return Failure.emptyIf(Reason.NO_SUCH_USER, storage.users().findBuiltIn());
  }

  private Future<Role> ensureRole(String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, roles.find(name))
        .compose(
            existing ->
                existing
                    .map(Future::succeededFuture)
                    .orElseGet(() -> roles.insert(new Role(name, "", true, Map.of()))));
  }

  /**
   * Creates an administrator with the configured name, who also owns the default organization.
   * Requires {@link #createDefaults}. Fails with USER_EXISTS.
   */
  public Future<User> createAdministrator(Password password) {
    return users
        .hashPassword(NewUser.named(settings.administrator()).withPassword(password))
        .compose(hashed -> change(realm -> realm.createOwner(hashed)));
  }

  /**
   * Creates an administrator who also owns the default organization. Fails with USER_EXISTS.
   *
   * @param administrator with a hashed password
   */
  public Future<User> createOwner(NewUser administrator) {
    return organizations
        .defaultOrganization()
        .compose(
            home -> createAdministrator(administrator.withMembership(home.id(), Membership.OWNER)));
  }

  /**
   * Creates an administrator, as the built-in account if there is none yet. Fails with USER_EXISTS
   * if the name or e-mail address is taken.
   */
  public Future<User> createAdministrator(NewUser user) {
    return users
        .hashPassword(user)
        .compose(
            hashed ->
                change(
                    realm ->
                        realm
                            .builtIn()
                            .compose(
                                existing ->
                                    realm.createAdministrator(hashed, existing.isEmpty()))));
  }

  /**
   * Creates the built-in account, an administrator. Fails with USER_EXISTS if there is a built-in
   * account already, or if the name or e-mail address is taken.
   */
  public Future<User> createBuiltIn(NewUser user) {
    return createAdministrator(user, true);
  }

  private Future<User> createAdministrator(NewUser user, boolean builtIn) {
    return users.by(Authority.SERVER).create(user.withAdministrator(true).withBuiltIn(builtIn));
  }
}
