package dev.doppel.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Alias;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Role;
import dev.doppel.users.Status;
import dev.doppel.users.TextOrder;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * The formats of keys and values on disk. Values are JSON, defined by one record for each kind of
 * value, with times in microseconds since 1970. Members may be added; readers ignore unknown ones.
 */
final class StoredTypes {

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  static final BasicDataType<User> USER =
      new JsonType<>(
          StoredUser.class,
          StoredUser::of,
          StoredUser::toUser,
          user -> 500 + 2 * user.name().length(),
          User[]::new);
  static final BasicDataType<Token> TOKEN =
      new JsonType<>(
          StoredToken.class, StoredToken::of, StoredToken::toToken, token -> 400, Token[]::new);
  static final BasicDataType<Role> ROLE =
      new JsonType<>(
          StoredRole.class, StoredRole::of, StoredRole::toRole, role -> 300, Role[]::new);
  static final BasicDataType<Organization> ORGANIZATION =
      new JsonType<>(
          StoredOrganization.class,
          StoredOrganization::of,
          StoredOrganization::toOrganization,
          organization -> 300,
          Organization[]::new);

  /** Text keys in {@link TextOrder}, in the format of {@link StringDataType}. */
  static final BasicDataType<String> TEXT =
      new BasicDataType<>() {
        @Override
        public int compare(String one, String other) {
          return TextOrder.BY_CODE_POINT.compare(one, other);
        }

        @Override
        public int getMemory(String text) {
          return StringDataType.INSTANCE.getMemory(text);
        }

        @Override
        public void write(WriteBuffer buffer, String text) {
          StringDataType.INSTANCE.write(buffer, text);
        }

        @Override
        public String read(ByteBuffer buffer) {
          return StringDataType.INSTANCE.read(buffer);
        }

        @Override
        public String[] createStorage(int size) {
          return new String[size];
        }
      };

  private StoredTypes() {}

  private record StoredUser(
      long id,
      String name,
      boolean active,
      @Nullable String password,
      @Nullable String email,
      @Nullable Long emailSince,
      @Nullable String fullName,
      @Nullable Boolean administrator,
      @Nullable Boolean builtIn,
      @Nullable Long home,
      Set<String> roles,
      Map<Long, Membership> memberships,
      long created,
      long updated,
      long version,
      long sessionEpoch,
      List<Alias> aliases,
      Map<String, String> extras) {

    static StoredUser of(User user) {
      var memberships = new HashMap<Long, Membership>();
      user.memberships().forEach((id, membership) -> memberships.put(id.value(), membership));
      return new StoredUser(
          user.id().value(),
          user.name(),
          user.active(),
          user.password().map(PasswordHash::encoded).orElse(null),
          user.email().orElse(null),
          user.emailSince().map(StoredTypes::toMicros).orElse(null),
          user.fullName().orElse(null),
          user.administrator(),
          user.builtIn() ? true : null,
          user.home().map(OrganizationId::value).orElse(null),
          user.roles(),
          memberships,
          toMicros(user.created()),
          toMicros(user.updated()),
          user.version(),
          user.sessionEpoch(),
          user.aliases(),
          user.extras());
    }

    /** Returns the only organization, if a dialect has extras that name it. */
    private @Nullable Long homeOfOldUser() {
      if (memberships.size() != 1) {
        return null;
      }
      var only = memberships.keySet().iterator().next();
      var id = new OrganizationId(only).toString();
      return extras.values().stream().anyMatch(json -> json.contains(id)) ? only : null;
    }

    /**
     * Returns the user. Where a property was added after the user was stored, the user is an
     * administrator if it has the role, has had its e-mail address since its creation, and is at
     * home in its only organization if a dialect has extras that name it.
     */
    User toUser() {
      var organizations = new HashMap<OrganizationId, Membership>();
      memberships.forEach((id, role) -> organizations.put(new OrganizationId(id), role));
      var otherRoles = new HashSet<>(roles);
      var holdsRole = otherRoles.remove(Role.ADMINISTRATOR);
      var isOld = administrator == null;
      return new User(
          new UserId(id),
          name,
          active ? Status.ACTIVE : Status.INACTIVE,
          Optional.ofNullable(password).map(PasswordHash::new),
          Optional.ofNullable(email),
          Optional.ofNullable(email)
              .map(any -> fromMicros(emailSince == null ? created : emailSince)),
          Optional.ofNullable(fullName),
          isOld ? holdsRole : administrator,
          builtIn != null && builtIn,
          Optional.ofNullable(isOld ? homeOfOldUser() : home).map(OrganizationId::new),
          otherRoles,
          organizations,
          fromMicros(created),
          fromMicros(updated),
          version,
          sessionEpoch,
          aliases,
          extras);
    }
  }

  /**
   * The creation instant of the owner where a token was stored without it; {@link
   * MvTokenStore#addOwners} replaces it.
   */
  private static final Instant UNKNOWN_OWNER = Instant.EPOCH;

  private record StoredToken(
      String hash,
      long id,
      long owner,
      @Nullable Long ownerCreated,
      long ownerEpoch,
      Token.Kind kind,
      @Nullable String dialect,
      boolean active,
      long created,
      long updated,
      @Nullable Long expires,
      String description,
      Map<String, String> extras) {

    static StoredToken of(Token token) {
      return new StoredToken(
          token.hash().hex(),
          token.id(),
          token.owner().value(),
          toMicros(token.ownerCreated()),
          token.ownerEpoch(),
          token.kind(),
          token.dialect().orElse(null),
          token.status() == Status.ACTIVE,
          toMicros(token.created()),
          toMicros(token.updated()),
          token.expires().map(StoredTypes::toMicros).orElse(null),
          token.description(),
          token.extras());
    }

    Token toToken() {
      return new Token(
          new TokenHash(hash),
          id,
          new UserId(owner),
          ownerCreated == null ? UNKNOWN_OWNER : fromMicros(ownerCreated),
          ownerEpoch,
          kind,
          Optional.ofNullable(dialect),
          active ? Status.ACTIVE : Status.INACTIVE,
          fromMicros(created),
          fromMicros(updated),
          Optional.ofNullable(expires).map(StoredTypes::fromMicros),
          description,
          extras);
    }
  }

  private record StoredRole(
      String name, String description, boolean builtIn, Map<String, String> extras) {

    static StoredRole of(Role role) {
      return new StoredRole(role.name(), role.description(), role.builtIn(), role.extras());
    }

    Role toRole() {
      return new Role(name, description, builtIn, extras);
    }
  }

  private record StoredOrganization(
      long id,
      String name,
      String description,
      Organization.@Nullable Kind kind,
      long created,
      long updated,
      @Nullable Map<String, String> aliases,
      Map<String, String> extras) {

    static StoredOrganization of(Organization organization) {
      return new StoredOrganization(
          organization.id().value(),
          organization.name(),
          organization.description(),
          organization.kind(),
          toMicros(organization.created()),
          toMicros(organization.updated()),
          organization.aliases().isEmpty() ? null : organization.aliases(),
          organization.extras());
    }

    Organization toOrganization() {
      return new Organization(
          new OrganizationId(id),
          name,
          description,
          kind == null ? Organization.Kind.ORDINARY : kind,
          fromMicros(created),
          fromMicros(updated),
          aliases == null ? Map.of() : aliases,
          extras);
    }
  }

  private static long toMicros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant fromMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** A value as its length and JSON. It can't be compared, since values are never keys. */
  private static final class JsonType<S, T> extends BasicDataType<T> {

    private final Class<S> stored;
    private final Function<T, S> toStored;
    private final Function<S, T> fromStored;
    private final Function<T, Integer> memory;
    private final IntFunction<T[]> newArray;

    JsonType(
        Class<S> stored,
        Function<T, S> toStored,
        Function<S, T> fromStored,
        Function<T, Integer> memory,
        IntFunction<T[]> newArray) {
      this.stored = stored;
      this.toStored = toStored;
      this.fromStored = fromStored;
      this.memory = memory;
      this.newArray = newArray;
    }

    @Override
    public int getMemory(T value) {
      return memory.apply(value);
    }

    @Override
    public void write(WriteBuffer buffer, T value) {
      try {
        var bytes = JSON.writeValueAsBytes(toStored.apply(value));
        buffer.putVarInt(bytes.length).put(bytes);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a " + stored.getSimpleName() + " that isn't JSON", e);
      }
    }

    @Override
    public T read(ByteBuffer buffer) {
      var bytes = new byte[DataUtils.readVarInt(buffer)];
      buffer.get(bytes);
      try {
        return fromStored.apply(JSON.readValue(bytes, stored));
      } catch (IOException e) {
        throw DataUtils.newMVStoreException(
            DataUtils.ERROR_FILE_CORRUPT, "unreadable {0}", stored.getSimpleName());
      }
    }

    @Override
    public T[] createStorage(int size) {
      return newArray.apply(size);
    }
  }
}
