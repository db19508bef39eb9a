package dev.doppel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.dialect.ScopedTokens;
import dev.doppel.passwords.HashFamilies;
import dev.doppel.users.Membership;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Status;
import dev.doppel.users.TokenHash;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Organizations, roles and users to load into a store, as YAML, JSON or Java values. {@code
 * docs/seeds.md} shows one. Immutable.
 */
public record Seed(
    List<SeededOrganization> organizations, List<SeededRole> roles, List<SeededUser> users) {

  /**
   * An organization.
   *
   * @param id 16 hexadecimal digits; generated if null
   * @param aliases IDs in the vendors' products, by dialect
   */
  public record SeededOrganization(
      String name, @Nullable String description, @Nullable String id, Map<String, String> aliases) {

    public SeededOrganization {
      aliases = aliases == null ? Map.of() : Map.copyOf(aliases);
    }

    /** Creates an organization with a generated ID. */
    public SeededOrganization(String name, @Nullable String description) {
      this(name, description, null, Map.of());
    }
  }

  /**
   * A role.
   *
   * @param extras data of single vendors, by dialect; only {@code milvus} has any, the privileges:
   *     {@code {grants: [{privilege: Search, objectName: docs, dbName: default}]}}
   */
  public record SeededRole(
      String name, @Nullable String description, Map<String, JsonNode> extras) {

    public SeededRole {
      extras = extras == null ? Map.of() : Map.copyOf(extras);
    }

    /** Creates a role without extras. */
    public SeededRole(String name, @Nullable String description) {
      this(name, description, Map.of());
    }
  }

  /**
   * An API token of a user: without permissions, a token for every dialect with all rights of the
   * user; with permissions, a token for InfluxDB with exactly these. Needs either a token or a
   * hash.
   *
   * @param token the secret
   * @param tokenHash the hash that InfluxDB stores, {@code $influxdb2-sha256$…}
   * @param permissions at least one, or null
   * @param organization name of the organization of a token with permissions, created if it is
   *     missing; the default organization if null
   * @param status {@link Status#ACTIVE} if null
   * @param expires time of expiry from 1970 to 9999, such as {@code 2027-01-31T12:00:00Z}; never if
   *     null
   */
  public record SeededToken(
      @Nullable String token,
      @Nullable String tokenHash,
      @Nullable String description,
      @Nullable List<SeededPermission> permissions,
      @Nullable String organization,
      @Nullable Status status,
      @Nullable String expires) {

    public SeededToken {
      permissions = permissions == null ? null : List.copyOf(permissions);
    }

    /** Creates an active token for every dialect that never expires. */
    public SeededToken(String token, @Nullable String description) {
      this(token, null, description, null, null, null, null);
    }

    /**
     * Returns the hash of the secret.
     *
     * @throws IllegalArgumentException if the given hash isn't in a known form
     */
    public TokenHash hash() {
      return tokenHash == null
          ? TokenHash.of(Optional.ofNullable(token).orElse(""))
          : Vendors.scopedTokens().parseHash(tokenHash);
    }

    @Override
    public String toString() {
      return "SeededToken[hidden]";
    }
  }

  /**
   * A permission in InfluxDB's form, except that it refers to organizations by name.
   *
   * @param action {@code read} or {@code write}
   */
  public record SeededPermission(@Nullable String action, @Nullable SeededResource resource) {

    /**
     * Returns the permission for a dialect, unchecked.
     *
     * @throws IllegalArgumentException if it has no resource
     */
    public ScopedTokens.Permission scoped() {
      if (resource == null) {
        throw new IllegalArgumentException("resource: {type: …} is needed");
      }
      return new ScopedTokens.Permission(
          Optional.ofNullable(action).orElse(""),
          Optional.ofNullable(resource.type).orElse(""),
          Optional.ofNullable(resource.id),
          resource.org != null);
    }
  }

  /**
   * The resources of a permission.
   *
   * @param type InfluxDB's resource type, such as {@code buckets}
   * @param id 16 hexadecimal digits of a single resource; all resources of the type if null
   * @param org name of the token's organization, to include only its resources; all organizations
   *     if null
   */
  public record SeededResource(@Nullable String type, @Nullable String id, @Nullable String org) {}

  /**
   * A user.
   *
   * @param id 16 hexadecimal digits; generated if null
   * @param password in clear text; if null and there is no hash either, the user has no password
   * @param passwordHash hash in one of the forms of {@link HashFamilies}; not together with a
   *     password
   * @param status {@link Status#ACTIVE} if null
   * @param roles names of roles, created if they are missing
   * @param organizations memberships by name of the organization, created if it is missing
   * @param aliases IDs in the vendors' products, by dialect
   */
  public record SeededUser(
      String name,
      @Nullable String id,
      @Nullable String password,
      @Nullable String passwordHash,
      @Nullable Status status,
      @Nullable String email,
      @Nullable String fullName,
      Set<String> roles,
      Map<String, Membership> organizations,
      Map<String, String> aliases,
      List<SeededToken> tokens) {

    public SeededUser {
      roles = roles == null ? Set.of() : Set.copyOf(roles);
      organizations = organizations == null ? Map.of() : Map.copyOf(organizations);
      aliases = aliases == null ? Map.of() : Map.copyOf(aliases);
      tokens = tokens == null ? List.of() : List.copyOf(tokens);
    }

    /** Returns the password. */
    public Optional<Password> clearPassword() {
      return Optional.ofNullable(password).map(Password::new);
    }

    /** Returns the hash of the password, if one is given instead of the password. */
    public Optional<PasswordHash> hashedPassword() {
      return Optional.ofNullable(passwordHash).map(PasswordHash::new);
    }

    @Override
    public String toString() {
      return "SeededUser[" + name + "]";
    }
  }

  /**
   * @throws BadRequestException with a line for each invalid value, such as {@code users[3].id: …}
   */
  public Seed {
    organizations = organizations == null ? List.of() : List.copyOf(organizations);
    roles = roles == null ? List.of() : List.copyOf(roles);
    users = users == null ? List.of() : List.copyOf(users);
    var problems = SeedCheck.problems(organizations, roles, users);
    if (!problems.isEmpty()) {
      throw new BadRequestException(problems);
    }
  }

  /** A seed without rows. */
  public static final Seed EMPTY = new Seed(List.of(), List.of(), List.of());

  /**
   * Parses a seed in YAML or JSON. YAML anchors, aliases and tags, unknown members and duplicate
   * keys are errors; an empty text is an empty seed.
   *
   * @throws BadRequestException with a line for each invalid row
   */
  public static Seed parse(String text) {
    return SeedReader.read(text);
  }
}
