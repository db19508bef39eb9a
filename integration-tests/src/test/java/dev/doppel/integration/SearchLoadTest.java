package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.MvStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lookups over HTTP, alone and beside twenty clients who search without end; prints how long one
 * takes. With more users by {@code -Ddoppel.users=30000}.
 */
class SearchLoadTest {

  private static final int USERS = Integer.getInteger("doppel.users", 1_000);
  private static final int LOOKUPS = Integer.getInteger("doppel.lookups", 200);
  private static final int CLIENTS = 20;
  private static final int SEED = 5_000;

  @TempDir Path folder;

  @Test
  void inMemory() throws InterruptedException {
    try (var doppel = Doppel.start()) {
      lookUpBesideSearches("memory", () -> new Http(doppel.uri()));
    }
  }

  @Test
  void inAFile() throws InterruptedException {
    try (var doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")))) {
      lookUpBesideSearches("file", () -> PersistentGateways.client(doppel));
    }
  }

  private static void lookUpBesideSearches(String store, Supplier<Http> clients)
      throws InterruptedException {
    var http = clients.get();
    fill(http);
    median(http); // until it is compiled
    var idle = median(http);

    var searches = new Searches(http);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < CLIENTS; i++) {
      threads.add(new Thread(() -> searches.run(clients.get())));
    }
    threads.forEach(Thread::start);
    searches.begun.await();
    var beside = median(http);
    searches.stopped = true;
    for (var thread : threads) {
      thread.join();
    }

    System.out.printf(
        "%s, %d users: GET /api/v2/me %.2f ms in the median alone, %.2f ms beside %d searches%n",
        store, USERS, idle / 1e6, beside / 1e6, CLIENTS);
    // Whoever got no turn was told so in the vendor's words.
    assertThat(searches.statuses).isNotEmpty().allMatch(List.of(200, 408, 429)::contains);
  }

  private static void fill(Http http) {
    for (int first = 0; first < USERS; first += SEED) {
      var users = new JsonArray();
      for (int id = first; id < Math.min(USERS, first + SEED); id++) {
        users.add(
            new JsonObject()
                .put("name", "user" + id)
                .put("fullName", "The Full Name of User Number " + id));
      }
      assertThat(http.control("POST", "seed", new JsonObject().put("users", users).encode()))
          .startsWith("200 ");
    }
  }

  /** How long a lookup takes, in nanoseconds. */
  private static long median(Http http) {
    var times = new ArrayList<Long>();
    for (int i = 0; i < LOOKUPS; i++) {
      var begin = System.nanoTime();
      var answer =
          http.send("GET", "/api/v2/me", "", "Authorization", "Token doppel-operator-token");
      times.add(System.nanoTime() - begin);
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    times.sort(null);
    return times.get(times.size() / 2);
  }

  /** Clients that look for what nobody's name has, each time for something else. */
  private static final class Searches {

    private final AtomicInteger number = new AtomicInteger();
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final CountDownLatch begun = new CountDownLatch(CLIENTS);
    private final String bearer;
    private volatile boolean stopped;

    Searches(Http http) {
      bearer = new VendorClient.Vcloud(http).bearer("/provider", "administrator@System", "Milvus");
    }

    void run(Http http) {
      do {
        var filter = "fullName==*zzAb" + number.incrementAndGet() + "*";
        begun.countDown();
        statuses.add(
            http.send(
                    "GET",
                    "/cloudapi/1.0.0/users?filter="
                        + URLEncoder.encode(filter, StandardCharsets.UTF_8),
                    "",
                    "Accept",
                    VendorClient.Vcloud.ACCEPT,
                    "Authorization",
                    bearer)
                .statusCode());
      } while (!stopped);
    }
  }
}
