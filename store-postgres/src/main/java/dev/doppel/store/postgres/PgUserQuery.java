package dev.doppel.store.postgres;

import dev.doppel.users.UserField;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
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

  /** Leaves out those who are at home in the default organization, who are looked for there. */
  private static final String GUESTS =
      " AND NOT EXISTS (SELECT FROM memberships h WHERE h.user_id = m.user_id AND h.organization = 0)";

  private static final String COUNT =
      "(SELECT coalesce(sum(count), 0)::bigint FROM member_counts WHERE organization = %s)";

  /** A statement and what its parameters are. */
  record Statement(String sql, Tuple values) {}

  private final Tuple values = Tuple.tuple();
  private final UserQuery query;

  /** How many pass, where that is known beforehand. */
  private final OptionalLong known;

  /** The part of the filter that says where users are taken from, if one does. */
  private final Optional<UserFilter> source;

  /** What is asked beside that, as a condition; empty if nothing is. */
  private final String condition;

  private PgUserQuery(UserQuery query, OptionalLong known) {
    this.query = query;
    this.known = known;
    var conditions = new ArrayList<>(parts(query.filter()).toList());
    source =
        conditions.stream().anyMatch(PgUserQuery::fitsFew)
            ? Optional.empty()
            : conditions.stream().filter(PgUserQuery::isSource).findFirst();
    source.ifPresent(conditions::remove);
    condition = conditions.stream().map(this::condition).collect(Collectors.joining(" AND "));
  }

  static Statement of(UserQuery query) {
    return of(query, OptionalLong.empty());
  }

  /**
   * As above, for a page far from the start: it is come upon from the end if that is nearer.
   *
   * @param known how many pass at this moment
   */
  static Statement of(UserQuery query, OptionalLong known) {
    var statement = new PgUserQuery(query, known);
    return new Statement(statement.sql(), statement.values);
  }

  /** Tells how many pass, for a query that {@link #isCounted}. */
  static Statement total(UserQuery query) {
    var statement = new PgUserQuery(query.withTotal(), OptionalLong.empty());
    return new Statement("SELECT " + statement.total(), statement.values);
  }

  /** Whether the store keeps count of those who pass. */
  static boolean isCounted(UserQuery query) {
    return counted(query).isPresent();
  }

  private static Optional<UserFilter.In> counted(UserQuery query) {
    var filters = parts(query.filter()).toList();
    return filters.size() == 1 && filters.get(0) instanceof UserFilter.In in
        ? Optional.of(in)
        : Optional.empty();
  }

  private static Stream<UserFilter> parts(UserFilter filter) {
    return filter instanceof UserFilter.All all
        ? all.parts().stream().flatMap(PgUserQuery::parts)
        : Stream.of(filter);
  }

  private static boolean fitsFew(UserFilter filter) {
    return filter instanceof UserFilter.Is is
        ? fewHave(is.field(), is.value())
        : UserFilter.names(filter).isPresent();
  }

  /** Whether there is an index that finds them, and hardly more than one. */
  private static boolean fewHave(UserField field, String value) {
    if (field instanceof UserField.Defaulted defaulted) {
      return !defaulted.otherwise().equals(value) && fewHave(defaulted.field(), value);
    }
    return field == Common.ID
        || field == Common.NAME
        || field == Common.EMAIL
        || field == Common.FULL_NAME
        || field instanceof UserField.ForeignId;
  }

  private static boolean isSource(UserFilter filter) {
    return isMembership(filter) || filter instanceof UserFilter.Holds;
  }

  private static boolean isMembership(UserFilter filter) {
    return filter instanceof UserFilter.In || filter instanceof UserFilter.Owns;
  }

  /** The column that says who a user is, before anything else about it is looked at. */
  private String id() {
    return source.isPresent() ? "m.user_id" : "u.id";
  }

  /** Memberships know the names of their users. */
  private String name() {
    return source.filter(PgUserQuery::isMembership).isPresent() ? "m.name" : "u.name";
  }

  private String sql() {
    var place = place();
    var after = after();
    var page =
        "SELECT %s AS id, %s AS place FROM %s%s ORDER BY %s LIMIT %s OFFSET %s"
            .formatted(
                id(),
                place,
                from(place),
                where(Stream.of(condition, after)),
                place + direction() + (unique() ? "" : ", " + id() + tie()),
                number(limit()),
                number(offset()));
    return "SELECT %s, t.total FROM (SELECT %s AS total) t LEFT JOIN ((%s) p JOIN users u ON u.id = p.id) ON true%s ORDER BY p.place%s, p.id"
        .formatted(PgRows.USER, total(), page, PgRows.OF_USER, query.descending() ? " DESC" : "");
  }

  /** What the list is ordered by. */
  private String place() {
    return query.order() == Common.ID ? id() : value(query.order());
  }

  /** Whether no two users are equal in the order. */
  private boolean unique() {
    return query.order() == Common.ID || query.order() == Common.NAME;
  }

  /** The direction in which the page is come upon, which is that of the list or the other. */
  private String direction() {
    return query.descending() != fromEnd() ? " DESC" : "";
  }

  /** Users of equal value are in ascending order of id whatever the direction of the list. */
  private String tie() {
    return fromEnd() ? " DESC" : "";
  }

  private boolean fromEnd() {
    return known.isPresent() && query.offset() > known.getAsLong() / 2;
  }

  private long limit() {
    var limit = Math.min(query.limit(), LONGEST + 1L);
    return fromEnd() ? Math.max(0, Math.min(limit, known.getAsLong() - query.offset())) : limit;
  }

  private long offset() {
    return fromEnd() ? Math.max(0, known.getAsLong() - query.offset() - limit()) : query.offset();
  }

  private String after() {
    return query.order() != Common.ID
        ? ""
        : query
            .after()
            .map(id -> number(PgRows.key(id.value())))
            .map(key -> id() + (query.descending() ? " < " : " > ") + key)
            .orElse("");
  }

  private static String where(Stream<String> conditions) {
    var all =
        conditions.filter(Predicate.not(String::isEmpty)).collect(Collectors.joining(" AND "));
    return all.isEmpty() ? "" : " WHERE " + all;
  }

  /**
   * Where users are taken from, with what is kept about them only if it is looked at.
   *
   * @param wanted what is asked of each of them beside the condition
   */
  private String from(String wanted) {
    if (source.isEmpty()) {
      return "users u";
    }
    var looks = condition + " " + wanted;
    return source(source.get(), looks)
        + (looks.contains("u.") ? " JOIN users u ON u.id = m.user_id" : "");
  }

  private String source(UserFilter filter, String looks) {
    if (filter instanceof UserFilter.In in) {
      var own = members(in.organization().value(), in.orDefaultHome() ? GUESTS : "", looks);
      return "(("
          + own
          + (in.orDefaultHome() ? ") UNION ALL (" + members(PgUserStore.HOME, "", looks) : "")
          + ")) m";
    }
    if (filter instanceof UserFilter.Owns owns) {
      return "(" + members(owns.organization().value(), " AND owner", looks) + ") m";
    }
    if (filter instanceof UserFilter.Holds holds) {
      return "(SELECT user_id FROM user_roles WHERE role = %s) m".formatted(text(holds.role()));
    }
    throw new IllegalStateException("not a source: " + filter.getClass());
  }

  /**
   * In order, where nothing else is asked: the index has it, which the server doesn't see by itself
   * where it has to merge two. No column is asked for that the index lacks.
   */
  private String members(long organization, String more, String looks) {
    var named = looks.contains("m.name");
    return "SELECT user_id"
        + (named ? ", name" : "")
        + " FROM memberships m WHERE organization = "
        + number(organization)
        + more
        + (condition.isEmpty() && unique()
            ? " ORDER BY " + (named ? "name" : "user_id") + direction()
            : "");
  }

  private String total() {
    if (!query.counted()) {
      return "-1::bigint";
    }
    var counted = counted(query);
    if (counted.isPresent()) {
      var organization = number(counted.get().organization().value());
      return counted.get().orDefaultHome()
          ? COUNT.formatted("0")
              + " + (SELECT count(*) FROM memberships m WHERE organization = "
              + organization
              + GUESTS
              + ")"
          : COUNT.formatted(organization);
    }
    return "(SELECT count(*) FROM %s%s)".formatted(from(""), where(Stream.of(condition)));
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
          .formatted(number(in.organization().value()), in.orDefaultHome() ? ", 0" : "");
    }
    if (filter instanceof UserFilter.Administrators) {
      return "u.administrator";
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
    if (field instanceof UserField.Defaulted defaulted && !defaulted.otherwise().equals(value)) {
      return equal(defaulted.field(), value);
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
        case NAME -> name();
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
