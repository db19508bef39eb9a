package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One world of users: what every dialect of one gateway shares. Immutable. */
public record Realm(
    Storage storage,
    Users users,
    Tokens tokens,
    Organizations organizations,
    RoleStore roles,
    Ids ids,
    Secrets secrets,
    Clock clock,
    Settings settings) {

  /**
   * The names that a realm starts with, and its limits.
   *
   * @param administrator name of the user that vendors' built-in accounts stand for
   * @param defaultOrganization name that the default organization is made with
   * @param limits of signing in
   * @param idForms those of the dialects in which a user can be called by an alias
   */
  public record Settings(
      String administrator, String defaultOrganization, SignInLimits limits, List<IdForm> idForms) {

    public Settings {
      idForms = List.copyOf(idForms);
    }

    /** {@code root} and {@code doppel}, with the limits of a test. */
    public static final Settings DEFAULT =
        new Settings("root", "doppel", SignInLimits.FOR_TESTS, List.of());
  }

  /** A realm over a storage. The storage and the hasher stay their opener's to close. */
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
        settings);
  }

  /** The same realm over another storage, which stays its opener's to close. */
  public Realm over(Storage other) {
    return new Realm(
        other,
        users.within(other.users()),
        tokens.within(other.tokens()),
        new Organizations(other.organizations(), ids, clock, settings.defaultOrganization()),
        other.roles(),
        ids,
        secrets,
        clock,
        settings);
  }

  /**
   * Makes several changes as one, as {@link Storage#change} does. A change within a change is part
   * of the larger one.
   *
   * @param work does what belongs together by means of the realm it is given, and of no other;
   *     passwords are hashed beforehand, with {@link Users#hashed}
   */
  public <T> Future<T> change(Function<Realm, Future<T>> work) {
    return storage
        .change(
            stores -> {
              var within = within(stores);
              return work.apply(within).map(result -> new Made<>(result, within));
            })
        .map(
            made -> {
              organizations.learn(made.within.organizations);
              return made.result;
            });
  }

  private record Made<T>(T result, Realm within) {}

  private Realm within(Stores stores) {
    return new Realm(
        new StorageWithin(stores),
        users.within(stores.users()),
        tokens.within(stores.tokens()),
        organizations.within(stores.organizations()),
        stores.roles(),
        ids,
        secrets,
        clock,
        settings);
  }

  /**
   * Creates the marked organizations and the built-in roles, and marks the built-in account in a
   * store that is older than the mark. Repeatable.
   */
  public Future<Void> createDefaults() {
    return organizations
        .createDefaults()
        .compose(done -> ensureRole(Role.ADMINISTRATOR))
        .compose(done -> ensureRole(Role.PUBLIC))
        .compose(done -> markBuiltIn());
  }

  /** The administrator that has the configured name, or else the name of a built-in account. */
  private Future<Void> markBuiltIn() {
    return builtIn()
        .compose(
            known ->
                known.isPresent()
                    ? Future.succeededFuture()
                    : administrator(settings.administrator())
                        .compose(
                            named ->
                                named.isPresent()
                                    ? Future.succeededFuture(named)
                                    : administrator(Settings.DEFAULT.administrator()))
                        .compose(
                            found ->
                                found.isEmpty()
                                    ? Future.succeededFuture()
                                    : storage
                                        .users()
                                        .update(found.get().id(), User::withBuiltIn)
                                        .mapEmpty()));
  }

  private Future<Optional<User>> administrator(String name) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(name))
        .map(found -> found.filter(User::administrator));
  }

  /** The user that vendors' built-in accounts stand for, if it has not been deleted. */
  public Future<Optional<User>> builtIn() {
    return Failure.emptyIf(Reason.NO_SUCH_USER, storage.users().findBuiltIn());
  }

  private Future<Role> ensureRole(String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, roles.find(name))
        .compose(
            known ->
                known
                    .map(Future::succeededFuture)
                    .orElseGet(() -> roles.insert(new Role(name, "", true, Map.of()))));
  }

  /**
   * Creates the administrator that the settings name, owner of the default organization too, after
   * {@link #createDefaults}. Fails with USER_EXISTS.
   */
  public Future<User> createAdministrator(Password password) {
    return users
        .hashed(NewUser.named(settings.administrator()).withPassword(password))
        .compose(hashed -> change(within -> within.createOwner(hashed)));
  }

  /** As above, of a user whose password is hashed already. */
  public Future<User> createOwner(NewUser administrator) {
    return organizations
        .defaultOne()
        .compose(
            home -> createAdministrator(administrator.withMembership(home.id(), Membership.OWNER)));
  }

  /**
   * Creates a user who may do everything, and makes it the built-in account if there is none. Fails
   * with USER_EXISTS if the name or e-mail address is taken.
   */
  public Future<User> createAdministrator(NewUser user) {
    return users
        .hashed(user)
        .compose(
            hashed ->
                change(
                    within ->
                        within
                            .builtIn()
                            .compose(
                                known -> within.createAdministrator(hashed, known.isEmpty()))));
  }

  /**
   * Creates the built-in account, a user who may do everything. Fails with USER_EXISTS if there is
   * such an account already, or if the name or e-mail address is taken.
   */
  public Future<User> createBuiltIn(NewUser user) {
    return createAdministrator(user, true);
  }

  private Future<User> createAdministrator(NewUser user, boolean builtIn) {
    return users.by(Authority.SERVER).create(user.withAdministrator(true).withBuiltIn(builtIn));
  }
}
