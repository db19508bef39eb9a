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
 * Duration of lookups over HTTP, alone and during continuous searches by twenty clients; printed.
 * {@code -Ddoppel.users=30000} creates more users.
 */
class SearchLoadTest {

  private static final int USERS = Integer.getInteger("doppel.users", 1_000);
  private static final int LOOKUPS = Integer.getInteger("doppel.lookups", 200);
  private static final int CLIENTS = 20;
  private static final int SEED = 5_000;

  @TempDir Path folder;

  @Test
  void lookups_duringSearches_inMemory() throws InterruptedException {
    try (var doppel = Doppel.start()) {
      lookUpBesideSearches("memory", () -> new Http(doppel.uri()));
    }
  }

  @Test
  void lookups_duringSearches_inFile() throws InterruptedException {
    try (var doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")))) {
      lookUpBesideSearches("file", () -> PersistentGateways.client(doppel));
    }
  }

  private static void lookUpBesideSearches(String store, Supplier<Http> clients)
      throws InterruptedException {
    var http = clients.get();
    fill(http);
    median(http); // warm-up
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
    // Searches without a free worker get the vendor's error.
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

  /** Returns the median duration of a lookup in nanoseconds. */
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

  /** Clients that search for names that no user has, each time for another one. */
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
