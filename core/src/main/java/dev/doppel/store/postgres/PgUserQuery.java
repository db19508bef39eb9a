package dev.doppel.store.postgres;

import dev.doppel.users.OrganizationId;
import dev.doppel.users.UserField;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@link UserQuery} as one statement, which gives the columns of {@link PgRows#USER} and the
 * total. There is always a row that says the total; one without a user says nothing else.
 *
 * <p>Where the filter names an organisation, a role or a value that few have, those are gone
 * through, by an index that has the order where there is one; otherwise all users are, in their
 * order. What else is asked is looked at user by user.
 */
final class PgUserQuery {

  /** A list that the caller put no bound to has one nevertheless. */
  static final int LONGEST = 100_000;

  /** A statement and what its parameters are. */
  record Statement(String sql, Tuple values) {}

  private final Tuple values = Tuple.tuple();
  private final UserQuery query;

  /** What all have to pass that the source doesn't see to. */
  private final List<UserFilter> conditions;

  private final Source source;

  private PgUserQuery(UserQuery query) {
    this.query = query;
    conditions = new ArrayList<>(parts(query.filter()).toList());
    source = source();
  }

  static Statement of(UserQuery query) {
    var statement = new PgUserQuery(query);
    return new Statement(statement.sql(), statement.values);
  }

  /** Where users are taken from, and which columns say who they are and how they are named. */
  private record Source(String from, String id, String name, boolean ofUsers) {}

  private static Stream<UserFilter> parts(UserFilter filter) {
    return filter instanceof UserFilter.All all
        ? all.parts().stream().flatMap(PgUserQuery::parts)
        : Stream.of(filter);
  }

  private Source source() {
    if (conditions.stream().noneMatch(PgUserQuery::fitsFew)) {
      for (var condition : conditions) {
        var found = source(condition);
        if (found.isPresent()) {
          conditions.remove(condition);
          return found.get();
        }
      }
    }
    return new Source("users u", "u.id", "u.name", true);
  }

  private static boolean fitsFew(UserFilter condition) {
    if (condition instanceof UserFilter.Is is) {
      return is.field() == Common.ID
          || is.field() == Common.NAME
          || is.field() == Common.EMAIL
          || is.field() == Common.FULL_NAME
          || is.field() instanceof UserField.ForeignId;
    }
    return UserFilter.names(condition).isPresent();
  }

  private Optional<Source> source(UserFilter condition) {
    if (condition instanceof UserFilter.In in) {
      var own = members(in.organization(), "");
      return Optional.of(
          new Source(
              in.orNone()
                  ? "(" + own + " UNION ALL " + members(PgUserStore.NONE, "") + ") m"
                  : "(" + own + ") m",
              "m.user_id",
              "m.name",
              false));
    }
    if (condition instanceof UserFilter.Owns owns) {
      return Optional.of(
          new Source(
              "(" + members(owns.organization(), " AND owner") + ") m",
              "m.user_id",
              "m.name",
              false));
    }
    if (condition instanceof UserFilter.Holds holds) {
      var held = "(SELECT user_id FROM user_roles WHERE role = %s) m".formatted(text(holds.role()));
      return Optional.of(new Source(held, "m.user_id", "u.name", false));
    }
    return Optional.empty();
  }

  private String members(OrganizationId organization, String more) {
    return members(organization.value(), more);
  }

  private String members(long organization, String more) {
    return "SELECT user_id, name FROM memberships WHERE organization = "
        + number(organization)
        + more;
  }

  private String sql() {
    var direction = query.descending() ? " DESC" : "";
    var order = order();
    var wholeOrder =
        query.order() == Common.ID ? direction : direction + ", %s".formatted(source.id);
    var page =
        "SELECT %s AS id, %s AS place FROM %s%s ORDER BY %s%s LIMIT %s OFFSET %s"
            .formatted(
                source.id,
                order,
                users(order),
                where(true),
                order,
                wholeOrder,
                number(Math.min(query.limit(), LONGEST + 1)),
                number(query.offset()));
    return "SELECT %s, t.total FROM (SELECT %s AS total) t LEFT JOIN ((%s) p JOIN users u ON u.id = p.id) ON true%s ORDER BY p.place%s, p.id"
        .formatted(PgRows.USER, total(), page, PgRows.OF_USER, direction);
  }

  /** The source, with what is kept about its users where somebody wants to look at it. */
  private String users(String... wanted) {
    var looked = !conditions.isEmpty() || String.join(" ", wanted).contains("u.");
    return source.ofUsers || !looked
        ? source.from
        : source.from + " JOIN users u ON u.id = m.user_id";
  }

  private String where(boolean fromHere) {
    var all = new ArrayList<String>();
    conditions.forEach(condition -> all.add(condition(condition)));
    if (fromHere && query.order() == Common.ID) {
      query
          .after()
          .map(UserId::value)
          .map(PgRows::key)
          .ifPresent(
              key -> all.add(source.id + (query.descending() ? " < " : " > ") + number(key)));
    }
    return all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all);
  }

  private String order() {
    if (query.order() == Common.ID) {
      return source.id;
    }
    return query.order() == Common.NAME ? source.name : value(query.order());
  }

  private String total() {
    if (!query.counted()) {
      return "-1::bigint";
    }
    var filters = parts(query.filter()).toList();
    if (filters.size() == 1 && filters.get(0) instanceof UserFilter.In in) {
      return "(SELECT coalesce(sum(count), 0)::bigint FROM member_counts WHERE organization IN (%s%s))"
          .formatted(number(in.organization().value()), in.orNone() ? ", 0" : "");
    }
    return "(SELECT count(*) FROM %s%s)".formatted(users(), where(false));
  }

  private String condition(UserFilter filter) {
    if (filter instanceof UserFilter.All all) {
      return joined(all.parts(), " AND ", "true");
    }
    if (filter instanceof UserFilter.Any any) {
      return joined(any.parts(), " OR ", "false");
    }
    if (filter instanceof UserFilter.Not not) {
      return "(%s) IS NOT TRUE".formatted(condition(not.part())); // null where there is no value
    }
    if (filter instanceof UserFilter.In in) {
      return "EXISTS (SELECT FROM memberships WHERE user_id = u.id AND organization IN (%s%s))"
          .formatted(number(in.organization().value()), in.orNone() ? ", 0" : "");
    }
    if (filter instanceof UserFilter.Owns owns) {
      return "EXISTS (SELECT FROM memberships WHERE user_id = u.id AND organization = %s AND owner)"
          .formatted(number(owns.organization().value()));
    }
    if (filter instanceof UserFilter.Holds holds) {
      return "EXISTS (SELECT FROM user_roles WHERE user_id = u.id AND role = %s)"
          .formatted(text(holds.role()));
    }
    if (filter instanceof UserFilter.Is is) {
      return equal(is.field(), is.value());
    }
    if (filter instanceof UserFilter.Compared compared) {
      return value(compared.field())
          + operator(compared.comparison())
          + constant(compared.field(), compared.value());
    }
    if (filter instanceof UserFilter.Like like) {
      return like.pattern().chars().allMatch(c -> c == '*') && !like.pattern().isEmpty()
          ? value(like.field()) + " IS NOT NULL"
          : value(like.field())
              + (numeric(like.field()) ? "::text ~ " : " ~ ")
              + raw(PgPattern.of(like.pattern()));
    }
    throw new IllegalStateException("a filter that nobody translates: " + filter.getClass());
  }

  private String joined(List<UserFilter> parts, String by, String none) {
    return parts.isEmpty()
        ? none
        : parts.stream().map(this::condition).collect(Collectors.joining(by, "(", ")"));
  }

  private static String operator(UserFilter.Compared.Comparison comparison) {
    return switch (comparison) {
      case LESS -> " < ";
      case AT_MOST -> " <= ";
      case AT_LEAST -> " >= ";
      case GREATER -> " > ";
    };
  }

  /** Written so that the field's index can be used where it has one. */
  private String equal(UserField field, String value) {
    if (field == Common.ID) {
      return UserId.parse(value)
          .filter(id -> id.toString().equals(value))
          .map(id -> "u.id = " + number(PgRows.key(id.value())))
          .orElse("false");
    }
    if (field == Common.EMAIL) {
      return "(u.email_lower = %s AND u.email = %s)"
          .formatted(raw(PgUserStore.lower(value)), text(value));
    }
    if (field instanceof UserField.ForeignId foreign) {
      return "u.id = (SELECT user_id FROM user_aliases WHERE dialect = %s AND foreign_id = %s)"
          .formatted(text(foreign.dialect()), text(value));
    }
    return value(field) + " = " + constant(field, value);
  }

  /** The field's value, null where a user has none. */
  private String value(UserField field) {
    if (field instanceof Common common) {
      return switch (common) {
        case ID -> "lpad(to_hex(u.id # (-9223372036854775808)), 16, '0') COLLATE \"C\"";
        case NAME -> "u.name";
        case FULL_NAME -> "u.full_name";
        case EMAIL -> "u.email";
        case STATUS -> "CASE WHEN u.active THEN 'active' ELSE 'inactive' END COLLATE \"C\"";
      };
    }
    if (field instanceof UserField.ForeignId foreign) {
      return "(SELECT foreign_id FROM user_aliases WHERE user_id = u.id AND dialect = %s ORDER BY position LIMIT 1)"
          .formatted(text(foreign.dialect()));
    }
    if (field instanceof UserField.Extra extra) {
      return member(extra.dialect(), extra.member()) + " COLLATE \"C\"";
    }
    if (field instanceof UserField.ExtraNumber extra) {
      return member(extra.dialect(), extra.member()) + "::bigint";
    }
    if (field instanceof UserField.Defaulted defaulted) {
      return "coalesce(%s, %s)"
          .formatted(value(defaulted.field()), constant(defaulted.field(), defaulted.otherwise()));
    }
    if (field instanceof UserField.Trimmed trimmed) {
      var whole = value(trimmed.field());
      var suffix = text(trimmed.suffix());
      return "CASE WHEN right(%1$s, char_length(%2$s)) = %2$s AND char_length(%1$s) > char_length(%2$s) THEN left(%1$s, -char_length(%2$s)) ELSE %1$s END COLLATE \"C\""
          .formatted(whole, suffix);
    }
    throw new IllegalStateException("a field that nobody translates: " + field.getClass());
  }

  private String member(String dialect, String member) {
    return "(u.extras -> %s ->> %s)".formatted(text(dialect), text(member));
  }

  private String constant(UserField field, String value) {
    return numeric(field) ? number(Long.parseLong(value)) : text(value);
  }

  private static boolean numeric(UserField field) {
    return field instanceof UserField.ExtraNumber
        || (field instanceof UserField.Defaulted defaulted && numeric(defaulted.field()));
  }

  private String text(String text) {
    return raw(PgText.kept(text));
  }

  private String raw(String text) {
    values.addString(text);
    return "$" + values.size() + "::text";
  }

  private String number(long number) {
    values.addLong(number);
    return "$" + values.size() + "::bigint";
  }
}
