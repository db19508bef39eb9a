package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.NOW;
import static dev.doppel.testkit.StorageFixture.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Specifies the storage of single users. */
abstract class UserStoreContract extends StorageTests {

  UserStoreContract(StorageContract contract) {
    super(contract);
  }

  @Test
  void insert_storesEveryField() {
    var kept = insert(5, "alice");
    assertThat(await(users().find(new UserId(5)))).isEqualTo(user(5, "alice"));
    assertThat(await(users().find("alice"))).isEqualTo(kept);
    assertThat(await(users().find(new Alias("dialect", "old-alice")))).isEqualTo(kept);
  }

  @Test
  void insert_acceptsAnyName() {
    var names =
        List.of(" ", "\0", "😀", "a/b", "ALICE", "alice", "n".repeat(10_000), "é", "e\u0301");
    IntStream.range(0, names.size()).forEach(i -> insert(i + 1, names.get(i)));
    for (int i = 0; i < names.size(); i++) {
      assertThat(await(users().find(names.get(i))).id()).isEqualTo(new UserId(i + 1));
    }
  }

  @Test
  void insert_rejectsTakenName() {
    insert(5, "alice");
    assertThat(reason(users().insert(user(6, "alice")))).isEqualTo(Reason.USER_EXISTS);
    assertThat(reason(users().find(new UserId(6)))).isEqualTo(Reason.NO_SUCH_USER);
  }

  @Test
  void insert_rejectsTakenId() {
    insert(5, "alice");
    assertThat(reason(users().insert(user(5, "bob")))).isEqualTo(Reason.USER_ID_EXISTS);
    assertThat(reason(users().find("bob"))).isEqualTo(Reason.NO_SUCH_USER);
    assertThat(await(users().find(new UserId(5))).name()).isEqualTo("alice");
  }

  @Test
  void insert_rejectsTakenAlias() {
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
    assertThat(reason(users().insert(namesake))).isEqualTo(Reason.USER_ID_EXISTS);
  }

  @Test
  void insert_ofOneNameConcurrently_storesOneUser() {
    var attempts =
        IntStream.rangeClosed(1, 50)
            .parallel()
            .mapToObj(id -> users().insert(user(id, "alice")).otherwiseEmpty())
            .toList();
    var kept = attempts.stream().map(Await::await).filter(user -> user != null).count();
    assertThat(kept).isEqualTo(1);
    assertThat(names(UserQuery.first(10))).containsExactly("alice");
  }

  @Test
  void find_failsIfMissing() {
    assertThat(reason(users().find(new UserId(5)))).isEqualTo(Reason.NO_SUCH_USER);
    assertThat(reason(users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
    assertThat(reason(users().find(new Alias("x", "y")))).isEqualTo(Reason.NO_SUCH_USER);
  }

  @Test
  void find_isCaseSensitive() {
    insert(5, "Alice");
    assertThat(reason(users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
  }

  @Test
  void update_incrementsVersion() {
    insert(5, "alice");
    var updated = await(users().update(new UserId(5), u -> u.withStatus(Status.INACTIVE)));
    assertThat(updated.version()).isEqualTo(2);
    assertThat(await(users().find("alice"))).isEqualTo(updated);
    assertThat(updated.active()).isFalse();
  }

  @Test
  void update_changesName() {
    insert(5, "alice");
    await(users().update(new UserId(5), u -> u.withName("alicia")));
    assertThat(await(users().find("alicia")).id()).isEqualTo(new UserId(5));
    assertThat(reason(users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
    await(users().insert(user(6, "other").withName("alice")));
    assertThat(await(users().find("alice")).id()).isEqualTo(new UserId(6));
  }

  @Test
  void update_rejectsTakenName() {
    insert(5, "alice");
    insert(6, "bob");
    assertThat(reason(users().update(new UserId(6), u -> u.withName("alice"))))
        .isEqualTo(Reason.USER_EXISTS);
    assertThat(await(users().find("bob")).version()).isEqualTo(1);
  }

  @Test
  void update_failsIfMissing() {
    assertThat(reason(users().update(new UserId(5), u -> u))).isEqualTo(Reason.NO_SUCH_USER);
  }

  @Test
  void update_failsWithExceptionOfChange() {
    insert(5, "alice");
    var failed =
        users()
            .update(
                new UserId(5),
                u -> {
                  throw Failure.of(Reason.WRONG_PASSWORD);
                });
    assertThat(reason(failed)).isEqualTo(Reason.WRONG_PASSWORD);
    assertThat(await(users().find("alice")).version()).isEqualTo(1);
  }

  @Test
  void update_concurrently_losesNoChange() {
    insert(5, "alice");
    var changes =
        IntStream.range(0, 100)
            .parallel()
            .mapToObj(i -> users().update(new UserId(5), u -> u.withExtras("d" + i, "{}")))
            .toList();
    changes.forEach(Await::await);
    var user = await(users().find("alice"));
    assertThat(user.version()).isEqualTo(101);
    assertThat(user.extras()).hasSize(101);
  }

  @Test
  void delete_returnsAndRemovesUser() {
    var kept = insert(5, "alice");
    assertThat(await(users().delete(new UserId(5)))).isEqualTo(kept);
    assertThat(reason(users().find(new UserId(5)))).isEqualTo(Reason.NO_SUCH_USER);
    assertThat(reason(users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
    assertThat(reason(users().find(new Alias("dialect", "old-alice"))))
        .isEqualTo(Reason.NO_SUCH_USER);
    assertThat(reason(users().delete(new UserId(5)))).isEqualTo(Reason.NO_SUCH_USER);
    assertThat(await(users().insert(user(6, "alice"))).name()).isEqualTo("alice");
  }

  @Test
  void delete_failsWithExceptionOfCheck() {
    insert(5, "alice");
    assertThat(
            reason(
                users()
                    .delete(
                        new UserId(5),
                        user -> {
                          throw Failure.of(Reason.FORBIDDEN);
                        })))
        .isEqualTo(Reason.FORBIDDEN);
    assertThat(await(users().find("alice")).name()).isEqualTo("alice");
  }
}
