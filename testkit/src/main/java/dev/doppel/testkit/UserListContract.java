package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.StorageFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.doppel.users.Membership;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.UserField;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserFilter.Compared.Comparison;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Specifies how users are listed: order, paging, filters and totals. */
abstract class UserListContract extends StorageTests {

  UserListContract(StorageContract contract) {
    super(contract);
  }

  @BeforeEach
  void insertUsers() {
    insert(3, "alice");
    insert(-1, "bob");
    insert(1, "dave");
    insert(2, "carol");
  }

  @Test
  void orderById_isUnsigned() {
    assertThat(names(UserQuery.first(10))).containsExactly("dave", "carol", "alice", "bob");
  }

  @Test
  void orderById_descending() {
    assertThat(names(UserQuery.first(10).descending(true)))
        .containsExactly("bob", "alice", "carol", "dave");
  }

  @Test
  void orderByName() {
    assertThat(names(UserQuery.first(10).by(Common.NAME)))
        .containsExactly("alice", "bob", "carol", "dave");
    assertThat(names(UserQuery.first(2).by(Common.NAME).descending(true)))
        .containsExactly("dave", "carol");
  }

  private void setExtras(long id, String extras) {
    await(users().update(new UserId(id), user -> user.withExtras("dialect", extras)));
  }

  @Test
  void orderByOptionalField_sortsMissingValuesHighest() {
    var none = new UserId(2);
    await(users().update(none, user -> user.withEmail(Optional.empty(), NOW)));
    var byEmail = UserQuery.first(10).by(Common.EMAIL);
    assertThat(names(byEmail)).containsExactly("alice", "bob", "dave", "carol");
    assertThat(names(byEmail.descending(true))).containsExactly("carol", "dave", "bob", "alice");
    assertThat(names(byEmail.from(1).descending(true))).containsExactly("dave", "bob", "alice");
  }

  @Test
  void orderByExtra_breaksTiesById() {
    setExtras(3, "{\"a\":{\"phone\":\"9\"},\"phone\":\"2\",\"quota\":10}");
    setExtras(-1, "{\"phone\":\"3\",\"quota\":9}");
    setExtras(2, "{}");
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
    assertThat(names(matching(new UserFilter.Compared(quota, Comparison.AT_MOST, "9")))).hasSize(3);
  }

  @Test
  void trimmedField_comparesStartOfValue() {
    var name = new UserField.Trimmed(Common.NAME, "e");
    assertThat(names(matching(new UserFilter.Is(name, "alic")))).containsExactly("alice");
    assertThat(names(matching(new UserFilter.Is(name, "alice")))).isEmpty();
    assertThat(names(matching(new UserFilter.Like(name, "*B")))).containsExactly("bob");
    assertThat(names(UserQuery.first(10).by(name)))
        .containsExactly("alice", "bob", "carol", "dave");
  }

  @Test
  void renamedField_replacesOneValue() {
    var name = new UserField.Renamed(Common.NAME, "carol", "aaron");
    assertThat(names(matching(new UserFilter.Is(name, "aaron")))).containsExactly("carol");
    assertThat(names(matching(new UserFilter.Is(name, "carol")))).isEmpty();
    assertThat(names(matching(new UserFilter.Like(name, "A*")))).containsExactly("carol", "alice");
    assertThat(names(UserQuery.first(10).by(name)))
        .containsExactly("carol", "alice", "bob", "dave");
  }

  @Test
  void foreignId_findsAlias() {
    assertThat(names(matching(new UserFilter.Is(new UserField.ForeignId("dialect"), "old-bob"))))
        .containsExactly("bob");
    assertThat(names(matching(new UserFilter.Is(new UserField.ForeignId("other"), "old-bob"))))
        .isEmpty();
  }

  @Test
  void filterByNames_givesSameResultAsScan() {
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
    assertThat(await(users().list(matching(some).from(1).withTotal())).total()).isEqualTo(2);
  }

  @Test
  void page_hasLimitAndOffset() {
    assertThat(names(UserQuery.first(2))).containsExactly("dave", "carol");
    assertThat(names(UserQuery.first(2).from(1))).containsExactly("carol", "alice");
    assertThat(names(UserQuery.first(2).from(4))).isEmpty();
    assertThat(names(UserQuery.first(0))).isEmpty();
  }

  @Test
  void after_startsBehindId() {
    assertThat(names(UserQuery.first(10).after(Optional.of(new UserId(2)))))
        .containsExactly("alice", "bob");
    assertThat(names(UserQuery.first(1).after(Optional.of(new UserId(2))).from(1)))
        .containsExactly("bob");
    assertThat(names(UserQuery.first(10).after(Optional.of(new UserId(99)))))
        .containsExactly("bob");
    assertThat(names(UserQuery.first(10).after(Optional.of(new UserId(-1))))).isEmpty();
  }

  @Test
  void filter_appliesBeforePaging() {
    var notAlice = new UserFilter.Not(new UserFilter.Is(Common.NAME, "alice"));
    assertThat(names(UserQuery.first(2).matching(notAlice).by(Common.NAME)))
        .containsExactly("bob", "carol");
    assertThat(names(UserQuery.first(2).from(1).matching(notAlice).by(Common.NAME)))
        .containsExactly("carol", "dave");
  }

  @Test
  void filter_matchesFields() {
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

  /** A store may count the members of an organization in advance. */
  @Test
  void totalOfOrganization_followsEveryChange() {
    var seven = new OrganizationId(7);
    var nine = new OrganizationId(9);
    assertThat(total(new UserFilter.In(seven, true))).isEqualTo(4);
    assertThat(total(new UserFilter.In(nine, true))).isZero();
    await(
        users()
            .update(
                new UserId(1),
                user -> user.withoutMembership(seven).withoutMembership(new OrganizationId(-8))));
    assertThat(total(new UserFilter.In(seven, false))).isEqualTo(3);
    assertThat(total(new UserFilter.In(seven, true))).isEqualTo(4);
    assertThat(total(new UserFilter.In(nine, true))).isEqualTo(1);
    assertThat(
            total(new UserFilter.All(List.of(new UserFilter.In(nine, true), UserFilter.EVERYONE))))
        .isEqualTo(1);
    await(users().update(new UserId(1), user -> user.withMembership(nine, Membership.MEMBER)));
    assertThat(total(new UserFilter.In(nine, false))).isEqualTo(1);
    assertThat(total(new UserFilter.In(nine, true))).isEqualTo(1); // at home and added, one person
    assertThat(names(matching(new UserFilter.In(nine, true)))).hasSize(1);
    assertThat(total(new UserFilter.In(seven, true))).isEqualTo(4);
    await(users().delete(new UserId(1)));
    assertThat(total(new UserFilter.In(nine, true))).isZero();
    assertThat(total(UserFilter.EVERYONE)).isEqualTo(3);
  }

  /** A store may cache the totals of filters. */
  @Test
  void totalOfFilter_followsEveryChange() {
    assumeThat(supportsSnapshots()).isTrue();
    var a = new UserFilter.Like(Common.NAME, "*a*");
    var before = await(storage().snapshot());
    assertThat(total(a)).isEqualTo(3);
    insert(90, "Ada");
    assertThat(total(a)).isEqualTo(4);
    await(users().update(new UserId(90), user -> user.withName("Eve")));
    assertThat(total(a)).isEqualTo(3);
    await(users().delete(new UserId(1)));
    assertThat(total(a)).isEqualTo(2);
    await(storage().restore(before));
    assertThat(total(a)).isEqualTo(3);
    await(storage().clear());
    assertThat(total(a)).isZero();
  }

  private long total(UserFilter filter) {
    return await(users().list(UserQuery.first(1).matching(filter).withTotal())).total();
  }

  @Test
  void total_isCountedOnRequest() {
    var all = await(users().list(UserQuery.first(1).withTotal()));
    assertThat(all.total()).isEqualTo(4);
    assertThat(all.items()).hasSize(1);
    var some =
        await(users().list(matching(new UserFilter.Like(Common.NAME, "*a*")).from(2).withTotal()));
    assertThat(some.total()).isEqualTo(3);
    assertThat(some.items()).hasSize(1);
    assertThat(await(users().list(UserQuery.first(1))).total()).isEqualTo(-1);
  }
}
