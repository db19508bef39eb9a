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
 * What is put into a store before tests: organizations, roles, and users with what belongs to them.
 * Written in YAML or JSON; the README shows one. Immutable.
 */
public record Seed(
    List<SeededOrganization> organizations, List<SeededRole> roles, List<SeededUser> users) {

  /**
   * An organization.
   *
   * @param id 16 hex digits; drawn if it is left out
   * @param aliases ids in the vendors' products, by dialect
   */
  public record SeededOrganization(
      String name, @Nullable String description, @Nullable String id, Map<String, String> aliases) {

    public SeededOrganization {
      aliases = aliases == null ? Map.of() : Map.copyOf(aliases);
    }

    /** An organization with an id of our own. */
    public SeededOrganization(String name, @Nullable String description) {
      this(name, description, null, Map.of());
    }
  }

  /**
   * A role.
   *
   * @param extras what a vendor alone knows about it, by dialect: of {@code milvus} the privileges,
   *     as {@code {grants: [{privilege: Search, objectName: docs, dbName: default}]}}
   */
  public record SeededRole(
      String name, @Nullable String description, Map<String, JsonNode> extras) {

    public SeededRole {
      extras = extras == null ? Map.of() : Map.copyOf(extras);
    }

    /** A role that no vendor knows more about. */
    public SeededRole(String name, @Nullable String description) {
      this(name, description, Map.of());
    }
  }

  /**
   * A secret that acts for the user: in every dialect with all that the user may do, or, if it has
   * permissions, in InfluxDB alone and with exactly these.
   *
   * @param token the secret, or instead of it
   * @param tokenHash what InfluxDB keeps of it, {@code $influxdb2-sha256$…}
   * @param organization name of the one that a token with permissions belongs to; the default
   *     organization if it is left out, created if it is missing
   * @param status whether it lets in at first; it does if this is left out
   * @param expires when it ends, such as {@code 2027-01-31T12:00:00Z}; never if it is left out
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

    /** A token for every dialect. */
    public SeededToken(String token, @Nullable String description) {
      this(token, null, description, null, null, null, null);
    }

    /**
     * Returns the hash of the secret.
     *
     * @throws IllegalArgumentException if it is given in no form that is known
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

  /** A right in InfluxDB's own form, but for organizations, which are called by name. */
  public record SeededPermission(@Nullable String action, @Nullable SeededResource resource) {

    /**
     * Returns the permission, unchecked.
     *
     * @throws IllegalArgumentException if it has no resource; the message says so
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
   * What a permission is about.
   *
   * @param id of the only one of this type, 16 hex digits; all of them if it is left out
   * @param org the token's organization, for resources of this one alone
   */
  public record SeededResource(@Nullable String type, @Nullable String id, @Nullable String org) {}

  /**
   * A user.
   *
   * @param id 16 hex digits; drawn if it is left out
   * @param passwordHash in one of the forms of {@link HashFamilies}; not beside a password
   * @param organizations names, each with {@code owner} or {@code member}; made if they are missing
   * @param aliases ids in the vendors' products, by dialect
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

    public Optional<Password> clear() {
      return Optional.ofNullable(password).map(Password::new);
    }

    public Optional<PasswordHash> hashed() {
      return Optional.ofNullable(passwordHash).map(PasswordHash::new);
    }

    @Override
    public String toString() {
      return "SeededUser[" + name + "]";
    }
  }

  /**
   * @throws BadRequestException that names every row that makes no sense
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

  /** Nothing, from which a seed can be told that holds nothing by mistake. */
  public static final Seed EMPTY = new Seed(List.of(), List.of(), List.of());

  /**
   * Reads a seed.
   *
   * @throws BadRequestException if it is none; every wrong row is named
   */
  public static Seed parse(String text) {
    return SeedReader.read(text);
  }
}
