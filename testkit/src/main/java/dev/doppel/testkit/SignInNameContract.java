package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.NOW;
import static dev.doppel.testkit.StorageFixture.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Specifies the identifiers of users: names and e-mail addresses share one namespace. */
abstract class SignInNameContract extends StorageTests {

  SignInNameContract(StorageContract contract) {
    super(contract);
  }

  @Test
  void findByEmail_ignoresCaseAndFollowsChanges() {
    insert(1, "alice");
    insert(2, "bob");
    await(
        users()
            .update(
                new UserId(2),
                user -> user.withEmail(Optional.of("Alice@Example.com"), NOW.plusSeconds(9))));
    assertThat(namesByEmail("ALICE@example.COM")).containsExactly("alice", "bob");
    assertThat(namesByEmail("alice@example")).isEmpty();
    assertThat(namesByEmail("bob@example.com")).isEmpty();
    await(users().update(new UserId(1), user -> user.withEmail(Optional.empty(), NOW)));
    assertThat(namesByEmail("alice@example.com")).containsExactly("bob");
    await(users().delete(new UserId(2)));
    assertThat(namesByEmail("alice@example.com")).isEmpty();
  }

  private List<String> namesByEmail(String email) {
    return await(users().findByEmail(email)).stream().map(User::name).toList();
  }

  @Test
  void findByEmail_listsLongestHolderFirst() {
    insert(5, "bob");
    insert(6, "alice");
    await(
        users()
            .update(
                new UserId(5),
                user -> user.withEmail(Optional.of("ALICE@example.com"), NOW.plusSeconds(3))));
    assertThat(namesByEmail("alice@example.com")).containsExactly("alice", "bob");
  }

  @Test
  void name_rejectsEmailAddressOfAnotherUser() {
    insert(5, "alice");
    assertThat(reason(users().insert(user(6, "Alice@Example.com")))).isEqualTo(Reason.USER_EXISTS);
    insert(7, "bob");
    assertThat(reason(users().update(new UserId(7), user -> user.withName("alice@example.COM"))))
        .isEqualTo(Reason.USER_EXISTS);
    await(users().update(new UserId(5), user -> user.withName("alice@example.com")));
  }

  @Test
  void emailAddress_rejectsNameOfAnotherUser() {
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
  void concurrentUsesOfOneIdentifier_storeOne() {
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
  void emailAddress_isComparedBeyondNul() {
    var users = users();
    await(users.insert(user(5, "alice").withEmail(Optional.of("carol\0@x"), NOW)));
    await(users.insert(user(6, "carol")));
    await(users.insert(user(7, "bob").withEmail(Optional.of("dave\1\1@x"), NOW)));
    assertThat(await(users.findByEmail("carol"))).isEmpty();
    assertThat(await(users.findByEmail("dave\0@x"))).isEmpty();
    assertThat(namesByEmail("Carol\0@x")).containsExactly("alice");
  }
}
