package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.store.MvStorage;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest extends StorageContract {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  @TempDir Path folder;
  private int storages;

  @Override
  protected Storage open() {
    return MvStorage.inFile(vertx, folder.resolve("store" + storages++ + ".db"));
  }

  @Test
  void reopening_findsAcknowledgedChanges() {
    var file = folder.resolve("lasting.db");
    var first = MvStorage.inFile(vertx, file);
    addReferences(first);
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
  void copyOfOpenFile_hasEveryAcknowledgedChange() throws IOException {
    var file = folder.resolve("live.db");
    var copy = folder.resolve("copy.db");
    var live = MvStorage.inFile(vertx, file);
    addReferences(live);
    for (int id = 1; id <= 20; id++) {
      await(live.users().insert(user(id, "user" + id)));
      Files.write(copy, Files.readAllBytes(file));
      var opened = MvStorage.inFile(vertx, copy);
      assertThat(await(opened.users().list(UserQuery.first(1).withTotal())).total()).isEqualTo(id);
      await(opened.close());
      Files.delete(seal(copy)); // the next copy is another file
    }
    await(live.close());
  }

  private static Path seal(Path store) {
    return Path.of(store + ".seal");
  }

  private Path closedStore(String name) {
    var file = folder.resolve(name);
    var storage = MvStorage.inFile(vertx, file);
    addReferences(storage);
    for (int id = 1; id <= 20; id++) {
      await(storage.users().insert(user(id, "user" + id)));
    }
    await(storage.close());
    return file;
  }

  private void assertDamaged(Path file) {
    assertThatThrownBy(() -> MvStorage.inFile(vertx, file))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "%1$s is damaged, it isn't what was written last; restore a copy of it and of %1$s.seal, or remove %1$s.seal to serve what it still has"
                .formatted(file));
  }

  @Test
  void opening_rejectsTruncatedFile() throws IOException {
    var file = closedStore("cut.db");
    var whole = Files.readAllBytes(file);
    for (int length : new int[] {whole.length - 1, whole.length / 2, 8192, 1, 0}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertDamaged(file);
    }
    Files.write(file, whole);
    await(MvStorage.inFile(vertx, file).close());
  }

  @Test
  void opening_rejectsOverwrittenFile() throws IOException {
    var file = closedStore("overwritten.db");
    var bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length; at += 997) {
      var damaged = bytes.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      assertDamaged(file);
    }
  }

  @Test
  void opening_rejectsMissingFileWithSeal() throws IOException {
    var file = closedStore("lost.db");
    Files.delete(file);
    assertThatThrownBy(() -> MvStorage.inFile(vertx, file))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "%1$s is missing, though its seal %1$s.seal is there; restore a copy of both, or remove %1$s.seal to begin anew"
                .formatted(file));
    assertThat(file).doesNotExist();

    Files.delete(seal(file));
    var created = MvStorage.inFile(vertx, file);
    addReferences(created);
    assertThat(await(created.users().list(UserQuery.first(1).withTotal())).total()).isZero();
    await(created.close());
    await(MvStorage.inFile(vertx, file).close());
  }

  @Test
  void opening_acceptsEmptyFileWithoutSeal() throws IOException {
    var file = Files.createFile(folder.resolve("empty.db"));
    await(MvStorage.inFile(vertx, file).close());
    await(MvStorage.inExistingFile(vertx, file).close());
  }

  @Test
  void files_areReadableByOwnerOnly() throws IOException {
    var file = folder.resolve("private.db");
    var storage = MvStorage.inFile(vertx, file);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(OWNER_ONLY);
    assertThat(Files.getPosixFilePermissions(seal(file))).isEqualTo(OWNER_ONLY);
    await(storage.close());
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(OWNER_ONLY);
    assertThat(Files.getPosixFilePermissions(seal(file))).isEqualTo(OWNER_ONLY);
  }

  @Test
  void opening_warnsOfFileReadableByOthers() throws IOException {
    var file = closedStore("open.db");
    assertThat(warnings(file)).isEmpty();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(warnings(file))
        .containsExactly(
            "%1$s can be read by other users of this machine; run: chmod 600 %1$s".formatted(file));
  }

  /** Returns the messages that are logged while the file is opened. */
  private List<String> warnings(Path file) {
    var warnings = new CopyOnWriteArrayList<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord warning) {
            warnings.add(MessageFormat.format(warning.getMessage(), warning.getParameters()));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var logger = Logger.getLogger("dev.doppel.store.StoreFile");
    logger.addHandler(handler);
    try {
      await(MvStorage.inFile(vertx, file).close());
    } finally {
      logger.removeHandler(handler);
    }
    return warnings;
  }

  /** The seal is as after a kill: without a checksum, but with the version that was synced last. */
  @Test
  void opening_rejectsStateOlderThanAcknowledged() throws IOException {
    var file = folder.resolve("killed.db");
    var copy = folder.resolve("old.db");
    var storage = MvStorage.inFile(vertx, file);
    addReferences(storage);
    await(storage.users().insert(user(1, "user1")));
    Files.copy(file, copy);
    await(storage.users().insert(user(2, "user2")));
    Files.copy(seal(file), seal(copy));
    await(storage.close());
    assertDamaged(copy);
    Files.delete(seal(copy));
    var old = MvStorage.inFile(vertx, copy);
    assertThat(await(old.users().list(UserQuery.first(1).withTotal())).total()).isEqualTo(1);
    await(old.close());
  }

  @Test
  void opening_createsMissingIndexes() throws IOException {
    var file = folder.resolve("older.db");
    var first = MvStorage.inFile(vertx, file);
    addReferences(first);
    await(first.users().insert(user(7, "bob")));
    await(first.close());
    try (var older = MVStore.open(file.toString())) {
      older.<String, String>openMap("doppel").put("format", "2");
      older.openMap("emails").clear();
      older.openMap("members").clear();
    }
    Files.delete(seal(file));
    for (int time = 1; time <= 2; time++) {
      var storage = MvStorage.inFile(vertx, file);
      assertThat(await(storage.users().findByEmail("bob@example.com")))
          .containsExactly(user(7, "bob"));
      var members = new UserFilter.In(new OrganizationId(7), true);
      assertThat(
              await(storage.users().list(UserQuery.first(0).matching(members).withTotal())).total())
          .isEqualTo(1);
      await(storage.close());
    }
  }

  @Test
  void opening_rejectsStoreInUse() {
    var file = folder.resolve("busy.db");
    var first = MvStorage.inFile(vertx, file);
    addReferences(first);
    assertThatThrownBy(() -> MvStorage.inFile(vertx, file))
        .isInstanceOf(StorageException.class)
        .hasMessage(file + " is in use by another process");
    await(first.close());
  }

  @Test
  void opening_rejectsOtherFile() throws IOException {
    var file = Files.writeString(folder.resolve("letter.txt"), "Dear John,\n".repeat(2_000));
    assertThatThrownBy(() -> MvStorage.inFile(vertx, file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("damaged or no Doppel store");
    assertThat(file).content().startsWith("Dear John");
  }

  @Test
  void opening_rejectsFolderAndMissingFolder() {
    assertThatThrownBy(() -> MvStorage.inFile(vertx, folder)).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> MvStorage.inFile(vertx, folder.resolve("no/such/folder/x.db")))
        .isInstanceOf(StorageException.class);
  }
}
