package dev.doppel.store;

import static dev.doppel.store.Tables.escape;
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

/** Users and their indexes, which {@link Tables} lists. */
final class MvUserStore implements UserStore {

  /** The key of the default organization in memberships of users whose home it is. */
  private static final String HOME = "-".repeat(16);

  private static final String ADMINISTRATOR = "administrator";
  private static final String BUILT_IN = "builtIn";

  /** Maximum number of users that a list reads without {@link Access#search}. */
  private static final int MAX_QUICK = 1_000;

  private final Tables tables;
  private final Access access;
  private final FilterCounts counts;

  MvUserStore(Tables tables, Access access, FilterCounts counts) {
    this.tables = tables;
    this.access = access;
    this.counts = counts;
  }

  /** A key of a user in an index. */
  private record Entry(Table<String, Long> index, String key) {}

  private Stream<Entry> indexEntries(User user) {
    return Stream.of(
            Stream.of(new Entry(tables.userNames, user.name())),
            user.aliases().stream().map(alias -> new Entry(tables.aliases, aliasKey(alias))),
            user.roles().stream()
                .map(role -> new Entry(tables.holders, rolePrefix(role) + user.id())),
            groups(user).map(group -> new Entry(tables.members, group + user.id())),
            user.email().map(email -> new Entry(tables.emails, emailKey(user, email))).stream(),
            marks(user).map(mark -> new Entry(tables.marks, mark + user.id())))
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
        || user.aliases().stream().anyMatch(alias -> change.has(tables.aliases, aliasKey(alias)))) {
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
    return access.write(change -> users.stream().map(user -> tryInsert(change, user)).toList());
  }

  /** Returns the failure of an insertion, which checks everything before it changes anything. */
  private Optional<Failure> tryInsert(Change change, User user) {
    try {
      insert(change, user);
      return Optional.empty();
    } catch (Failure refused) {
      return Optional.of(refused);
    }
  }

  private void put(Change change, User user) {
    change.put(tables.users, key(user.id().value()), user);
    indexEntries(user).forEach(entry -> put(change, entry, user.id()));
  }

  private void put(Change change, Entry entry, UserId user) {
    change.put(entry.index, entry.key, user.value());
    addToCount(change, entry, 1);
  }

  private void remove(Change change, User user) {
    change.remove(tables.users, key(user.id().value()));
    indexEntries(user).forEach(entry -> remove(change, entry));
  }

  private void remove(Change change, Entry entry) {
    change.remove(entry.index, entry.key);
    addToCount(change, entry, -1);
  }

  /** Replaces a user, and changes only the index entries that differ. */
  private void replace(Change change, User before, User after) {
    change.put(tables.users, key(after.id().value()), after);
    var old = indexEntries(before).collect(Collectors.toSet());
    var current = indexEntries(after).collect(Collectors.toSet());
    current.stream()
        .filter(entry -> !old.contains(entry))
        .forEach(entry -> put(change, entry, after.id()));
    old.stream().filter(entry -> !current.contains(entry)).forEach(entry -> remove(change, entry));
  }

  private void addToCount(Change change, Entry entry, long number) {
    if (entry.index == tables.members) {
      var group = entry.key.substring(0, HOME.length());
      change.put(tables.memberCounts, group, memberCount(change, group) + number);
    }
  }

  private long memberCount(State state, String group) {
    var count = state.get(tables.memberCounts, group);
    return count == null ? 0 : count;
  }

  /** Returns the keys of the organizations that a user belongs to, with HOME among them. */
  private static Stream<String> groups(User user) {
    var joined = user.memberships().keySet().stream().map(OrganizationId::toString);
    return user.home().isEmpty() ? Stream.concat(Stream.of(HOME), joined) : joined;
  }

  private static Stream<String> marks(User user) {
    return Stream.of(
            user.administrator() ? Optional.of(ADMINISTRATOR) : Optional.<String>empty(),
            user.builtIn() ? Optional.of(BUILT_IN) : Optional.<String>empty())
        .flatMap(Optional::stream);
  }

  /** Returns a key that orders the users of one address by the time since they have had it. */
  private static String emailKey(User user, String email) {
    var since = ChronoUnit.MICROS.between(Instant.EPOCH, user.emailSince().orElseThrow());
    return emailPrefix(email) + HexFormat.of().toHexDigits(key(since)) + user.id();
  }

  /** Rejects a name that is the e-mail address of another user, with which that user signs in. */
  private void checkName(State state, User user) {
    if (users(state, tables.emails, emailPrefix(user.name()))
        .anyMatch(one -> !one.id().equals(user.id()))) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
  }

  /** Rejects an e-mail address that is the name of another user. */
  private void checkEmail(State state, User user) {
    user.email()
        .filter(email -> isOtherUser(state.get(tables.userNames, email), user))
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

  private static boolean isOtherUser(@Nullable Long id, User user) {
    return id != null && id != user.id().value();
  }

  /**
   * Requires the organizations and roles of a user to exist.
   *
   * @param knownOrganizations which the user has already
   * @param knownRoles which the user has already
   */
  private void checkReferences(
      State state, User user, Set<OrganizationId> knownOrganizations, Set<String> knownRoles) {
    Stream.concat(user.home().stream(), user.memberships().keySet().stream())
        .filter(id -> !knownOrganizations.contains(id))
        .filter(id -> !state.has(tables.organizations, key(id.value())))
        .findFirst()
        .ifPresent(
            id -> {
              throw Failure.of(Reason.NO_SUCH_ORGANIZATION, id.toString());
            });
    user.roles().stream()
        .filter(role -> !knownRoles.contains(role) && !state.has(tables.roles, role))
        .findFirst()
        .ifPresent(
            role -> {
              throw Failure.of(Reason.NO_SUCH_ROLE, role);
            });
  }

  /** Returns the organizations that a user belongs to. */
  private Set<Organization> organizations(State state, User user) {
    return Stream.of(
            user.memberships().keySet().stream().map(OrganizationId::value),
            user.home().isEmpty() ? organizationOfKind(state, Kind.DEFAULT) : Stream.<Long>empty(),
            user.administrator() ? organizationOfKind(state, Kind.SYSTEM) : Stream.<Long>empty())
        .flatMap(ids -> ids)
        .flatMap(id -> Stream.ofNullable(state.get(tables.organizations, key(id))))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private Stream<Long> organizationOfKind(State state, Kind kind) {
    return Stream.ofNullable(state.get(tables.organizationKinds, kind.name()));
  }

  /**
   * Rejects a user who would be shown in an organization by the name of another member, or by a
   * reserved name.
   */
  private void checkShownNames(State state, User user, Set<Organization> organizations) {
    for (var organization : organizations) {
      var shown = organization.shownName(user.name());
      if (!user.builtIn() && !shown.equals(user.name()) && ReservedNames.contains(shown)) {
        throw Failure.of(Reason.USER_EXISTS, shown);
      }
      for (var other : organization.namesShownAs(shown)) {
        var namesake = findOrNull(state, state.get(tables.userNames, other));
        if (namesake != null
            && !namesake.id().equals(user.id())
            && organizations(state, namesake).stream()
                .anyMatch(one -> one.id().equals(organization.id()))) {
          throw Failure.of(Reason.USER_EXISTS, shown);
        }
      }
    }
  }

  /** Checks all members of an organization that is renamed, as part of that change. */
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
        .filter(user -> user.name().indexOf('@') >= 0) // the shown names of others don't change
        .forEach(user -> checkShownNames(state, user, Set.of(renamed)));
  }

  /** Requires another active administrator: one with a password, if this one has a password. */
  private void requireOtherAdministrator(State state, User without) {
    if (users(state, tables.marks, ADMINISTRATOR)
        .filter(one -> one.active() && !one.id().equals(without.id()))
        .noneMatch(one -> one.password().isPresent() || without.password().isEmpty())) {
      throw Failure.of(Reason.LAST_ADMINISTRATOR, without.id().toString());
    }
  }

  private static boolean isActiveAdministrator(User user) {
    return user.administrator() && user.active();
  }

  /** Rebuilds the indexes. Part of a larger change. */
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
            indexEntries(user).forEach(entry -> put(change, entry, user.id()));
          }
          return null;
        });
  }

  @Nullable User findById(State state, UserId id) {
    return state.get(tables.users, key(id.value()));
  }

  private User requireById(State state, UserId id) {
    return requireFound(findById(state, id), id.toString());
  }

  /** Returns the prefix of the keys of users with a role. */
  private static String rolePrefix(String role) {
    return escape(role) + '\0';
  }

  /** Returns the prefix of the keys of users with an e-mail address. */
  private static String emailPrefix(String email) {
    return escape(email.toLowerCase(Locale.ROOT)) + '\0';
  }

  private static String aliasKey(Alias alias) {
    return escape(alias.dialect()) + '\0' + escape(alias.id());
  }

  @Override
  public Future<User> find(UserId id) {
    return access.read(state -> requireById(state, id));
  }

  @Override
  public Future<User> find(String name) {
    return access.read(
        state -> requireFound(findOrNull(state, state.get(tables.userNames, name)), name));
  }

  @Override
  public Future<User> find(Alias alias) {
    return access.read(
        state ->
            requireFound(
                findOrNull(state, state.get(tables.aliases, aliasKey(alias))), alias.id()));
  }

  @Override
  public Future<List<User>> findByEmail(String email) {
    return access.read(state -> users(state, tables.emails, emailPrefix(email)).toList());
  }

  @Override
  public Future<User> findBuiltIn() {
    return access.read(
        state ->
            requireFound(
                users(state, tables.marks, BUILT_IN).findFirst().orElse(null),
                "the built-in account"));
  }

  private Stream<User> users(State state, Table<String, Long> index, String prefix) {
    var all = new ArrayList<User>();
    iterate(state, index, prefix).forEachRemaining(all::add);
    return all.stream();
  }

  private Stream<User> findByNames(State state, Set<String> names) {
    return names.stream()
        .map(name -> state.get(tables.userNames, name))
        .flatMap(id -> Stream.ofNullable(findOrNull(state, id)));
  }

  private @Nullable User findOrNull(State state, @Nullable Long id) {
    return id == null ? null : state.get(tables.users, key(id));
  }

  private static User requireFound(@Nullable User user, String subject) {
    if (user == null) {
      throw Failure.of(Reason.NO_SUCH_USER, subject);
    }
    return user;
  }

  @Override
  public Future<Page<User>> list(UserQuery query) {
    return isQuick(query)
        ? access.read(state -> page(state, query))
        : access.search(state -> page(state, query));
  }

  /** Returns whether indexes lead to the page and the total, so that few users are read. */
  private static boolean isQuick(UserQuery query) {
    var filter = query.filter();
    if (query.after().isEmpty()
        && UserFilter.names(filter).filter(names -> names.size() <= MAX_QUICK).isPresent()) {
      return true;
    }
    if (query.offset() > MAX_QUICK || query.limit() > MAX_QUICK) {
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
    var total = query.counted() ? count(state, query) : -1;
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

  private long count(State state, UserQuery query) {
    var filter = query.filter();
    return storedCount(state, filter)
        .orElseGet(
            () ->
                UserFilter.names(filter)
                    .map(names -> findByNames(state, names).filter(filter).count())
                    .orElseGet(() -> counts.count(state, tables.users, filter)));
  }

  /** Returns the number of users that pass, if it is known without a test of each. */
  private OptionalLong storedCount(State state, UserFilter filter) {
    if (filter instanceof UserFilter.In in) {
      var organization = in.organization().toString();
      // Users at home in the default organization may be members of this one as well.
      return OptionalLong.of(
          in.orDefaultHome()
              ? memberCount(state, HOME)
                  + users(state, tables.members, organization)
                      .filter(user -> user.home().isPresent())
                      .count()
              : memberCount(state, organization));
    }
    if (filter instanceof UserFilter.All all) {
      var parts = all.parts().stream().filter(part -> !part.equals(UserFilter.EVERYONE)).toList();
      return parts.isEmpty()
          ? OptionalLong.of(state.size(tables.users))
          : parts.size() == 1 ? storedCount(state, parts.get(0)) : OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  /** Returns the users who may pass, in the order of the query. */
  private Iterator<User> candidates(State state, UserQuery query) {
    var names = UserFilter.names(query.filter());
    if (names.isPresent() && query.after().isEmpty()) {
      return sorted(state, query, findByNames(state, names.get()).iterator());
    }
    if (query.order() == Common.ID) {
      return byId(state, query);
    }
    if (query.order() == Common.NAME) {
      return iterate(state, state.between(tables.userNames, null, null, query.descending()));
    }
    return sorted(
        state, query, byId(state, UserQuery.first(query.limit()).matching(query.filter())));
  }

  /** Returns the users who may pass, in the order of their ids. */
  private Iterator<User> byId(State state, UserQuery query) {
    var all = query.after().isEmpty() && !query.descending();
    if (all && query.filter() instanceof UserFilter.In in && !in.orDefaultHome()) {
      return iterate(state, tables.members, in.organization().toString());
    }
    if (all && query.filter() instanceof UserFilter.Administrators) {
      return iterate(state, tables.marks, ADMINISTRATOR);
    }
    if (all && query.filter() instanceof UserFilter.Holds holds) {
      return iterate(state, tables.holders, rolePrefix(holds.role()));
    }
    var first = query.after().map(id -> adjacent(id, query.descending()));
    if (first.isPresent() && first.get() == 0) {
      return Collections.emptyIterator(); // there is no id after the last
    }
    var byId =
        state.between(tables.users, first.map(Tables::key).orElse(null), null, query.descending());
    return map(state, byId, byId::getValue);
  }

  /** Returns the users who pass, sorted. Only the sort keys are kept in memory meanwhile. */
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
    return keys.stream().map(key -> getIndexed(state, key.id.value())).iterator();
  }

  private record SortKey(@Nullable String value, UserId id) {}

  /** Returns the users under keys with a prefix, in ascending order of the keys. */
  private Iterator<User> iterate(State state, Table<String, Long> index, String prefix) {
    return iterate(state, state.between(index, prefix, prefix + Tables.AFTER_HEX, false));
  }

  private Iterator<User> iterate(State state, Cursor<String, Long> index) {
    return map(state, index, () -> getIndexed(state, index.getValue()));
  }

  private User getIndexed(State state, long id) {
    return Objects.requireNonNull(state.get(tables.users, key(id)), "a user in an index");
  }

  /** Removes all members of an organization. Part of its deletion. */
  void removeMembers(Change change, OrganizationId organization) {
    users(change, tables.members, organization.toString())
        .forEach(
            user -> {
              var left = user.withoutMembership(organization).nextVersion();
              var joined = organizations(change, left);
              joined.removeAll(organizations(change, user));
              checkShownNames(
                  change, left, joined); // the user may be at home in the default one now
              replace(change, user, left);
            });
  }

  /** Removes all owners of an organization. Part of opening the storage. */
  void removeOwners(Change change, OrganizationId organization) {
    changeAll(
        change,
        users(change, tables.members, organization.toString())
            .filter(user -> user.owns(organization)),
        user -> user.withoutMembership(organization));
  }

  /** Removes a role from all users. Part of its deletion. */
  void revokeFromAll(Change change, String role) {
    changeAll(
        change, users(change, tables.holders, rolePrefix(role)), user -> user.withoutRole(role));
  }

  private void changeAll(Change change, Stream<User> users, UnaryOperator<User> update) {
    users.forEach(user -> replace(change, user, update.apply(user).nextVersion()));
  }

  /** Returns the next id in a direction; after the last, zero, which is never an id. */
  private static long adjacent(UserId id, boolean below) {
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
  public Future<User> update(UserId id, UnaryOperator<User> update) {
    return access.write(
        change -> {
          var before = requireById(change, id);
          var after = update.apply(before).nextVersion();
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
          if (isActiveAdministrator(before) && !isActiveAdministrator(after)) {
            requireOtherAdministrator(change, before);
          }
          replace(change, before, after);
          return after;
        });
  }

  @Override
  public Future<User> delete(UserId id, Consumer<User> check) {
    return access.write(
        change -> {
          var user = requireById(change, id);
          check.accept(user);
          if (isActiveAdministrator(user)) {
            requireOtherAdministrator(change, user);
          }
          remove(change, user);
          return user;
        });
  }
}
