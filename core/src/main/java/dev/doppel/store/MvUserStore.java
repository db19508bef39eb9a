package dev.doppel.store;

import static dev.doppel.store.MvStorage.key;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Page;
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
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;

/**
 *
 *
 * <pre>
 *   users    id → user
 *   names    name → id
 *   aliases  dialect NUL vendor's id → id
 *   holders  role NUL user (16 hex digits) → id
 *   members  organization (16 hex digits, or HOME) + user (16 hex digits) → id
 *   emails   e-mail in lower case NUL since when (16 hex digits) user (16 hex digits) → id
 *   marks    ADMINISTRATOR or BUILT_IN + user (16 hex digits) → id
 * </pre>
 */
final class MvUserStore implements UserStore {

  /** Stands for the default organization, of those whose home it is. */
  private static final String HOME = "-".repeat(16);

  private static final String ADMINISTRATOR = "administrator";
  private static final String BUILT_IN = "builtIn";

  /** Behind every id in hex digits. */
  private static final String LAST = "g";

  private final MvStorage storage;
  private final MVMap<Long, User> users;
  private final MVMap<String, Long> names;
  private final MVMap<String, Long> aliases;
  private final MVMap<String, Long> holders;
  private final MVMap<String, Long> members;
  private final MVMap<String, Long> emails;
  private final MVMap<String, Long> marks;
  private final PassingCounts counts = new PassingCounts();

  MvUserStore(MvStorage storage) {
    this.storage = storage;
    users = storage.byId("users", StoredTypes.USER);
    names = storage.open("names", StoredTypes.TEXT, LongDataType.INSTANCE);
    aliases = storage.byName("aliases", LongDataType.INSTANCE);
    holders = storage.byName("holders", LongDataType.INSTANCE);
    members = storage.byName("members", LongDataType.INSTANCE);
    emails = storage.byName("emails", LongDataType.INSTANCE);
    marks = storage.byName("userMarks", LongDataType.INSTANCE);
  }

  @Override
  public Future<User> insert(User user) {
    return storage.write(
        () -> {
          if (names.containsKey(user.name())) {
            throw Failure.of(Reason.USER_EXISTS, user.name());
          }
          if (users.containsKey(key(user.id().value()))
              || user.aliases().stream().anyMatch(alias -> aliases.containsKey(text(alias)))) {
            throw Failure.of(Reason.USER_ID_EXISTS, user.id().toString());
          }
          checkName(user);
          checkEmail(user);
          checkBuiltIn(user);
          put(user);
          return user;
        });
  }

  private void put(User user) {
    users.put(key(user.id().value()), user);
    names.put(user.name(), user.id().value());
    user.aliases().forEach(alias -> aliases.put(text(alias), user.id().value()));
    user.roles().forEach(role -> holders.put(holder(role, user.id()), user.id().value()));
    groups(user).forEach(group -> members.put(group + user.id(), user.id().value()));
    user.email().ifPresent(email -> emails.put(claim(user, email), user.id().value()));
    marksOf(user).forEach(mark -> marks.put(mark + user.id(), user.id().value()));
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
    return lower(email) + '\0' + HexFormat.of().toHexDigits(key(since)) + user.id();
  }

  /** A name signs in where it is somebody's e-mail address, so it can't be taken as a name. */
  private void checkName(User user) {
    if (users(emails, lower(user.name()) + '\0').anyMatch(one -> !one.id().equals(user.id()))) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
  }

  private void checkEmail(User user) {
    user.email()
        .filter(email -> isAnothers(names.get(email), user))
        .ifPresent(
            email -> {
              throw Failure.of(Reason.USER_EXISTS, email);
            });
  }

  private void checkBuiltIn(User user) {
    if (user.builtIn() && users(marks, BUILT_IN).anyMatch(one -> !one.id().equals(user.id()))) {
      throw Failure.of(Reason.USER_EXISTS, user.name());
    }
  }

  private static boolean isAnothers(@Nullable Long id, User user) {
    return id != null && id != user.id().value();
  }

  /** One who can sign in, if this one can. */
  private void checkAdministratorLeft(User without) {
    if (users(marks, ADMINISTRATOR)
        .filter(one -> one.active() && !one.id().equals(without.id()))
        .noneMatch(one -> one.password().isPresent() || without.password().isEmpty())) {
      throw Failure.of(Reason.LAST_ADMINISTRATOR, without.id().toString());
    }
  }

  private static boolean administrates(User user) {
    return user.administrator() && user.active();
  }

  /** For a store that was made before some of the indexes were, or had their order. */
  void reindex() {
    for (var index : List.of(names, aliases, holders, members, emails, marks)) {
      index.clear();
    }
    new ArrayList<>(users.values()).forEach(this::put);
  }

  @Nullable User get(UserId id) {
    return users.get(key(id.value()));
  }

  private void remove(User user) {
    users.remove(key(user.id().value()));
    names.remove(user.name());
    user.aliases().forEach(alias -> aliases.remove(text(alias)));
    user.roles().forEach(role -> holders.remove(holder(role, user.id())));
    groups(user).forEach(group -> members.remove(group + user.id()));
    user.email().ifPresent(email -> emails.remove(claim(user, email)));
    marksOf(user).forEach(mark -> marks.remove(mark + user.id()));
  }

  private static String holder(String what, UserId user) {
    return what + '\0' + user;
  }

  private static String lower(String email) {
    return email.toLowerCase(Locale.ROOT);
  }

  private static String text(Alias alias) {
    return alias.dialect() + '\0' + alias.id();
  }

  @Override
  public Future<User> find(UserId id) {
    return storage.read(() -> known(users.get(key(id.value())), id.toString()));
  }

  @Override
  public Future<User> find(String name) {
    return storage.read(
        () -> {
          var user = behind(names.get(name));
          // A rename between the two reads would otherwise answer with another name.
          return known(user != null && user.name().equals(name) ? user : null, name);
        });
  }

  @Override
  public Future<User> find(Alias alias) {
    return storage.read(() -> known(behind(aliases.get(text(alias))), alias.id()));
  }

  @Override
  public Future<List<User>> havingEmail(String email) {
    return storage.read(
        () ->
            users(emails, lower(email) + '\0')
                // Changed between the two reads, if it has another by now.
                .filter(
                    user -> user.email().filter(own -> lower(own).equals(lower(email))).isPresent())
                .toList());
  }

  @Override
  public Future<User> findBuiltIn() {
    return storage.read(
        () -> known(users(marks, BUILT_IN).findFirst().orElse(null), "the built-in account"));
  }

  private Stream<User> users(MVMap<String, Long> index, String prefix) {
    var all = new ArrayList<User>();
    behind(index, prefix)
        .forEachRemaining(
            user -> {
              if (user != null) {
                all.add(user);
              }
            });
    return all.stream();
  }

  private Stream<User> named(Set<String> some) {
    return some.stream().map(names::get).flatMap(id -> Stream.ofNullable(behind(id)));
  }

  private @Nullable User behind(@Nullable Long id) {
    return id == null ? null : users.get(key(id));
  }

  private static User known(@Nullable User user, String asked) {
    if (user == null) {
      throw Failure.of(Reason.NO_SUCH_USER, asked);
    }
    return user;
  }

  @Override
  public Future<Page<User>> list(UserQuery query) {
    return storage.read(() -> page(query));
  }

  private Page<User> page(UserQuery query) {
    var items = new ArrayList<User>(Math.min(query.limit(), 128));
    var total = query.counted() ? size(query) : -1;
    var skip = query.offset();
    long passed = 0;
    for (var candidates = candidates(query);
        items.size() < query.limit() && candidates.hasNext(); ) {
      var user = candidates.next();
      if (user != null && query.filter().test(user) && passed++ >= skip) {
        items.add(user);
      }
    }
    return new Page<>(items, total);
  }

  private long size(UserQuery query) {
    var filter = query.filter();
    return size(filter)
        .orElseGet(
            () ->
                UserFilter.names(filter)
                    .map(some -> named(some).filter(filter).count())
                    .orElseGet(() -> counts.of(users.getRoot(), filter)));
  }

  /** How many pass, if that can be told without looking at each. */
  private OptionalLong size(UserFilter filter) {
    if (filter instanceof UserFilter.In in) {
      var organization = in.organization().toString();
      // Those at home in the default organization may have been added to it, too.
      return OptionalLong.of(
          in.orAtHome()
              ? size(HOME)
                  + users(members, organization).filter(user -> user.home().isPresent()).count()
              : size(organization));
    }
    if (filter instanceof UserFilter.All all) {
      var parts = all.parts().stream().filter(part -> !part.equals(UserFilter.EVERYONE)).toList();
      return parts.isEmpty()
          ? OptionalLong.of(users.sizeAsLong())
          : parts.size() == 1 ? size(parts.get(0)) : OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  private long size(String group) {
    return rank(group + LAST) - rank(group);
  }

  /** How many keys of the index come before one that it hasn't. */
  private long rank(String key) {
    return -members.getKeyIndex(key) - 1;
  }

  /** Those who may pass, in the order that is wanted. */
  private Iterator<@Nullable User> candidates(UserQuery query) {
    var named = UserFilter.names(query.filter());
    if (named.isPresent() && query.after().isEmpty()) {
      return sorted(query, named(named.get()).<@Nullable User>map(user -> user).iterator());
    }
    if (query.order() == Common.ID) {
      return byId(query);
    }
    if (query.order() == Common.NAME) {
      var byName = new Cursor<String, Long>(names.getRoot(), null, null, query.descending());
      return map(byName, () -> behind(byName.getValue()));
    }
    return sorted(query, byId(UserQuery.first(query.limit()).matching(query.filter())));
  }

  private Iterator<@Nullable User> byId(UserQuery query) {
    var all = query.after().isEmpty() && !query.descending();
    if (all && query.filter() instanceof UserFilter.In in && !in.orAtHome()) {
      return behind(members, in.organization().toString());
    }
    if (all && query.filter() instanceof UserFilter.Administrators) {
      return behind(marks, ADMINISTRATOR);
    }
    if (all && query.filter() instanceof UserFilter.Holds holds) {
      return behind(holders, holds.role() + '\0');
    }
    var first = query.after().map(id -> beside(id, query.descending()));
    if (first.isPresent() && first.get() == 0) {
      return Collections.emptyIterator(); // there is no id behind the last one
    }
    var byId =
        new Cursor<Long, User>(
            users.getRoot(), first.map(MvStorage::key).orElse(null), null, query.descending());
    return map(byId, byId::getValue);
  }

  /** Those of the users who pass; only what they are sorted by is held of each meanwhile. */
  private Iterator<@Nullable User> sorted(UserQuery query, Iterator<@Nullable User> candidates) {
    var keys = new ArrayList<SortKey>();
    candidates.forEachRemaining(
        user -> {
          if (user != null && query.filter().test(user)) {
            keys.add(new SortKey(query.order().of(user).orElse(null), user.id()));
          }
        });
    var byValue =
        Comparator.comparing(SortKey::value, Comparator.nullsLast(query.order()::compare));
    keys.sort(
        (query.descending() ? byValue.reversed() : byValue)
            .thenComparing(key -> key.id.toString()));
    return keys.stream().map(key -> behind(key.id.value())).iterator();
  }

  private record SortKey(@Nullable String value, UserId id) {}

  /** Those an index names behind a prefix, in ascending order of id. */
  private Iterator<@Nullable User> behind(MVMap<String, Long> index, String prefix) {
    var cursor = new Cursor<>(index.getRoot(), prefix, prefix + LAST, false);
    return map(cursor, () -> behind(cursor.getValue()));
  }

  /** Makes every member of an organization leave it. Part of a change of the storage. */
  void leaveAll(OrganizationId organization) {
    changeAll(
        behind(members, organization.toString()), user -> user.withoutMembership(organization));
  }

  /** Makes every owner of an organization leave it. Part of opening the storage. */
  void disown(OrganizationId organization) {
    changeAll(
        users(members, organization.toString())
            .filter(user -> user.owns(organization))
            .<@Nullable User>map(user -> user)
            .iterator(),
        user -> user.withoutMembership(organization));
  }

  /** Takes a role from all who hold it. Part of a change of the storage. */
  void revokeFromAll(String role) {
    changeAll(behind(holders, role + '\0'), user -> user.withoutRole(role));
  }

  private void changeAll(Iterator<@Nullable User> users, UnaryOperator<User> change) {
    var all = new ArrayList<User>();
    users.forEachRemaining(all::add);
    for (var user : all) {
      remove(user);
      put(change.apply(user).nextVersion());
    }
  }

  /** The id next to another; zero, which is nobody's, behind the last. */
  private static long beside(UserId id, boolean below) {
    return below ? id.value() - 1 : id.value() + 1;
  }

  private static <K, V> Iterator<@Nullable User> map(
      Cursor<K, V> cursor, Supplier<@Nullable User> user) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return cursor.hasNext();
      }

      @Override
      public @Nullable User next() {
        cursor.next();
        return user.get();
      }
    };
  }

  @Override
  public Future<User> update(UserId id, UnaryOperator<User> change) {
    return storage.write(
        () -> {
          var before = known(users.get(key(id.value())), id.toString());
          var after = change.apply(before).nextVersion();
          if (!after.name().equals(before.name()) && names.containsKey(after.name())) {
            throw Failure.of(Reason.USER_EXISTS, after.name());
          }
          if (!after.name().equals(before.name())) {
            checkName(after);
          }
          if (!after.email().equals(before.email())) {
            checkEmail(after);
          }
          checkBuiltIn(after);
          if (administrates(before) && !administrates(after)) {
            checkAdministratorLeft(before);
          }
          remove(before);
          put(after);
          return after;
        });
  }

  @Override
  public Future<User> delete(UserId id, Consumer<User> check) {
    return storage.write(
        () -> {
          var user = known(users.get(key(id.value())), id.toString());
          check.accept(user);
          if (administrates(user)) {
            checkAdministratorLeft(user);
          }
          remove(user);
          return user;
        });
  }
}
