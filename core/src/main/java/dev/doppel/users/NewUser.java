package dev.doppel.users;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What it takes to create a user. Only the name is needed; start with {@link #named}.
 *
 * @param id wanted by a caller whose vendor lets it choose; drawn from {@link Ids} otherwise
 * @param password clear text, or empty for a user who can't sign in by password yet
 */
public record NewUser(
    String name,
    Optional<UserId> id,
    Optional<Password> password,
    Status status,
    Optional<String> email,
    Optional<String> fullName,
    Set<String> roles,
    Map<OrganizationId, Membership> memberships,
    Map<String, String> extras) {

  public NewUser {
    roles = Set.copyOf(roles);
    memberships = Map.copyOf(memberships);
    extras = Map.copyOf(extras);
  }

  /** An active user without a password. */
  public static NewUser named(String name) {
    return new NewUser(
        name,
        Optional.empty(),
        Optional.empty(),
        Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Map.of(),
        Map.of());
  }

  public NewUser withId(Optional<UserId> id) {
    return new NewUser(name, id, password, status, email, fullName, roles, memberships, extras);
  }

  public NewUser withPassword(Password password) {
    return new NewUser(
        name, id, Optional.of(password), status, email, fullName, roles, memberships, extras);
  }

  public NewUser withStatus(Status status) {
    return new NewUser(name, id, password, status, email, fullName, roles, memberships, extras);
  }

  public NewUser withFullName(String fullName) {
    return new NewUser(
        name, id, password, status, email, Optional.of(fullName), roles, memberships, extras);
  }

  public NewUser withEmail(String email) {
    return new NewUser(
        name, id, password, status, Optional.of(email), fullName, roles, memberships, extras);
  }

  public NewUser withRole(String role) {
    var all = new HashSet<>(roles);
    all.add(role);
    return new NewUser(name, id, password, status, email, fullName, all, memberships, extras);
  }

  public NewUser withMembership(OrganizationId organization, Membership membership) {
    var all = new HashMap<>(memberships);
    all.put(organization, membership);
    return new NewUser(name, id, password, status, email, fullName, roles, all, extras);
  }

  public NewUser withExtras(String dialect, String json) {
    var all = new HashMap<>(extras);
    all.put(dialect, json);
    return new NewUser(name, id, password, status, email, fullName, roles, memberships, all);
  }
}
