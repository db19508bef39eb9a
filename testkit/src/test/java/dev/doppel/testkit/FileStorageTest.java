package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.store.MvStorage;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Storage;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest extends StorageContract {

  @TempDir Path folder;
  private int opened;

  @Override
  protected Storage open() {
    return MvStorage.inFile(vertx, folder.resolve("store" + opened++ + ".db"));
  }

  @Test
  void reopening_findsWhatWasAcknowledged() {
    var file = folder.resolve("lasting.db");
    var first = MvStorage.inFile(vertx, file);
    IntStream.rangeClosed(1, 300)
        .mapToObj(id -> first.users().insert(user(id, "user" + id)))
        .toList()
        .forEach(Await::await);
    await(first.close());

    var second = MvStorage.inFile(vertx, file);
    assertThat(await(second.users().list(UserQuery.first(1).withTotal())).total()).isEqualTo(300);
    assertThat(await(second.users().find(new UserId(7)))).isEqualTo(user(7, "user7"));
    await(second.close());
  }

  @Test
  void aCopyTakenWhileItIsOpen_holdsEveryAcknowledgedChange() throws IOException {
    var file = folder.resolve("live.db");
    var copy = folder.resolve("copy.db");
    var live = MvStorage.inFile(vertx, file);
    for (int id = 1; id <= 20; id++) {
      await(live.users().insert(user(id, "user" + id)));
      Files.write(copy, Files.readAllBytes(file));
      var seen = MvStorage.inFile(vertx, copy);
      assertThat(await(seen.users().list(UserQuery.first(1).withTotal())).total()).isEqualTo(id);
      await(seen.close());
    }
    await(live.close());
  }

  @Test
  void opening_indexesAStoreThatWasMadeWithout() {
    var file = folder.resolve("older.db");
    var first = MvStorage.inFile(vertx, file);
    await(first.users().insert(user(7, "bob")));
    await(first.close());
    try (var older = MVStore.open(file.toString())) {
      older.<String, String>openMap("doppel").put("format", "2");
      older.openMap("emails").clear();
      older.openMap("members").clear();
    }
    for (int time = 1; time <= 2; time++) {
      var storage = MvStorage.inFile(vertx, file);
      assertThat(await(storage.users().havingEmail("bob@example.com")))
          .containsExactly(user(7, "bob"));
      var members = new UserFilter.In(new OrganizationId(7), true);
      assertThat(
              await(storage.users().list(UserQuery.first(0).matching(members).withTotal())).total())
          .isEqualTo(1);
      await(storage.close());
    }
  }

  @Test
  void opening_refusesAStoreInUse() {
    var file = folder.resolve("busy.db");
    var first = MvStorage.inFile(vertx, file);
    assertThatThrownBy(() -> MvStorage.inFile(vertx, file))
        .isInstanceOf(Storage.Unopenable.class)
        .hasMessage(file + " is in use by another process");
    await(first.close());
  }

  @Test
  void opening_refusesWhatIsNoStore() throws IOException {
    var file = Files.writeString(folder.resolve("letter.txt"), "Dear John,\n".repeat(2_000));
    assertThatThrownBy(() -> MvStorage.inFile(vertx, file))
        .isInstanceOf(Storage.Unopenable.class)
        .hasMessageContaining("damaged or no Doppel store");
    assertThat(file).content().startsWith("Dear John");
  }

  @Test
  void opening_refusesAFolderAndAMissingFolder() {
    assertThatThrownBy(() -> MvStorage.inFile(vertx, folder))
        .isInstanceOf(Storage.Unopenable.class);
    assertThatThrownBy(() -> MvStorage.inFile(vertx, folder.resolve("no/such/folder/x.db")))
        .isInstanceOf(Storage.Unopenable.class);
  }
}
