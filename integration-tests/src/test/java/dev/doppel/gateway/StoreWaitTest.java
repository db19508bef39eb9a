package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.StartupException;
import dev.doppel.cli.ExistingStore;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.Link;
import dev.doppel.testkit.TestLog;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A start whose database isn't there yet. */
class StoreWaitTest {

  private static final String NAME = StoreWait.class.getName();

  private final Vertx vertx = Vertx.vertx();
  private Link link;
  private PgStore store;

  @BeforeEach
  void cut() {
    link = TestPostgres.newLink(vertx);
    link.cut();
    var uri = TestPostgres.through(link, TestPostgres.newUri());
    store = new PgStore(PgAddress.parse(uri), 4);
  }

  @AfterEach
  void close() {
    link.close();
    Await.await(vertx.close());
  }

  @Test
  void start_waits_andSaysForWhat() {
    try (var log = new TestLog(NAME)) {
      var starting = CompletableFuture.supplyAsync(() -> PersistentGateways.start(store));
      Await.until("the log says it", () -> !log.lines().isEmpty());
      link.mend();
      try (var doppel = starting.join()) {
        var http = PersistentGateways.client(doppel);
        assertThat(http.send("GET", "/_doppel/ready", "").statusCode()).isEqualTo(200);
      }
      assertThat(log.lines())
          .containsExactly(
              "waiting for PostgreSQL at 127.0.0.1:" + link.port() + ": connection refused");
    }
  }

  @Test
  void start_endsWithOneLine_whenTimeIsOver() {
    var wait = new StoreWait(vertx, store, Duration.ofSeconds(1));
    assertThatThrownBy(
            () ->
                Await.await(wait.until(() -> Workers.run(vertx, () -> Stores.open(vertx, store)))))
        .isInstanceOfSatisfying(
            StartupException.class,
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(StartupException.MACHINE);
              assertThat(refused.line())
                  .isEqualTo(
                      "--store %s: not available within 1 s: connection refused".formatted(store));
            });
  }

  @Test
  void commandOnAStoreThatComesLater_waitsForIt() {
    try (var log = new TestLog(NAME)) {
      var working =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return ExistingStore.use(
                      store, 60, "while it was read", (on, storage) -> storage.node());
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      Await.until("the log says it", () -> !log.lines().isEmpty());
      link.mend();
      assertThatThrownBy(working::join) // there is none in the database
          .hasCauseInstanceOf(StartupException.class);
    }
  }

  @Test
  void cancellation_endsTheWait() {
    var canceled = Promise.<Void>promise();
    var wait = new StoreWait(vertx, store, StoreWait.LIMIT, canceled.future());
    try (var log = new TestLog(NAME)) {
      var waiting = wait.until(() -> Workers.run(vertx, () -> Stores.open(vertx, store)));
      Await.until("the log says it", () -> !log.lines().isEmpty());
      canceled.complete();
      assertThatThrownBy(() -> Await.await(waiting)).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void firstStatements_areRepeated() {
    var calls = new AtomicInteger();
    var wait = new StoreWait(vertx, store);
    var result =
        wait.until(
            () ->
                calls.incrementAndGet() < 3
                    ? Future.failedFuture(Failure.of(Reason.OVERLOADED))
                    : Future.succeededFuture("done"));
    assertThat(Await.await(result)).isEqualTo("done");
  }

  @Test
  void databaseThatDoesNotExist_isNotWaitedFor() {
    link.mend();
    var uri =
        TestPostgres.through(link, TestPostgres.newUri()).replaceFirst("/[^/?]+\\?", "/nowhere?");
    var nowhere = new PgStore(PgAddress.parse(uri), 4);
    try (var log = new TestLog(NAME)) {
      assertThatThrownBy(() -> PersistentGateways.start(nowhere))
          .hasMessageContaining("database \"nowhere\" does not exist");
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void storeOfThisMachine_isNotWaitedFor() {
    var wait = new StoreWait(vertx, MvStore.memory());
    assertThat(Await.reason(wait.until(() -> Future.failedFuture(Failure.of(Reason.UNAVAILABLE)))))
        .isEqualTo(Reason.UNAVAILABLE);
  }
}
