package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Map;

/** One world of users: what every dialect of one gateway shares. */
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

  /** The organisation whose members look after all others. */
  public static final String SYSTEM = "System";

  /**
   * The names that a realm starts with, and how it guards them.
   *
   * @param administrator name of the user that vendors' built-in accounts stand for
   * @param defaultOrganization where users belong who were put into none
   * @param throttled whether signing in is
   */
  public record Settings(String administrator, String defaultOrganization, boolean throttled) {

    /** {@code root} and {@code doppel}, as often as anybody likes. */
    public static final Settings DEFAULT = new Settings("root", "doppel", false);
  }

  /** A realm over a storage. The storage and the hasher stay their opener's to close. */
  public static Realm over(
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
            settings.throttled ? SignInThrottle.on(clock) : SignInThrottle.off(clock)),
        new Tokens(storage.tokens(), ids, clock),
        new Organizations(storage.organizations(), ids, clock, settings.defaultOrganization()),
        storage.roles(),
        ids,
        secrets,
        clock,
        settings);
  }

  /** Makes what every realm has: its first organisation, the built-in roles. Repeatable. */
  public Future<Void> furnish() {
    return organizations
        .ensure(SYSTEM)
        .compose(done -> ensureRole(Role.ADMINISTRATOR))
        .compose(done -> ensureRole(Role.PUBLIC))
        .mapEmpty();
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
   * Makes the administrator of a furnished realm, owner of the default organisation too. Fails with
   * USER_EXISTS.
   */
  public Future<User> createAdministrator(Password password) {
    return organizations
        .defaultOne()
        .compose(
            home ->
                createAdministrator(
                    NewUser.named(settings.administrator())
                        .withPassword(password)
                        .withMembership(home.id(), Membership.OWNER)));
  }

  /** Makes a user who may do everything, owner of {@link #SYSTEM} too. Fails with USER_EXISTS. */
  public Future<User> createAdministrator(NewUser user) {
    return organizations
        .find(SYSTEM)
        .compose(
            system ->
                users.create(
                    user.withRole(Role.ADMINISTRATOR)
                        .withMembership(system.id(), Membership.OWNER)));
  }
}
