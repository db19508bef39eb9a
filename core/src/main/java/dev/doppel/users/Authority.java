package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a caller may do to users, in every dialect alike. Immutable.
 *
 * <p>A dialect asks its vendor's own rights first. Whatever those say, {@link Users#by} lets no
 * change pass that this class refuses, so that a right that one dialect grants (a Milvus privilege,
 * the permissions of an InfluxDB token) is never turned into more in another:
 *
 * <ul>
 *   <li>Only an administrator makes an administrator, or changes or deletes one, other than by
 *       adding it to an organization.
 *   <li>The owners of an organization manage the users whose home it is, and nobody else.
 *   <li>Rights of a dialect reach users who have nothing beyond it: no ownership, and no home but
 *       the default organization. To take such an account over, by a new password or e-mail
 *       address, is possible only while it belongs to no organization and holds no role.
 * </ul>
 */
public final class Authority {

  /** The process itself: its start, seeds, and the control plane. It may do everything. */
  public static final Authority SERVER =
      new Authority(true, Optional.empty(), Set.of(), Optional.empty());

  /** Somebody whose credentials carry no more than rights of one dialect, or who has shown none. */
  public static final Authority NONE =
      new Authority(false, Optional.empty(), Set.of(), Optional.empty());

  private final boolean administrator;
  private final Optional<UserId> self;
  private final Set<OrganizationId> owned;
  private final Optional<OrganizationId> defaultOrganization;

  private Authority(
      boolean administrator,
      Optional<UserId> self,
      Set<OrganizationId> owned,
      Optional<OrganizationId> defaultOrganization) {
    this.administrator = administrator;
    this.self = self;
    this.owned = Set.copyOf(owned);
    this.defaultOrganization = defaultOrganization;
  }

  /**
   * All that a user may do.
   *
   * @param defaultOrganization the default organization's id as far as it is known; without it
   *     nobody but administrators manages its users
   */
  static Authority of(User user, Optional<OrganizationId> defaultOrganization) {
    return new Authority(
        user.administrator(),
        Optional.of(user.id()),
        user.memberships().entrySet().stream()
            .filter(membership -> membership.getValue() == Membership.OWNER)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()),
        defaultOrganization);
  }

  /** The same caller with credentials that carry no more than the ownership of organizations. */
  public Authority within(Set<OrganizationId> organizations) {
    return new Authority(
        false,
        Optional.empty(),
        administrator
            ? organizations
            : owned.stream().filter(organizations::contains).collect(Collectors.toSet()),
        defaultOrganization);
  }

  /** The same caller with credentials that carry nothing of what only administrators may do. */
  public Authority withoutAdministrator() {
    return new Authority(false, self, owned, defaultOrganization);
  }

  /** Whether the caller may do everything. */
  public boolean administrator() {
    return administrator;
  }

  /** Whether the caller is the user, with credentials that carry all of its rights. */
  public boolean isSelf(User user) {
    return self.filter(user.id()::equals).isPresent();
  }

  /** Whether the caller is an administrator or owns the organization. */
  public boolean administers(OrganizationId organization) {
    return administrator || owned.contains(organization);
  }

  /**
   * Whether the caller manages the user: it is an administrator, or it owns the user's home and the
   * user is no administrator. Being oneself is not enough.
   */
  public boolean manages(User user) {
    return administrator
        || (!user.administrator()
            && user.home().or(() -> defaultOrganization).filter(owned::contains).isPresent());
  }

  /**
   * Checks a new user. Fails with FORBIDDEN, or with USER_EXISTS for a name that is reserved.
   *
   * @throws Failure if it is refused
   */
  void checkCreation(NewUser user) {
    if (ReservedNames.contains(user.name())
        && !(user.builtIn() && ReservedNames.isBuiltIn(user.name()))) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
    user.email().ifPresent(Authority::checkAddress);
    require(administrator || !user.administrator());
    user.memberships().keySet().forEach(organization -> require(administers(organization)));
  }

  /**
   * Checks a change.
   *
   * @throws Failure FORBIDDEN if the caller may not make it, USER_EXISTS if the new name is
   *     reserved
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
      require(isMembershipAlone(before, after) && administersOneOf(before, after));
    }
    checkMemberships(before, after);
    if (before.administrator() || isSelf(before) || manages(before)) {
      return;
    }
    require(
        isWithinReach(before)
            || (before.name().equals(after.name()) && before.status() == after.status()));
    require(
        isPlain(before)
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

  /**
   * Whether a change is about what the user is to an organization, which gives no power over it.
   */
  private static boolean isMembershipAlone(User before, User after) {
    return before.administrator() == after.administrator()
        && before.name().equals(after.name())
        && before.status() == after.status()
        && before.password().equals(after.password())
        && before.email().equals(after.email())
        && before.fullName().equals(after.fullName())
        && before.roles().equals(after.roles());
  }

  private void checkMemberships(User before, User after) {
    var was = before.memberships();
    var is = after.memberships();
    is.forEach(
        (organization, membership) ->
            require(
                membership == was.get(organization)
                    || administers(organization)
                    || (isSelf(before)
                        && membership == Membership.MEMBER
                        && was.get(organization) == Membership.OWNER)));
    was.keySet().stream()
        .filter(organization -> !is.containsKey(organization))
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
    checkReach(user);
  }

  /**
   * Checks that the caller may change a user's name or status, also to what they are: whether a
   * request is refused doesn't depend on what it would change.
   *
   * @throws Failure FORBIDDEN if the caller may not
   */
  public void checkReach(User user) {
    require(isSelf(user) || manages(user) || (!user.administrator() && isWithinReach(user)));
  }

  /**
   * Checks that the caller may change what a dialect keeps about the user, other than what the user
   * is to an organization: an administrator's is the administrators' to change.
   *
   * @throws Failure FORBIDDEN if not
   */
  public void checkExtrasChange(User user) {
    require(administrator || !user.administrator());
  }

  /**
   * Checks that somebody may hand out credentials by which a client acts as the user.
   *
   * @throws Failure FORBIDDEN if not
   */
  void checkActingAs(User user) {
    require(administrator || !user.administrator());
  }

  /**
   * Checks that the caller may rename or delete an organization: the marked ones are the
   * administrators'.
   *
   * @throws Failure FORBIDDEN if not
   */
  void checkChange(Organization organization) {
    require(administrator || organization.kind() == Organization.Kind.ORDINARY);
  }

  /**
   * Whether the caller may learn secrets by which a client acts as the user: it is the user itself,
   * or manages it.
   */
  public boolean mayActAs(User user) {
    return isSelf(user) || manages(user);
  }

  /**
   * Checks that the caller may change or end a token: one that is an administrator's, or good in
   * every dialect, is its owner's and the administrators' to change.
   *
   * @throws Failure FORBIDDEN if not
   */
  void checkChange(Token token, User owner) {
    require(
        administrator || isSelf(owner) || (!owner.administrator() && token.dialect().isPresent()));
  }

  /** Whether rights of a single dialect reach the user. */
  private static boolean isWithinReach(User user) {
    return user.home().isEmpty() && !user.memberships().containsValue(Membership.OWNER);
  }

  /** Whether who takes the account over has gained no right by it. */
  private static boolean isPlain(User user) {
    return isWithinReach(user) && user.memberships().isEmpty() && user.roles().isEmpty();
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw Failure.of(Reason.FORBIDDEN);
    }
  }
}
