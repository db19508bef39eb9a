package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.NOW;
import static dev.doppel.testkit.StorageFixture.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Role;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Specifies sign-in names: names and e-mail addresses share one namespace. */
abstract class SignInNameContract extends StorageTests {

  SignInNameContract(StorageContract contract) {
    super(contract);
  }

  @Test
  void havingEmail_findsThemInAnyCase_andFollowsChanges() {
    insert(1, "alice");
    insert(2, "bob");
    await(
        users()
            .update(
                new UserId(2),
                user -> user.withEmail(Optional.of("Alice@Example.com"), NOW.plusSeconds(9))));
    assertThat(emailed("ALICE@example.COM")).containsExactly("alice", "bob");
    assertThat(emailed("alice@example")).isEmpty();
    assertThat(emailed("bob@example.com")).isEmpty();
    await(users().update(new UserId(1), user -> user.withEmail(Optional.empty(), NOW)));
    assertThat(emailed("alice@example.com")).containsExactly("bob");
    await(users().delete(new UserId(2)));
    assertThat(emailed("alice@example.com")).isEmpty();
  }

  private List<String> emailed(String email) {
    return await(users().havingEmail(email)).stream().map(User::name).toList();
  }

  @Test
  void havingEmail_beginsWithTheOneWhoHasHadItLongest() {
    insert(5, "bob");
    insert(6, "alice");
    await(
        users()
            .update(
                new UserId(5),
                user -> user.withEmail(Optional.of("ALICE@example.com"), NOW.plusSeconds(3))));
    assertThat(await(users().havingEmail("alice@example.com")).stream().map(User::name))
        .containsExactly("alice", "bob");
  }

  @Test
  void name_thatIsAnothersEmailAddress_isTaken() {
    insert(5, "alice");
    assertThat(reason(users().insert(user(6, "Alice@Example.com")))).isEqualTo(Reason.USER_EXISTS);
    insert(7, "bob");
    assertThat(reason(users().update(new UserId(7), user -> user.withName("alice@example.COM"))))
        .isEqualTo(Reason.USER_EXISTS);
    await(users().update(new UserId(5), user -> user.withName("alice@example.com")));
  }

  @Test
  void emailAddress_thatIsAnothersName_isTaken() {
    insert(5, "ann@example.com");
    insert(6, "bob");
    assertThat(
            reason(
                users()
                    .update(
                        new UserId(6),
                        user -> user.withEmail(Optional.of("ann@example.com"), NOW))))
        .isEqualTo(Reason.USER_EXISTS);
    assertThat(reason(users().insert(user(7, "ann")))).isEqualTo(Reason.USER_EXISTS);
    await(
        users().update(new UserId(6), user -> user.withEmail(Optional.of("Ann@example.com"), NOW)));
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
                              ? users().insert(named)
                              : users().update(other, u -> u.withEmail(Optional.of(address), NOW)))
                          .otherwiseEmpty())
              .toList();
      assertThat(attempts.stream().map(Await::await).filter(user -> user != null).count())
          .isEqualTo(1);
    }
  }

  @Test
  void nul_doesNotMakeOneTextAnother() {
    var users = users();
    await(users.insert(user(5, "alice").withEmail(Optional.of("carol\0@x"), NOW)));
    await(users.insert(user(6, "carol")));
    await(users.insert(user(7, "bob").withEmail(Optional.of("dave\1\1@x"), NOW)));
    assertThat(await(users.havingEmail("carol"))).isEmpty();
    assertThat(await(users.havingEmail("dave\0@x"))).isEmpty();
    assertThat(await(users.havingEmail("Carol\0@x")))
        .extracting(User::name)
        .containsExactly("alice");
    await(roles().insert(new Role("r\0r", "", false, Map.of())));
    await(roles().insert(new Role("r", "", false, Map.of())));
    await(users.update(new UserId(6), user -> user.withRole("r\0r")));
    await(roles().delete("r"));
    assertThat(await(users.find("carol")).roles()).contains("r\0r");
    assertThat(await(users.list(UserQuery.first(9).matching(new UserFilter.Holds("r\0r")))).items())
        .hasSize(1);
  }
}
