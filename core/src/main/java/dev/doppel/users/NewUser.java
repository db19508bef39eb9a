package dev.doppel.users;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A user to create. Only the name is required; start with {@link #named}. Immutable.
 *
 * @param administrator whether the user may do everything in every dialect
 * @param builtIn whether this is the account that represents vendors' built-in accounts
 * @param home one of the memberships; empty for the default organization
 * @param id the requested id, where a vendor lets clients choose it; empty for a new one from
 *     {@link Ids}
 * @param password in clear text; empty for a user who can't sign in by password yet
 * @param hash of a password that was hashed elsewhere; never together with a clear password
 * @param aliases ids of the user in the products it was imported from
 */
public record NewUser(
    String name,
    Optional<UserId> id,
    Optional<Password> password,
    Optional<PasswordHash> hash,
    Status status,
    Optional<String> email,
    Optional<String> fullName,
    boolean administrator,
    boolean builtIn,
    Optional<OrganizationId> home,
    Set<String> roles,
    Map<OrganizationId, Membership> memberships,
    List<Alias> aliases,
    Map<String, String> extras) {

  public NewUser {
    aliases = List.copyOf(aliases);
    roles = Set.copyOf(roles);
    memberships = Map.copyOf(memberships);
    extras = Map.copyOf(extras);
  }

  /** Returns an active user without a password. */
  public static NewUser named(String name) {
    return new NewUser(
        name,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Set.of(),
        Map.of(),
        List.of(),
        Map.of());
  }

  public NewUser withId(Optional<UserId> id) {
    return with(draft -> draft.id = id);
  }

  public NewUser withPassword(Password password) {
    return with(draft -> draft.password = Optional.of(password));
  }

  /** Returns this user with a hash instead of a clear password. */
  public NewUser withHash(PasswordHash hash) {
    return with(
        draft -> {
          draft.password = Optional.empty();
          draft.hash = Optional.of(hash);
        });
  }

  /** Returns this user without a password, in clear text or hashed. */
  public NewUser withoutPassword() {
    return with(
        draft -> {
          draft.password = Optional.empty();
          draft.hash = Optional.empty();
        });
  }

  public NewUser withAlias(Alias alias) {
    return with(draft -> draft.aliases.add(alias));
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

  public NewUser withAdministrator(boolean administrator) {
    return with(draft -> draft.administrator = administrator);
  }

  NewUser withBuiltIn(boolean builtIn) {
    return with(draft -> draft.builtIn = builtIn);
  }

  /** Returns this user with a home organization, whose owners will manage it. */
  public NewUser withHome(OrganizationId organization, Membership membership) {
    return with(
        draft -> {
          draft.home = Optional.of(organization);
          draft.memberships.put(organization, membership);
        });
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

  /** Omits password, hash and extras. */
  @Override
  public String toString() {
    return "NewUser[" + name + "]";
  }

  private NewUser with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return new NewUser(
        name,
        draft.id,
        draft.password,
        draft.hash,
        draft.status,
        draft.email,
        draft.fullName,
        draft.administrator,
        draft.builtIn,
        draft.home,
        draft.roles,
        draft.memberships,
        draft.aliases,
        draft.extras);
  }

  /** A mutable copy of all but the name. */
  private static final class Draft {
    Optional<UserId> id;
    Optional<Password> password;
    Optional<PasswordHash> hash;
    Status status;
    Optional<String> email;
    Optional<String> fullName;
    boolean administrator;
    boolean builtIn;
    Optional<OrganizationId> home;
    final Set<String> roles;
    final Map<OrganizationId, Membership> memberships;
    final List<Alias> aliases;
    final Map<String, String> extras;

    Draft(NewUser user) {
      id = user.id;
      password = user.password;
      hash = user.hash;
      status = user.status;
      email = user.email;
      fullName = user.fullName;
      administrator = user.administrator;
      builtIn = user.builtIn;
      home = user.home;
      roles = new HashSet<>(user.roles);
      memberships = new HashMap<>(user.memberships);
      aliases = new ArrayList<>(user.aliases);
      extras = new HashMap<>(user.extras);
    }
  }
}
