package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.StorageFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Alias;
import dev.doppel.users.Membership;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserFilter.Compared.Comparison;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.json.JsonObject;
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
import org.junit.jupiter.api.Test;

/** Compares the results of random queries with the predicate and the order of the query itself. */
abstract class UserSearchContract extends StorageTests {

  private static final int USERS = 60;
  private static final int QUERIES = 400;

  /** Texts that stores and databases sort, fold or encode differently. */
  private static final List<String> WORDS =
      List.of(
          "a", "B", "b", "ab", "aBc", "a*", "100%", "a_b", "[a]", "\\", "(", "é", "É", "ß", "ſ",
          "K", "k", "İ", "ı", "Ǆ", "ǆ", "\0", "\u0001", "\u0002", "\ue000", "\uffee", "😀",
          "\ud83d", "\"", "a\nb", "10", "9");

  private final Random random = new Random(20261121);
  private final List<User> all = new ArrayList<>();

  UserSearchContract(StorageContract contract) {
    super(contract);
  }

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
    return switch (random.nextInt(11)) {
      case 0, 1 -> new UserField.Extra("dialect", "text");
      case 2 -> new UserField.ExtraNumber("dialect", "number");
      case 3 -> new UserField.Defaulted(new UserField.ExtraNumber("dialect", "number"), "2");
      case 4 -> new UserField.Defaulted(Common.FULL_NAME, pick(WORDS));
      case 5 -> new UserField.Trimmed(Common.NAME, pick(WORDS));
      case 6 -> new UserField.ForeignId("dialect");
      case 7 -> new UserField.Renamed(Common.NAME, pick(all).name(), pick(WORDS));
      default -> pick(List.of(Common.values()));
    };
  }

  /** Returns a value that some user is likely to have in the field. */
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
  void list_agreesWithModel() {
    for (int number = 1; number <= USERS; number++) {
      var user = user(number);
      all.add(user);
      await(users().insert(user));
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
      var page = await(users().list(query));
      assertThat(page.items())
          .as(query.toString())
          .containsExactlyElementsOf(
              expected.stream().skip(query.offset()).limit(query.limit()).toList());
      assertThat(page.total()).as(query.toString()).isEqualTo(expected.size());
    }
  }
}
