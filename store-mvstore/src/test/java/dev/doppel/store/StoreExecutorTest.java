package dev.doppel.store;

import static dev.doppel.store.TestUsers.await;
import static dev.doppel.store.TestUsers.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreExecutorTest {

  private static final int THREADS = 2;
  private static final int SEARCHES = 20;
  private static final Duration TIMEOUT = StoreExecutor.SEARCH_TIMEOUT;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong time = new AtomicLong();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Semaphore begun = new Semaphore(0);

  @AfterEach
  void close() {
    gate.countDown();
    await(vertx.close());
  }

  /** Returns an executor whose time doesn't pass, and whose tasks wait at the gate to read it. */
  private StoreExecutor gated(int threads, int queue) {
    return new StoreExecutor(
        "doppel-store-search",
        threads,
        queue,
        TIMEOUT,
        () -> {
          if (Thread.currentThread().getName().startsWith("doppel-store-search")) {
            begun.release();
            pass();
          }
          return time.get();
        });
  }

  private void pass() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static Reason reason(Future<?> future) {
    try {
      throw new AssertionError("did not fail, but gave " + await(future));
    } catch (Failure failure) {
      return failure.reason();
    }
  }

  private static StoreExecutor executor(LongSupplier nanoTime) {
    return new StoreExecutor("doppel-store-search", 1, 1, TIMEOUT, nanoTime);
  }

  private static String find(StoreExecutor searches) {
    return await(searches.run(deadline -> "found"));
  }

  @Test
  void run_failsAfterTheTimeout_andFreesTheThread() throws InterruptedException {
    var searches = executor(time::get);
    var looked = new AtomicLong();
    var slow =
        searches.run(
            deadline -> {
              begun.release();
              pass();
              deadline.run();
              return looked.incrementAndGet();
            });
    begun.acquire();
    time.addAndGet(TIMEOUT.toNanos() + 1);
    gate.countDown();
    assertThat(reason(slow)).isEqualTo(Reason.TIMED_OUT);
    assertThat(looked).hasValue(0);
    assertThat(find(searches)).isEqualTo("found");
    await(searches.close());
  }

  @Test
  void run_isOverloaded_withoutAThreadInTimeOrRoomInTheQueue() throws InterruptedException {
    var searches = executor(time::get);
    var running =
        searches.run(
            deadline -> {
              begun.release();
              pass();
              return "found";
            });
    begun.acquire();
    var waiting = searches.run(deadline -> "found");
    assertThat(reason(searches.run(deadline -> "found"))).isEqualTo(Reason.OVERLOADED);
    time.addAndGet(TIMEOUT.toNanos() + 1);
    gate.countDown();
    assertThat(await(running)).isEqualTo("found");
    assertThat(reason(waiting)).isEqualTo(Reason.OVERLOADED);
    await(searches.close());
  }

  @Test
  void run_failsForAnError_andKeepsTheThread() {
    var searches = executor(time::get);
    var failing =
        searches.run(
            deadline -> {
              throw new StackOverflowError("of a test");
            });
    assertThat(failing.toCompletionStage().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(60));
    assertThat(find(searches)).isEqualTo("found");
    await(searches.close());
  }

  @Test
  void run_completesOnTheCallersContext() {
    var searches = executor(time::get);
    var answered = Promise.<Boolean>promise();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        started ->
            searches
                .run(deadline -> "found")
                .onComplete(done -> answered.complete(Vertx.currentContext() == context)));
    assertThat(await(answered.future())).isTrue();
    await(searches.close());
  }

  @Test
  void close_failsActiveAndWaitingTasks() throws InterruptedException {
    var searches = executor(time::get);
    var running =
        searches.run(
            deadline -> {
              begun.release();
              pass();
              deadline.run();
              return "found";
            });
    begun.acquire();
    var waiting = searches.run(deadline -> "found");
    var closed = searches.close();
    assertThat(reason(searches.run(deadline -> "found"))).isEqualTo(Reason.UNAVAILABLE);
    gate.countDown();
    assertThat(reason(running)).isEqualTo(Reason.UNAVAILABLE);
    assertThat(reason(waiting)).isEqualTo(Reason.UNAVAILABLE);
    await(closed);
  }

  @Test
  void find_inMemory_isNotDelayedBySearches() throws InterruptedException {
    var storage = MvStorage.inMemory(gated(THREADS, SEARCHES));
    lookUpDuringSearches(storage, 30_000);
  }

  @Test
  void find_inAFile_isNotDelayedBySearches() throws InterruptedException {
    var storage =
        MvStorage.inFile(
            vertx,
            folder.resolve("store.db"),
            StoreFile.DEFAULT_CACHE_MB,
            gated(THREADS, SEARCHES));
    lookUpDuringSearches(storage, 1_000);
  }

  private void lookUpDuringSearches(MvStorage storage, int users) throws InterruptedException {
    IntStream.rangeClosed(1, users)
        .mapToObj(id -> storage.users().insert(user(id, "user" + id, "{}")))
        .toList()
        .forEach(TestUsers::await);
    var token = token();
    await(storage.tokens().insert(token));

    var searches = new ArrayList<Future<?>>();
    for (int i = 0; i < SEARCHES; i++) {
      searches.add(search(storage, i));
    }
    assertThat(begun.tryAcquire(THREADS, 60, TimeUnit.SECONDS)).isTrue();

    var users7 = storage.users();
    for (int time = 0; time < 100; time++) {
      assertThat(await(users7.find(new UserId(7))).name()).isEqualTo("user7");
      assertThat(await(users7.find("user7")).id()).isEqualTo(new UserId(7));
      assertThat(await(users7.find(new Alias("dialect", "old-user7"))).name()).isEqualTo("user7");
      assertThat(await(users7.findByEmail("user7@example.com"))).hasSize(1);
      assertThat(await(storage.tokens().find(token.hash()))).isEqualTo(token);
      assertThat(await(storage.tokens().list(new UserId(7)))).containsExactly(token);
      assertThat(await(users7.list(UserQuery.first(100).withTotal())).total()).isEqualTo(users);
      assertThat(names(await(users7.list(UserQuery.first(9).matching(named("user7")))).items()))
          .isEqualTo(List.of("user7"));
    }
    assertThat(searches).noneMatch(Future::isComplete);

    time.addAndGet(TIMEOUT.toNanos() + 1);
    gate.countDown();
    assertThat(searches.stream().map(StoreExecutorTest::reason).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Reason.OVERLOADED);
    assertThat(await(users7.list(UserQuery.first(1).matching(like("*ser7")))).items()).hasSize(1);
    await(storage.close());
  }

  /** Runs one of the kinds of search that may read whole tables. */
  private static Future<?> search(MvStorage storage, int number) {
    var ten = UserQuery.first(10);
    return Stream.<Function<MvStorage, Future<?>>>of(
            all -> all.users().list(ten.matching(like("*zzAb*"))),
            all -> all.users().list(ten.matching(like("*zzAb*")).withTotal()),
            all -> all.users().list(ten.by(Common.FULL_NAME)),
            all -> all.users().list(ten.from(20_000)),
            all -> all.users().list(UserQuery.first(Integer.MAX_VALUE)),
            all -> all.users().list(ten.matching(new UserFilter.Administrators()).withTotal()),
            all -> all.users().list(ten.matching(new UserFilter.In(new OrganizationId(7), true))),
            all -> all.users().list(ten.matching(named("user7")).after(Optional.of(new UserId(1)))),
            all -> all.tokens().list(Token.Kind.API))
        .skip(number % 9)
        .findFirst()
        .orElseThrow()
        .apply(storage);
  }

  private static UserFilter like(String pattern) {
    return new UserFilter.Like(Common.FULL_NAME, pattern);
  }

  private static UserFilter named(String name) {
    return new UserFilter.Is(Common.NAME, name);
  }

  private static List<String> names(List<User> users) {
    return users.stream().map(User::name).toList();
  }

  private static Token token() {
    var now = Instant.parse("2026-03-04T05:06:07Z");
    return new Token(
        TokenHash.of("7"),
        7,
        new UserId(7),
        now,
        0,
        Token.Kind.API,
        Optional.of("dialect"),
        Status.ACTIVE,
        now,
        now,
        Optional.empty(),
        "",
        Map.of());
  }
}
