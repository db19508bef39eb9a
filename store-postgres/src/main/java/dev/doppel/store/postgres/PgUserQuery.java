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
 * Translates a {@link UserQuery} into one statement, whose columns are {@link PgRows#USER_COLUMNS}
 * and the total. The result has at least one row, with the total; without a user in it, the page is
 * empty.
 *
 * <p>Where the filter names an organization, a role or a value that few users have, those users are
 * read, by an index in the wanted order if there is one; otherwise all users are read in the wanted
 * order. The rest of the filter is tested user by user.
 */
final class PgUserQuery {

  /** Maximum number of users in a list, whatever its limit. */
  static final int MAX_USERS = 100_000;

  /** Leaves out users whose home is the default organization, as members of that one. */
  private static final String NOT_AT_HOME =
      " AND NOT EXISTS (SELECT FROM memberships h WHERE h.user_id = m.user_id AND h.organization = 0)";

  private static final String SUM_OF_COUNTS =
      "(SELECT coalesce(sum(count), 0)::bigint FROM member_counts WHERE organization = %s)";

  private final Tuple values = Tuple.tuple();
  private final UserQuery query;

  /** The number of users that pass the filter, if it is known. */
  private final OptionalLong count;

  /** The part of the filter by which users are found; empty if all users are read. */
  private final Optional<UserFilter> source;

  /** The other parts of the filter, of which all must hold. */
  private final List<UserFilter> rest;

  /** The rest as SQL; empty if there is none. */
  private final String condition;

  private PgUserQuery(UserQuery query, OptionalLong count) {
    this.query = query;
    this.count = count;
    var conditions = new ArrayList<>(parts(query.filter()).toList());
    source =
        conditions.stream().anyMatch(PgUserQuery::isSelective)
            ? Optional.empty()
            : conditions.stream().filter(PgUserQuery::isSource).findFirst();
    source.ifPresent(conditions::remove);
    rest = List.copyOf(conditions);
    condition = rest.stream().map(this::condition).collect(Collectors.joining(" AND "));
  }

  static PgStatement of(UserQuery query) {
    return of(query, OptionalLong.empty());
  }

  /**
   * Returns a statement that reads a page from the end of the list if that is nearer.
   *
   * @param count the number of users that pass the filter now
   */
  static PgStatement of(UserQuery query, OptionalLong count) {
    var statement = new PgUserQuery(query, count);
    return new PgStatement(statement.sql(), statement.values);
  }

  /**
   * Returns a statement that reads the number of users that pass, for a query with a {@linkplain
   * #hasStoredCount stored count}.
   */
  static PgStatement count(UserQuery query) {
    var statement = new PgUserQuery(query.withTotal(), OptionalLong.empty());
    return new PgStatement("SELECT " + statement.total(), statement.values);
  }

  /** Returns whether the database maintains the number of users that pass the filter. */
  static boolean hasStoredCount(UserQuery query) {
    return countedOrganization(query).isPresent();
  }

  private static Optional<UserFilter.In> countedOrganization(UserQuery query) {
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

  /** Returns whether the filter finds a few users by an index. */
  private static boolean isSelective(UserFilter filter) {
    return filter instanceof UserFilter.Is is
        ? hasSelectiveIndex(is.field(), is.value())
        : UserFilter.names(filter).isPresent();
  }

  /** Returns whether an index finds the users with a value, of which there are hardly several. */
  private static boolean hasSelectiveIndex(UserField field, String value) {
    if (field instanceof UserField.Defaulted defaulted) {
      return !defaulted.otherwise().equals(value) && hasSelectiveIndex(defaulted.field(), value);
    }
    return field == Common.ID
        || field == Common.NAME
        || field == Common.EMAIL
        || field == Common.FULL_NAME
        || field instanceof UserField.ForeignId;
  }

  /** Returns whether users can be found by the filter. */
  private static boolean isSource(UserFilter filter) {
    return isMembership(filter) || filter instanceof UserFilter.Holds;
  }

  private static boolean isMembership(UserFilter filter) {
    return filter instanceof UserFilter.In || filter instanceof UserFilter.Owns;
  }

  /** Returns the column of the user's id, in the source. */
  private String id() {
    return source.isPresent() ? "m.user_id" : "u.id";
  }

  /** Returns the column of the user's name, which memberships have, too. */
  private String name() {
    return source.filter(PgUserQuery::isMembership).isPresent() ? "m.name" : "u.name";
  }

  private String sql() {
    var place = orderExpression();
    var after = after();
    var page =
        "SELECT %s AS id, %s AS place FROM %s%s ORDER BY %s LIMIT %s OFFSET %s"
            .formatted(
                id(),
                place,
                from(Stream.concat(columns(rest), columns(query.order())).toList()),
                where(Stream.of(condition, after)),
                place + direction() + (isUniqueOrder() ? "" : ", " + id() + idDirection()),
                number(limit()),
                number(offset()));
    return "SELECT %s, t.total FROM (SELECT %s AS total) t LEFT JOIN ((%s) p JOIN users u ON u.id = p.id) ON true%s ORDER BY p.place%s, p.id"
        .formatted(
            PgRows.USER_COLUMNS,
            total(),
            page,
            PgRows.USER_JOINS,
            query.descending() ? " DESC" : "");
  }

  /** Returns the expression that the list is ordered by. */
  private String orderExpression() {
    return query.order() == Common.ID ? id() : value(query.order());
  }

  /** Returns whether no two users are equal in the order. */
  private boolean isUniqueOrder() {
    return query.order() == Common.ID || query.order() == Common.NAME;
  }

  /** Returns the direction in which the page is read: that of the list or the opposite. */
  private String direction() {
    return query.descending() != isReadFromEnd() ? " DESC" : "";
  }

  /** Returns the direction of ids among equal values, which in the list is always ascending. */
  private String idDirection() {
    return isReadFromEnd() ? " DESC" : "";
  }

  private boolean isReadFromEnd() {
    return count.isPresent() && query.offset() > count.getAsLong() / 2;
  }

  private long limit() {
    var limit = Math.min(query.limit(), MAX_USERS + 1L);
    return isReadFromEnd()
        ? Math.max(0, Math.min(limit, count.getAsLong() - query.offset()))
        : limit;
  }

  private long offset() {
    return isReadFromEnd()
        ? Math.max(0, count.getAsLong() - query.offset() - limit())
        : query.offset();
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

  /** A kind of column that a condition or an order reads. */
  private enum Column {
    /** The name, in {@code memberships} as well as in {@code users}. */
    NAME,
    /** A column of {@code users} only, including its id as a key of other tables. */
    OTHER
  }

  private static Stream<Column> columns(List<UserFilter> filters) {
    return filters.stream().flatMap(PgUserQuery::columns);
  }

  private static Stream<Column> columns(UserFilter filter) {
    if (filter instanceof UserFilter.All all) {
      return columns(all.parts());
    }
    if (filter instanceof UserFilter.Any any) {
      return columns(any.parts());
    }
    if (filter instanceof UserFilter.Not not) {
      return columns(not.part());
    }
    if (filter instanceof UserFilter.Is is) {
      return Stream.of(column(is.field()));
    }
    if (filter instanceof UserFilter.Compared compared) {
      return Stream.of(column(compared.field()));
    }
    if (filter instanceof UserFilter.Like like) {
      return Stream.of(column(like.field()));
    }
    return Stream.of(Column.OTHER);
  }

  private static Column column(UserField field) {
    if (field instanceof UserField.Defaulted defaulted) {
      return column(defaulted.field());
    }
    if (field instanceof UserField.Trimmed trimmed) {
      return column(trimmed.field());
    }
    if (field instanceof UserField.Renamed renamed) {
      return column(renamed.field());
    }
    return field == Common.NAME ? Column.NAME : Column.OTHER;
  }

  /** Returns the columns of an order; none of an order by id, which every source has. */
  private static Stream<Column> columns(UserField order) {
    return order == Common.ID ? Stream.empty() : Stream.of(column(order));
  }

  /**
   * Returns the tables that users are taken from. Rows of {@code users} are joined only where the
   * source lacks one of the columns.
   */
  private String from(List<Column> columns) {
    if (source.isEmpty()) {
      return "users u";
    }
    var named = isMembership(source.get()) && columns.contains(Column.NAME);
    var joined = columns.stream().anyMatch(column -> column != Column.NAME || !named);
    return source(source.get(), named) + (joined ? " JOIN users u ON u.id = m.user_id" : "");
  }

  private String source(UserFilter filter, boolean named) {
    if (filter instanceof UserFilter.In in) {
      var own = members(in.organization().value(), in.orDefaultHome() ? NOT_AT_HOME : "", named);
      return "(("
          + own
          + (in.orDefaultHome()
              ? ") UNION ALL (" + members(PgUserStore.DEFAULT_HOME, "", named)
              : "")
          + ")) m";
    }
    if (filter instanceof UserFilter.Owns owns) {
      return "(" + members(owns.organization().value(), " AND owner", named) + ") m";
    }
    if (filter instanceof UserFilter.Holds holds) {
      return "(SELECT user_id FROM user_roles WHERE role = %s) m".formatted(text(holds.role()));
    }
    throw new IllegalStateException("not a source: " + filter.getClass());
  }

  /**
   * Returns the query for the members of an organization. It is ordered where there are no other
   * conditions: the index has that order, which the server doesn't recognize by itself where it has
   * to merge two. It reads no column that the index lacks.
   */
  private String members(long organization, String also, boolean named) {
    return "SELECT user_id"
        + (named ? ", name" : "")
        + " FROM memberships m WHERE organization = "
        + number(organization)
        + also
        + (condition.isEmpty() && isUniqueOrder()
            ? " ORDER BY " + (named ? "name" : "user_id") + direction()
            : "");
  }

  private String total() {
    if (!query.counted()) {
      return "-1::bigint";
    }
    var counted = countedOrganization(query);
    if (counted.isPresent()) {
      var organization = number(counted.get().organization().value());
      return counted.get().orDefaultHome()
          ? SUM_OF_COUNTS.formatted("0")
              + " + (SELECT count(*) FROM memberships m WHERE organization = "
              + organization
              + NOT_AT_HOME
              + ")"
          : SUM_OF_COUNTS.formatted(organization);
    }
    return "(SELECT count(*) FROM %s%s)"
        .formatted(from(columns(rest).toList()), where(Stream.of(condition)));
  }

  private String condition(UserFilter filter) {
    if (filter instanceof UserFilter.All all) {
      return join(all.parts(), " AND ", "true");
    }
    if (filter instanceof UserFilter.Any any) {
      return join(any.parts(), " OR ", "false");
    }
    if (filter instanceof UserFilter.Not not) {
      return "(%s) IS NOT TRUE".formatted(condition(not.part())); // null for a missing value
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
              + (isNumeric(like.field()) ? "::text ~ " : " ~ ")
              + parameter(PgPattern.toRegex(like.pattern()));
    }
    throw new IllegalStateException("unknown filter: " + filter.getClass());
  }

  private String join(List<UserFilter> parts, String operator, String none) {
    return parts.isEmpty()
        ? none
        : parts.stream().map(this::condition).collect(Collectors.joining(operator, "(", ")"));
  }

  private static String operator(UserFilter.Compared.Comparison comparison) {
    return switch (comparison) {
      case LESS -> " < ";
      case AT_MOST -> " <= ";
      case AT_LEAST -> " >= ";
      case GREATER -> " > ";
    };
  }

  /** Returns a condition that can use the index of the field, if there is one. */
  private String equal(UserField field, String value) {
    if (field == Common.ID) {
      return UserId.parse(value)
          .filter(id -> id.toString().equals(value))
          .map(id -> "u.id = " + number(PgRows.key(id.value())))
          .orElse("false");
    }
    if (field == Common.EMAIL) {
      return "(u.email_lower = %s AND u.email = %s)"
          .formatted(parameter(PgUserStore.encodeLowerCase(value)), text(value));
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

  /** Returns an expression for the value of a field, null where a user has none. */
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
    if (field instanceof UserField.Renamed renamed) {
      return "CASE WHEN %1$s = %2$s THEN %3$s ELSE %1$s END COLLATE \"C\""
          .formatted(value(renamed.field()), text(renamed.from()), text(renamed.to()));
    }
    throw new IllegalStateException("unknown field: " + field.getClass());
  }

  private String member(String dialect, String member) {
    return "(u.extras -> %s ->> %s)".formatted(text(dialect), text(member));
  }

  private String constant(UserField field, String value) {
    return isNumeric(field) ? number(Long.parseLong(value)) : text(value);
  }

  private static boolean isNumeric(UserField field) {
    return field instanceof UserField.ExtraNumber
        || (field instanceof UserField.Defaulted defaulted && isNumeric(defaulted.field()));
  }

  private String text(String text) {
    return parameter(PgText.encode(text));
  }

  private String parameter(String text) {
    values.addString(text);
    return "$" + values.size() + "::text";
  }

  private String number(long number) {
    values.addLong(number);
    return "$" + values.size() + "::bigint";
  }
}
