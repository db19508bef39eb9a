package dev.doppel;

import dev.doppel.Seed.SeededOrganization;
import dev.doppel.Seed.SeededRole;
import dev.doppel.Seed.SeededToken;
import dev.doppel.Seed.SeededUser;
import dev.doppel.passwords.HashFamilies;
import dev.doppel.users.Membership;
import dev.doppel.users.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A seed in the making. {@link #user} begins a user; what follows is said of that one.
 *
 * <pre>{@code
 * doppel.seed().user("ann").password("P@ssw0rd1").memberOf("acme").token("ann-token").put();
 * }</pre>
 */
public final class SeedBuilder {

  /** A user in the making. */
  private static final class Draft {
    final String name;
    @Nullable String id;
    @Nullable String password;
    @Nullable String passwordHash;
    @Nullable Status status;
    @Nullable String email;
    @Nullable String fullName;
    final Set<String> roles = new LinkedHashSet<>();
    final Map<String, Membership> organizations = new LinkedHashMap<>();
    final Map<String, String> aliases = new LinkedHashMap<>();
    final List<SeededToken> tokens = new ArrayList<>();

    Draft(String name) {
      this.name = name;
    }

    SeededUser user() {
      return new SeededUser(
          name,
          id,
          password,
          passwordHash,
          status,
          email,
          fullName,
          roles,
          organizations,
          aliases,
          tokens);
    }
  }

  private final Consumer<Seed> into;
  private final List<SeededOrganization> organizations = new ArrayList<>();
  private final List<SeededRole> roles = new ArrayList<>();
  private final List<Draft> users = new ArrayList<>();

  SeedBuilder(Consumer<Seed> into) {
    this.into = into;
  }

  /** Another organisation; those of users are made without it, too. */
  public SeedBuilder organization(String name, String description) {
    organizations.add(new SeededOrganization(name, description));
    return this;
  }

  /** Another role that users can have; {@code admin} is there already. */
  public SeedBuilder newRole(String name, String description) {
    roles.add(new SeededRole(name, description));
    return this;
  }

  /** Another user. */
  public SeedBuilder user(String name) {
    users.add(new Draft(name));
    return this;
  }

  private SeedBuilder ofUser(Consumer<Draft> what) {
    if (users.isEmpty()) {
      throw new IllegalStateException("user(name) comes first");
    }
    what.accept(users.get(users.size() - 1));
    return this;
  }

  /** 16 hex digits; drawn otherwise. */
  public SeedBuilder id(String id) {
    return ofUser(user -> user.id = id);
  }

  /** In clear text. */
  public SeedBuilder password(String password) {
    return ofUser(user -> user.password = password);
  }

  /** A hash that another product made, in one of the forms of {@link HashFamilies}. */
  public SeedBuilder passwordHash(String hash) {
    return ofUser(user -> user.passwordHash = hash);
  }

  public SeedBuilder inactive() {
    return ofUser(user -> user.status = Status.INACTIVE);
  }

  public SeedBuilder email(String email) {
    return ofUser(user -> user.email = email);
  }

  public SeedBuilder fullName(String fullName) {
    return ofUser(user -> user.fullName = fullName);
  }

  /** May do everything. */
  public SeedBuilder administrator() {
    return role("admin");
  }

  public SeedBuilder role(String name) {
    return ofUser(user -> user.roles.add(name));
  }

  public SeedBuilder memberOf(String organization) {
    return ofUser(user -> user.organizations.put(organization, Membership.MEMBER));
  }

  public SeedBuilder ownerOf(String organization) {
    return ofUser(user -> user.organizations.put(organization, Membership.OWNER));
  }

  /** The id that the user has in a vendor's product. */
  public SeedBuilder alias(String dialect, String id) {
    return ofUser(user -> user.aliases.put(dialect, id));
  }

  /** A secret that acts for the user in every dialect. */
  public SeedBuilder token(String secret) {
    return ofUser(user -> user.tokens.add(new SeededToken(secret, null)));
  }

  /**
   * What has been said so far.
   *
   * @throws BadRequestException if it makes no sense
   */
  public Seed build() {
    return new Seed(organizations, roles, users.stream().map(Draft::user).toList());
  }

  /** Puts all of it in, and waits for that. Throws what says why not if a name is taken. */
  public void put() {
    into.accept(build());
  }
}
