package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Ids;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Role;
import dev.doppel.users.Status;
import dev.doppel.users.Storage;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserFilter.Compared.Comparison;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Specifies what every storage keeps. A subclass opens an empty one. */
public abstract class StorageContract extends StorageFixture {

  private static User builtIn(long id, String name) {
    var user = user(id, name);
    return new User(
        user.id(),
        name,
        user.status(),
        user.password(),
        user.email(),
        user.emailSince(),
        user.fullName(),
        false,
        true,
        user.home(),
        user.roles(),
        user.memberships(),
        NOW,
        NOW,
        1,
        0,
        List.of(),
        Map.of());
  }

  /** Whether {@link Storage#snapshot} is supported. */
  protected boolean takesSnapshots() {
    return true;
  }

  @Nested
  class Users {

    @Test
    void insert_keepsEveryField() {
      var kept = insert(5, "alice");
      assertThat(await(storage.users().find(new UserId(5)))).isEqualTo(user(5, "alice"));
      assertThat(await(storage.users().find("alice"))).isEqualTo(kept);
      assertThat(await(storage.users().find(new Alias("dialect", "old-alice")))).isEqualTo(kept);
    }

    @Test
    void insert_keepsAnyName() {
      var names =
          List.of(" ", "\0", "😀", "a/b", "ALICE", "alice", "n".repeat(10_000), "é", "e\u0301");
      IntStream.range(0, names.size()).forEach(i -> insert(i + 1, names.get(i)));
      for (int i = 0; i < names.size(); i++) {
        assertThat(await(storage.users().find(names.get(i))).id()).isEqualTo(new UserId(i + 1));
      }
    }

    @Test
    void insert_refusesTakenName() {
      insert(5, "alice");
      assertThat(reason(storage.users().insert(user(6, "alice")))).isEqualTo(Reason.USER_EXISTS);
      assertThat(reason(storage.users().find(new UserId(6)))).isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void insert_refusesTakenId() {
      insert(5, "alice");
      assertThat(reason(storage.users().insert(user(5, "bob")))).isEqualTo(Reason.USER_ID_EXISTS);
      assertThat(reason(storage.users().find("bob"))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(await(storage.users().find(new UserId(5))).name()).isEqualTo("alice");
    }

    @Test
    void insert_refusesTakenAlias() {
      insert(5, "alice");
      var taken = user(6, "bob");
      var namesake =
          new User(
              taken.id(),
              "bob",
              taken.status(),
              taken.password(),
              taken.email(),
              taken.emailSince(),
              taken.fullName(),
              false,
              false,
              taken.home(),
              taken.roles(),
              taken.memberships(),
              NOW,
              NOW,
              1,
              0,
              List.of(new Alias("dialect", "old-alice")),
              Map.of());
      assertThat(reason(storage.users().insert(namesake))).isEqualTo(Reason.USER_ID_EXISTS);
    }

    @Test
    void insert_ofOneNameAtOnce_keepsExactlyOne() {
      var attempts =
          IntStream.rangeClosed(1, 50)
              .parallel()
              .mapToObj(id -> storage.users().insert(user(id, "alice")).otherwiseEmpty())
              .toList();
      var kept = attempts.stream().map(Await::await).filter(user -> user != null).count();
      assertThat(kept).isEqualTo(1);
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
    }

    @Test
    void find_missesWithAFailure() {
      assertThat(reason(storage.users().find(new UserId(5)))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(reason(storage.users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(reason(storage.users().find(new Alias("x", "y")))).isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void find_comparesNamesToTheLetter() {
      insert(5, "Alice");
      assertThat(reason(storage.users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void findByEmail_findsThemInAnyCase_andFollowsChanges() {
      insert(1, "alice");
      insert(2, "bob");
      await(
          storage
              .users()
              .update(
                  new UserId(2),
                  user -> user.withEmail(Optional.of("Alice@Example.com"), NOW.plusSeconds(9))));
      assertThat(emailed("ALICE@example.COM")).containsExactly("alice", "bob");
      assertThat(emailed("alice@example")).isEmpty();
      assertThat(emailed("bob@example.com")).isEmpty();
      await(storage.users().update(new UserId(1), user -> user.withEmail(Optional.empty(), NOW)));
      assertThat(emailed("alice@example.com")).containsExactly("bob");
      await(storage.users().delete(new UserId(2)));
      assertThat(emailed("alice@example.com")).isEmpty();
    }

    private List<String> emailed(String email) {
      return await(storage.users().findByEmail(email)).stream().map(User::name).toList();
    }

    @Test
    void update_replacesAndCounts() {
      insert(5, "alice");
      var updated =
          await(storage.users().update(new UserId(5), u -> u.withStatus(Status.INACTIVE)));
      assertThat(updated.version()).isEqualTo(2);
      assertThat(await(storage.users().find("alice"))).isEqualTo(updated);
      assertThat(updated.active()).isFalse();
    }

    @Test
    void update_renames() {
      insert(5, "alice");
      await(storage.users().update(new UserId(5), u -> u.withName("alicia")));
      assertThat(await(storage.users().find("alicia")).id()).isEqualTo(new UserId(5));
      assertThat(reason(storage.users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(await(storage.users().insert(user(6, "other").withName("alice"))).id())
          .isNotNull();
    }

    @Test
    void update_refusesTakenName() {
      insert(5, "alice");
      insert(6, "bob");
      assertThat(reason(storage.users().update(new UserId(6), u -> u.withName("alice"))))
          .isEqualTo(Reason.USER_EXISTS);
      assertThat(await(storage.users().find("bob")).version()).isEqualTo(1);
    }

    @Test
    void update_ofMissingUser() {
      assertThat(reason(storage.users().update(new UserId(5), u -> u)))
          .isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void update_failsWithWhatTheChangeThrows() {
      insert(5, "alice");
      var failed =
          storage
              .users()
              .update(
                  new UserId(5),
                  u -> {
                    throw Failure.of(Reason.WRONG_PASSWORD);
                  });
      assertThat(reason(failed)).isEqualTo(Reason.WRONG_PASSWORD);
      assertThat(await(storage.users().find("alice")).version()).isEqualTo(1);
    }

    @Test
    void update_atOnce_losesNone() {
      insert(5, "alice");
      var changes =
          IntStream.range(0, 100)
              .parallel()
              .mapToObj(
                  i -> storage.users().update(new UserId(5), u -> u.withExtras("d" + i, "{}")))
              .toList();
      changes.forEach(Await::await);
      var user = await(storage.users().find("alice"));
      assertThat(user.version()).isEqualTo(101);
      assertThat(user.extras()).hasSize(101);
    }

    @Test
    void delete_givesBackAndForgets() {
      var kept = insert(5, "alice");
      assertThat(await(storage.users().delete(new UserId(5)))).isEqualTo(kept);
      assertThat(reason(storage.users().find(new UserId(5)))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(reason(storage.users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(reason(storage.users().find(new Alias("dialect", "old-alice"))))
          .isEqualTo(Reason.NO_SUCH_USER);
      assertThat(reason(storage.users().delete(new UserId(5)))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(await(storage.users().insert(user(6, "alice"))).name()).isEqualTo("alice");
    }
  }

  @Nested
  class Lists {

    @BeforeEach
    void fill() {
      insert(3, "alice");
      insert(-1, "bob");
      insert(1, "dave");
      insert(2, "carol");
    }

    @Test
    void byId_isUnsigned() {
      assertThat(names(UserQuery.first(10))).containsExactly("dave", "carol", "alice", "bob");
    }

    @Test
    void byId_descending() {
      assertThat(names(UserQuery.first(10).descending(true)))
          .containsExactly("bob", "alice", "carol", "dave");
    }

    @Test
    void byName() {
      assertThat(names(UserQuery.first(10).by(Common.NAME)))
          .containsExactly("alice", "bob", "carol", "dave");
      assertThat(names(UserQuery.first(2).by(Common.NAME).descending(true)))
          .containsExactly("dave", "carol");
    }

    private void keep(long id, String extras) {
      await(storage.users().update(new UserId(id), user -> user.withExtras("dialect", extras)));
    }

    @Test
    void byWhatNotEverybodyHas() {
      var none = new UserId(2);
      await(storage.users().update(none, user -> user.withEmail(Optional.empty(), NOW)));
      var byEmail = UserQuery.first(10).by(Common.EMAIL);
      assertThat(names(byEmail)).containsExactly("alice", "bob", "dave", "carol");
      assertThat(names(byEmail.descending(true))).containsExactly("carol", "dave", "bob", "alice");
      assertThat(names(byEmail.from(1).descending(true))).containsExactly("dave", "bob", "alice");
    }

    @Test
    void byExtras_breaksTiesById() {
      keep(3, "{\"a\":{\"phone\":\"9\"},\"phone\":\"2\",\"quota\":10}");
      keep(-1, "{\"phone\":\"3\",\"quota\":9}");
      keep(2, "{}");
      var phone = new UserField.Extra("dialect", "phone");
      assertThat(names(UserQuery.first(10).by(phone)))
          .containsExactly("dave", "alice", "bob", "carol");
      var quota = new UserField.Defaulted(new UserField.ExtraNumber("dialect", "quota"), "0");
      assertThat(names(UserQuery.first(10).by(quota)))
          .containsExactly("dave", "carol", "bob", "alice");
      assertThat(names(UserQuery.first(10).by(quota).descending(true)))
          .containsExactly("alice", "bob", "dave", "carol");
      assertThat(names(matching(new UserFilter.Is(phone, "2")))).containsExactly("alice");
      assertThat(names(matching(new UserFilter.Like(phone, "*")))).hasSize(3);
      assertThat(names(matching(new UserFilter.Is(quota, "0")))).containsExactly("dave", "carol");
      assertThat(names(matching(new UserFilter.Compared(quota, Comparison.GREATER, "9"))))
          .containsExactly("alice");
      assertThat(names(matching(new UserFilter.Compared(quota, Comparison.AT_LEAST, "9"))))
          .containsExactly("alice", "bob");
      assertThat(names(matching(new UserFilter.Compared(quota, Comparison.LESS, "9")))).hasSize(2);
      assertThat(names(matching(new UserFilter.Compared(quota, Comparison.AT_MOST, "9"))))
          .hasSize(3);
    }

    @Test
    void byTheStartOfAValue() {
      var name = new UserField.Trimmed(Common.NAME, "e");
      assertThat(names(matching(new UserFilter.Is(name, "alic")))).containsExactly("alice");
      assertThat(names(matching(new UserFilter.Is(name, "alice")))).isEmpty();
      assertThat(names(matching(new UserFilter.Like(name, "*B")))).containsExactly("bob");
      assertThat(names(UserQuery.first(10).by(name)))
          .containsExactly("alice", "bob", "carol", "dave");
    }

    @Test
    void byForeignId() {
      assertThat(names(matching(new UserFilter.Is(new UserField.ForeignId("dialect"), "old-bob"))))
          .containsExactly("bob");
      assertThat(names(matching(new UserFilter.Is(new UserField.ForeignId("other"), "old-bob"))))
          .isEmpty();
    }

    @Test
    void byNames_isAsWithoutTheShortCut() {
      var bob = new UserFilter.Is(Common.NAME, "bob");
      var dave = new UserFilter.Is(Common.NAME, "dave");
      var nobody = new UserFilter.Is(Common.NAME, "nobody");
      var some = new UserFilter.Any(List.of(dave, bob, nobody));
      assertThat(names(matching(some))).containsExactly("dave", "bob");
      assertThat(names(matching(some).by(Common.NAME))).containsExactly("bob", "dave");
      assertThat(names(matching(some).by(Common.NAME).descending(true)))
          .containsExactly("dave", "bob");
      assertThat(names(matching(some).after(Optional.of(new UserId(1))))).containsExactly("bob");
      assertThat(names(matching(new UserFilter.All(List.of(some, new UserFilter.Not(bob))))))
          .containsExactly("dave");
      assertThat(names(matching(new UserFilter.All(List.of(bob, dave))))).isEmpty();
      assertThat(names(matching(new UserFilter.Any(List.of())))).isEmpty();
      assertThat(await(storage.users().list(matching(some).from(1).withTotal())).total())
          .isEqualTo(2);
    }

    @Test
    void limitAndOffset() {
      assertThat(names(UserQuery.first(2))).containsExactly("dave", "carol");
      assertThat(names(UserQuery.first(2).from(1))).containsExactly("carol", "alice");
      assertThat(names(UserQuery.first(2).from(4))).isEmpty();
      assertThat(names(UserQuery.first(0))).isEmpty();
    }

    @Test
    void after() {
      assertThat(names(UserQuery.first(10).after(Optional.of(new UserId(2)))))
          .containsExactly("alice", "bob");
      assertThat(names(UserQuery.first(1).after(Optional.of(new UserId(2))).from(1)))
          .containsExactly("bob");
      assertThat(names(UserQuery.first(10).after(Optional.of(new UserId(99)))))
          .containsExactly("bob");
      assertThat(names(UserQuery.first(10).after(Optional.of(new UserId(-1))))).isEmpty();
    }

    @Test
    void filterComesBeforeThePage() {
      var notAlice = new UserFilter.Not(new UserFilter.Is(Common.NAME, "alice"));
      assertThat(names(UserQuery.first(2).matching(notAlice).by(Common.NAME)))
          .containsExactly("bob", "carol");
      assertThat(names(UserQuery.first(2).from(1).matching(notAlice).by(Common.NAME)))
          .containsExactly("carol", "dave");
    }

    @Test
    void filters() {
      assertThat(names(matching(new UserFilter.Like(Common.NAME, "*A*")))).hasSize(3);
      assertThat(names(matching(new UserFilter.Like(Common.EMAIL, "BOB@*.com"))))
          .containsExactly("bob");
      assertThat(names(matching(new UserFilter.Like(Common.NAME, "a*b*c")))).isEmpty();
      assertThat(
              names(
                  matching(
                      new UserFilter.Any(
                          List.of(
                              new UserFilter.Is(Common.NAME, "bob"),
                              new UserFilter.Is(Common.ID, "0000000000000001"))))))
          .containsExactly("dave", "bob");
      assertThat(
              names(
                  matching(
                      new UserFilter.All(
                          List.of(
                              new UserFilter.Is(Common.STATUS, "active"),
                              new UserFilter.Is(Common.FULL_NAME, "The carol"))))))
          .containsExactly("carol");
      assertThat(names(matching(new UserFilter.In(new OrganizationId(7), false)))).hasSize(4);
      assertThat(names(matching(new UserFilter.In(new OrganizationId(9), true)))).isEmpty();
      assertThat(names(matching(new UserFilter.Owns(new OrganizationId(7))))).hasSize(4);
      assertThat(names(matching(new UserFilter.Owns(new OrganizationId(-8))))).isEmpty();
    }

    private UserQuery matching(UserFilter filter) {
      return UserQuery.first(10).matching(filter);
    }

    /** A store may know the size of an organisation without looking at its members. */
    @Test
    void total_ofAnOrganization_followsEveryChange() {
      var seven = new OrganizationId(7);
      var nine = new OrganizationId(9);
      assertThat(total(new UserFilter.In(seven, true))).isEqualTo(4);
      assertThat(total(new UserFilter.In(nine, true))).isZero();
      await(
          storage
              .users()
              .update(
                  new UserId(1),
                  user -> user.withoutMembership(seven).withoutMembership(new OrganizationId(-8))));
      assertThat(total(new UserFilter.In(seven, false))).isEqualTo(3);
      assertThat(total(new UserFilter.In(seven, true))).isEqualTo(4);
      assertThat(total(new UserFilter.In(nine, true))).isEqualTo(1);
      assertThat(
              total(
                  new UserFilter.All(List.of(new UserFilter.In(nine, true), UserFilter.EVERYONE))))
          .isEqualTo(1);
      await(
          storage
              .users()
              .update(new UserId(1), user -> user.withMembership(nine, Membership.MEMBER)));
      assertThat(total(new UserFilter.In(nine, false))).isEqualTo(1);
      assertThat(total(new UserFilter.In(nine, true)))
          .isEqualTo(1); // at home and added, one person
      assertThat(names(matching(new UserFilter.In(nine, true)))).hasSize(1);
      assertThat(total(new UserFilter.In(seven, true))).isEqualTo(4);
      await(storage.users().delete(new UserId(1)));
      assertThat(total(new UserFilter.In(nine, true))).isZero();
      assertThat(total(UserFilter.EVERYONE)).isEqualTo(3);
    }

    /** A store may remember what it counted. */
    @Test
    void total_ofAFilter_followsEveryChange() {
      assumeThat(takesSnapshots()).isTrue();
      var a = new UserFilter.Like(Common.NAME, "*a*");
      var before = await(storage.snapshot());
      assertThat(total(a)).isEqualTo(3);
      insert(90, "Ada");
      assertThat(total(a)).isEqualTo(4);
      await(storage.users().update(new UserId(90), user -> user.withName("Eve")));
      assertThat(total(a)).isEqualTo(3);
      await(storage.users().delete(new UserId(1)));
      assertThat(total(a)).isEqualTo(2);
      await(storage.restore(before));
      assertThat(total(a)).isEqualTo(3);
      await(storage.clear());
      assertThat(total(a)).isZero();
    }

    private long total(UserFilter filter) {
      return await(storage.users().list(UserQuery.first(1).matching(filter).withTotal())).total();
    }

    @Test
    void total_isCountedWhenAskedFor() {
      var all = await(storage.users().list(UserQuery.first(1).withTotal()));
      assertThat(all.total()).isEqualTo(4);
      assertThat(all.items()).hasSize(1);
      var some =
          await(
              storage
                  .users()
                  .list(matching(new UserFilter.Like(Common.NAME, "*a*")).from(2).withTotal()));
      assertThat(some.total()).isEqualTo(3);
      assertThat(some.items()).hasSize(1);
      assertThat(await(storage.users().list(UserQuery.first(1))).total()).isEqualTo(-1);
    }
  }

  /** Random queries against what the query itself says of each user. */
  @Nested
  class Searches {

    private static final int USERS = 60;
    private static final int QUERIES = 400;

    /** Among them what sorts, folds and is kept differently from place to place. */
    private static final List<String> WORDS =
        List.of(
            "a", "B", "b", "ab", "aBc", "a*", "100%", "a_b", "[a]", "\\", "(", "é", "É", "ß", "ſ",
            "K", "k", "İ", "ı", "Ǆ", "ǆ", "\0", "\u0001", "\u0002", "\ue000", "\uffee", "😀",
            "\ud83d", "\"", "a\nb", "10", "9");

    private final Random random = new Random(20261121);
    private final List<User> all = new ArrayList<>();

    private <T> T pick(List<T> some) {
      return some.get(random.nextInt(some.size()));
    }

    private Optional<String> word() {
      return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(pick(WORDS));
    }

    private User user(int number) {
      var id = random.nextInt(4) == 0 ? -number : number;
      var extras = new JsonObject();
      word().ifPresent(text -> extras.put("text", text));
      extras.put("nested", new JsonObject().put("text", pick(WORDS)));
      word().ifPresent(text -> extras.put("number", random.nextInt(12) - 3));
      var memberships = new HashMap<OrganizationId, Membership>();
      for (long organization : new long[] {7, -8}) {
        if (random.nextBoolean()) {
          memberships.put(new OrganizationId(organization), pick(List.of(Membership.values())));
        }
      }
      var email = word();
      return new User(
          new UserId(id),
          pick(WORDS) + number + word().orElse(""),
          pick(List.of(Status.values())),
          Optional.empty(),
          email,
          email.map(any -> NOW.plusSeconds(random.nextInt(3))),
          word(),
          random.nextInt(4) == 0,
          false,
          memberships.keySet().stream().filter(any -> random.nextBoolean()).findFirst(),
          random.nextBoolean() ? Set.of("reader") : Set.of(),
          memberships,
          NOW,
          NOW,
          1,
          0,
          random.nextInt(4) == 0 ? List.of(new Alias("dialect", "old" + number)) : List.of(),
          random.nextInt(5) == 0 ? Map.of() : Map.of("dialect", extras.encode(), "other", "{}"));
    }

    private UserField field() {
      return switch (random.nextInt(10)) {
        case 0, 1 -> new UserField.Extra("dialect", "text");
        case 2 -> new UserField.ExtraNumber("dialect", "number");
        case 3 -> new UserField.Defaulted(new UserField.ExtraNumber("dialect", "number"), "2");
        case 4 -> new UserField.Defaulted(Common.FULL_NAME, pick(WORDS));
        case 5 -> new UserField.Trimmed(Common.NAME, pick(WORDS));
        case 6 -> new UserField.ForeignId("dialect");
        default -> pick(List.of(Common.values()));
      };
    }

    /** A value that the field may well have. */
    private String value(UserField field) {
      var own = field.of(pick(all));
      if (own.isPresent() && random.nextInt(4) > 0) {
        return own.get();
      }
      var number =
          field instanceof UserField.ExtraNumber
              || (field instanceof UserField.Defaulted defaulted
                  && defaulted.field() instanceof UserField.ExtraNumber);
      return number ? Integer.toString(random.nextInt(12)) : pick(WORDS);
    }

    private UserFilter filter(int depth) {
      var field = field();
      return switch (random.nextInt(depth == 0 ? 7 : 11)) {
        case 0, 1 -> new UserFilter.Is(field, value(field));
        case 2 -> new UserFilter.Compared(field, pick(List.of(Comparison.values())), value(field));
        case 3 -> new UserFilter.Like(field, pattern(value(field)));
        case 4 -> new UserFilter.In(organization(), random.nextBoolean());
        case 5 -> new UserFilter.Owns(organization());
        case 6 ->
            random.nextBoolean()
                ? new UserFilter.Holds(pick(List.of("reader", "writer")))
                : new UserFilter.Administrators();
        case 7 -> new UserFilter.Not(filter(depth - 1));
        case 8 -> new UserFilter.Any(filters(depth - 1));
        default -> new UserFilter.All(filters(depth - 1));
      };
    }

    private OrganizationId organization() {
      return new OrganizationId(pick(List.of(7L, -8L, 9L)));
    }

    private List<UserFilter> filters(int depth) {
      return IntStream.range(0, random.nextInt(4)).mapToObj(i -> filter(depth)).toList();
    }

    private String pattern(String value) {
      var middle = random.nextBoolean() ? value.toUpperCase(Locale.ROOT) : value;
      return pick(List.of("", "*")) + middle + pick(List.of("", "*", "*" + pick(WORDS)));
    }

    private List<User> expected(UserQuery query) {
      var byId = Comparator.comparing(User::id);
      Comparator<User> order = byId;
      if (query.order() != Common.ID) {
        Comparator<User> byValue =
            Comparator.comparing(
                user -> query.order().of(user).orElse(null),
                Comparator.nullsLast(query.order()::compare));
        order = (query.descending() ? byValue.reversed() : byValue).thenComparing(byId);
      } else if (query.descending()) {
        order = byId.reversed();
      }
      return all.stream().filter(query.filter()).sorted(order).toList();
    }

    @Test
    void giveWhatTheQuerySaysItself() {
      for (int number = 1; number <= USERS; number++) {
        var user = user(number);
        all.add(user);
        await(storage.users().insert(user));
      }
      for (int i = 0; i < QUERIES; i++) {
        var query =
            UserQuery.first(random.nextInt(USERS))
                .matching(filter(2))
                .by(field())
                .descending(random.nextBoolean())
                .from(random.nextInt(3) == 0 ? random.nextInt(30) : 0)
                .withTotal();
        var expected = expected(query);
        var page = await(storage.users().list(query));
        assertThat(page.items())
            .as(query.toString())
            .containsExactlyElementsOf(
                expected.stream().skip(query.offset()).limit(query.limit()).toList());
        assertThat(page.total()).as(query.toString()).isEqualTo(expected.size());
      }
    }
  }

  @Nested
  class Tokens {

    private Token token(String secret, Optional<Instant> expires) {
      return token(secret, secret.hashCode(), 5, Token.Kind.SESSION, expires);
    }

    private Token token(
        String secret, long id, long owner, Token.Kind kind, Optional<Instant> expires) {
      return new Token(
          TokenHash.of(secret),
          id,
          new UserId(owner),
          NOW.minusSeconds(60),
          2,
          kind,
          Optional.of("dialect"),
          Status.ACTIVE,
          NOW,
          NOW.plusSeconds(1),
          expires,
          "description",
          Map.of("dialect", "{}"));
    }

    @Test
    void insert_keepsEveryField() {
      var token = token("secret", Optional.of(NOW.plusSeconds(60)));
      await(storage.tokens().insert(token));
      assertThat(await(storage.tokens().find(TokenHash.of("secret")))).isEqualTo(token);
      var endless = token("endless", Optional.empty());
      await(storage.tokens().insert(endless));
      assertThat(await(storage.tokens().find(TokenHash.of("endless")))).isEqualTo(endless);
    }

    @Test
    void find_missesWithAFailure() {
      assertThat(reason(storage.tokens().find(TokenHash.of("x")))).isEqualTo(Reason.NO_SUCH_TOKEN);
    }

    @Test
    void update_replaces() {
      await(storage.tokens().insert(token("secret", Optional.of(NOW))));
      var later = NOW.plusSeconds(90);
      var updated =
          await(storage.tokens().update(TokenHash.of("secret"), t -> t.withExpires(later)));
      assertThat(updated.expires()).contains(later);
      assertThat(await(storage.tokens().deleteExpired(NOW.plusSeconds(60)))).isZero();
      assertThat(reason(storage.tokens().update(TokenHash.of("x"), t -> t)))
          .isEqualTo(Reason.NO_SUCH_TOKEN);
    }

    @Test
    void lists_areByKindAndByOwnerInOrderOfUnsignedId() {
      for (long id : new long[] {7, -1, 3}) {
        await(storage.tokens().insert(token("a" + id, id, 5, Token.Kind.API, Optional.empty())));
      }
      await(storage.tokens().insert(token("s", 4, 5, Token.Kind.SESSION, Optional.of(NOW))));
      await(storage.tokens().insert(token("b", 5, 6, Token.Kind.API, Optional.empty())));
      assertThat(await(storage.tokens().list(Token.Kind.API)))
          .extracting(Token::id)
          .containsExactly(3L, 5L, 7L, -1L);
      assertThat(await(storage.tokens().list(new UserId(5))))
          .extracting(Token::id)
          .containsExactly(3L, 4L, 7L, -1L);
      assertThat(await(storage.tokens().list(new UserId(99)))).isEmpty();
      assertThat(await(storage.tokens().find(4)).kind()).isEqualTo(Token.Kind.SESSION);
      assertThat(await(storage.tokens().find(-1)).hash()).isEqualTo(TokenHash.of("a-1"));
      await(storage.tokens().delete(TokenHash.of("a-1")));
      await(storage.tokens().deleteExpired(NOW.plusSeconds(1)));
      assertThat(reason(storage.tokens().find(-1))).isEqualTo(Reason.NO_SUCH_TOKEN);
      assertThat(await(storage.tokens().list(new UserId(5))))
          .extracting(Token::id)
          .containsExactly(3L, 7L);
    }

    @Test
    void delete_forgets() {
      await(storage.tokens().insert(token("secret", Optional.of(NOW))));
      await(storage.tokens().delete(TokenHash.of("secret")));
      assertThat(reason(storage.tokens().delete(TokenHash.of("secret"))))
          .isEqualTo(Reason.NO_SUCH_TOKEN);
    }

    @Test
    void purge_removesWhatEndedBefore() {
      await(storage.tokens().insert(token("ended", Optional.of(NOW))));
      await(storage.tokens().insert(token("lives", Optional.of(NOW.plusSeconds(60)))));
      await(storage.tokens().insert(token("endless", Optional.empty())));
      assertThat(await(storage.tokens().deleteExpired(NOW.plusSeconds(1)))).isEqualTo(1);
      assertThat(reason(storage.tokens().find(TokenHash.of("ended"))))
          .isEqualTo(Reason.NO_SUCH_TOKEN);
      assertThat(await(storage.tokens().find(TokenHash.of("lives")))).isNotNull();
      assertThat(await(storage.tokens().find(TokenHash.of("endless")))).isNotNull();
    }
  }

  @Nested
  class Roles {

    private final Role reader = new Role("reader", "reads", false, Map.of("dialect", "[]"));

    @Test
    void keepsChangesAndForgets() {
      await(storage.clear());
      await(storage.roles().insert(reader));
      assertThat(await(storage.roles().find("reader"))).isEqualTo(reader);
      assertThat(reason(storage.roles().insert(reader))).isEqualTo(Reason.ROLE_EXISTS);
      var changed = new Role("reader", "reads all", false, Map.of());
      await(storage.roles().update("reader", role -> changed));
      await(storage.roles().insert(new Role("admin", "", true, Map.of())));
      assertThat(await(storage.roles().list()).stream().map(Role::name))
          .containsExactly("admin", "reader");
      assertThat(await(storage.roles().delete("reader"))).isEqualTo(changed);
      assertThat(reason(storage.roles().find("reader"))).isEqualTo(Reason.NO_SUCH_ROLE);
      assertThat(reason(storage.roles().update("reader", role -> role)))
          .isEqualTo(Reason.NO_SUCH_ROLE);
      assertThat(reason(storage.roles().delete("reader"))).isEqualTo(Reason.NO_SUCH_ROLE);
    }
  }

  @Nested
  class Organizations {

    private Organization organization(long id, String name) {
      return new Organization(
          new OrganizationId(id),
          name,
          "about " + name,
          Organization.Kind.ORDINARY,
          NOW,
          NOW,
          Map.of("dialect", "{}"));
    }

    @Test
    void keepsChangesAndForgets() {
      await(storage.clear());
      var organizations = storage.organizations();
      await(organizations.insert(organization(7, "b")));
      await(organizations.insert(organization(6, "a")));
      assertThat(await(organizations.find(new OrganizationId(7)))).isEqualTo(organization(7, "b"));
      assertThat(await(organizations.find("a"))).isEqualTo(organization(6, "a"));
      assertThat(reason(organizations.insert(organization(8, "a"))))
          .isEqualTo(Reason.ORGANIZATION_EXISTS);
      assertThat(reason(organizations.insert(organization(7, "c"))))
          .isEqualTo(Reason.ORGANIZATION_EXISTS);
      assertThat(await(organizations.list()).stream().map(Organization::name))
          .containsExactly("a", "b");
      assertThat(reason(organizations.update(new OrganizationId(7), o -> organization(7, "a"))))
          .isEqualTo(Reason.ORGANIZATION_EXISTS);
      await(organizations.update(new OrganizationId(7), o -> organization(7, "z")));
      assertThat(reason(organizations.find("b"))).isEqualTo(Reason.NO_SUCH_ORGANIZATION);
      assertThat(await(organizations.delete(new OrganizationId(7))).name()).isEqualTo("z");
      assertThat(reason(organizations.find("z"))).isEqualTo(Reason.NO_SUCH_ORGANIZATION);
      assertThat(reason(organizations.find(new OrganizationId(7))))
          .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
      assertThat(reason(organizations.delete(new OrganizationId(7))))
          .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    }
  }

  @Nested
  class Holders {

    private List<String> holders(String role) {
      return names(UserQuery.first(10).matching(new UserFilter.Holds(role)));
    }

    @Test
    void areListed_andLoseARoleWithIt() {
      insert(-2, "last");
      insert(5, "first");
      assertThat(holders("reader")).containsExactly("first", "last");
      assertThat(holders("read")).isEmpty();
      await(storage.users().update(new UserId(5), user -> user.withoutRole("reader")));
      assertThat(holders("reader")).containsExactly("last");
      await(storage.users().update(new UserId(5), user -> user.withRole("reader")));
      assertThat(holders("reader")).containsExactly("first", "last");
      await(storage.roles().delete("reader"));
      assertThat(holders("reader")).isEmpty();
      assertThat(await(storage.users().find(new UserId(-2))).roles()).containsExactly("writer");
    }
  }

  @Nested
  class Memberships {

    private List<String> members(long organization) {
      return names(
          UserQuery.first(10).matching(new UserFilter.In(new OrganizationId(organization), false)));
    }

    @BeforeEach
    void fill() {
      insert(-2, "last");
      insert(5, "first");
    }

    @Test
    void areListedInOrderOfUnsignedId() {
      assertThat(members(7)).containsExactly("first", "last");
      assertThat(members(-8)).containsExactly("first", "last");
      assertThat(members(8)).isEmpty();
    }

    @Test
    void followTheUser() {
      await(storage.users().update(new UserId(5), u -> u.withoutMembership(new OrganizationId(7))));
      assertThat(members(7)).containsExactly("last");
      await(storage.users().delete(new UserId(-2)));
      assertThat(members(7)).isEmpty();
      assertThat(members(-8)).containsExactly("first");
    }

    @Test
    void endWithTheOrganization() {
      await(storage.organizations().delete(new OrganizationId(7)));
      assertThat(members(7)).isEmpty();
      assertThat(members(-8)).containsExactly("first", "last");
      var user = await(storage.users().find(new UserId(5)));
      assertThat(user.memberships()).containsOnlyKeys(new OrganizationId(-8));
      assertThat(user.home()).isEmpty();
      assertThat(user.version()).isEqualTo(2);
    }

    @Test
    void home_isTheDefaultOrganizationOnceItsOwnIsLeftOrDeleted() {
      var atHome = new UserFilter.In(new OrganizationId(99), true);
      assertThat(names(UserQuery.first(10).matching(atHome))).isEmpty();
      await(storage.users().update(new UserId(5), u -> u.withoutMembership(new OrganizationId(7))));
      assertThat(await(storage.users().find("first")).home()).isEmpty();
      assertThat(names(UserQuery.first(10).matching(atHome))).containsExactly("first");
      await(storage.organizations().delete(new OrganizationId(7)));
      assertThat(names(UserQuery.first(10).matching(atHome))).containsExactly("first", "last");
      assertThat(
              await(storage.users().list(UserQuery.first(1).matching(atHome).withTotal())).total())
          .isEqualTo(2);
      await(
          storage
              .users()
              .update(
                  new UserId(5), u -> u.withMembership(new OrganizationId(8), Membership.MEMBER)));
      assertThat(names(UserQuery.first(10).matching(atHome))).containsExactly("first", "last");
    }
  }

  @Nested
  class Authority {

    private User administrator(long id, String name) {
      return await(storage.users().insert(user(id, name).withAdministrator(true)));
    }

    private List<String> administrators() {
      return names(UserQuery.first(10).matching(new UserFilter.Administrators()));
    }

    @Test
    void administrators_areThoseWhoAre() {
      insert(5, "alice");
      administrator(6, "bob");
      administrator(7, "carol");
      assertThat(administrators()).containsExactly("bob", "carol");
      await(storage.users().update(new UserId(5), user -> user.withAdministrator(true)));
      await(storage.users().update(new UserId(6), user -> user.withAdministrator(false)));
      await(storage.users().delete(new UserId(7)));
      assertThat(administrators()).containsExactly("alice");
    }

    @Test
    void lastActiveAdministrator_stays() {
      administrator(5, "alice");
      await(
          storage
              .users()
              .insert(user(6, "bob").withAdministrator(true).withStatus(Status.INACTIVE)));
      assertThat(reason(storage.users().delete(new UserId(5))))
          .isEqualTo(Reason.LAST_ADMINISTRATOR);
      assertThat(reason(storage.users().update(new UserId(5), u -> u.withStatus(Status.INACTIVE))))
          .isEqualTo(Reason.LAST_ADMINISTRATOR);
      assertThat(reason(storage.users().update(new UserId(5), u -> u.withAdministrator(false))))
          .isEqualTo(Reason.LAST_ADMINISTRATOR);
      assertThat(await(storage.users().find("alice")).version()).isEqualTo(1);
      await(storage.users().update(new UserId(5), u -> u.withName("alicia")));
      await(storage.users().update(new UserId(6), u -> u.withStatus(Status.ACTIVE)));
      await(storage.users().delete(new UserId(5)));
      assertThat(reason(storage.users().delete(new UserId(6))))
          .isEqualTo(Reason.LAST_ADMINISTRATOR);
    }

    @Test
    void administratorWithoutPassword_isNoneToBeLeftWith() {
      administrator(5, "alice");
      var name = user(6, "bob");
      await(
          storage
              .users()
              .insert(
                  new User(
                      name.id(),
                      "bob",
                      Status.ACTIVE,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      true,
                      false,
                      Optional.empty(),
                      Set.of(),
                      Map.of(),
                      NOW,
                      NOW,
                      1,
                      0,
                      List.of(),
                      Map.of())));
      assertThat(reason(storage.users().delete(new UserId(5))))
          .isEqualTo(Reason.LAST_ADMINISTRATOR);
      await(storage.users().delete(new UserId(6)));
    }

    @Test
    void administratorsWhoDemoteEachOtherAtOnce_leaveOne() {
      for (int round = 0; round < 20; round++) {
        var first = 100 + 2 * round;
        administrator(first, "first" + round);
        administrator(first + 1, "second" + round);
        var demotions =
            IntStream.of(first, first + 1)
                .parallel()
                .mapToObj(
                    id ->
                        storage
                            .users()
                            .update(new UserId(id), user -> user.withAdministrator(false))
                            .otherwiseEmpty())
                .toList();
        demotions.forEach(Await::await);
        assertThat(administrators()).hasSize(1);
        await(storage.clear());
        addReferences(storage);
      }
    }

    @Test
    void delete_asksTheCheckFirst() {
      insert(5, "alice");
      assertThat(
              reason(
                  storage
                      .users()
                      .delete(
                          new UserId(5),
                          user -> {
                            throw Failure.of(Reason.FORBIDDEN);
                          })))
          .isEqualTo(Reason.FORBIDDEN);
      assertThat(await(storage.users().find("alice")).name()).isEqualTo("alice");
    }

    @Test
    void findBuiltIn_findsTheOneThatIsMarked() {
      assertThat(reason(storage.users().findBuiltIn())).isEqualTo(Reason.NO_SUCH_USER);
      insert(5, "alice");
      var boss = await(storage.users().insert(builtIn(6, "boss")));
      assertThat(await(storage.users().findBuiltIn())).isEqualTo(boss);
      await(storage.users().delete(new UserId(6)));
      assertThat(reason(storage.users().findBuiltIn())).isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void builtIn_isOneUserAtMost() {
      var boss = await(storage.users().insert(builtIn(5, "boss")));
      insert(6, "alice");
      assertThat(reason(storage.users().insert(builtIn(7, "chief")))).isEqualTo(Reason.USER_EXISTS);
      assertThat(reason(storage.users().update(new UserId(6), user -> builtIn(6, "alice"))))
          .isEqualTo(Reason.USER_EXISTS);
      var renamed = await(storage.users().update(new UserId(5), user -> user.withName("head")));
      assertThat(await(storage.users().findBuiltIn())).isEqualTo(renamed);
      await(storage.users().delete(boss.id()));
      await(storage.users().insert(builtIn(7, "chief")));
      assertThat(await(storage.users().findBuiltIn()).name()).isEqualTo("chief");
    }

    @Test
    void nul_doesNotMakeOneTextAnother() {
      var users = storage.users();
      await(users.insert(user(5, "alice").withEmail(Optional.of("carol\0@x"), NOW)));
      await(users.insert(user(6, "carol")));
      await(users.insert(user(7, "bob").withEmail(Optional.of("dave\1\1@x"), NOW)));
      assertThat(await(users.findByEmail("carol"))).isEmpty();
      assertThat(await(users.findByEmail("dave\0@x"))).isEmpty();
      assertThat(await(users.findByEmail("Carol\0@x")))
          .extracting(User::name)
          .containsExactly("alice");
      await(storage.roles().insert(new Role("r\0r", "", false, Map.of())));
      await(storage.roles().insert(new Role("r", "", false, Map.of())));
      await(users.update(new UserId(6), user -> user.withRole("r\0r")));
      await(storage.roles().delete("r"));
      assertThat(await(users.find("carol")).roles()).contains("r\0r");
      assertThat(
              await(users.list(UserQuery.first(9).matching(new UserFilter.Holds("r\0r")))).items())
          .hasSize(1);
    }

    @Test
    void name_thatIsAnothersEmailAddress_isTaken() {
      insert(5, "alice");
      assertThat(reason(storage.users().insert(user(6, "Alice@Example.com"))))
          .isEqualTo(Reason.USER_EXISTS);
      insert(7, "bob");
      assertThat(
              reason(
                  storage
                      .users()
                      .update(new UserId(7), user -> user.withName("alice@example.COM"))))
          .isEqualTo(Reason.USER_EXISTS);
      await(storage.users().update(new UserId(5), user -> user.withName("alice@example.com")));
    }

    @Test
    void emailAddress_thatIsAnothersName_isTaken() {
      insert(5, "ann@example.com");
      insert(6, "bob");
      assertThat(
              reason(
                  storage
                      .users()
                      .update(
                          new UserId(6),
                          user -> user.withEmail(Optional.of("ann@example.com"), NOW))))
          .isEqualTo(Reason.USER_EXISTS);
      assertThat(reason(storage.users().insert(user(7, "ann")))).isEqualTo(Reason.USER_EXISTS);
      await(
          storage
              .users()
              .update(new UserId(6), user -> user.withEmail(Optional.of("Ann@example.com"), NOW)));
    }

    @Test
    void identifiersTakenAtOnce_areKeptOnce() {
      for (int round = 0; round < 30; round++) {
        var address = "a" + round + "@example.com";
        var named = user(1000 + 2 * round, address).withEmail(Optional.empty(), NOW);
        insert(1001 + 2 * round, "b" + round);
        var other = new UserId(1001 + 2 * round);
        var attempts =
            IntStream.of(0, 1)
                .parallel()
                .mapToObj(
                    i ->
                        (i == 0
                                ? storage.users().insert(named)
                                : storage
                                    .users()
                                    .update(other, u -> u.withEmail(Optional.of(address), NOW)))
                            .otherwiseEmpty())
                .toList();
        assertThat(attempts.stream().map(Await::await).filter(user -> user != null).count())
            .isEqualTo(1);
      }
    }

    @Test
    void findByEmail_beginsWithTheOneWhoHasHadItLongest() {
      insert(5, "bob");
      insert(6, "alice");
      await(
          storage
              .users()
              .update(
                  new UserId(5),
                  user -> user.withEmail(Optional.of("ALICE@example.com"), NOW.plusSeconds(3))));
      assertThat(await(storage.users().findByEmail("alice@example.com")).stream().map(User::name))
          .containsExactly("alice", "bob");
    }

    @Test
    void organizations_areFoundByKind() {
      var organizations = storage.organizations();
      assertThat(reason(organizations.find(Organization.Kind.DEFAULT)))
          .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
      var home = organization(5, "home", Organization.Kind.DEFAULT);
      await(organizations.insert(home));
      await(organizations.insert(organization(6, "other", Organization.Kind.ORDINARY)));
      assertThat(reason(organizations.find(Organization.Kind.ORDINARY)))
          .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
      assertThat(reason(organizations.insert(organization(7, "x", Organization.Kind.DEFAULT))))
          .isEqualTo(Reason.ORGANIZATION_EXISTS);
      await(organizations.update(home.id(), one -> one.withName("renamed")));
      assertThat(await(organizations.find(Organization.Kind.DEFAULT)).name()).isEqualTo("renamed");
      await(organizations.delete(home.id()));
      assertThat(reason(organizations.find(Organization.Kind.DEFAULT)))
          .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    }

    private Organization organization(long id, String name, Organization.Kind kind) {
      return new Organization(new OrganizationId(id), name, "", kind, NOW, NOW, Map.of());
    }

    @Test
    void insertSessions_keepsTheNewest() {
      for (int id = 1; id <= 5; id++) {
        await(storage.tokens().insertSessions(List.of(token(id, 5, Token.Kind.SESSION)), 3));
        await(storage.tokens().insert(token(100 + id, 5, Token.Kind.API)));
        await(storage.tokens().insertSessions(List.of(token(200 + id, 6, Token.Kind.SESSION)), 3));
      }
      assertThat(await(storage.tokens().list(new UserId(5))).stream().map(Token::id))
          .containsExactly(3L, 4L, 5L, 101L, 102L, 103L, 104L, 105L);
      assertThat(await(storage.tokens().list(new UserId(6)))).hasSize(3);
      var pair = List.of(token(6, 5, Token.Kind.SESSION), token(7, 5, Token.Kind.SESSION));
      await(storage.tokens().insertSessions(pair, 3));
      assertThat(await(storage.tokens().list(new UserId(5))).stream().map(Token::id))
          .containsExactly(5L, 6L, 7L, 101L, 102L, 103L, 104L, 105L);
    }
  }

  @Nested
  class Snapshots {

    @BeforeEach
    void assumeSupported() {
      assumeThat(takesSnapshots()).as("snapshots").isTrue();
    }

    @Test
    void restore_goesBackAsOftenAsWanted() {
      insert(5, "alice");
      var before = await(storage.snapshot());
      for (int round = 0; round < 3; round++) {
        insert(6, "bob");
        await(storage.users().delete(new UserId(5)));
        await(storage.roles().insert(new Role("r", "", false, Map.of())));
        await(storage.restore(before));
        assertThat(names(UserQuery.first(10))).containsExactly("alice");
        assertThat(await(storage.users().find("alice"))).isEqualTo(user(5, "alice"));
        assertThat(await(storage.roles().list())).hasSize(2);
      }
    }

    @Test
    void restore_reachesBackOverManyChanges() {
      insert(5, "alice");
      var before = await(storage.snapshot());
      for (int id = 100; id < 200; id++) {
        insert(id, "user" + id);
      }
      await(storage.restore(before));
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
    }

    @Test
    void restore_goesBackAgain_howeverManySnapshotsCameAfter() {
      insert(5, "alice");
      var before = await(storage.snapshot());
      for (int round = 0; round < 3; round++) {
        for (int id = 100; id < 120; id++) {
          insert(id, "user" + id);
          await(storage.snapshot());
        }
        await(storage.restore(before));
        assertThat(names(UserQuery.first(10))).containsExactly("alice");
      }
    }

    @Test
    void restore_ofAnEarlierOne_forgetsTheLater() {
      var empty = await(storage.snapshot());
      insert(5, "alice");
      var one = await(storage.snapshot());
      insert(6, "bob");
      await(storage.restore(one));
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
      await(storage.restore(empty));
      assertThat(names(UserQuery.first(10))).isEmpty();
      assertThatThrownBy(() -> await(storage.restore(one)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Clearing {

    @Test
    void clear_forgetsEverything() {
      insert(5, "alice");
      await(storage.roles().insert(new Role("r", "", false, Map.of())));
      await(storage.clear());
      assertThat(names(UserQuery.first(10))).isEmpty();
      assertThat(await(storage.roles().list())).isEmpty();
      assertThat(reason(storage.users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
      assertThat(await(storage.users().findByEmail("alice@example.com"))).isEmpty();
    }

    @Test
    void clear_keepsSnapshots() {
      assumeThat(takesSnapshots()).as("snapshots").isTrue();
      insert(5, "alice");
      await(storage.roles().insert(new Role("r", "", false, Map.of())));
      var before = await(storage.snapshot());
      await(storage.clear());
      addReferences(storage);
      insert(5, "bob");
      await(storage.restore(before));
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
      assertThat(await(storage.roles().list())).hasSize(3);
    }
  }

  /** What users refer to has to be there, and no two are shown by one name. */
  @Nested
  class Integrity {

    @Test
    void organizationOrRole_thatIsNotThere_isNotGained() {
      insert(5, "alice");
      var users = storage.users();
      var nowhere = new OrganizationId(99);
      assertThat(
              reason(
                  users.update(
                      new UserId(5), user -> user.withMembership(nowhere, Membership.MEMBER))))
          .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
      assertThat(reason(users.update(new UserId(5), user -> user.withRole("gone"))))
          .isEqualTo(Reason.NO_SUCH_ROLE);
      assertThat(reason(users.insert(user(6, "bob").withMembership(nowhere, Membership.MEMBER))))
          .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
      assertThat(reason(users.insert(user(6, "bob").withRole("gone"))))
          .isEqualTo(Reason.NO_SUCH_ROLE);
      assertThat(await(users.find("alice"))).isEqualTo(user(5, "alice"));
      assertThat(reason(users.find("bob"))).isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void shownName_isUniqueInEachOrganization() {
      var users = storage.users();
      var seven = new OrganizationId(7);
      await(storage.organizations().update(seven, one -> one.withName("acme")));
      insert(5, "bob");
      assertThat(reason(users.insert(user(6, "bob@acme")))).isEqualTo(Reason.USER_EXISTS);
      await(users.insert(user(6, "bob@acme").withoutMembership(seven)));
      assertThat(
              reason(
                  users.update(
                      new UserId(6), user -> user.withMembership(seven, Membership.MEMBER))))
          .isEqualTo(Reason.USER_EXISTS);
      await(users.update(new UserId(5), user -> user.withName("rob")));
      await(users.update(new UserId(6), user -> user.withMembership(seven, Membership.MEMBER)));
      assertThat(reason(users.update(new UserId(5), user -> user.withName("bob"))))
          .isEqualTo(Reason.USER_EXISTS);
    }

    @Test
    void shownName_isUniqueAmongAdministratorsAndThoseAtHome() {
      var users = storage.users();
      await(storage.organizations().insert(marked(1, "System", Organization.Kind.SYSTEM)));
      await(storage.organizations().insert(marked(2, "doppel", Organization.Kind.DEFAULT)));
      await(users.insert(atHome(5, "bob")));
      assertThat(reason(users.insert(atHome(6, "bob@doppel")))).isEqualTo(Reason.USER_EXISTS);
      await(users.update(new UserId(5), user -> user.withAdministrator(true)));
      await(users.insert(atHome(7, "bob@System")));
      assertThat(reason(users.update(new UserId(7), user -> user.withAdministrator(true))))
          .isEqualTo(Reason.USER_EXISTS);
    }

    /**
     * As in stores that are older than the rule, or where the default organization is made late.
     */
    @Test
    void usersWhoAreShownByOneNameAlready_canBeChangedOtherwise() {
      var users = storage.users();
      await(users.insert(atHome(5, "bob").withAdministrator(true)));
      await(users.insert(atHome(6, "bob@doppel")));
      await(users.insert(atHome(7, "bob@System").withAdministrator(true)));
      await(storage.organizations().insert(marked(1, "System", Organization.Kind.SYSTEM)));
      await(storage.organizations().insert(marked(2, "doppel", Organization.Kind.DEFAULT)));
      for (var id : List.of(1L, 2L)) {
        await(
            storage
                .organizations()
                .update(new OrganizationId(id), one -> one.withDescription("other")));
      }
      for (var id : List.of(5L, 6L, 7L)) {
        var changed =
            await(users.update(new UserId(id), user -> user.withFullName(Optional.of("other"))));
        assertThat(changed.fullName()).contains("other");
      }
      await(users.update(new UserId(7), user -> user.withStatus(Status.INACTIVE)));
      assertThat(
              reason(
                  users.update(
                      new UserId(6),
                      user -> user.withAdministrator(true).withName("bob@System@doppel"))))
          .isEqualTo(Reason.USER_EXISTS);
    }

    @Test
    void organization_isNotRenamedSoThatTwoAreShownByOneName() {
      insert(5, "bob");
      insert(6, "bob@acme");
      assertThat(
              reason(
                  storage
                      .organizations()
                      .update(new OrganizationId(7), one -> one.withName("acme"))))
          .isEqualTo(Reason.USER_EXISTS);
      assertThat(await(storage.organizations().find(new OrganizationId(7))).name())
          .isEqualTo("organization 7");
      await(storage.organizations().update(new OrganizationId(7), one -> one.withName("beta")));
    }

    @Test
    void reservedName_isShownForNobodyButTheBuiltInUser() {
      var users = storage.users();
      var seven = new OrganizationId(7);
      await(storage.organizations().insert(marked(1, "System", Organization.Kind.SYSTEM)));
      await(storage.organizations().insert(marked(2, "doppel", Organization.Kind.DEFAULT)));
      await(storage.organizations().update(seven, one -> one.withName("acme")));
      assertThat(reason(users.insert(atHome(5, "Root@doppel")))).isEqualTo(Reason.USER_EXISTS);
      assertThat(reason(users.insert(user(5, "x@doppel.invalid@acme"))))
          .isEqualTo(Reason.USER_EXISTS);
      await(users.insert(atHome(5, "administrator@System")));
      assertThat(reason(users.update(new UserId(5), user -> user.withAdministrator(true))))
          .isEqualTo(Reason.USER_EXISTS);
      await(users.insert(atHome(6, "root@acme")));
      assertThat(
              reason(
                  users.update(
                      new UserId(6), user -> user.withMembership(seven, Membership.MEMBER))))
          .isEqualTo(Reason.USER_EXISTS);
      assertThat(reason(users.update(new UserId(6), user -> user.withName("root@doppel"))))
          .isEqualTo(Reason.USER_EXISTS);
      await(users.insert(user(8, "root@beta")));
      assertThat(reason(storage.organizations().update(seven, one -> one.withName("beta"))))
          .isEqualTo(Reason.USER_EXISTS);
      await(users.insert(builtIn(9, "root@System").withAdministrator(true)));
      await(users.update(new UserId(9), user -> user.withName("administrator@acme")));
    }

    @Test
    void organization_isNotDeletedSoThatTwoAreShownByOneName() {
      var organizations = storage.organizations();
      var seven = new OrganizationId(7);
      await(organizations.insert(marked(2, "doppel", Organization.Kind.DEFAULT)));
      await(storage.users().insert(atHome(5, "bob")));
      for (var name : List.of("bob@doppel", "root@doppel")) {
        await(storage.users().insert(user(6, name))); // at home in 7
        assertThat(reason(organizations.delete(seven))).isEqualTo(Reason.USER_EXISTS);
        await(storage.users().delete(new UserId(6)));
      }
      await(organizations.delete(seven));
    }

    private Organization marked(long id, String name, Organization.Kind kind) {
      return new Organization(new OrganizationId(id), name, "", kind, NOW, NOW, Map.of());
    }

    private User atHome(long id, String name) {
      return user(id, name)
          .withoutMembership(new OrganizationId(7))
          .withoutMembership(new OrganizationId(-8));
    }
  }

  @Nested
  class Sharing {

    @Test
    void node_isOneThatIdsTake() {
      assertThat(await(storage.node())).isBetween(0, Ids.NODES - 1);
    }
  }

  @Nested
  class Closing {

    @Test
    void close_refusesLaterChanges() {
      insert(5, "alice");
      await(storage.ping());
      await(storage.close());
      assertThat(reason(storage.users().insert(user(6, "bob")))).isEqualTo(Reason.UNAVAILABLE);
      assertThat(reason(storage.ping())).isEqualTo(Reason.UNAVAILABLE);
      storage = open();
    }

    @Test
    void close_acknowledgesWhatWasUnderWay() {
      var inserts =
          IntStream.rangeClosed(1, 100)
              .mapToObj(id -> storage.users().insert(user(id, "user" + id)))
              .toList();
      await(storage.close());
      assertThat(inserts).allMatch(Future::succeeded);
      storage = open();
    }
  }
}
