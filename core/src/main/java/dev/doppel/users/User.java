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
 * One user, in nobody's dialect.
 *
 * @param name unique in a store, case-sensitive; which names a vendor lets in is its dialect's rule
 * @param password empty for a user who can't sign in by password
 * @param roles names of the roles the user holds
 * @param memberships organisations the user was put into; none means the default organisation
 * @param updated when a field that a vendor shows was last changed
 * @param version 1 at first, one more with every stored change
 * @param extras what only one vendor knows, as JSON text under its dialect's name, for it alone
 */
public record User(
    UserId id,
    String name,
    Status status,
    Optional<PasswordHash> password,
    Optional<String> email,
    Optional<String> fullName,
    Set<String> roles,
    Map<OrganizationId, Membership> memberships,
    Instant created,
    Instant updated,
    long version,
    List<Alias> aliases,
    Map<String, String> extras) {

  public User {
    roles = Set.copyOf(roles);
    memberships = Map.copyOf(memberships);
    aliases = List.copyOf(aliases);
    extras = Map.copyOf(extras);
  }

  public boolean active() {
    return status == Status.ACTIVE;
  }

  /** Whether the user may do everything in every dialect. */
  public boolean administrator() {
    return roles.contains(Role.ADMINISTRATOR);
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

  public User withStatus(Status status) {
    return with(draft -> draft.status = status);
  }

  public User withPassword(PasswordHash password) {
    return with(draft -> draft.password = Optional.of(password));
  }

  public User withEmail(Optional<String> email) {
    return with(draft -> draft.email = email);
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
        draft.fullName,
        draft.roles,
        draft.memberships,
        created,
        draft.updated,
        draft.version,
        aliases,
        draft.extras);
  }

  /** What can change about a user, while it does. */
  private static final class Draft {
    String name;
    Status status;
    Optional<PasswordHash> password;
    Optional<String> email;
    Optional<String> fullName;
    Set<String> roles;
    Map<OrganizationId, Membership> memberships;
    Instant updated;
    long version;
    Map<String, String> extras;

    Draft(User user) {
      name = user.name;
      status = user.status;
      password = user.password;
      email = user.email;
      fullName = user.fullName;
      roles = user.roles;
      memberships = user.memberships;
      updated = user.updated;
      version = user.version;
      extras = user.extras;
    }
  }
}
