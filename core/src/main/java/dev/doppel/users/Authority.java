package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rights of a caller over users, the same in every dialect. Immutable.
 *
 * <p>A dialect checks its vendor's own rights first. In addition, {@link Users#by} rejects every
 * change that this class forbids, so that a right granted by one dialect (a Milvus privilege, the
 * permissions of an InfluxDB token) never becomes a greater right in another:
 *
 * <ul>
 *   <li>Only an administrator can create, change or delete an administrator. Adding one to an
 *       organization is the exception.
 *   <li>The owners of an organization manage the users whose home it is, and no other users.
 *   <li>Rights of a single dialect apply only to users who own no organization and whose home is
 *       the default organization, or the one organization whose users such a right {@linkplain
 *       #managing covers}. The password and the e-mail address, by which an account could be taken
 *       over, can be changed only while the user also has no roles, no memberships elsewhere, and
 *       no rights that a dialect {@linkplain Extras#GRANTS granted}.
 * </ul>
 */
public final class Authority {

  /** The process itself: its start, seeds, and the control plane. Everything is allowed. */
  public static final Authority SERVER =
      new Authority(true, Optional.empty(), Set.of(), Set.of(), Optional.empty());

  /** A caller without credentials, or whose credentials grant rights of one dialect only. */
  public static final Authority NONE =
      new Authority(false, Optional.empty(), Set.of(), Set.of(), Optional.empty());

  private final boolean administrator;
  private final Optional<UserId> self;
  private final Set<OrganizationId> owned;
  private final Set<OrganizationId> managed;
  private final Optional<OrganizationId> defaultOrganization;

  private Authority(
      boolean administrator,
      Optional<UserId> self,
      Set<OrganizationId> owned,
      Set<OrganizationId> managed,
      Optional<OrganizationId> defaultOrganization) {
    this.administrator = administrator;
    this.self = self;
    this.owned = Set.copyOf(owned);
    this.managed = Set.copyOf(managed);
    this.defaultOrganization = defaultOrganization;
  }

  /**
   * Returns all rights of a user.
   *
   * @param defaultOrganization id of the default organization; if it is empty, only administrators
   *     manage the users whose home that is
   */
  static Authority of(User user, Optional<OrganizationId> defaultOrganization) {
    return new Authority(
        user.administrator(),
        Optional.of(user.id()),
        user.memberships().entrySet().stream()
            .filter(membership -> membership.getValue() == Membership.OWNER)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()),
        Set.of(),
        defaultOrganization);
  }

  /**
   * Returns the authority of this caller with credentials that grant only the ownership of these
   * organizations, as far as the caller has it.
   */
  public Authority limitedTo(Set<OrganizationId> organizations) {
    return new Authority(
        false,
        Optional.empty(),
        administrator
            ? organizations
            : owned.stream().filter(organizations::contains).collect(Collectors.toSet()),
        Set.of(),
        defaultOrganization);
  }

  /** Returns the authority of this caller with credentials that grant no administrator rights. */
  public Authority withoutAdministrator() {
    return new Authority(false, self, owned, managed, defaultOrganization);
  }

  /**
   * Returns the authority of this caller with a right of a single dialect to manage the users of an
   * organization without owning it: those whose home it is and who own no organization. The caller
   * can make ordinary members of the organization, but no owners.
   */
  public Authority managing(OrganizationId organization) {
    return new Authority(administrator, self, owned, Set.of(organization), defaultOrganization);
  }

  /** Returns whether everything is allowed to the caller. */
  public boolean administrator() {
    return administrator;
  }

  /** Returns whether the caller is the user, with credentials that grant all of its rights. */
  public boolean isSelf(User user) {
    return self.filter(user.id()::equals).isPresent();
  }

  /** Returns whether the caller is an administrator or owns the organization. */
  public boolean administers(OrganizationId organization) {
    return administrator || owned.contains(organization);
  }

  /**
   * Returns whether the caller manages the user: the caller is an administrator, or owns the user's
   * home and the user is no administrator. Users don't manage themselves.
   */
  public boolean manages(User user) {
    return administrator
        || (!user.administrator()
            && user.home().or(() -> defaultOrganization).filter(owned::contains).isPresent());
  }

  /**
   * Returns whether the caller may change the user at all: the caller {@linkplain #manages manages}
   * the user, or may by a right of a {@linkplain #managing single dialect}.
   */
  public boolean mayChange(User user) {
    return manages(user)
        || (!user.administrator()
            && user.home().or(() -> defaultOrganization).filter(managed::contains).isPresent()
            && isOpenToDialectRights(user));
  }

  /**
   * Checks a new user.
   *
   * @throws Failure FORBIDDEN if the caller may not create it, USER_EXISTS if the name or e-mail
   *     address is reserved
   */
  void checkCreation(NewUser user) {
    if (ReservedNames.contains(user.name())
        && !(user.builtIn() && ReservedNames.isBuiltIn(user.name()))) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
    user.email().ifPresent(Authority::checkAddress);
    require(administrator || !user.administrator());
    user.memberships()
        .forEach(
            (organization, membership) ->
                require(
                    administers(organization)
                        || (membership == Membership.MEMBER && managed.contains(organization))));
  }

  /**
   * Checks a change.
   *
   * @throws Failure FORBIDDEN if the caller may not make it, USER_EXISTS if the new name or e-mail
   *     address is reserved
   */
  void checkChange(User before, User after) {
    if (!after.name().equals(before.name())
        && ReservedNames.contains(after.name())
        && !(before.builtIn() && ReservedNames.isBuiltIn(after.name()))) {
      throw Failure.of(Reason.USER_EXISTS, after.name());
    }
    if (!after.email().equals(before.email())) {
      after.email().ifPresent(Authority::checkAddress);
    }
    if (administrator) {
      return;
    }
    if (before.administrator() || after.administrator()) {
      require(changesMembershipsOnly(before, after) && administersOneOf(before, after));
    }
    checkMemberships(before, after);
    if (before.administrator() || isSelf(before) || manages(before)) {
      return;
    }
    require(
        isOpenToDialectRights(before)
            || (before.name().equals(after.name()) && before.status() == after.status()));
    require(
        isWithoutRights(before)
            || (before.password().equals(after.password())
                && before.email().equals(after.email())));
  }

  private boolean administersOneOf(User before, User after) {
    return owned.stream()
        .anyMatch(
            organization ->
                before.memberships().containsKey(organization)
                    || after.memberships().containsKey(organization));
  }

  /** A membership gives its organization no power over a user whose home is another one. */
  private static boolean changesMembershipsOnly(User before, User after) {
    return before.administrator() == after.administrator()
        && before.name().equals(after.name())
        && before.status() == after.status()
        && before.password().equals(after.password())
        && before.email().equals(after.email())
        && before.fullName().equals(after.fullName())
        && before.roles().equals(after.roles());
  }

  private void checkMemberships(User before, User after) {
    var previous = before.memberships();
    var current = after.memberships();
    current.forEach(
        (organization, membership) ->
            require(
                membership == previous.get(organization)
                    || administers(organization)
                    || (managed.contains(organization)
                        && membership == Membership.MEMBER
                        && previous.get(organization) == null)
                    || (isSelf(before)
                        && membership == Membership.MEMBER
                        && previous.get(organization) == Membership.OWNER)));
    previous.keySet().stream()
        .filter(organization -> !current.containsKey(organization))
        .forEach(organization -> require(administers(organization) || isSelf(before)));
  }

  private static void checkAddress(String email) {
    if (ReservedNames.contains(email)) {
      throw Failure.of(Reason.USER_EXISTS, email);
    }
  }

  /**
   * Checks a deletion.
   *
   * @throws Failure FORBIDDEN if the caller may not delete the user
   */
  void checkDeletion(User user) {
    checkAccountChange(user);
  }

  /**
   * Checks that the caller may change a user's name or status, even if the request sets them to
   * their current values.
   *
   * @throws Failure FORBIDDEN if not
   */
  public void checkAccountChange(User user) {
    require(
        isSelf(user) || manages(user) || (!user.administrator() && isOpenToDialectRights(user)));
  }

  /**
   * Checks that the caller may change a user's extras, except for those about a membership. Only
   * administrators can change an administrator's.
   *
   * @throws Failure FORBIDDEN if not
   */
  public void checkExtrasChange(User user) {
    require(administrator || !user.administrator());
  }

  /**
   * Checks that the caller may issue credentials with which a client acts as the user.
   *
   * @throws Failure FORBIDDEN if not
   */
  void checkActingAs(User user) {
    require(administrator || !user.administrator());
  }

  /**
   * Checks that the caller may rename or delete an organization. Only administrators may for the
   * default and the system organization.
   *
   * @throws Failure FORBIDDEN if not
   */
  void checkChange(Organization organization) {
    require(administrator || organization.kind() == Organization.Kind.ORDINARY);
  }

  /**
   * Returns whether the caller may see secrets with which a client acts as the user: the caller is
   * or manages the user.
   */
  public boolean mayActAs(User user) {
    return isSelf(user) || manages(user);
  }

  /**
   * Checks that the caller may change or end a token. If the token belongs to an administrator or
   * is valid in every dialect, only its owner and administrators may.
   *
   * @throws Failure FORBIDDEN if not
   */
  void checkChange(Token token, User owner) {
    require(
        administrator || isSelf(owner) || (!owner.administrator() && token.dialect().isPresent()));
  }

  /** Returns whether the rights of a single dialect apply to the user. */
  private boolean isOpenToDialectRights(User user) {
    return user.home().map(managed::contains).orElse(true)
        && !user.memberships().containsValue(Membership.OWNER);
  }

  /** Returns whether taking the account over would grant no rights. */
  private boolean isWithoutRights(User user) {
    return isOpenToDialectRights(user)
        && managed.containsAll(user.memberships().keySet())
        && user.roles().isEmpty()
        && user.extras().values().stream().noneMatch(Extras::grant);
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw Failure.of(Reason.FORBIDDEN);
    }
  }
}
