package dev.doppel.gateway;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Membership;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Status;
import dev.doppel.users.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is put into a store before tests: organisations, roles, and users with what belongs to them.
 * Written in YAML or JSON; the README shows one.
 */
public record Seed(
    List<SeededOrganization> organizations, List<SeededRole> roles, List<SeededUser> users) {

  /** What is wrong with a text that is no seed, in one line that holds no secret. */
  public static final class Malformed extends RuntimeException {
    private final String line;

    Malformed(String line) {
      super(line, null, false, false);
      this.line = line;
    }

    public String line() {
      return line;
    }
  }

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

  /** A secret that acts for the user in every dialect. */
  public record SeededToken(String token, @Nullable String description) {
    public SeededToken {
      check(token != null && !token.isEmpty(), "token: at least one character is needed");
    }

    @Override
    public String toString() {
      return "SeededToken[hidden]";
    }
  }

  /**
   * A user.
   *
   * @param id 16 hex digits; drawn if it is left out
   * @param passwordHash Argon2, bcrypt, scrypt or PBKDF2 in the usual string; not beside a password
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
      check(
          passwordHash == null || HashScheme.knows(new PasswordHash(passwordHash)),
          "passwordHash: Argon2, bcrypt, scrypt or PBKDF2 is allowed");
      roles = roles == null ? Set.of() : Set.copyOf(roles);
      organizations = organizations == null ? Map.of() : Map.copyOf(organizations);
      aliases = aliases == null ? Map.of() : Map.copyOf(aliases);
      tokens = tokens == null ? List.of() : List.copyOf(tokens);
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

  private static final ObjectMapper JSON = strict(JsonMapper.builder().build());
  private static final ObjectMapper YAML = strict(YAMLMapper.builder().build());

  private static ObjectMapper strict(ObjectMapper mapper) {
    return mapper
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .setConfig(
            mapper
                .getDeserializationConfig()
                .with(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
  }

  /** Nothing, from which a seed can be told that holds nothing by mistake. */
  public static final Seed EMPTY = new Seed(List.of(), List.of(), List.of());

  /**
   * Reads a seed.
   *
   * @throws Malformed if it is none
   */
  public static Seed parse(String text) {
    var mapper = text.stripLeading().startsWith("{") ? JSON : YAML;
    try {
      var seed = mapper.readValue(text, Seed.class);
      return seed == null ? EMPTY : seed;
    } catch (UnrecognizedPropertyException e) {
      var known = new TreeSet<>(e.getKnownPropertyIds().stream().map(String::valueOf).toList());
      throw new Malformed(where(e) + ": not known; use " + String.join(", ", known));
    } catch (JsonMappingException e) {
      throw e.getCause() instanceof StreamReadException unreadable
          ? unreadable(unreadable.getLocation())
          : new Malformed(where(e) + ": " + why(e));
    } catch (JsonProcessingException e) {
      throw unreadable(e.getLocation());
    }
  }

  private static Malformed unreadable(@Nullable JsonLocation at) {
    var where =
        at == null ? "" : " from line " + at.getLineNr() + ", column " + at.getColumnNr() + " on";
    return new Malformed("neither YAML nor JSON" + where);
  }

  /** Such as {@code users[3].status}. */
  private static String where(JsonMappingException e) {
    var path =
        e.getPath().stream()
            .map(
                step ->
                    step.getFieldName() != null
                        ? "." + step.getFieldName()
                        : "[" + step.getIndex() + "]")
            .collect(Collectors.joining());
    return path.isEmpty() ? "the seed" : path.substring(path.startsWith(".") ? 1 : 0);
  }

  private static String why(JsonMappingException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof Malformed malformed) {
        return malformed.line();
      }
    }
    var type = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : null;
    if (type == Status.class) {
      return "active or inactive is allowed";
    }
    return type == Membership.class
        ? "owner or member is allowed"
        : "not of the form it should have";
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new Malformed(otherwise);
    }
  }
}
