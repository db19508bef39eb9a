package dev.doppel.store;

import static dev.doppel.store.TestUsers.administrator;
import static dev.doppel.store.TestUsers.await;
import static dev.doppel.store.TestUsers.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Integrity;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers that page, list, search, count and copy during changes, on a file that is compacted all
 * the time, with a cache that holds little of it. MVStore has open issues about such readers
 * ("Chunk not found", h2database 4382 and 4383). The duration is set by {@code
 * -Ddoppel.minutes=10}.
 */
class FileStressTest {

  private static final long MILLIS =
      Math.max(4_000, Integer.getInteger("doppel.minutes", 0) * 60_000L);

  private static final int USERS = 2_000;
  private static final int CACHE_MB = 1;
  private static final int WRITERS = 6;
  private static final String EXTRAS = "{\"text\":\"" + "x".repeat(1_400) + "\"}";

  /** Expected failures: a user doesn't exist or exists already, or too many changes wait. */
  private static final Set<Reason> EXPECTED =
      EnumSet.of(Reason.NO_SUCH_USER, Reason.USER_EXISTS, Reason.USER_ID_EXISTS, Reason.OVERLOADED);

  @TempDir Path folder;
  private final long seed = Long.getLong("doppel.seed", System.nanoTime());
  private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLongArray reads = new AtomicLongArray(5);
  private volatile boolean stopped;

  private interface Step {
    void run(Random random);
  }

  @Test
  void readers_findEveryPageDuringChanges() throws InterruptedException, IOException {
    var vertx = Vertx.vertx();
    var file = folder.resolve("store.db");
    var searches =
        new StoreExecutor("doppel-store-search", 3, 64, Duration.ofMinutes(5), System::nanoTime);
    var storage = MvStorage.inFile(vertx, file, CACHE_MB, searches);
    await(storage.users().insert(administrator(1, "root")));
    IntStream.rangeClosed(2, USERS)
        .mapToObj(id -> storage.users().insert(user(id, "user" + id, EXTRAS)))
        .toList()
        .forEach(TestUsers::await);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < WRITERS; i++) {
      threads.add(repeat(i, random -> change(storage, random)));
    }
    threads.add(repeat(10, random -> lookUp(storage, random)));
    threads.add(repeat(11, random -> page(storage)));
    threads.add(repeat(12, random -> search(storage, random)));
    threads.add(repeat(13, random -> readSlowly(storage)));
    threads.add(repeat(14, random -> copy(storage, random)));
    Thread.sleep(MILLIS);
    stopped = true;
    for (var thread : threads) {
      thread.join();
    }
    var size = Files.size(file);
    assertThat(unexpected).as("seed %d", seed).isEmpty();
    assertThat(await(Integrity.check(storage)).problems()).isEmpty();
    await(storage.close());

    var again = MvStorage.inFile(vertx, file);
    var report = await(Integrity.check(again));
    assertThat(report.problems()).isEmpty();
    System.out.printf(
        "%d changes; lookups, pages, searches, slow readers, copies: %s; file %d KiB, %d KiB after"
            + " closing, %d users%n",
        changes.get(), reads, size >> 10, Files.size(file) >> 10, report.users());
    await(again.close());
    await(vertx.close());
    assertThat(changes).hasPositiveValue();
    for (int kind = 0; kind < 5; kind++) {
      assertThat(reads.get(kind)).as("kind %d", kind).isPositive();
    }
  }

  private Thread repeat(int number, Step step) {
    var random = new Random(seed + number);
    var thread =
        new Thread(
            () -> {
              while (!stopped && unexpected.isEmpty()) {
                try {
                  step.run(random);
                } catch (RuntimeException | Error thrown) {
                  unexpected.add(thrown);
                }
              }
            });
    thread.start();
    return thread;
  }

  private <T> Optional<T> result(Future<T> future) {
    try {
      return Optional.ofNullable(await(future));
    } catch (Failure failure) {
      if (!EXPECTED.contains(failure.reason())) {
        throw failure;
      }
      return Optional.empty();
    }
  }

  private void change(MvStorage storage, Random random) {
    var id = 2 + random.nextInt(USERS);
    var users = storage.users();
    switch (random.nextInt(4)) {
      case 0 -> result(users.delete(new UserId(id), user -> {}));
      case 1, 2 -> result(users.insert(user(id, "user" + id, EXTRAS)));
      default ->
          result(
              users.update(
                  new UserId(id),
                  user -> user.withFullName(Optional.of("Named " + random.nextInt()))));
    }
    changes.incrementAndGet();
  }

  private void lookUp(MvStorage storage, Random random) {
    var id = 2 + random.nextInt(USERS);
    result(storage.users().find(new UserId(id)));
    result(storage.users().find("user" + id));
    result(storage.users().findByEmail("user" + id + "@example.com"));
    reads.incrementAndGet(0);
  }

  private void page(MvStorage storage) {
    var after = Optional.<UserId>empty();
    do {
      var page = await(storage.users().list(UserQuery.first(50).after(after))).items();
      after = page.stream().reduce((one, other) -> other).map(last -> last.id());
    } while (after.isPresent());
    reads.incrementAndGet(1);
  }

  private void search(MvStorage storage, Random random) {
    var pattern = new UserFilter.Like(Common.FULL_NAME, "*" + random.nextInt(100) + "*");
    var sorted = UserQuery.first(100).by(Common.FULL_NAME).descending(random.nextBoolean());
    result(storage.users().list(sorted.matching(pattern).withTotal()));
    result(storage.users().list(UserQuery.first(Integer.MAX_VALUE).by(Common.NAME)));
    reads.incrementAndGet(2);
  }

  /** Reads one version during many commits and compactions. */
  private void readSlowly(MvStorage storage) {
    var users = storage.tables().users;
    result(
        storage.search(
            state -> {
              var expected = state.size(users);
              long seen = 0;
              for (var all = state.all(users); all.hasNext(); seen++) {
                all.next();
                if (seen % 100 == 0) {
                  pause();
                }
              }
              assertThat(seen).isEqualTo(expected);
              return seen;
            }));
    reads.incrementAndGet(3);
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private void copy(MvStorage storage, Random random) {
    var copy = folder.resolve("copy" + random.nextLong() + ".db");
    try {
      await(storage.backup(copy));
      Files.delete(copy);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    reads.incrementAndGet(4);
  }
}
