package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Ids;
import dev.doppel.users.Role;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Specifies how a storage is cleared, shared and closed. */
abstract class LifecycleContract extends StorageTests {

  LifecycleContract(StorageContract contract) {
    super(contract);
  }

  @Test
  void clear_deletesEverything() {
    insert(5, "alice");
    await(roles().insert(new Role("r", "", false, Map.of())));
    await(storage().clear());
    assertThat(names(UserQuery.first(10))).isEmpty();
    assertThat(await(roles().list())).isEmpty();
    assertThat(reason(users().find("alice"))).isEqualTo(Reason.NO_SUCH_USER);
    assertThat(await(users().findByEmail("alice@example.com"))).isEmpty();
  }

  @Test
  void node_isWithinRangeOfIds() {
    assertThat(await(storage().node())).isBetween(0, Ids.NODES - 1);
  }

  @Test
  void close_rejectsLaterCalls() {
    insert(5, "alice");
    await(storage().ping());
    await(storage().close());
    assertThat(reason(users().insert(user(6, "bob")))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(reason(storage().ping())).isEqualTo(Reason.UNAVAILABLE);
    reopen();
  }

  @Test
  void close_completesPendingChanges() {
    var inserts =
        IntStream.rangeClosed(1, 100)
            .mapToObj(id -> users().insert(user(id, "user" + id)))
            .toList();
    await(storage().close());
    assertThat(inserts).hasSize(100).allMatch(Future::succeeded);
    reopen();
  }
}
