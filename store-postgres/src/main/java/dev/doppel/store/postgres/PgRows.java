package dev.doppel.store.postgres;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
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
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lists of columns, and conversions of the rows that hold them in that order. */
final class PgRows {

  /** Number of columns in {@link #USER_COLUMNS}. */
  static final int USER_COLUMN_COUNT = 20;

  static final String USER_COLUMNS =
      """
      u.id, u.name, u.active, u.password, u.email, u.full_name, u.created, u.updated, u.version,
      u.extras::text, r.roles, m.organizations, m.owners, a.dialects, a.foreign_ids,
      u.administrator, u.built_in, u.home, u.email_since, u.session_epoch\
      """;

  /** Joins to {@code users u} the rows of other tables that {@link #USER_COLUMNS} names. */
  static final String USER_JOINS =
      """
       LEFT JOIN LATERAL (
        SELECT array_agg(role) AS roles FROM user_roles WHERE user_id = u.id
      ) r ON true LEFT JOIN LATERAL (
        SELECT array_agg(organization) AS organizations, array_agg(owner) AS owners
        FROM memberships WHERE user_id = u.id AND organization <> 0
      ) m ON true LEFT JOIN LATERAL (
        SELECT array_agg(dialect ORDER BY position) AS dialects,
               array_agg(foreign_id ORDER BY position) AS foreign_ids
        FROM user_aliases WHERE user_id = u.id
      ) a ON true\
      """;

  static final String SELECT_USERS = "SELECT " + USER_COLUMNS + " FROM users u" + USER_JOINS;

  static final String TOKEN_COLUMNS =
      "hash, id, owner, kind, dialect, active, created, updated, expires, description, version,"
          + " extras::text, owner_created, owner_epoch";

  static final String ROLE_COLUMNS = "name, description, built_in, version, extras::text";

  static final String ORGANIZATION_COLUMNS =
      "id, name, description, created, updated, version, extras::text, kind, aliases::text";

  /** A value and the version of its row. */
  record Versioned<T>(T value, long version) {}

  private PgRows() {}

  /**
   * Converts an id into a key of the tables, or back. Ids are unsigned and keys are signed;
   * inverting the first bit gives both the same order.
   */
  static long key(long id) {
    return id ^ Long.MIN_VALUE;
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** Returns the only row that was looked up by a unique key; fails if there is none. */
  static Future<Row> requireRow(RowSet<Row> rows, Supplier<Failure> newFailure) {
    return rows.size() == 0
        ? Future.failedFuture(newFailure.get())
        : Future.succeededFuture(rows.iterator().next());
  }

  static String[] encodeAll(Collection<String> texts) {
    return texts.stream().map(PgText::encode).toArray(String[]::new);
  }

  static User user(Row row) {
    return new User(
        new UserId(key(row.getLong(0))),
        PgText.decode(row.getString(1)),
        status(row.getBoolean(2)),
        Optional.ofNullable(row.getString(3)).map(PgText::decode).map(PasswordHash::new),
        Optional.ofNullable(row.getString(4)).map(PgText::decode),
        Optional.ofNullable(row.getOffsetDateTime(18)).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getString(5)).map(PgText::decode),
        row.getBoolean(15),
        row.getBoolean(16),
        Optional.of(row.getLong(17))
            .filter(home -> home != PgUserStore.DEFAULT_HOME)
            .map(OrganizationId::new),
        Set.copyOf(decodeAll(row.getArrayOfStrings(10))),
        memberships(row.getArrayOfLongs(11), row.getArrayOfBooleans(12)),
        row.getOffsetDateTime(6).toInstant(),
        row.getOffsetDateTime(7).toInstant(),
        row.getLong(8),
        row.getLong(19),
        aliases(decodeAll(row.getArrayOfStrings(13)), decodeAll(row.getArrayOfStrings(14))),
        PgExtras.decode(row.getString(9)));
  }

  private static Status status(boolean active) {
    return active ? Status.ACTIVE : Status.INACTIVE;
  }

  /**
   * @param encoded null where nothing was aggregated
   */
  private static List<String> decodeAll(String @Nullable [] encoded) {
    return encoded == null ? List.of() : Arrays.stream(encoded).map(PgText::decode).toList();
  }

  private static Map<OrganizationId, Membership> memberships(
      Long @Nullable [] organizations, Boolean @Nullable [] owners) {
    if (organizations == null || owners == null) {
      return Map.of();
    }
    var all = new HashMap<OrganizationId, Membership>();
    for (int i = 0; i < organizations.length; i++) {
      all.put(
          new OrganizationId(organizations[i]), owners[i] ? Membership.OWNER : Membership.MEMBER);
    }
    return all;
  }

  private static List<Alias> aliases(List<String> dialects, List<String> ids) {
    var all = new ArrayList<Alias>();
    for (int i = 0; i < ids.size(); i++) {
      all.add(new Alias(dialects.get(i), ids.get(i)));
    }
    return all;
  }

  static Versioned<Token> token(Row row) {
    return new Versioned<>(
        new Token(
            new TokenHash(row.getString(0)),
            key(row.getLong(1)),
            new UserId(key(row.getLong(2))),
            row.getOffsetDateTime(12).toInstant(),
            row.getLong(13),
            Token.Kind.valueOf(row.getString(3)),
            Optional.ofNullable(row.getString(4)),
            status(row.getBoolean(5)),
            row.getOffsetDateTime(6).toInstant(),
            row.getOffsetDateTime(7).toInstant(),
            Optional.ofNullable(row.getOffsetDateTime(8)).map(OffsetDateTime::toInstant),
            PgText.decode(row.getString(9)),
            PgExtras.decode(row.getString(11))),
        row.getLong(10));
  }

  static Versioned<Role> role(Row row) {
    return new Versioned<>(
        new Role(
            PgText.decode(row.getString(0)),
            PgText.decode(row.getString(1)),
            row.getBoolean(2),
            PgExtras.decode(row.getString(4))),
        row.getLong(3));
  }

  static Versioned<Organization> organization(Row row) {
    return new Versioned<>(
        new Organization(
            new OrganizationId(row.getLong(0)),
            PgText.decode(row.getString(1)),
            PgText.decode(row.getString(2)),
            Organization.Kind.valueOf(row.getString(7)),
            row.getOffsetDateTime(3).toInstant(),
            row.getOffsetDateTime(4).toInstant(),
            aliases(row.getString(8)),
            PgExtras.decode(row.getString(6))),
        row.getLong(5));
  }

  private static Map<String, String> aliases(String json) {
    var aliases = new HashMap<String, String>();
    new JsonObject(PgText.decode(json))
        .forEach(alias -> aliases.put(alias.getKey(), String.valueOf(alias.getValue())));
    return aliases;
  }
}
