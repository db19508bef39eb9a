package dev.doppel.store.postgres;

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
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
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
import org.jspecify.annotations.Nullable;

/** What rows hold, column by column, and the lists of columns that are read in that order. */
final class PgRows {

  /** How many columns {@link #USER} has. */
  static final int USER_COLUMNS = 20;

  static final String USER =
      """
      u.id, u.name, u.active, u.password, u.email, u.full_name, u.created, u.updated, u.version,
      u.extras::text, r.roles, m.organizations, m.owners, a.dialects, a.foreign_ids,
      u.administrator, u.built_in, u.home, u.email_since, u.session_epoch\
      """;

  /** What belongs to the users {@code u}. */
  static final String OF_USER =
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

  static final String USERS = "SELECT " + USER + " FROM users u" + OF_USER;

  static final String TOKEN =
      "hash, id, owner, kind, dialect, active, created, updated, expires, description, version,"
          + " extras::text, owner_created, owner_epoch";

  static final String ROLE = "name, description, built_in, version, extras::text";

  static final String ORGANIZATION =
      "id, name, description, created, updated, version, extras::text, kind, aliases::text";

  /** A row and the version it was read in. */
  record Versioned<T>(T value, long version) {}

  private PgRows() {}

  /** Ids are unsigned and keys are not; flipping the first bit makes one order of both. */
  static long key(long id) {
    return id ^ Long.MIN_VALUE;
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static String[] texts(Collection<String> texts) {
    return texts.stream().map(PgText::kept).toArray(String[]::new);
  }

  static User user(Row row) {
    return new User(
        new UserId(key(row.getLong(0))),
        PgText.shown(row.getString(1)),
        status(row.getBoolean(2)),
        Optional.ofNullable(row.getString(3)).map(PgText::shown).map(PasswordHash::new),
        Optional.ofNullable(row.getString(4)).map(PgText::shown),
        Optional.ofNullable(row.getOffsetDateTime(18)).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getString(5)).map(PgText::shown),
        row.getBoolean(15),
        row.getBoolean(16),
        Optional.of(row.getLong(17))
            .filter(home -> home != PgUserStore.HOME)
            .map(OrganizationId::new),
        Set.copyOf(texts(row.getArrayOfStrings(10))),
        memberships(row.getArrayOfLongs(11), row.getArrayOfBooleans(12)),
        row.getOffsetDateTime(6).toInstant(),
        row.getOffsetDateTime(7).toInstant(),
        row.getLong(8),
        row.getLong(19),
        aliases(texts(row.getArrayOfStrings(13)), texts(row.getArrayOfStrings(14))),
        PgExtras.shown(row.getString(9)));
  }

  private static Status status(boolean active) {
    return active ? Status.ACTIVE : Status.INACTIVE;
  }

  /** Aggregates over nothing are null. */
  private static List<String> texts(String @Nullable [] kept) {
    return kept == null ? List.of() : Arrays.stream(kept).map(PgText::shown).toList();
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
            PgText.shown(row.getString(9)),
            PgExtras.shown(row.getString(11))),
        row.getLong(10));
  }

  static Versioned<Role> role(Row row) {
    return new Versioned<>(
        new Role(
            PgText.shown(row.getString(0)),
            PgText.shown(row.getString(1)),
            row.getBoolean(2),
            PgExtras.shown(row.getString(4))),
        row.getLong(3));
  }

  static Versioned<Organization> organization(Row row) {
    return new Versioned<>(
        new Organization(
            new OrganizationId(row.getLong(0)),
            PgText.shown(row.getString(1)),
            PgText.shown(row.getString(2)),
            Organization.Kind.valueOf(row.getString(7)),
            row.getOffsetDateTime(3).toInstant(),
            row.getOffsetDateTime(4).toInstant(),
            aliases(row.getString(8)),
            PgExtras.shown(row.getString(6))),
        row.getLong(5));
  }

  private static Map<String, String> aliases(String json) {
    var aliases = new HashMap<String, String>();
    new JsonObject(PgText.shown(json))
        .forEach(alias -> aliases.put(alias.getKey(), String.valueOf(alias.getValue())));
    return aliases;
  }
}
