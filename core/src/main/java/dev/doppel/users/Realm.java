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
    Secrets secrets,
    Clock clock,
    Settings settings) {

  /** The organisation whose members look after all others. */
  public static final String SYSTEM = "System";

  /**
   * The names that a realm starts with.
   *
   * @param administrator name of the user that vendors' built-in accounts stand for
   * @param defaultOrganization where users belong who were put into none
   */
  public record Settings(String administrator, String defaultOrganization) {

    /** {@code root} and {@code doppel}. */
    public static final Settings DEFAULT = new Settings("root", "doppel");
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
        new Users(storage.users(), hasher, ids, clock),
        new Tokens(storage.tokens(), ids, clock),
        new Organizations(storage.organizations(), ids, clock, settings.defaultOrganization()),
        storage.roles(),
        secrets,
        clock,
        settings);
  }

  /** Makes what every realm has: the two organisations and the two built-in roles. Repeatable. */
  public Future<Void> furnish() {
    return organizations
        .ensure(SYSTEM, "")
        .compose(done -> organizations.ensure(settings.defaultOrganization(), ""))
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
   * Makes the administrator of a furnished realm: may do everything, owns both organisations. Fails
   * with USER_EXISTS.
   */
  public Future<User> createAdministrator(Password password) {
    return Future.all(organizations.find(SYSTEM), organizations.defaultOne())
        .compose(
            both ->
                users.create(
                    NewUser.named(settings.administrator())
                        .withPassword(password)
                        .withRole(Role.ADMINISTRATOR)
                        .withMembership(both.<Organization>resultAt(0).id(), Membership.OWNER)
                        .withMembership(both.<Organization>resultAt(1).id(), Membership.OWNER)));
  }
}
