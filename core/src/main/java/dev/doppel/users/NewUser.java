package dev.doppel.users;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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
    return with(draft -> draft.id = id);
  }

  public NewUser withPassword(Password password) {
    return with(draft -> draft.password = Optional.of(password));
  }

  public NewUser withStatus(Status status) {
    return with(draft -> draft.status = status);
  }

  public NewUser withEmail(String email) {
    return with(draft -> draft.email = Optional.of(email));
  }

  public NewUser withFullName(String fullName) {
    return with(draft -> draft.fullName = Optional.of(fullName));
  }

  public NewUser withRole(String role) {
    return with(draft -> draft.roles.add(role));
  }

  public NewUser withMembership(OrganizationId organization, Membership membership) {
    return with(draft -> draft.memberships.put(organization, membership));
  }

  public NewUser withExtras(String dialect, String json) {
    return with(draft -> draft.extras.put(dialect, json));
  }

  private NewUser with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return new NewUser(
        name,
        draft.id,
        draft.password,
        draft.status,
        draft.email,
        draft.fullName,
        draft.roles,
        draft.memberships,
        draft.extras);
  }

  /** All but the name, while it is being said. */
  private static final class Draft {
    Optional<UserId> id;
    Optional<Password> password;
    Status status;
    Optional<String> email;
    Optional<String> fullName;
    final Set<String> roles;
    final Map<OrganizationId, Membership> memberships;
    final Map<String, String> extras;

    Draft(NewUser user) {
      id = user.id;
      password = user.password;
      status = user.status;
      email = user.email;
      fullName = user.fullName;
      roles = new HashSet<>(user.roles);
      memberships = new HashMap<>(user.memberships);
      extras = new HashMap<>(user.extras);
    }
  }
}
