package dev.doppel.store;

import static dev.doppel.store.TestUsers.administrator;
import static dev.doppel.store.TestUsers.await;
import static dev.doppel.store.TestUsers.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.Failure;
import dev.doppel.users.Integrity;
import dev.doppel.users.Page;
import dev.doppel.users.User;
import dev.doppel.users.UserQuery;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {

  private static final int BEFORE = 100;
  private static final int ROUNDS = 3;
  private static final String EXTRAS = "{\"text\":\"" + "x".repeat(1_400) + "\"}";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong acknowledged = new AtomicLong();
  private final Semaphore permits = new Semaphore(0);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void backup_ofAFile_containsAcknowledgedChanges_andNoPartialOnes() throws Exception {
    backUpDuringChanges(MvStorage.inFile(vertx, folder.resolve("store.db")));
  }

  @Test
  void backup_ofMemory_containsAcknowledgedChanges_andNoPartialOnes() throws Exception {
    backUpDuringChanges(MvStorage.inMemory());
  }

  private void backUpDuringChanges(MvStorage storage) throws Exception {
    await(storage.users().insert(administrator(1, "root")));
    var writer = new Thread(() -> write(storage));
    writer.start();
    for (int round = 1; round <= ROUNDS; round++) {
      permits.release(2 * BEFORE); // about half of them during the backup
      awaitAcknowledged((2L * round - 1) * BEFORE, writer);
      var before = acknowledged.get();
      var copy = folder.resolve("copy" + round + ".db");
      await(storage.backup(copy));
      assertThat(Files.getPosixFilePermissions(copy))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertWhole(copy, before);
    }
    writer.join();
    await(storage.close());
  }

  private void awaitAcknowledged(long pairs, Thread writer) {
    for (var alive = true; acknowledged.get() < pairs; alive = writer.isAlive()) {
      assertThat(alive).as("writer is alive").isTrue(); // read before the count
      Thread.onSpinWait();
    }
  }

  /** Adds users in pairs, one after the other. */
  private void write(MvStorage storage) {
    for (long pair = 1; pair <= 2L * BEFORE * ROUNDS; pair++) {
      permits.acquireUninterruptibly();
      var number = pair;
      await(
          storage.change(
              parts ->
                  parts
                      .users()
                      .insert(user(2 * number, "left" + number, EXTRAS))
                      .compose(
                          left ->
                              parts
                                  .users()
                                  .insert(user(2 * number + 1, "right" + number, EXTRAS)))));
      acknowledged.set(pair);
    }
  }

  private void assertWhole(Path copy, long acknowledgedBefore) {
    var opened = MvStorage.inExistingFile(vertx, copy);
    assertThat(await(Integrity.check(opened)).problems()).isEmpty();
    var all = await(opened.users().list(UserQuery.first(Integer.MAX_VALUE)));
    var left = numbers(all, "left");
    assertThat(left).isEqualTo(numbers(all, "right"));
    assertThat(left).hasSizeGreaterThanOrEqualTo((int) acknowledgedBefore);
    for (int number = 1; number <= left.size(); number++) {
      assertThat(left.get(number - 1)).isEqualTo(number);
    }
    await(opened.close());
  }

  private static List<Long> numbers(Page<User> users, String side) {
    return users.items().stream()
        .map(User::name)
        .filter(name -> name.startsWith(side))
        .map(name -> Long.valueOf(name.substring(side.length())))
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void backup_rejectsExistingFile_andKeepsIt() throws IOException {
    var storage = MvStorage.inMemory();
    var letter = Files.writeString(folder.resolve("letter.txt"), "Dear John");
    assertThatThrownBy(() -> await(storage.backup(letter))).isInstanceOf(Failure.class);
    assertThat(letter).content().isEqualTo("Dear John");
    await(storage.close());
  }

  @Test
  void backup_leavesNoFile_whenItFails() {
    var storage = MvStorage.inMemory();
    await(storage.users().insert(administrator(1, "root")));
    await(storage.close()); // so that reading from it fails
    var copy = folder.resolve("copy.db");
    assertThatThrownBy(() -> await(storage.backup(copy))).isInstanceOf(Failure.class);
    assertThat(copy).doesNotExist();
  }
}
