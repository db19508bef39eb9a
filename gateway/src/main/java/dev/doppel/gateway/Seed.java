package dev.doppel.gateway;

import static dev.doppel.gateway.MalformedInput.check;

import dev.doppel.influx.InfluxDialect;
import dev.doppel.passwords.HashFamilies;
import dev.doppel.passwords.UnsupportedHashException;
import dev.doppel.users.Membership;
import dev.doppel.users.Organizations;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Status;
import dev.doppel.users.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is put into a store before tests: organisations, roles, and users with what belongs to them.
 * Written in YAML or JSON; the README shows one.
 */
public record Seed(
    List<SeededOrganization> organizations, List<SeededRole> roles, List<SeededUser> users) {

  public record SeededOrganization(String name, @Nullable String description) {
    public SeededOrganization {
      check(name != null && !name.isEmpty(), "name: at least one character is needed");
    }
  }

  public record SeededRole(String name, @Nullable String description) {
    public SeededRole {
      check(name != null && !name.isEmpty(), "name: at least one character is needed");
    }
  }

  /**
   * A secret that acts for the user: in every dialect with all that the user may do, or, if it has
   * permissions, in InfluxDB alone and with exactly these.
   *
   * @param organization name of the one that a token with permissions belongs to; the default
   *     organization if it is left out, created if it is missing
   */
  public record SeededToken(
      String token,
      @Nullable String description,
      @Nullable List<SeededPermission> permissions,
      @Nullable String organization) {

    public SeededToken {
      check(token != null && !token.isEmpty(), "token: at least one character is needed");
      check(
          permissions != null || organization == null, "organization: needs permissions beside it");
      check(
          permissions == null || !permissions.isEmpty(),
          "permissions: at least one is needed; leave them out for a token of every dialect");
      check(
          organization == null
              || !(organization.isBlank()
                  || organization.strip().equalsIgnoreCase(Organizations.SYSTEM)),
          "organization: a name other than " + Organizations.SYSTEM + " is allowed");
      if (permissions != null) {
        permissions = List.copyOf(permissions);
        for (var permission : permissions) {
          var org = permission.resource.org;
          check(
              org == null || org.equals(organization),
              "permissions: resource.org '%s' must be the token's organization, which is %s"
                  .formatted(org, organization == null ? "not given" : "'" + organization + "'"));
        }
      }
    }

    /** A token for every dialect. */
    public SeededToken(String token, @Nullable String description) {
      this(token, description, null, null);
    }

    @Override
    public String toString() {
      return "SeededToken[hidden]";
    }
  }

  /** A right in InfluxDB's own form, but for organizations, which are called by name. */
  public record SeededPermission(String action, SeededResource resource) {

    public SeededPermission {
      check(resource != null, "resource: {type: …} is needed");
      toInflux(action == null ? "" : action, resource);
    }

    InfluxDialect.Permission toInflux() {
      return toInflux(action, resource);
    }

    private static InfluxDialect.Permission toInflux(String action, SeededResource resource) {
      try {
        return new InfluxDialect.Permission(
            action,
            Optional.ofNullable(resource.type).orElse(""),
            Optional.ofNullable(resource.id),
            resource.org != null);
      } catch (IllegalArgumentException wrong) {
        throw new MalformedInput(String.valueOf(wrong.getMessage()));
      }
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
      check(name != null && !name.isEmpty(), "name: at least one character is needed");
      check(id == null || UserId.parse(id).isPresent(), "id: 16 hex digits are allowed");
      check(
          password == null || passwordHash == null,
          "password, passwordHash: one of them is allowed");
      checkHash(passwordHash);
      roles = roles == null ? Set.of() : Set.copyOf(roles);
      organizations = organizations == null ? Map.of() : Map.copyOf(organizations);
      aliases = aliases == null ? Map.of() : Map.copyOf(aliases);
      tokens = tokens == null ? List.of() : List.copyOf(tokens);
    }

    private static void checkHash(@Nullable String hash) {
      try {
        if (hash != null) {
          HashFamilies.parse(hash);
        }
      } catch (UnsupportedHashException unsupported) {
        throw new MalformedInput("passwordHash: " + unsupported.getMessage());
      }
    }

    Optional<Password> clear() {
      return Optional.ofNullable(password).map(Password::new);
    }

    Optional<PasswordHash> hashed() {
      return Optional.ofNullable(passwordHash).map(PasswordHash::new);
    }

    @Override
    public String toString() {
      return "SeededUser[" + name + "]";
    }
  }

  public Seed {
    organizations = organizations == null ? List.of() : List.copyOf(organizations);
    roles = roles == null ? List.of() : List.copyOf(roles);
    users = users == null ? List.of() : List.copyOf(users);
    var names = new HashSet<String>();
    for (var user : users) {
      check(names.add(user.name), "users: '" + user.name + "' stands there twice");
    }
  }

  /** Nothing, from which a seed can be told that holds nothing by mistake. */
  public static final Seed EMPTY = new Seed(List.of(), List.of(), List.of());

  /**
   * Reads a seed.
   *
   * @throws MalformedInput if it is none
   */
  public static Seed parse(String text) {
    return StrictInput.yaml(text, Seed.class, EMPTY);
  }
}
