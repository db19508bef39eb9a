package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.NOW;
import static dev.doppel.testkit.StorageFixture.builtIn;
import static dev.doppel.testkit.StorageFixture.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Specifies administrators and the built-in user. */
abstract class AuthorityContract extends StorageTests {

  AuthorityContract(StorageContract contract) {
    super(contract);
  }

  private User administrator(long id, String name) {
    return await(users().insert(user(id, name).withAdministrator(true)));
  }

  private List<String> administrators() {
    return names(UserQuery.first(10).matching(new UserFilter.Administrators()));
  }

  @Test
  void administratorFilter_followsEveryChange() {
    insert(5, "alice");
    administrator(6, "bob");
    administrator(7, "carol");
    assertThat(administrators()).containsExactly("bob", "carol");
    await(users().update(new UserId(5), user -> user.withAdministrator(true)));
    await(users().update(new UserId(6), user -> user.withAdministrator(false)));
    await(users().delete(new UserId(7)));
    assertThat(administrators()).containsExactly("alice");
  }

  @Test
  void lastActiveAdministrator_cannotBeRemoved() {
    administrator(5, "alice");
    await(users().insert(user(6, "bob").withAdministrator(true).withStatus(Status.INACTIVE)));
    assertThat(reason(users().delete(new UserId(5)))).isEqualTo(Reason.LAST_ADMINISTRATOR);
    assertThat(reason(users().update(new UserId(5), u -> u.withStatus(Status.INACTIVE))))
        .isEqualTo(Reason.LAST_ADMINISTRATOR);
    assertThat(reason(users().update(new UserId(5), u -> u.withAdministrator(false))))
        .isEqualTo(Reason.LAST_ADMINISTRATOR);
    assertThat(await(users().find("alice")).version()).isEqualTo(1);
    await(users().update(new UserId(5), u -> u.withName("alicia")));
    await(users().update(new UserId(6), u -> u.withStatus(Status.ACTIVE)));
    await(users().delete(new UserId(5)));
    assertThat(reason(users().delete(new UserId(6)))).isEqualTo(Reason.LAST_ADMINISTRATOR);
  }

  @Test
  void administratorWithoutPassword_isNotCountedAsLast() {
    administrator(5, "alice");
    var name = user(6, "bob");
    await(
        users()
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
    assertThat(reason(users().delete(new UserId(5)))).isEqualTo(Reason.LAST_ADMINISTRATOR);
    await(users().delete(new UserId(6)));
  }

  @Test
  void concurrentDemotions_leaveOneAdministrator() {
    for (int round = 0; round < 20; round++) {
      var first = 100 + 2 * round;
      administrator(first, "first" + round);
      administrator(first + 1, "second" + round);
      var demotions =
          IntStream.of(first, first + 1)
              .parallel()
              .mapToObj(
                  id ->
                      users()
                          .update(new UserId(id), user -> user.withAdministrator(false))
                          .otherwiseEmpty())
              .toList();
      demotions.forEach(Await::await);
      assertThat(administrators()).hasSize(1);
      await(storage().clear());
      addReferences();
    }
  }

  @Test
  void findBuiltIn_findsMarkedUser() {
    assertThat(reason(users().findBuiltIn())).isEqualTo(Reason.NO_SUCH_USER);
    insert(5, "alice");
    var boss = await(users().insert(builtIn(6, "boss")));
    assertThat(await(users().findBuiltIn())).isEqualTo(boss);
    await(users().delete(new UserId(6)));
    assertThat(reason(users().findBuiltIn())).isEqualTo(Reason.NO_SUCH_USER);
  }

  @Test
  void builtInUser_isUnique() {
    var boss = await(users().insert(builtIn(5, "boss")));
    insert(6, "alice");
    assertThat(reason(users().insert(builtIn(7, "chief")))).isEqualTo(Reason.USER_EXISTS);
    assertThat(reason(users().update(new UserId(6), user -> builtIn(6, "alice"))))
        .isEqualTo(Reason.USER_EXISTS);
    var renamed = await(users().update(new UserId(5), user -> user.withName("head")));
    assertThat(await(users().findBuiltIn())).isEqualTo(renamed);
    await(users().delete(boss.id()));
    await(users().insert(builtIn(7, "chief")));
    assertThat(await(users().findBuiltIn()).name()).isEqualTo("chief");
  }
}
