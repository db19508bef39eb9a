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
 * A user, independent of any dialect. Immutable.
 *
 * @param name unique in a store, case-sensitive; each dialect has its own rules for allowed names
 * @param password empty for a user who can't sign in by password
 * @param emailSince when the user got the e-mail address; present if there is one. Of several users
 *     with the same address, the one who has had it longest can sign in with it
 * @param administrator whether the user may do everything in every dialect. The only place that
 *     stores it: Milvus's role {@code admin}, InfluxDB's operator, VCD's System Administrator and
 *     Workspace's {@code admin} are views of it
 * @param builtIn whether this is the account that represents vendors' built-in accounts; true for
 *     at most one user
 * @param home the organization in which the user was created, whose owners manage the user; empty
 *     for the default organization. Set to empty if it is not among the memberships
 * @param roles names of the user's roles, without {@link Role#ADMINISTRATOR}
 * @param memberships organizations that the user was added to, including {@code home}
 * @param updated when a field that a vendor shows was last changed
 * @param version 1 for a new user, incremented with every stored change
 * @param sessionEpoch incremented whenever all sessions of the user end; sessions of an earlier
 *     epoch are invalid
 * @param extras what only one vendor knows, as JSON text under its dialect's name
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
   * @throws IllegalArgumentException if the roles contain {@link Role#ADMINISTRATOR}, or only one
   *     of {@code email} and {@code emailSince} is present
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

  /** Returns whether the user owns the organization by membership. */
  public boolean owns(OrganizationId organization) {
    return memberships.get(organization) == Membership.OWNER;
  }

  /** Returns the role names in ascending order. */
  public List<String> sortedRoles() {
    return List.copyOf(new TreeSet<>(roles));
  }

  /** Returns the id of this user in the dialect's vendor product, if it was imported from there. */
  public Optional<String> alias(String dialect) {
    return aliases.stream().filter(a -> a.dialect().equals(dialect)).map(Alias::id).findFirst();
  }

  /** Returns what the dialect stores about this user, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }

  public User withName(String name) {
    return with(draft -> draft.name = name);
  }

  /** Returns this user with another status. Deactivation ends its sessions permanently. */
  public User withStatus(Status status) {
    var changed = active() && status == Status.INACTIVE ? withSessionsEnded() : this;
    return changed.with(draft -> draft.status = status);
  }

  /** Returns this user with all of its sessions ended permanently. API tokens stay valid. */
  public User withSessionsEnded() {
    return with(draft -> draft.sessionEpoch = sessionEpoch + 1);
  }

  public User withPassword(PasswordHash password) {
    return with(draft -> draft.password = Optional.of(password));
  }

  /**
   * Returns this user with another e-mail address, or none. If the addresses are equal except for
   * case, {@code emailSince} doesn't change.
   *
   * @param now the time of the change
   */
  public User withEmail(Optional<String> email, Instant now) {
    var same = email.isPresent() && this.email.filter(email.get()::equalsIgnoreCase).isPresent();
    return with(
        draft -> {
          draft.email = email;
          draft.emailSince = same ? emailSince : email.map(any -> now);
        });
  }

  /** Returns this user with or without the rights of an administrator, in every dialect. */
  public User withAdministrator(boolean administrator) {
    return with(draft -> draft.administrator = administrator);
  }

  /** Returns this user as the one that represents vendors' built-in accounts. */
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
    return with(draft -> draft.memberships = plus(memberships, organization, membership));
  }

  /** Returns this user without a membership; if it was the home, that is empty then. */
  public User withoutMembership(OrganizationId organization) {
    return with(
        draft -> {
          draft.memberships = new HashMap<>(memberships);
          draft.memberships.remove(organization);
        });
  }

  public User withExtras(String dialect, String json) {
    return with(draft -> draft.extras = plus(extras, dialect, json));
  }

  User updatedAt(Instant updated) {
    return with(draft -> draft.updated = updated);
  }

  /** Returns this user with the next version. For stores. */
  public User nextVersion() {
    return with(draft -> draft.version = version + 1);
  }

  /** Omits the extras, since a dialect may store secrets there. */
  @Override
  public String toString() {
    return "User[" + name + " " + id + ", version " + version + "]";
  }

  private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
    var all = new HashMap<>(map);
    all.put(key, value);
    return all;
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

  /** A mutable copy of the fields that can change. */
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
