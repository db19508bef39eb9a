package dev.doppel.users;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One user, independent of any dialect. Immutable.
 *
 * @param name unique in a store, case-sensitive; which names a vendor lets in is its dialect's rule
 * @param password empty for a user who can't sign in by password
 * @param emailSince when the user got the e-mail address; present if there is one. Of several users
 *     with one address, the one who has had it longest signs in by it
 * @param administrator whether the user may do everything in every dialect. This alone decides:
 *     Milvus's role {@code admin}, InfluxDB's operator, VCD's System Administrator and Workspace's
 *     {@code admin} are views of it
 * @param builtIn whether this is the account that vendors' built-in accounts stand for; at most one
 *     user is
 * @param home the organization that the user was made in, whose owners manage the user; empty for
 *     the default organization. An organization that the user is not a member of counts as empty
 * @param roles names of the roles the user holds, other than {@link Role#ADMINISTRATOR}
 * @param memberships organizations that the user was added to, {@code home} included
 * @param updated when a field that a vendor shows was last changed
 * @param version 1 at first, one more with every stored change
 * @param sessionEpoch how often the user's sessions were ended by deactivation; sessions of an
 *     earlier epoch stay ended
 * @param extras what only one vendor knows, as JSON text under its dialect's name, for it alone
 */
public record User(
    UserId id,
    String name,
    Status status,
    Optional<PasswordHash> password,
    Optional<String> email,
    Optional<Instant> emailSince,
    Optional<String> fullName,
    boolean administrator,
    boolean builtIn,
    Optional<OrganizationId> home,
    Set<String> roles,
    Map<OrganizationId, Membership> memberships,
    Instant created,
    Instant updated,
    long version,
    long sessionEpoch,
    List<Alias> aliases,
    Map<String, String> extras) {

  /**
   * @throws IllegalArgumentException if the roles hold {@link Role#ADMINISTRATOR}, or one of {@code
   *     email} and {@code emailSince} is empty and the other isn't
   */
  public User {
    roles = Set.copyOf(roles);
    memberships = Map.copyOf(memberships);
    aliases = List.copyOf(aliases);
    extras = Map.copyOf(extras);
    home = home.filter(memberships::containsKey);
    if (roles.contains(Role.ADMINISTRATOR)) {
      throw new IllegalArgumentException("administrator is no role but a property of the user");
    }
    if (email.isPresent() != emailSince.isPresent()) {
      throw new IllegalArgumentException(
          "an e-mail address has a time since when, and no address none");
    }
  }

  public boolean active() {
    return status == Status.ACTIVE;
  }

  /** Whether the user owns the organization by membership. */
  public boolean owns(OrganizationId organization) {
    return memberships.get(organization) == Membership.OWNER;
  }

  /** Role names in ascending order. */
  public List<String> sortedRoles() {
    return List.copyOf(new TreeSet<>(roles));
  }

  /** The id this user had in the dialect's vendor product, if it was imported from there. */
  public Optional<String> alias(String dialect) {
    return aliases.stream().filter(a -> a.dialect().equals(dialect)).map(Alias::id).findFirst();
  }

  /** What the dialect keeps about this user, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }

  public User withName(String name) {
    return with(draft -> draft.name = name);
  }

  /** The user with another status; making it inactive ends its sessions for good. */
  public User withStatus(Status status) {
    var changed = active() && status == Status.INACTIVE ? withSessionsEnded() : this;
    return changed.with(draft -> draft.status = status);
  }

  /** The user after all of its sessions have ended for good. Its API tokens stay. */
  public User withSessionsEnded() {
    return with(draft -> draft.sessionEpoch = sessionEpoch + 1);
  }

  public User withPassword(PasswordHash password) {
    return with(draft -> draft.password = Optional.of(password));
  }

  /**
   * The user with another e-mail address, or none. The same address, in whatever case, keeps the
   * time since when the user has had it.
   *
   * @param now when the change is made
   */
  public User withEmail(Optional<String> email, Instant now) {
    var same = email.isPresent() && this.email.filter(email.get()::equalsIgnoreCase).isPresent();
    return with(
        draft -> {
          draft.email = email;
          draft.emailSince = same ? emailSince : email.map(any -> now);
        });
  }

  /** The user with or without the rights of an administrator, in every dialect. */
  public User withAdministrator(boolean administrator) {
    return with(draft -> draft.administrator = administrator);
  }

  /** For the start of a realm: the user that vendors' built-in accounts stand for. */
  User withBuiltIn() {
    return with(draft -> draft.builtIn = true);
  }

  public User withFullName(Optional<String> fullName) {
    return with(draft -> draft.fullName = fullName);
  }

  public User withRole(String role) {
    return with(
        draft -> {
          draft.roles = new HashSet<>(roles);
          draft.roles.add(role);
        });
  }

  public User withoutRole(String role) {
    return with(
        draft -> {
          draft.roles = new HashSet<>(roles);
          draft.roles.remove(role);
        });
  }

  public User withMembership(OrganizationId organization, Membership membership) {
    return with(draft -> draft.memberships = joined(memberships, organization, membership));
  }

  /** The user without a membership; one whose home it was has the default organization as home. */
  public User withoutMembership(OrganizationId organization) {
    return with(
        draft -> {
          draft.memberships = new HashMap<>(memberships);
          draft.memberships.remove(organization);
        });
  }

  public User withExtras(String dialect, String json) {
    return with(draft -> draft.extras = joined(extras, dialect, json));
  }

  User updatedAt(Instant updated) {
    return with(draft -> draft.updated = updated);
  }

  /** For stores: the same user, one version on. */
  public User nextVersion() {
    return with(draft -> draft.version = version + 1);
  }

  private static <K, V> Map<K, V> joined(Map<K, V> map, K key, V value) {
    var joined = new HashMap<>(map);
    joined.put(key, value);
    return joined;
  }

  private User with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return new User(
        id,
        draft.name,
        draft.status,
        draft.password,
        draft.email,
        draft.emailSince,
        draft.fullName,
        draft.administrator,
        draft.builtIn,
        home,
        draft.roles,
        draft.memberships,
        created,
        draft.updated,
        draft.version,
        draft.sessionEpoch,
        aliases,
        draft.extras);
  }

  /** What can change about a user, while it does. */
  private static final class Draft {
    String name;
    Status status;
    Optional<PasswordHash> password;
    Optional<String> email;
    Optional<Instant> emailSince;
    Optional<String> fullName;
    boolean administrator;
    boolean builtIn;
    Set<String> roles;
    Map<OrganizationId, Membership> memberships;
    Instant updated;
    long version;
    long sessionEpoch;
    Map<String, String> extras;

    Draft(User user) {
      name = user.name;
      status = user.status;
      password = user.password;
      email = user.email;
      emailSince = user.emailSince;
      fullName = user.fullName;
      administrator = user.administrator;
      builtIn = user.builtIn;
      roles = user.roles;
      memberships = user.memberships;
      updated = user.updated;
      version = user.version;
      sessionEpoch = user.sessionEpoch;
      extras = user.extras;
    }
  }
}
