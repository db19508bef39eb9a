package dev.doppel.store;

import static dev.doppel.store.TestUsers.administrator;
import static dev.doppel.store.TestUsers.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.Failure;
import dev.doppel.users.StorageException;
import dev.doppel.users.UserId;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MvStoreTest {

  private static final UserId ID = new UserId(1);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void memory_isNewEachTimeItIsOpened() {
    var first = await(MvStore.memory().open(vertx));
    await(first.users().insert(administrator(1, "root")));
    var second = await(MvStore.memory().open(vertx));
    assertThatThrownBy(() -> await(second.users().find(ID))).isInstanceOf(Failure.class);
    await(first.close());
    await(second.close());
  }

  @Test
  void memory_refusesToOpenAnExistingStore() {
    assertThatThrownBy(() -> MvStore.memory().openExisting(vertx))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a store in memory is always new");
  }

  @Test
  void file_keepsUsersUntilItIsOpenedAgain() {
    var store = MvStore.file(folder.resolve("users.db"));
    var first = await(store.open(vertx));
    await(first.users().insert(administrator(1, "root")));
    await(first.close());
    var second = await(store.openExisting(vertx));
    assertThat(await(second.users().find(ID)).name()).isEqualTo("root");
    await(second.close());
  }

  @Test
  void openExisting_failsWithoutAFile_andCreatesNone() {
    var file = folder.resolve("users.db");
    var opening = MvStore.file(file).openExisting(vertx);
    assertThat(opening.cause())
        .isInstanceOf(StorageException.class)
        .hasMessage(file + " doesn't exist");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void open_failsForAFolder() {
    assertThat(MvStore.file(folder).open(vertx).cause()).isInstanceOf(StorageException.class);
  }

  @Test
  void isPersistent_onlyInAFile() {
    assertThat(MvStore.memory().isPersistent()).isFalse();
    assertThat(MvStore.file(Path.of("users.db")).isPersistent()).isTrue();
  }

  @Test
  void toString_isTheUri() {
    assertThat(MvStore.memory()).hasToString("memory:");
    assertThat(MvStore.file(Path.of("data/users.db"))).hasToString("file:data/users.db");
  }

  @Test
  void equals_comparesPaths() {
    assertThat(MvStore.file(Path.of("a")))
        .isEqualTo(MvStore.file(Path.of("a")))
        .hasSameHashCodeAs(MvStore.file(Path.of("a")))
        .isNotEqualTo(MvStore.file(Path.of("b")))
        .isNotEqualTo(MvStore.memory());
  }
}
