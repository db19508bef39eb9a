package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.StorageFixture.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.doppel.users.Role;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Specifies snapshots, for storages that support them. */
abstract class SnapshotContract extends StorageTests {

  SnapshotContract(StorageContract contract) {
    super(contract);
  }

  @BeforeEach
  void assumeSupported() {
    assumeThat(supportsSnapshots()).as("snapshots").isTrue();
  }

  @Test
  void restore_canBeRepeated() {
    insert(5, "alice");
    var before = await(storage().snapshot());
    for (int round = 0; round < 3; round++) {
      insert(6, "bob");
      await(users().delete(new UserId(5)));
      await(roles().insert(new Role("r", "", false, Map.of())));
      await(storage().restore(before));
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
      assertThat(await(users().find("alice"))).isEqualTo(user(5, "alice"));
      assertThat(await(roles().list())).hasSize(2);
    }
  }

  @Test
  void restore_undoesManyChanges() {
    insert(5, "alice");
    var before = await(storage().snapshot());
    for (int id = 100; id < 200; id++) {
      insert(id, "user" + id);
    }
    await(storage().restore(before));
    assertThat(names(UserQuery.first(10))).containsExactly("alice");
  }

  @Test
  void restore_canBeRepeatedAfterManySnapshots() {
    insert(5, "alice");
    var before = await(storage().snapshot());
    for (int round = 0; round < 3; round++) {
      for (int id = 100; id < 120; id++) {
        insert(id, "user" + id);
        await(storage().snapshot());
      }
      await(storage().restore(before));
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
    }
  }

  @Test
  void restore_discardsLaterSnapshots() {
    var empty = await(storage().snapshot());
    insert(5, "alice");
    var one = await(storage().snapshot());
    insert(6, "bob");
    await(storage().restore(one));
    assertThat(names(UserQuery.first(10))).containsExactly("alice");
    await(storage().restore(empty));
    assertThat(names(UserQuery.first(10))).isEmpty();
    assertThatThrownBy(() -> await(storage().restore(one)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clear_keepsSnapshots() {
    insert(5, "alice");
    await(roles().insert(new Role("r", "", false, Map.of())));
    var before = await(storage().snapshot());
    await(storage().clear());
    addReferences();
    insert(5, "bob");
    await(storage().restore(before));
    assertThat(names(UserQuery.first(10))).containsExactly("alice");
    assertThat(await(roles().list())).hasSize(3);
  }
}
