package dev.doppel.store;

import static dev.doppel.store.TestUsers.await;
import static dev.doppel.store.TestUsers.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the size of a store's file to which many clients write users, one at a time. The number
 * of users is set by {@code -Ddoppel.users=30000}.
 */
class CompactionTest {

  private static final int USERS = Integer.getInteger("doppel.users", 4_000);
  private static final int CLIENTS = 32;
  private static final String EXTRAS = "{\"text\":\"" + "x".repeat(1_400) + "\"}";

  /** Size of a user: the extras, the name, the e-mail address and so on. */
  private static final long BYTES_PER_USER = 1_600;

  private static final long MAX_OVERHEAD_PER_USER = 3 << 10;

  /** Size of a nearly empty file, in which each chunk takes at least a block. */
  private static final long EMPTY_FILE_BYTES = 1 << 20;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong next = new AtomicLong();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void file_isLittleLargerThanItsData() throws IOException {
    var file = folder.resolve("store.db");
    var storage = MvStorage.inFile(vertx, file);
    var begin = System.nanoTime();
    var clients = new Future<?>[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      var client = Promise.<Void>promise();
      insertNext(storage, client);
      clients[i] = client.future();
    }
    for (var client : clients) {
      await(client);
    }
    assertSmall("written in %d ms".formatted((System.nanoTime() - begin) / 1_000_000), file);
    begin = System.nanoTime();
    await(storage.close());
    assertSmall("closed in %d ms".formatted((System.nanoTime() - begin) / 1_000_000), file);

    storage = MvStorage.inFile(vertx, file);
    assertThat(await(storage.users().list(UserQuery.first(1).withTotal())).total())
        .isEqualTo(USERS);
    assertSmall("opened", file);
    await(storage.close());
    assertSmall("closed again", file);
  }

  private void insertNext(MvStorage storage, Promise<Void> client) {
    var id = next.incrementAndGet();
    if (id > USERS) {
      client.complete();
      return;
    }
    // Names are in random order, so that each change rewrites other pages of the indexes.
    var name = Long.toHexString(id * 0x9E3779B97F4A7C15L);
    storage
        .users()
        .insert(user(id, name, EXTRAS))
        .onSuccess(inserted -> insertNext(storage, client))
        .onFailure(client::fail);
  }

  private static void assertSmall(String when, Path file) throws IOException {
    var size = Files.size(file);
    System.out.printf("%s: %d bytes, %d a user%n", when, size, size / USERS);
    assertThat(size)
        .isLessThan(EMPTY_FILE_BYTES + USERS * (BYTES_PER_USER + MAX_OVERHEAD_PER_USER));
  }
}
