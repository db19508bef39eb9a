package dev.doppel.store;

import static dev.doppel.store.Tables.escaped;
import static dev.doppel.store.Tables.key;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Organization.Kind;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Page;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import dev.doppel.users.UserStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.mvstore.Cursor;
import org.jspecify.annotations.Nullable;

/** Users and their indexes; {@link Tables} tells what they are. */
final class MvUserStore implements UserStore {

  /** Stands for the default organization, of those whose home it is. */
  private static final String HOME = "-".repeat(16);

  private static final String ADMINISTRATOR = "administrator";
  private static final String BUILT_IN = "builtIn";

  /** Behind every id in hex digits. */
  private static final String LAST = "g";

  /** So many of many new users are kept by one change. */
  private static final int BATCH = 1_000;

  /** So many users are looked at without a worker for searches. */
  private static final int QUICK = 1_000;

  private final Tables tables;
  private final Access access;
  private final PassingCounts counts;

  MvUserStore(Tables tables, Access access, PassingCounts counts) {
    this.tables = tables;
    this.access = access;
    this.counts = counts;
  }

  /** A key of an index under which a user is found. */
  private record Entry(Table<String, Long> index, String key) {}

  private Stream<Entry> entries(User user) {
    return Stream.of(
            Stream.of(new Entry(tables.userNames, user.name())),
            user.aliases().stream().map(alias -> new Entry(tables.aliases, text(alias))),
            user.roles().stream().map(role -> new Entry(tables.holders, holders(role) + user.id())),
            groups(user).map(group -> new Entry(tables.members, group + user.id())),
            user.email().map(email -> new Entry(tables.emails, claim(user, email))).stream(),
            marksOf(user).map(mark -> new Entry(tables.marks, mark + user.id())))
        .flatMap(entries -> entries);
  }

  @Override
  public Future<User> insert(User user) {
    return access.write(change -> insert(change, user));
  }

  private User insert(Change change, User user) {
    if (change.has(tables.userNames, user.name())) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
    if (change.has(tables.users, key(user.id().value()))
        || user.aliases().stream().anyMatch(alias -> change.has(tables.aliases, text(alias)))) {
      throw Failure.of(Reason.USER_ID_EXISTS, user.id().toString());
    }
    checkName(change, user);
    checkEmail(change, user);
    checkBuiltIn(change, user);
    checkReferences(change, user, Set.of(), Set.of());
    checkShownNames(change, user, organizations(change, user));
    put(change, user);
    return user;
  }

  @Override
  public Future<List<Optional<Failure>>> insertAll(List<User> users) {
    return insertFrom(0, users, new ArrayList<>(users.size()));
  }

  private Future<List<Optional<Failure>>> insertFrom(
      int first, List<User> users, List<Optional<Failure>> verdicts) {
    var last = Math.min(users.size(), first + BATCH);
    return access
        .write(
            change -> users.subList(first, last).stream().map(user -> tried(change, user)).toList())
        .compose(
            some -> {
              verdicts.addAll(some);
              return last == users.size()
                  ? Future.succeededFuture(verdicts)
                  : insertFrom(last, users, verdicts);
            });
  }

  /** Nothing is changed before all has been checked. */
  private Optional<Failure> tried(Change change, User user) {
    try {
      insert(change, user);
      return Optional.empty();
    } catch (Failure refused) {
      return Optional.of(refused);
    }
  }

  private void put(Change change, User user) {
    change.put(tables.users, key(user.id().value()), user);
    entries(user).forEach(entry -> put(change, entry, user.id()));
  }

  private void put(Change change, Entry entry, UserId user) {
    change.put(entry.index, entry.key, user.value());
    count(change, entry, 1);
  }

  private void remove(Change change, User user) {
    change.remove(tables.users, key(user.id().value()));
    entries(user).forEach(entry -> remove(change, entry));
  }

  private void remove(Change change, Entry entry) {
    change.remove(entry.index, entry.key);
    count(change, entry, -1);
  }

  /** Puts a user over what it was, and changes nothing in indexes that needn't be. */
  private void replace(Change change, User before, User after) {
    change.put(tables.users, key(after.id().value()), after);
    var old = entries(before).collect(Collectors.toSet());
    var now = entries(after).collect(Collectors.toSet());
    now.stream()
        .filter(entry -> !old.contains(entry))
        .forEach(entry -> put(change, entry, after.id()));
    old.stream().filter(entry -> !now.contains(entry)).forEach(entry -> remove(change, entry));
  }

  private void count(Change change, Entry entry, long more) {
    if (entry.index == tables.members) {
      var group = entry.key.substring(0, HOME.length());
      change.put(tables.memberCounts, group, size(change, group) + more);
    }
  }

  private long size(State state, String group) {
    var size = state.get(tables.memberCounts, group);
    return size == null ? 0 : size;
  }

  private static Stream<String> groups(User user) {
    var joined = user.memberships().keySet().stream().map(OrganizationId::toString);
    return user.home().isEmpty() ? Stream.concat(Stream.of(HOME), joined) : joined;
  }

  private static Stream<String> marksOf(User user) {
    return Stream.of(
            user.administrator() ? Optional.of(ADMINISTRATOR) : Optional.<String>empty(),
            user.builtIn() ? Optional.of(BUILT_IN) : Optional.<String>empty())
        .flatMap(Optional::stream);
  }

  /** Sorts those with one address by the time since when they have had it. */
  private static String claim(User user, String email) {
    var since = ChronoUnit.MICROS.between(Instant.EPOCH, user.emailSince().orElseThrow());
    return address(email) + HexFormat.of().toHexDigits(key(since)) + user.id();
  }

  /** A name signs in where it is somebody's e-mail address, so it can't be taken as a name. */
  private void checkName(State state, User user) {
    if (users(state, tables.emails, address(user.name()))
        .anyMatch(one -> !one.id().equals(user.id()))) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
  }

  private void checkEmail(State state, User user) {
    user.email()
        .filter(email -> isAnothers(state.get(tables.userNames, email), user))
        .ifPresent(
            email -> {
              throw Failure.of(Reason.USER_EXISTS, email);
            });
  }

  private void checkBuiltIn(State state, User user) {
    if (user.builtIn()
        && users(state, tables.marks, BUILT_IN).anyMatch(one -> !one.id().equals(user.id()))) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
  }

  private static boolean isAnothers(@Nullable Long id, User user) {
    return id != null && id != user.id().value();
  }

  /** The organizations and roles that a user gains have to be there. */
  private void checkReferences(
      State state, User user, Set<OrganizationId> organizations, Set<String> roles) {
    Stream.concat(user.home().stream(), user.memberships().keySet().stream())
        .filter(id -> !organizations.contains(id))
        .filter(id -> !state.has(tables.organizations, key(id.value())))
        .findFirst()
        .ifPresent(
            id -> {
              throw Failure.of(Reason.NO_SUCH_ORGANIZATION, id.toString());
            });
    user.roles().stream()
        .filter(role -> !roles.contains(role) && !state.has(tables.roles, role))
        .findFirst()
        .ifPresent(
            role -> {
              throw Failure.of(Reason.NO_SUCH_ROLE, role);
            });
  }

  /** The organizations that a user belongs to. */
  private Set<Organization> organizations(State state, User user) {
    return Stream.of(
            user.memberships().keySet().stream().map(OrganizationId::value),
            user.home().isEmpty() ? marked(state, Kind.DEFAULT) : Stream.<Long>empty(),
            user.administrator() ? marked(state, Kind.SYSTEM) : Stream.<Long>empty())
        .flatMap(ids -> ids)
        .flatMap(id -> Stream.ofNullable(state.get(tables.organizations, key(id))))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private Stream<Long> marked(State state, Kind kind) {
    return Stream.ofNullable(state.get(tables.organizationKinds, kind.name()));
  }

  /**
   * Checks that no two users are shown by one name in an organization, and none by a reserved one.
   */
  private void checkShownNames(State state, User user, Set<Organization> organizations) {
    for (var organization : organizations) {
      var shown = organization.shownName(user.name());
      if (!user.builtIn() && !shown.equals(user.name()) && ReservedNames.contains(shown)) {
        throw Failure.of(Reason.USER_EXISTS, shown);
      }
      for (var other : organization.namesShownAs(shown)) {
        var namesake = behind(state, state.get(tables.userNames, other));
        if (namesake != null
            && !namesake.id().equals(user.id())
            && organizations(state, namesake).stream()
                .anyMatch(one -> one.id().equals(organization.id()))) {
          throw Failure.of(Reason.USER_EXISTS, shown);
        }
      }
    }
  }

  /** As above, of all members of one that gets another name. Part of that change. */
  void checkShownNames(State state, Organization renamed) {
    var members =
        switch (renamed.kind()) {
          case ORDINARY -> users(state, tables.members, renamed.id().toString());
          case DEFAULT ->
              Stream.concat(
                  users(state, tables.members, HOME),
                  users(state, tables.members, renamed.id().toString()));
          case SYSTEM ->
              Stream.concat(
                  users(state, tables.marks, ADMINISTRATOR),
                  users(state, tables.members, renamed.id().toString()));
        };
    members
        .filter(user -> user.name().indexOf('@') >= 0) // or it is shown as before
        .forEach(user -> checkShownNames(state, user, Set.of(renamed)));
  }

  /** One who can sign in, if this one can. */
  private void checkAdministratorLeft(State state, User without) {
    if (users(state, tables.marks, ADMINISTRATOR)
        .filter(one -> one.active() && !one.id().equals(without.id()))
        .noneMatch(one -> one.password().isPresent() || without.password().isEmpty())) {
      throw Failure.of(Reason.LAST_ADMINISTRATOR, without.id().toString());
    }
  }

  private static boolean administrates(User user) {
    return user.administrator() && user.active();
  }

  /** Makes the indexes anew. Part of another change. */
  void reindex() {
    access.write(
        change -> {
          for (var index :
              List.of(
                  tables.userNames,
                  tables.aliases,
                  tables.holders,
                  tables.members,
                  tables.memberCounts,
                  tables.emails,
                  tables.marks)) {
            change.clear(index);
          }
          for (var all = change.all(tables.users); all.hasNext(); ) {
            all.next();
            var user = all.getValue();
            entries(user).forEach(entry -> put(change, entry, user.id()));
          }
          return null;
        });
  }

  @Nullable User get(State state, UserId id) {
    return state.get(tables.users, key(id.value()));
  }

  /** What keys of those who hold a role begin with. */
  private static String holders(String role) {
    return escaped(role) + '\0';
  }

  /** What keys of those with an e-mail address begin with. */
  private static String address(String email) {
    return escaped(email.toLowerCase(Locale.ROOT)) + '\0';
  }

  private static String text(Alias alias) {
    return escaped(alias.dialect()) + '\0' + escaped(alias.id());
  }

  @Override
  public Future<User> find(UserId id) {
    return access.read(state -> known(state.get(tables.users, key(id.value())), id.toString()));
  }

  @Override
  public Future<User> find(String name) {
    return access.read(state -> known(behind(state, state.get(tables.userNames, name)), name));
  }

  @Override
  public Future<User> find(Alias alias) {
    return access.read(
        state -> known(behind(state, state.get(tables.aliases, text(alias))), alias.id()));
  }

  @Override
  public Future<List<User>> findByEmail(String email) {
    return access.read(state -> users(state, tables.emails, address(email)).toList());
  }

  @Override
  public Future<User> findBuiltIn() {
    return access.read(
        state ->
            known(
                users(state, tables.marks, BUILT_IN).findFirst().orElse(null),
                "the built-in account"));
  }

  private Stream<User> users(State state, Table<String, Long> index, String prefix) {
    var all = new ArrayList<User>();
    behind(state, index, prefix).forEachRemaining(all::add);
    return all.stream();
  }

  private Stream<User> named(State state, Set<String> some) {
    return some.stream()
        .map(name -> state.get(tables.userNames, name))
        .flatMap(id -> Stream.ofNullable(behind(state, id)));
  }

  private @Nullable User behind(State state, @Nullable Long id) {
    return id == null ? null : state.get(tables.users, key(id));
  }

  private static User known(@Nullable User user, String asked) {
    if (user == null) {
      throw Failure.of(Reason.NO_SUCH_USER, asked);
    }
    return user;
  }

  @Override
  public Future<Page<User>> list(UserQuery query) {
    return isQuick(query)
        ? access.read(state -> page(state, query))
        : access.search(state -> page(state, query));
  }

  /** Whether indexes lead to the page and to the total, so that few users are looked at. */
  private static boolean isQuick(UserQuery query) {
    var filter = query.filter();
    if (query.after().isEmpty()
        && UserFilter.names(filter).filter(names -> names.size() <= QUICK).isPresent()) {
      return true;
    }
    if (query.offset() > QUICK || query.limit() > QUICK) {
      return false;
    }
    if (filter.equals(UserFilter.EVERYONE)) {
      return query.order() == Common.ID || query.order() == Common.NAME;
    }
    var fromIndex = query.order() == Common.ID && query.after().isEmpty() && !query.descending();
    if (filter instanceof UserFilter.In in) {
      return fromIndex && !in.orDefaultHome();
    }
    return fromIndex
        && !query.counted()
        && (filter instanceof UserFilter.Administrators || filter instanceof UserFilter.Holds);
  }

  private Page<User> page(State state, UserQuery query) {
    var items = new ArrayList<User>(Math.min(query.limit(), 128));
    var total = query.counted() ? size(state, query) : -1;
    var skip = query.offset();
    long passed = 0;
    for (var candidates = candidates(state, query);
        items.size() < query.limit() && candidates.hasNext(); ) {
      var user = candidates.next();
      if (query.filter().test(user) && passed++ >= skip) {
        items.add(user);
      }
    }
    return new Page<>(items, total);
  }

  private long size(State state, UserQuery query) {
    var filter = query.filter();
    return size(state, filter)
        .orElseGet(
            () ->
                UserFilter.names(filter)
                    .map(some -> named(state, some).filter(filter).count())
                    .orElseGet(() -> counts.of(state, tables.users, filter)));
  }

  /** How many pass, if that can be told without looking at each. */
  private OptionalLong size(State state, UserFilter filter) {
    if (filter instanceof UserFilter.In in) {
      var organization = in.organization().toString();
      // Those at home in the default organization may have been added to it, too.
      return OptionalLong.of(
          in.orDefaultHome()
              ? size(state, HOME)
                  + users(state, tables.members, organization)
                      .filter(user -> user.home().isPresent())
                      .count()
              : size(state, organization));
    }
    if (filter instanceof UserFilter.All all) {
      var parts = all.parts().stream().filter(part -> !part.equals(UserFilter.EVERYONE)).toList();
      return parts.isEmpty()
          ? OptionalLong.of(state.size(tables.users))
          : parts.size() == 1 ? size(state, parts.get(0)) : OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  /** Those who may pass, in the order that is wanted. */
  private Iterator<User> candidates(State state, UserQuery query) {
    var named = UserFilter.names(query.filter());
    if (named.isPresent() && query.after().isEmpty()) {
      return sorted(state, query, named(state, named.get()).iterator());
    }
    if (query.order() == Common.ID) {
      return byId(state, query);
    }
    if (query.order() == Common.NAME) {
      return behind(state, state.between(tables.userNames, null, null, query.descending()));
    }
    return sorted(
        state, query, byId(state, UserQuery.first(query.limit()).matching(query.filter())));
  }

  private Iterator<User> byId(State state, UserQuery query) {
    var all = query.after().isEmpty() && !query.descending();
    if (all && query.filter() instanceof UserFilter.In in && !in.orDefaultHome()) {
      return behind(state, tables.members, in.organization().toString());
    }
    if (all && query.filter() instanceof UserFilter.Administrators) {
      return behind(state, tables.marks, ADMINISTRATOR);
    }
    if (all && query.filter() instanceof UserFilter.Holds holds) {
      return behind(state, tables.holders, holders(holds.role()));
    }
    var first = query.after().map(id -> beside(id, query.descending()));
    if (first.isPresent() && first.get() == 0) {
      return Collections.emptyIterator(); // there is no id behind the last one
    }
    var byId =
        state.between(tables.users, first.map(Tables::key).orElse(null), null, query.descending());
    return map(state, byId, byId::getValue);
  }

  /** Those of the users who pass; only what they are sorted by is held of each meanwhile. */
  private Iterator<User> sorted(State state, UserQuery query, Iterator<User> candidates) {
    var keys = new ArrayList<SortKey>();
    candidates.forEachRemaining(
        user -> {
          if (query.filter().test(user)) {
            keys.add(new SortKey(query.order().of(user).orElse(null), user.id()));
          }
        });
    var byValue =
        Comparator.comparing(SortKey::value, Comparator.nullsLast(query.order()::compare));
    keys.sort(
        (query.descending() ? byValue.reversed() : byValue)
            .thenComparing(key -> key.id.toString()));
    return keys.stream().map(key -> indexed(state, key.id.value())).iterator();
  }

  private record SortKey(@Nullable String value, UserId id) {}

  /** Those an index names behind a prefix, in ascending order of id. */
  private Iterator<User> behind(State state, Table<String, Long> index, String prefix) {
    return behind(state, state.between(index, prefix, prefix + LAST, false));
  }

  private Iterator<User> behind(State state, Cursor<String, Long> index) {
    return map(state, index, () -> indexed(state, index.getValue()));
  }

  private User indexed(State state, long id) {
    return Objects.requireNonNull(state.get(tables.users, key(id)), "a user that an index names");
  }

  /** Makes every member of an organization leave it. Part of its deletion. */
  void leaveAll(Change change, OrganizationId organization) {
    users(change, tables.members, organization.toString())
        .forEach(
            user -> {
              var left = user.withoutMembership(organization).nextVersion();
              var joined = organizations(change, left);
              joined.removeAll(organizations(change, user));
              checkShownNames(change, left, joined); // it may be at home in the default one now
              replace(change, user, left);
            });
  }

  /** Makes every owner of an organization leave it. Part of opening the storage. */
  void removeOwners(Change change, OrganizationId organization) {
    changeAll(
        change,
        users(change, tables.members, organization.toString())
            .filter(user -> user.owns(organization)),
        user -> user.withoutMembership(organization));
  }

  /** Takes a role from all who hold it. Part of its deletion. */
  void revokeFromAll(Change change, String role) {
    changeAll(change, users(change, tables.holders, holders(role)), user -> user.withoutRole(role));
  }

  private void changeAll(Change change, Stream<User> users, UnaryOperator<User> step) {
    users.forEach(user -> replace(change, user, step.apply(user).nextVersion()));
  }

  /** The id next to another; zero, which is nobody's, behind the last. */
  private static long beside(UserId id, boolean below) {
    return below ? id.value() - 1 : id.value() + 1;
  }

  private static <K, V> Iterator<User> map(State state, Cursor<K, V> cursor, Supplier<User> user) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return cursor.hasNext();
      }

      @Override
      public User next() {
        state.checkTime();
        cursor.next();
        return user.get();
      }
    };
  }

  @Override
  public Future<User> update(UserId id, UnaryOperator<User> step) {
    return access.write(
        change -> {
          var before = known(change.get(tables.users, key(id.value())), id.toString());
          var after = step.apply(before).nextVersion();
          var renamed = !after.name().equals(before.name());
          if (renamed) {
            if (change.has(tables.userNames, after.name())) {
              throw Failure.of(Reason.USER_EXISTS, after.name());
            }
            checkName(change, after);
          }
          if (!after.email().equals(before.email())) {
            checkEmail(change, after);
          }
          checkBuiltIn(change, after);
          checkReferences(change, after, before.memberships().keySet(), before.roles());
          var joined = organizations(change, after);
          if (!renamed) {
            joined.removeAll(organizations(change, before));
          }
          checkShownNames(change, after, joined);
          if (administrates(before) && !administrates(after)) {
            checkAdministratorLeft(change, before);
          }
          replace(change, before, after);
          return after;
        });
  }

  @Override
  public Future<User> delete(UserId id, Consumer<User> check) {
    return access.write(
        change -> {
          var user = known(change.get(tables.users, key(id.value())), id.toString());
          check.accept(user);
          if (administrates(user)) {
            checkAdministratorLeft(change, user);
          }
          remove(change, user);
          return user;
        });
  }
}
