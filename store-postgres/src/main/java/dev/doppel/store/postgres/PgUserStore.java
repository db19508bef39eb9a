package dev.doppel.store.postgres;

import static dev.doppel.store.postgres.PgRows.key;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Page;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import dev.doppel.users.UserStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Users. Each is a row of {@code users} and the rows of other tables that refer to it. */
final class PgUserStore implements UserStore {

  /** Fewer users than this are skipped within milliseconds. */
  private static final long MIN_FAR_OFFSET = 50_000;

  private static final String[] NO_TEXTS = {};

  /** The key of the default organization in memberships of users whose home it is. */
  static final long DEFAULT_HOME = 0;

  private static final String FIND = PgRows.SELECT_USERS + " WHERE u.";
  private static final String FIND_ID = FIND + "id = ANY ($1::bigint[])";
  private static final String FIND_NAME = FIND + "name = ANY ($1::text[])";
  private static final String FIND_EMAIL = FIND + "email_lower = $1 ORDER BY u.email_since, u.id";
  private static final String FIND_BUILT_IN = FIND + "built_in";
  private static final String FIND_ALIAS =
      FIND + "id = (SELECT user_id FROM user_aliases WHERE dialect = $1 AND foreign_id = $2)";

  /** Counts are changed in the order of organizations, so that no two changes deadlock. */
  private static final String INSERT =
      """
      WITH kept AS (
        INSERT INTO users (id, name, active, password, email, email_lower, full_name,
                           created, updated, version, extras,
                           administrator, built_in, home, email_since, session_epoch,
                           name_address, reserved_in)
        VALUES ($1, $2::text, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::json,
                $18, $19, $20, $21, $22, $23, $24)
        RETURNING id
      ), held AS (
        INSERT INTO user_roles (user_id, role) SELECT id, unnest($12::text[]) FROM kept
      ), joined AS (
        INSERT INTO memberships (user_id, organization, owner, name)
        SELECT id, organization, owner, $2
        FROM kept, unnest($13::bigint[], $14::boolean[]) AS m (organization, owner)
      ), counted AS (
        INSERT INTO member_counts AS c (organization, slot, count)
        SELECT organization, $15::smallint, 1
        FROM kept, unnest($13::bigint[]) AS m (organization)
        ORDER BY organization
        ON CONFLICT (organization, slot) DO UPDATE SET count = c.count + 1
      ), known AS (
        INSERT INTO user_aliases (user_id, position, dialect, foreign_id)
        SELECT id, position, dialect, foreign_id
        FROM kept, unnest($16::text[], $17::text[]) WITH ORDINALITY
             AS a (dialect, foreign_id, position)
      )
      SELECT id FROM kept
      """;

  /** $1 is encoded by {@link PgUserBulk}. */
  private static final String INSERT_ALL = "SELECT place, broken FROM keep_users($1::text::jsonb)";

  /** $2 is the version that is replaced; from $11 on: roles and memberships, removed and added. */
  private static final String UPDATE =
      """
      WITH changed AS (
        UPDATE users
        SET name = $3::text, active = $4, password = $5, email = $6, email_lower = $7,
            full_name = $8, updated = $9, version = $2 + 1, extras = $10::text::json,
            administrator = $18, built_in = $19, home = $20, email_since = $21,
            session_epoch = $22, name_address = $23, reserved_in = $24
        WHERE id = $1 AND version = $2
        RETURNING id
      ), unheld AS (
        DELETE FROM user_roles r USING changed
        WHERE r.user_id = changed.id AND r.role = ANY ($11::text[])
      ), held AS (
        INSERT INTO user_roles (user_id, role) SELECT id, unnest($12::text[]) FROM changed
      ), departed AS (
        DELETE FROM memberships m USING changed
        WHERE m.user_id = changed.id AND m.organization = ANY ($13::bigint[])
      ), joined AS (
        INSERT INTO memberships (user_id, organization, owner, name)
        SELECT id, organization, owner, $3
        FROM changed, unnest($14::bigint[], $15::boolean[]) AS m (organization, owner)
        ON CONFLICT (user_id, organization)
        DO UPDATE SET owner = excluded.owner, name = excluded.name
      ), renamed AS (
        UPDATE memberships m SET name = $3 FROM changed
        WHERE m.user_id = changed.id AND m.name <> $3
          AND m.organization <> ALL ($13) AND m.organization <> ALL ($14)
      ), counted AS (
        INSERT INTO member_counts AS c (organization, slot, count)
        SELECT organization, $16::smallint, sum(change)
        FROM (SELECT unnest($13) AS organization, -1 AS change
              UNION ALL
              SELECT unnest($17::bigint[]), 1) AS m, changed
        GROUP BY organization
        ORDER BY organization
        ON CONFLICT (organization, slot) DO UPDATE SET count = c.count + excluded.count
      )
      SELECT id FROM changed
      """;

  private static final String ADMINISTRATORS =
      "SELECT id, password IS NOT NULL FROM users WHERE administrator AND active";

  private static final String DELETE =
      """
      WITH gone AS (
        DELETE FROM users WHERE id = $1 AND version = $2 RETURNING id
      ), counted AS (
        INSERT INTO member_counts AS c (organization, slot, count)
        SELECT organization, $3::smallint, -1
        FROM gone, unnest($4::bigint[]) AS m (organization)
        ORDER BY organization
        ON CONFLICT (organization, slot) DO UPDATE SET count = c.count - 1
      )
      SELECT id FROM gone
      """;

  private final PgAccess access;
  private final PgLookup<UserId, User> byId;
  private final PgLookup<String, User> byName;

  PgUserStore(PgAccess access) {
    this.access = access;
    byId =
        new PgLookup<>(
            access,
            FIND_ID,
            ids -> ids.stream().map(id -> key(id.value())).toArray(Long[]::new),
            PgRows::user,
            User::id);
    byName = new PgLookup<>(access, FIND_NAME, PgRows::encodeAll, PgRows::user, User::name);
  }

  @Override
  public Future<User> insert(User user) {
    var aliases = user.aliases();
    var values =
        Tuple.tuple()
            .addLong(key(user.id().value()))
            .addString(PgText.encode(user.name()))
            .addBoolean(user.active());
    addProfile(user, values);
    values
        .addOffsetDateTime(PgRows.time(user.created()))
        .addOffsetDateTime(PgRows.time(user.updated()))
        .addLong(user.version())
        .addString(PgExtras.encode(user.extras()))
        .addArrayOfString(PgRows.encodeAll(user.roles()));
    addMemberships(ownedByOrganization(user), values);
    values
        .addInteger(countSlot(user.id()))
        .addArrayOfString(PgRows.encodeAll(aliases.stream().map(Alias::dialect).toList()))
        .addArrayOfString(PgRows.encodeAll(aliases.stream().map(Alias::id).toList()));
    addAuthority(user, values);
    return access.change(INSERT, values).map(user).recover(thrown -> failTranslated(thrown, user));
  }

  /** Fails with the failure for a violated constraint; other errors are unchanged. */
  private <T> Future<T> failTranslated(Throwable thrown, User user) {
    var constraint = PgFailures.constraint(thrown);
    return constraint.isEmpty()
        ? Future.failedFuture(thrown)
        : newFailure(constraint, user).compose(Future::failedFuture);
  }

  @Override
  public Future<List<Optional<Failure>>> insertAll(List<User> users) {
    return access.transaction(
        on ->
            on.preparedQuery(INSERT_ALL)
                .execute(Tuple.of(PgUserBulk.encode(users)))
                .compose(
                    refused ->
                        new PgUserStore(new PgAccess.InTransaction(on)).verdicts(users, refused)));
  }

  private Future<List<Optional<Failure>>> verdicts(List<User> users, RowSet<Row> refused) {
    var verdicts = new ArrayList<>(Collections.nCopies(users.size(), Optional.<Failure>empty()));
    var last = Future.<Void>succeededFuture();
    for (var row : refused) {
      int place = row.getInteger(0);
      last =
          last.compose(done -> newFailure(row.getString(1), users.get(place)))
              .onSuccess(failure -> verdicts.set(place, Optional.of(failure)))
              .mapEmpty();
    }
    return last.map(verdicts);
  }

  /**
   * Returns the failure for a violated constraint; fails with INTERNAL for an unknown one.
   *
   * @param constraint empty where a value is too long for an index
   */
  private Future<Failure> newFailure(String constraint, User user) {
    return switch (constraint) {
      case "users_id" -> newTakenFailure(user);
      case "users_name", "users_name_is_an_address", "users_built_in", "memberships_shown_name" ->
          Future.succeededFuture(Failure.of(Reason.USER_EXISTS, user.name()));
      case "users_address_is_a_name" ->
          Future.succeededFuture(Failure.of(Reason.USER_EXISTS, user.email().orElseThrow()));
      case "user_aliases_id" ->
          Future.succeededFuture(Failure.of(Reason.USER_ID_EXISTS, user.id().toString()));
      case "memberships_organization_id" ->
          Future.succeededFuture(
              newMissingFailure(Reason.NO_SUCH_ORGANIZATION, user.memberships().keySet()));
      case "user_roles_role" ->
          Future.succeededFuture(newMissingFailure(Reason.NO_SUCH_ROLE, user.roles()));
      case "" -> Future.succeededFuture(Failure.of(Reason.INVALID_VALUE, PgSqlState.TEXT_TOO_LONG));
      default -> Future.failedFuture(Failure.of(Reason.INTERNAL, constraint));
    };
  }

  /** The server reports either of the two; a client gets the failure of the name first. */
  private Future<Failure> newTakenFailure(User user) {
    return find(user.name())
        .transform(
            found ->
                Future.succeededFuture(
                    found.succeeded()
                        ? Failure.of(Reason.USER_EXISTS, user.name())
                        : Failure.of(Reason.USER_ID_EXISTS, user.id().toString())));
  }

  /** Names all references, since the server doesn't report which of them is missing. */
  private static Failure newMissingFailure(Reason reason, Set<?> references) {
    return Failure.of(
        reason,
        references.stream().map(Object::toString).sorted().collect(Collectors.joining(",")));
  }

  private static void addProfile(User user, Tuple values) {
    values
        .addString(user.password().map(PasswordHash::encoded).map(PgText::encode).orElse(null))
        .addString(user.email().map(PgText::encode).orElse(null))
        .addString(user.email().map(PgUserStore::encodeLowerCase).orElse(null))
        .addString(user.fullName().map(PgText::encode).orElse(null));
  }

  private static void addAuthority(User user, Tuple values) {
    values
        .addBoolean(user.administrator())
        .addBoolean(user.builtIn())
        .addLong(homeKey(user))
        .addOffsetDateTime(user.emailSince().map(PgRows::time).orElse(null))
        .addLong(user.sessionEpoch())
        .addString(user.name().indexOf('@') < 0 ? null : encodeLowerCase(user.name()))
        .addArrayOfString(
            user.builtIn()
                ? NO_TEXTS
                : PgRows.encodeAll(ReservedNames.organizationsReserving(user.name())));
  }

  static String encodeLowerCase(String text) {
    return PgText.encode(text.toLowerCase(Locale.ROOT));
  }

  private static void addMemberships(Map<Long, Boolean> ownedByOrganization, Tuple values) {
    var organizations = ownedByOrganization.keySet().toArray(Long[]::new);
    var owners = ownedByOrganization.values().toArray(Boolean[]::new);
    values.addArrayOfLong(organizations).addArrayOfBoolean(owners);
  }

  static long homeKey(User user) {
    return user.home().map(OrganizationId::value).orElse(DEFAULT_HOME);
  }

  /** Returns for each organization of a user whether the user owns it. Never empty. */
  static Map<Long, Boolean> ownedByOrganization(User user) {
    var all = new HashMap<Long, Boolean>();
    if (user.home().isEmpty()) {
      all.put(DEFAULT_HOME, false);
    }
    user.memberships().forEach((id, role) -> all.put(id.value(), role == Membership.OWNER));
    return all;
  }

  /**
   * Returns the row, 0 to 15, of {@code member_counts} that counts a user, so that not all changes
   * wait for one row. Spread by Fibonacci hashing.
   */
  static int countSlot(UserId id) {
    return (int) ((id.value() * 0x9E3779B97F4A7C15L) >>> 60);
  }

  @Override
  public Future<User> find(UserId id) {
    return byId.find(id).map(found -> requireFound(found, id.toString()));
  }

  @Override
  public Future<User> find(String name) {
    return byName.find(name).map(found -> requireFound(found, name));
  }

  private static User requireFound(Optional<User> found, String subject) {
    return found.orElseThrow(() -> Failure.of(Reason.NO_SUCH_USER, subject));
  }

  @Override
  public Future<User> find(Alias alias) {
    return access
        .lookup(FIND_ALIAS, Tuple.of(alias.dialect(), PgText.encode(alias.id())))
        .compose(rows -> PgRows.requireRow(rows, () -> Failure.of(Reason.NO_SUCH_USER, alias.id())))
        .map(PgRows::user);
  }

  @Override
  public Future<User> findBuiltIn() {
    return access
        .lookup(FIND_BUILT_IN, Tuple.tuple())
        .compose(
            rows ->
                PgRows.requireRow(
                    rows, () -> Failure.of(Reason.NO_SUCH_USER, "the built-in account")))
        .map(PgRows::user);
  }

  @Override
  public Future<List<User>> findByEmail(String email) {
    return access.lookup(FIND_EMAIL, Tuple.of(encodeLowerCase(email))).map(PgUserStore::users);
  }

  private static List<User> users(RowSet<Row> rows) {
    var users = new ArrayList<User>(rows.size());
    rows.forEach(row -> users.add(PgRows.user(row)));
    return users;
  }

  @Override
  public Future<Page<User>> list(UserQuery query) {
    var rows =
        query.offset() > MIN_FAR_OFFSET && PgUserQuery.hasStoredCount(query)
            ? listFar(query)
            : access.search(PgUserQuery.of(query));
    return rows.map(PgUserStore::page);
  }

  /** Reads a page from the nearer end of the list. */
  private Future<RowSet<Row>> listFar(UserQuery query) {
    return access.readConsistently(
        on ->
            PgUserQuery.count(query)
                .execute(on)
                .map(rows -> OptionalLong.of(rows.iterator().next().getLong(0)))
                .compose(count -> PgUserQuery.of(query, count).execute(on)));
  }

  private static Page<User> page(RowSet<Row> rows) {
    var users = new ArrayList<User>(rows.size());
    long total = -1;
    for (var row : rows) {
      total = row.getLong(PgRows.USER_COLUMN_COUNT);
      if (row.getLong(0) != null) {
        users.add(PgRows.user(row));
      }
    }
    if (users.size() > PgUserQuery.MAX_USERS) {
      throw Failure.of(Reason.OVERLOADED);
    }
    return new Page<>(users, total);
  }

  @Override
  public Future<User> update(UserId id, UnaryOperator<User> change) {
    return access.retryUntilUpdated(
        () -> find(id).compose(before -> replace(before, change.apply(before).nextVersion())));
  }

  /** Returns empty if the user was changed in between. */
  private Future<Optional<User>> replace(User before, User after) {
    var old = ownedByOrganization(before);
    var current = ownedByOrganization(after);
    var joined = new HashMap<>(current);
    joined.entrySet().removeAll(old.entrySet());
    var values =
        Tuple.tuple()
            .addLong(key(before.id().value()))
            .addLong(before.version())
            .addString(PgText.encode(after.name()))
            .addBoolean(after.active());
    addProfile(after, values);
    values
        .addOffsetDateTime(PgRows.time(after.updated()))
        .addString(PgExtras.encode(after.extras()))
        .addArrayOfString(PgRows.encodeAll(minus(before.roles(), after.roles())))
        .addArrayOfString(PgRows.encodeAll(minus(after.roles(), before.roles())))
        .addArrayOfLong(minus(old.keySet(), current.keySet()).toArray(Long[]::new));
    addMemberships(joined, values);
    values
        .addInteger(countSlot(before.id()))
        .addArrayOfLong(minus(current.keySet(), old.keySet()).toArray(Long[]::new));
    addAuthority(after, values);
    var changed =
        isActiveAdministrator(before) && !isActiveAdministrator(after)
            ? access.transaction(
                on ->
                    requireOtherAdministrator(on, before)
                        .compose(left -> on.preparedQuery(UPDATE).execute(values)))
            : access.change(UPDATE, values);
    return changed
        .map(rows -> rows.size() == 0 ? Optional.<User>empty() : Optional.of(after))
        .recover(thrown -> failTranslated(thrown, after));
  }

  private static boolean isActiveAdministrator(User user) {
    return user.administrator() && user.active();
  }

  /** Requires another active administrator: one with a password, if this one has a password. */
  private static Future<Void> requireOtherAdministrator(SqlConnection on, User without) {
    return on.query(ADMINISTRATORS)
        .execute()
        .compose(
            rows -> {
              for (var row : rows) {
                if (row.getLong(0) != key(without.id().value())
                    && (row.getBoolean(1) || without.password().isEmpty())) {
                  return Future.succeededFuture();
                }
              }
              return Future.failedFuture(
                  Failure.of(Reason.LAST_ADMINISTRATOR, without.id().toString()));
            });
  }

  private static <T> Set<T> minus(Set<T> all, Set<T> some) {
    var rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  @Override
  public Future<User> delete(UserId id, Consumer<User> check) {
    return access.retryUntilUpdated(
        () ->
            find(id)
                .compose(
                    user -> {
                      check.accept(user);
                      return remove(user);
                    }));
  }

  /** Returns empty if the user was changed in between. */
  private Future<Optional<User>> remove(User user) {
    var values =
        Tuple.of(
            key(user.id().value()),
            user.version(),
            countSlot(user.id()),
            ownedByOrganization(user).keySet().toArray(Long[]::new));
    var gone =
        isActiveAdministrator(user)
            ? access.transaction(
                on ->
                    requireOtherAdministrator(on, user)
                        .compose(left -> on.preparedQuery(DELETE).execute(values)))
            : access.change(DELETE, values);
    return gone.map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(user));
  }
}
