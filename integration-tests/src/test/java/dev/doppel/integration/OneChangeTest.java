package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.users.Store;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Atomicity of changes: concurrent readers see all of a change or nothing. Runs a few rounds in
 * every build, and more with {@code -Ddoppel.rounds=100}, as in the profile {@code reliability}.
 */
class OneChangeTest {

  private static final int ROUNDS = Integer.getInteger("doppel.rounds", 3);
  private static final String OPERATOR = "Token doppel-operator-token";

  @TempDir Path folder;

  private final ConcurrentLinkedQueue<Doppel> running = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> wrongs = new ConcurrentLinkedQueue<>();
  private String uri = "";

  private enum Where {
    MEMORY,
    FILE,
    POSTGRESQL
  }

  @AfterEach
  void stop() {
    running.forEach(Doppel::close);
  }

  private Store store(Where where) {
    if (where == Where.MEMORY) {
      return MvStore.memory();
    }
    if (where == Where.FILE) {
      return MvStore.file(folder.resolve("users.db"));
    }
    uri = TestPostgres.newUri();
    return new PgStore(PgAddress.parse(uri), 6);
  }

  private Http start(Store store) {
    var doppel = PersistentGateways.start(store);
    running.add(doppel);
    return PersistentGateways.client(doppel);
  }

  private static String createUser(Http http, String name) {
    var answer =
        http.send(
            "POST",
            "/api/v2/users",
            new JsonObject().put("name", name).encode(),
            "Authorization",
            OPERATOR);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body()).getString("id");
  }

  private static int patch(Http http, String id, JsonObject change) {
    return http.send("PATCH", "/api/v2/users/" + id, change.encode(), "Authorization", OPERATOR)
        .statusCode();
  }

  /** Repeats an action until the work that runs concurrently is done. */
  private static void beside(IntFunction<?> repeated, Runnable work) throws InterruptedException {
    var going = new AtomicBoolean(true);
    var other =
        new Thread(
            () -> {
              for (int i = 0; going.get(); i++) {
                repeated.apply(i);
              }
            });
    other.start();
    try {
      work.run();
    } finally {
      going.set(false);
      other.join();
    }
  }

  @ParameterizedTest
  @EnumSource
  void user_existsWhileItChanges(Where where) throws InterruptedException {
    var http = start(store(where));
    var id = createUser(http, "alice");
    http.send(
        "POST",
        "/api/v2/users/" + id + "/password",
        "{\"password\":\"P@ssw0rd1\"}",
        "Authorization",
        OPERATOR);
    var signedIn =
        http.send("POST", "/api/v2/signin", "", "Authorization", basic("alice", "P@ssw0rd1"));
    var cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
    beside(
        i -> patch(http, id, new JsonObject().put("status", "active")),
        () -> {
          for (int round = 0; round < ROUNDS * 50; round++) {
            expect(200, http, "/api/v2/users/" + id, "Authorization", OPERATOR);
            expect(200, http, "/api/v2/me", "Cookie", cookie);
            var list = http.send("GET", "/api/v2/users", "", "Authorization", OPERATOR);
            if (!list.body().contains("\"alice\"")) {
              wrongs.add("not listed: " + list.body());
            }
          }
        });
    assertThat(wrongs).isEmpty();
  }

  private void expect(int status, Http http, String path, String... headers) {
    var answer = http.send("GET", path, "", headers);
    if (answer.statusCode() != status) {
      wrongs.add(path + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  @ParameterizedTest
  @EnumSource
  void reset_keepsAdministratorDespiteConcurrentRegistrations(Where where)
      throws InterruptedException {
    var http = start(store(where));
    beside(
        i ->
            http.send(
                "POST",
                "/v2/vectordb/users/create",
                "{\"userName\":\"user%d\",\"password\":\"P@ssw0rd1\"}".formatted(i),
                "Authorization",
                "Bearer root:Milvus"),
        () -> {
          for (int round = 0; round < ROUNDS * 5; round++) {
            var reset = http.control("POST", "reset?confirm=true", "");
            if (!reset.startsWith("200 ")) {
              wrongs.add(reset);
            }
            var list =
                http.send(
                    "POST", "/v2/vectordb/users/list", "{}", "Authorization", "Bearer root:Milvus");
            if (!list.body().contains("\"root\"")) {
              wrongs.add(list.body());
            }
          }
        });
    assertThat(wrongs).isEmpty();
  }

  /** A database is emptied only if an administrator can sign in afterwards. */
  @Test
  void reset_withoutCredentials_isRejectedBeforeClearing() {
    var store = store(Where.POSTGRESQL);
    createUser(start(store), "alice");
    var other =
        Doppel.start(
            DoppelConfig.DEFAULT.toBuilder()
                .port(0)
                .store(store)
                .controlToken("lasting-control-token")
                .credentials(
                    new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), false))
                .build());
    running.add(other);
    var http = PersistentGateways.client(other);
    assertThat(http.control("POST", "reset?confirm=true", ""))
        .startsWith("409 ")
        .contains("nobody could sign in; give --admin-password");
    assertThat(http.send("GET", "/api/v2/users?name=alice", "", "Authorization", OPERATOR).body())
        .contains("\"alice\"");
    assertThat(http.send("GET", "/api/v2/setup", "").body()).contains("false");
  }

  /** A rejected change isn't made later. */
  @Test
  void rejectedChange_isNotMadeAfterRowIsUnlocked() throws SQLException {
    var http = start(store(Where.POSTGRESQL));
    var id = createUser(http, "alice");
    try (var connection = TestPostgres.connection(uri);
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT * FROM users WHERE name = 'alice' FOR UPDATE");
      assertThat(patch(http, id, new JsonObject().put("name", "later"))).isEqualTo(429);
      connection.rollback();
    }
    for (int look = 0; look < 20; look++) {
      expect(200, http, "/api/v2/users?name=alice", "Authorization", OPERATOR);
    }
    assertThat(wrongs).isEmpty();
    assertThat(patch(http, id, new JsonObject().put("name", "now"))).isEqualTo(200);
  }

  /** Two users who take each other's name both get a response without a deadlock. */
  @Test
  void crossingRenames_doNotDeadlock() throws Exception {
    var http = start(store(Where.POSTGRESQL));
    var ids = new String[] {createUser(http, "one"), createUser(http, "two")};
    for (int round = 0; round < ROUNDS * 10; round++) {
      var barrier = new CyclicBarrier(2);
      var statuses = new int[2];
      var threads = new Thread[2];
      for (int i = 0; i < 2; i++) {
        var mine = i;
        threads[i] =
            new Thread(
                () -> {
                  try {
                    barrier.await();
                    var wanted = mine == 0 ? "two" : "one";
                    statuses[mine] = patch(http, ids[mine], new JsonObject().put("name", wanted));
                  } catch (Exception broken) {
                    wrongs.add(broken.toString());
                  }
                });
        threads[i].start();
      }
      for (var thread : threads) {
        thread.join();
      }
      assertThat(statuses).containsOnly(422);
    }
    assertThat(wrongs).isEmpty();
  }
}
