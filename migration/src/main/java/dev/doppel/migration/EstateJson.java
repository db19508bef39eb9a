package dev.doppel.migration;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.doppel.dialect.Suggestions;
import dev.doppel.users.Alias;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Role;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lines of Doppel's own format: one JSON object each, whose member {@code kind} names one of
 * these records. {@code docs/migrate.md} describes it.
 */
final class EstateJson {

  /** Times that every store can keep. */
  private static final Instant MIN_TIME = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59Z");

  /** The version of the format. */
  static final int FORMAT = 1;

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
          .build();

  private EstateJson() {}

  /** Thrown for a line that isn't one of the records; the message contains no value of it. */
  static final class LineException extends Exception {
    LineException(String message) {
      super(message);
    }
  }

  /** The first line. */
  @JsonPropertyOrder({"kind", "format"})
  record HeaderLine(String kind, int format) {}

  /** The last line: how many lines of each kind there are, and a digest of all bytes before it. */
  @JsonPropertyOrder({"kind", "organizations", "roles", "users", "tokens", "sha256"})
  record FooterLine(
      String kind, long organizations, long roles, long users, long tokens, String sha256) {}

  record AliasJson(String dialect, String id) {}

  @JsonPropertyOrder({"kind", "id", "name"})
  record OrganizationLine(
      String kind,
      String id,
      String name,
      @Nullable String description,
      String purpose,
      String created,
      String updated,
      @Nullable List<AliasJson> aliases,
      @Nullable Map<String, JsonNode> extras) {

    static OrganizationLine of(Organization one) {
      return new OrganizationLine(
          "organization",
          one.id().toString(),
          one.name(),
          one.description(),
          word(one.kind()),
          one.created().toString(),
          one.updated().toString(),
          new TreeMap<>(one.aliases())
              .entrySet().stream()
                  .map(alias -> new AliasJson(alias.getKey(), alias.getValue()))
                  .toList(),
          nodes(one.extras()));
    }

    Organization toOrganization() throws LineException {
      var aliasMap = new TreeMap<String, String>();
      toAliases(aliases).forEach(alias -> aliasMap.put(alias.dialect(), alias.id()));
      return new Organization(
          new OrganizationId(requireId("id", id)),
          text("name", name),
          orEmpty(description),
          constant("purpose", Organization.Kind.class, purpose),
          time("created", created),
          time("updated", updated),
          aliasMap,
          texts(extras));
    }
  }

  @JsonPropertyOrder({"kind", "name"})
  record RoleLine(
      String kind,
      String name,
      @Nullable String description,
      boolean builtIn,
      @Nullable Map<String, JsonNode> extras) {

    static RoleLine of(Role one) {
      return new RoleLine(
          "role", one.name(), one.description(), one.builtIn(), nodes(one.extras()));
    }

    Role toRole() throws LineException {
      return new Role(text("name", name), orEmpty(description), builtIn, texts(extras));
    }
  }

  @JsonPropertyOrder({"kind", "id", "name"})
  record UserLine(
      String kind,
      String id,
      String name,
      String status,
      @Nullable String passwordHash,
      @Nullable String email,
      @Nullable String emailSince,
      @Nullable String fullName,
      boolean administrator,
      boolean builtIn,
      @Nullable String home,
      @Nullable List<String> roles,
      @Nullable Map<String, String> organizations,
      String created,
      String updated,
      long sessionEpoch,
      @Nullable List<AliasJson> aliases,
      @Nullable Map<String, JsonNode> extras) {

    static UserLine of(User one) {
      var organizations = new TreeMap<String, String>();
      one.memberships().forEach((id, held) -> organizations.put(id.toString(), word(held)));
      return new UserLine(
          "user",
          one.id().toString(),
          one.name(),
          word(one.status()),
          one.password().map(PasswordHash::encoded).orElse(null),
          one.email().orElse(null),
          one.emailSince().map(Instant::toString).orElse(null),
          one.fullName().orElse(null),
          one.administrator(),
          one.builtIn(),
          one.home().map(OrganizationId::toString).orElse(null),
          one.sortedRoles(),
          organizations,
          one.created().toString(),
          one.updated().toString(),
          one.sessionEpoch(),
          one.aliases().stream().map(alias -> new AliasJson(alias.dialect(), alias.id())).toList(),
          nodes(one.extras()));
    }

    User toUser() throws LineException {
      var memberships = new TreeMap<String, Membership>();
      for (var held :
          (organizations == null ? Map.<String, String>of() : organizations).entrySet()) {
        memberships.put(
            held.getKey(), constant("organizations", Membership.class, held.getValue()));
      }
      var byId = new HashMap<OrganizationId, Membership>();
      for (var held : memberships.entrySet()) {
        byId.put(new OrganizationId(requireId("organizations", held.getKey())), held.getValue());
      }
      var address = Optional.ofNullable(email);
      if (roles != null && roles.contains(Role.ADMINISTRATOR)) {
        throw new LineException("roles: 'admin' is no role; use administrator");
      }
      return new User(
          new UserId(requireId("id", id)),
          text("name", name),
          constant("status", Status.class, status),
          Optional.ofNullable(passwordHash).map(PasswordHash::new),
          address,
          address.isEmpty()
              ? Optional.empty()
              : Optional.of(time("emailSince", emailSince == null ? created : emailSince)),
          Optional.ofNullable(fullName),
          administrator,
          builtIn,
          home == null
              ? Optional.empty()
              : Optional.of(new OrganizationId(requireId("home", home))),
          Set.copyOf(list(roles)),
          byId,
          time("created", created),
          time("updated", updated),
          1,
          sessionEpoch,
          toAliases(aliases),
          texts(extras));
    }

    @Override
    public String toString() {
      return "UserLine[hidden]";
    }
  }

  @JsonPropertyOrder({"kind", "hash", "id"})
  record TokenLine(
      String kind,
      String hash,
      String id,
      String owner,
      String ownerCreated,
      long ownerEpoch,
      String purpose,
      @Nullable String dialect,
      String status,
      String created,
      String updated,
      @Nullable String expires,
      @Nullable String description,
      @Nullable Map<String, JsonNode> extras) {

    static TokenLine of(Token one) {
      return new TokenLine(
          "token",
          one.hash().hex(),
          new UserId(one.id()).toString(),
          one.owner().toString(),
          one.ownerCreated().toString(),
          one.ownerEpoch(),
          word(one.kind()),
          one.dialect().orElse(null),
          word(one.status()),
          one.created().toString(),
          one.updated().toString(),
          one.expires().map(Instant::toString).orElse(null),
          one.description(),
          nodes(one.extras()));
    }

    Token toToken() throws LineException {
      if (hash == null || !hash.matches("[0-9a-f]{64}")) {
        throw new LineException("hash: use 64 lower-case hexadecimal digits of SHA-256");
      }
      return new Token(
          new TokenHash(hash),
          requireId("id", id),
          new UserId(requireId("owner", owner)),
          time("ownerCreated", ownerCreated),
          ownerEpoch,
          constant("purpose", Token.Kind.class, purpose),
          Optional.ofNullable(dialect),
          constant("status", Status.class, status),
          time("created", created),
          time("updated", updated),
          expires == null ? Optional.empty() : Optional.of(time("expires", expires)),
          orEmpty(description),
          texts(extras));
    }

    @Override
    public String toString() {
      return "TokenLine[hidden]";
    }
  }

  /** Parses a line as JSON. */
  static JsonNode parse(byte[] line) throws LineException {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new LineException(
          String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field")
              ? "a member is given twice"
              : "not JSON"
                  + Optional.ofNullable(e.getLocation())
                      .map(at -> " from byte " + Math.max(0, at.getByteOffset()) + " on")
                      .orElse(""));
    } catch (IOException e) {
      throw new LineException("not JSON");
    }
  }

  /** Converts a line to a record. */
  static <T> T convert(JsonNode line, Class<T> type) throws LineException {
    try {
      return MAPPER.treeToValue(line, type);
    } catch (UnrecognizedPropertyException e) {
      var known = new TreeSet<String>();
      e.getKnownPropertyIds().forEach(one -> known.add(String.valueOf(one)));
      throw new LineException(
          "%s is not known; use %s%s"
              .formatted(
                  Suggestions.quote(e.getPropertyName()),
                  String.join(", ", known),
                  Suggestions.didYouMean(e.getPropertyName(), known)));
    } catch (JsonMappingException e) {
      throw new LineException(
          e.getPath().stream()
                  .map(JsonMappingException.Reference::getFieldName)
                  .filter(Objects::nonNull)
                  .map(Suggestions::shorten)
                  .collect(Collectors.joining("."))
              + ": not of the form it should have");
    } catch (JsonProcessingException e) {
      throw new LineException("not of the form it should have");
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, JsonNode> nodes(Map<String, String> extras) {
    var nodes = new TreeMap<String, JsonNode>();
    extras.forEach(
        (dialect, json) -> {
          try {
            nodes.put(dialect, MAPPER.readTree(json));
          } catch (JsonProcessingException e) {
            throw new MigrationException("the store has extras that are not JSON");
          }
        });
    return nodes;
  }

  private static Map<String, String> texts(@Nullable Map<String, JsonNode> extras)
      throws LineException {
    var texts = new TreeMap<String, String>();
    if (extras != null) {
      for (var one : extras.entrySet()) {
        if (one.getValue() == null || !one.getValue().isObject()) {
          throw new LineException("extras: use an object for each dialect");
        }
        texts.put(one.getKey(), one.getValue().toString());
      }
    }
    return texts;
  }

  private static <T> List<T> list(@Nullable List<T> list) throws LineException {
    if (list != null && list.stream().anyMatch(Objects::isNull)) {
      throw new LineException("a list has null in it; leave it out");
    }
    return list == null ? List.of() : list;
  }

  private static List<Alias> toAliases(@Nullable List<AliasJson> aliases) throws LineException {
    var all = new ArrayList<Alias>();
    var dialects = new HashSet<String>();
    for (var one : list(aliases)) {
      all.add(new Alias(text("dialect", one.dialect()), text("id", one.id())));
      if (!dialects.add(one.dialect())) {
        throw new LineException("aliases: give one for each dialect");
      }
    }
    return all;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String text(String member, @Nullable String text) throws LineException {
    if (text == null || text.isEmpty()) {
      throw new LineException(member + ": missing or empty");
    }
    return text;
  }

  private static long requireId(String member, @Nullable String text) throws LineException {
    return Optional.ofNullable(text)
        .flatMap(UserId::parse)
        .map(UserId::value)
        .orElseThrow(
            () -> new LineException(member + ": use 16 hexadecimal digits, not all of them 0"));
  }

  private static Instant time(String member, @Nullable String text) throws LineException {
    try {
      var time = Instant.parse(text(member, text)).truncatedTo(ChronoUnit.MICROS);
      if (!time.isBefore(MIN_TIME) && time.isBefore(MAX_TIME)) {
        return time;
      }
    } catch (DateTimeException e) {
      // reported below
    }
    throw new LineException(member + ": use a time such as 2027-01-31T12:00:00Z");
  }

  private static <E extends Enum<E>> E constant(String member, Class<E> type, @Nullable String text)
      throws LineException {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> word(one).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new LineException(
                    member
                        + ": use "
                        + Suggestions.either(
                            Arrays.stream(type.getEnumConstants())
                                .map(EstateJson::word)
                                .toList())));
  }
}
