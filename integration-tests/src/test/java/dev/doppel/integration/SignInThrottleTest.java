package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.store.MvStore;
import dev.doppel.users.SignInLimits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Throttling of wrong passwords on a persistent store, with each vendor's errors. */
class SignInThrottleTest {

  private static final String RIGHT = "R1ght-P4ssword";
  private static final String WRONG = "Wr0ng-P4ssword";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Doppel doppel;

  @SuppressWarnings("NullAway.Init")
  private Http http;

  @BeforeEach
  void start() {
    doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")), RIGHT);
    http = PersistentGateways.client(doppel);
  }

  @AfterEach
  void close() {
    doppel.close();
  }

  private HttpResponse<String> milvus(String password) {
    return http.send(
        "POST", "/v2/vectordb/users/list", "{}", "Authorization", "Bearer root:" + password);
  }

  private HttpResponse<String> influx(String password) {
    return http.send("POST", "/api/v2/signin", "", "Authorization", basic("root", password));
  }

  private HttpResponse<String> vcloud(String password) {
    return http.send(
        "POST",
        "/cloudapi/1.0.0/sessions/provider",
        "",
        "Authorization",
        basic("root@System", password),
        "Accept",
        "application/json;version=39.1");
  }

  private HttpResponse<String> workspace(String password) {
    return http.send(
        "POST",
        "/v1/auth/login",
        "{\"provider\":\"traditional\",\"payload\":{\"email\":\"root\",\"password\":\"%s\"}}"
            .formatted(password),
        "Content-Type",
        "application/json");
  }

  private static void assertSignedIn(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    assertThat(answer.body()).doesNotContain("too many requests");
  }

  /** Counts an account's sign-ins by all names and dialects, independent of the movable clock. */
  @Test
  void account_isThrottled_andAcceptsRightPassword() {
    List<Function<String, HttpResponse<String>>> signIns =
        List.of(this::milvus, this::influx, this::vcloud, this::workspace);
    for (int i = 0; i < SignInLimits.PERSISTENT.wrongPerAccount(); i++) {
      var wrong = signIns.get(i % signIns.size()).apply(WRONG);
      assertThat(wrong.statusCode()).isIn(401, 403);
    }
    doppel.clock().advance(Duration.ofHours(3));
    // Two sign-ins can wait at once, so at least one of three through each dialect is rejected.
    var refusals =
        Map.<Function<String, HttpResponse<String>>, String>of(
            signIns.get(0),
            "{\"code\":1807,\"message\":\"request is rejected by limiter, error: too many requests\"}",
            signIns.get(1),
            "\"code\": \"too many requests\",\n\t\"message\": \"too many requests\"",
            signIns.get(2),
            "\"minorErrorCode\":\"BUSY_ENTITY\"",
            signIns.get(3),
            "\"status\":false,\"error\":{\"code\":4029");
    var guesses = new HashMap<String, List<CompletableFuture<HttpResponse<String>>>>();
    refusals.forEach(
        (signIn, refusal) ->
            guesses.put(
                refusal,
                Stream.generate(() -> CompletableFuture.supplyAsync(() -> signIn.apply(WRONG)))
                    .limit(3)
                    .toList()));
    guesses.forEach(
        (refusal, three) ->
            assertThat(three.stream().map(guess -> guess.join().body()))
                .anyMatch(body -> body.contains(refusal)));
    assertSignedIn(vcloud(RIGHT));
    assertSignedIn(milvus(RIGHT)); // verified before, so it doesn't wait
    assertSignedIn(workspace(RIGHT));
    assertSignedIn(influx(RIGHT));
  }

  /** Stays below the limit of each name. */
  @Test
  void address_isThrottledAcrossNamesAndDialects() {
    for (int i = 0; i < SignInLimits.PERSISTENT.wrongPerAddress(); i++) {
      var wrong =
          i % 2 == 0
              ? http.send("POST", "/api/v2/signin", "", "Authorization", basic("user" + i, WRONG))
              : http.send(
                  "POST",
                  "/v2/vectordb/users/list",
                  "{}",
                  "Authorization",
                  "Bearer user" + i + ":" + WRONG);
      assertThat(wrong.statusCode()).isEqualTo(401);
    }
    assertThat(vcloud(RIGHT).statusCode()).isEqualTo(503);
    doppel.clock().advance(Duration.ofHours(3));
    assertThat(vcloud(RIGHT).statusCode()).isEqualTo(503);
  }

  /** Test suites need unlimited sign-ins. */
  @Test
  void memory_isNotThrottled() {
    try (var inMemory = Doppel.start()) {
      var there = new Http(inMemory.uri());
      for (int i = 0; i < 3 * SignInLimits.PERSISTENT.wrongPerAccount(); i++) {
        assertThat(
                there
                    .send("POST", "/api/v2/signin", "", "Authorization", basic("root", "x"))
                    .statusCode())
            .isEqualTo(401);
      }
    }
  }
}
