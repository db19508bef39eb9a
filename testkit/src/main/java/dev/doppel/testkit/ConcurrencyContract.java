package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Page;
import dev.doppel.users.Role;
import dev.doppel.users.Storage;
import dev.doppel.users.Stores;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Specifies the guarantees of every storage to concurrent clients: changes are atomic, and readers
 * see a consistent state.
 */
public abstract class ConcurrencyContract extends StorageFixture {

  /**
   * Opens the same storage once more, as a second process does. Returns the same object where only
   * one process can open a storage.
   */
  protected Storage openAnother(Storage storage) {
    return storage;
  }

  /**
   * Returns whether the work of a change can wait for a call outside of the change without blocking
   * its thread. Only tests do so, see {@link Storage#change}.
   */
  protected boolean changesMayWait() {
    return false;
  }

  @Nested
  class Changes {

    @Test
    void change_appliesAll() {
      var made =
          await(
              storage.change(
                  stores ->
                      stores
                          .users()
                          .insert(user(5, "alice"))
                          .compose(user -> stores.users().insert(user(6, "bob")))
                          .compose(user -> stores.users().find("alice"))
                          .compose(
                              user ->
                                  stores
                                      .users()
                                      .update(user.id(), one -> one.withName("alicia")))));
      assertThat(made.name()).isEqualTo("alicia");
      assertThat(names(UserQuery.first(10))).containsExactly("alicia", "bob");
    }

    @Test
    void change_thatFails_appliesNothing() {
      insert(5, "alice");
      var before = await(storage.users().find("alice"));
      var failed = Failure.of(Reason.WRONG_PASSWORD);
      assertThat(
              reason(
                  storage.change(
                      stores ->
                          stores
                              .users()
                              .insert(user(6, "bob"))
                              .compose(bob -> stores.users().delete(new UserId(5)))
                              .compose(gone -> stores.organizations().delete(new OrganizationId(7)))
                              .compose(gone -> stores.roles().delete("reader"))
                              .compose(
                                  gone -> stores.roles().insert(new Role("r", "", false, Map.of())))
                              .compose(role -> stores.tokens().insert(token(1, 6, Token.Kind.API)))
                              .compose(token -> Future.failedFuture(failed)))))
          .isEqualTo(Reason.WRONG_PASSWORD);
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
      assertThat(await(storage.users().find("alice"))).isEqualTo(before);
      assertThat(await(storage.organizations().find(new OrganizationId(7))).name())
          .isEqualTo("organization 7");
      assertThat(await(storage.roles().list()).stream().map(Role::name))
          .containsExactly("reader", "writer");
      assertThat(await(storage.tokens().list(Token.Kind.API))).isEmpty();
      assertThat(
              await(
                      storage
                          .users()
                          .list(
                              UserQuery.first(10)
                                  .matching(new UserFilter.In(new OrganizationId(7), false))
                                  .withTotal()))
                  .total())
          .isEqualTo(1);
    }

    @Test
    void change_thatClearsAndFails_deletesNothing() {
      insert(5, "alice");
      assertThat(
              reason(
                  storage.change(
                      stores ->
                          stores
                              .clear()
                              .compose(
                                  cleared -> Future.failedFuture(Failure.of(Reason.FORBIDDEN))))))
          .isEqualTo(Reason.FORBIDDEN);
      assertThat(await(storage.users().find("alice"))).isEqualTo(user(5, "alice"));
      await(
          storage.change(
              stores ->
                  stores
                      .clear()
                      .compose(
                          cleared -> stores.roles().insert(new Role("r", "", false, Map.of())))));
      assertThat(names(UserQuery.first(10))).isEmpty();
      assertThat(await(storage.roles().list())).hasSize(1);
    }

    /** Exceptions of a dialect pass through unchanged. */
    @Test
    void change_failsWithExceptionOfWork() {
      var refused = new ClassCastException("refused");
      assertThatThrownBy(
              () ->
                  await(
                      storage.change(
                          stores -> {
                            throw refused;
                          })))
          .isSameAs(refused);
      assertThatThrownBy(
              () ->
                  await(
                      storage.change(
                          stores ->
                              stores
                                  .users()
                                  .insert(user(5, "alice"))
                                  .compose(made -> Future.failedFuture(refused)))))
          .isSameAs(refused);
      assertThat(names(UserQuery.first(10))).isEmpty();
    }

    @Test
    void change_isVisibleToItselfOnlyUntilCommitted() {
      var outside = new ArrayList<Future<Page<User>>>();
      await(
          storage.change(
              stores ->
                  stores
                      .users()
                      .insert(user(5, "alice"))
                      .compose(
                          inserted -> {
                            var read = storage.users().list(UserQuery.first(10));
                            outside.add(read);
                            if (changesMayWait()) {
                              return read.map(page -> inserted);
                            }
                            await(read); // or it could run after the change
                            return Future.succeededFuture(inserted);
                          })
                      .compose(inserted -> stores.users().list(UserQuery.first(10)))
                      .map(page -> assertThat(page.items()).hasSize(1))));
      assertThat(await(outside.get(0)).items()).isEmpty();
      assertThat(names(UserQuery.first(10))).containsExactly("alice");
    }

    /** No update is lost, whether it is a change of its own or part of a larger one. */
    @Test
    void concurrentChanges_areSerialized() {
      for (int round = 0; round < 20; round++) {
        insert(100 + round, "counter" + round);
        var id = new UserId(100 + round);
        var updates =
            IntStream.range(0, 8)
                .parallel()
                .mapToObj(
                    i ->
                        i % 2 == 0
                            ? endSessions(storage, id)
                            : storage.change(in -> endSessions(in, id)))
                .toList();
        updates.forEach(Await::await);
        assertThat(await(storage.users().find(id)).sessionEpoch()).isEqualTo(3 + 8);
        assertThat(await(storage.users().find(id)).version()).isEqualTo(1 + 8);
      }
    }

    private static Future<User> endSessions(Stores stores, UserId id) {
      return stores.users().update(id, User::withSessionsEnded);
    }

    /** Each change inserts a user unless another one has, so that one of them does. */
    @Test
    void conditions_holdUntilCommit() {
      for (int round = 0; round < 20; round++) {
        var name = "only" + round;
        var first = 1000 + 10 * round;
        var winners =
            IntStream.range(0, 4)
                .parallel()
                .mapToObj(
                    i ->
                        storage.change(
                            stores ->
                                stores
                                    .users()
                                    .list(UserQuery.first(100))
                                    .compose(
                                        page ->
                                            page.items().stream()
                                                    .anyMatch(one -> one.name().startsWith(name))
                                                ? Future.succeededFuture(false)
                                                : stores
                                                    .users()
                                                    .insert(user(first + i, name + "-" + i))
                                                    .map(made -> true))))
                .toList();
        assertThat(winners.stream().map(Await::await).filter(won -> won).count()).isEqualTo(1);
        await(storage.clear());
        addReferences(storage);
      }
    }
  }

  /** Users, tokens and organizations are found while they change. */
  @Nested
  class ReadersBesideWriters {

    private static final int ROUNDS = Integer.getInteger("doppel.rounds", 3) * 100;

    @Test
    void changingUser_isAlwaysFoundAndListed() throws InterruptedException {
      insert(5, "alice");
      insert(6, "bob");
      var running = new AtomicBoolean(true);
      var writer =
          new Thread(
              () -> {
                for (int i = 0; running.get(); i++) {
                  var name = "The " + i;
                  await(
                      storage
                          .users()
                          .update(new UserId(5), user -> user.withFullName(Optional.of(name))));
                }
              });
      writer.start();
      try {
        for (int round = 0; round < ROUNDS; round++) {
          assertThat(await(storage.users().find("alice")).id()).isEqualTo(new UserId(5));
          assertThat(await(storage.users().find(new UserId(5))).name()).isEqualTo("alice");
          assertThat(await(storage.users().find(new Alias("dialect", "old-alice"))).name())
              .isEqualTo("alice");
          assertThat(await(storage.users().findByEmail("alice@example.com"))).hasSize(1);
          var members = new UserFilter.In(new OrganizationId(7), false);
          for (var filter : List.of(UserFilter.EVERYONE, members, new UserFilter.Holds("reader"))) {
            var page =
                await(storage.users().list(UserQuery.first(10).matching(filter).withTotal()));
            assertThat(page.items()).hasSize(2);
            assertThat(page.total()).isEqualTo(2);
          }
        }
      } finally {
        running.set(false);
        writer.join();
      }
    }

    /** A list shows the user once, under the old name or the new one. */
    @Test
    void renamedUser_hasExactlyOneOfItsNames() throws InterruptedException {
      insert(5, "even");
      var running = new AtomicBoolean(true);
      var writer =
          new Thread(
              () -> {
                for (int i = 0; running.get(); i++) {
                  var name = i % 2 == 0 ? "odd" : "even";
                  await(storage.users().update(new UserId(5), user -> user.withName(name)));
                }
              });
      writer.start();
      try {
        for (int round = 0; round < ROUNDS; round++) {
          var list = await(storage.users().list(UserQuery.first(10).by(Common.NAME)));
          assertThat(list.items()).hasSize(1);
          assertThat(list.items().get(0).name()).isIn("odd", "even");
        }
      } finally {
        running.set(false);
        writer.join();
      }
    }

    @Test
    void changingTokensAndOrganizations_areAlwaysFound() throws InterruptedException {
      var session = token(1, 5, Token.Kind.SESSION);
      await(storage.tokens().insert(session));
      var running = new AtomicBoolean(true);
      var writer =
          new Thread(
              () -> {
                for (int i = 0; running.get(); i++) {
                  var text = "text " + i;
                  var end = NOW.plusSeconds(i);
                  await(storage.tokens().update(session.hash(), one -> one.withExpires(end)));
                  await(
                      storage
                          .organizations()
                          .update(new OrganizationId(7), one -> one.withDescription(text)));
                }
              });
      writer.start();
      try {
        for (int round = 0; round < ROUNDS; round++) {
          assertThat(await(storage.tokens().find(session.hash())).id()).isEqualTo(1);
          assertThat(await(storage.tokens().list(new UserId(5)))).hasSize(1);
          assertThat(await(storage.tokens().list(Token.Kind.SESSION))).hasSize(1);
          assertThat(await(storage.organizations().find("organization 7")).id())
              .isEqualTo(new OrganizationId(7));
          assertThat(await(storage.organizations().list())).hasSize(4);
        }
      } finally {
        running.set(false);
        writer.join();
      }
    }
  }

  /** Concurrent calls are answered as if they had been made one after the other. */
  @Nested
  class Histories {

    private static final int CLIENTS = 5;
    private static final int CALLS = 6;
    private static final int ROUNDS = Integer.getInteger("doppel.rounds", 3) * 5;

    @Test
    void createFindRenameAndDelete_areLinearizable() throws Exception {
      var other = openAnother(storage);
      var seed = new Random().nextLong();
      try {
        for (int round = 0; round < ROUNDS; round++) {
          assertRound(List.of(storage, other), seed + round, round);
          for (var user : await(storage.users().list(UserQuery.first(100))).items()) {
            await(storage.users().delete(user.id()));
          }
        }
      } finally {
        if (!other.equals(storage)) {
          await(other.close());
        }
      }
    }

    private void assertRound(List<Storage> storages, long seed, int round) throws Exception {
      var history = new History<Map<String, UserId>>();
      var start = new CyclicBarrier(CLIENTS);
      var clients = new ArrayList<Thread>();
      var errors = new ConcurrentLinkedQueue<Throwable>();
      for (int i = 0; i < CLIENTS; i++) {
        var client = new HistoryClient(storages.get(i % 2), new Random(seed * 31 + i), history);
        var first = 1000L * (round * CLIENTS + i + 1);
        var thread =
            new Thread(
                () -> {
                  try {
                    start.await();
                    for (int call = 0; call < CALLS; call++) {
                      client.call(new UserId(first + call));
                    }
                  } catch (Exception | AssertionError e) {
                    errors.add(e);
                  }
                });
        clients.add(thread);
        thread.start();
      }
      for (var client : clients) {
        client.join();
      }
      assertThat(errors).isEmpty();
      assertThat(history.isLinearizable(Map.of()))
          .as("seed %d, round %d:%n%s", seed - round, round, history)
          .isTrue();
    }
  }
}
