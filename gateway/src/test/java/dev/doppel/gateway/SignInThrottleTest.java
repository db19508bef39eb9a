package dev.doppel.gateway;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.gateway.GatewayConfig.Store;
import dev.doppel.users.SignInThrottle;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guessing passwords of a store that lasts, in each vendor's words. */
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
    doppel = Lasting.start(new Store.InFile(folder.resolve("users.db")), RIGHT);
    http = Lasting.client(doppel);
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

  private void assertThrottled(
      Function<String, HttpResponse<String>> signIn, int status, String body) {
    var wrong = signIn.apply(WRONG);
    assertThat(wrong.statusCode()).isNotEqualTo(status);
    for (int i = 1; i < SignInThrottle.WRONG_A_NAME; i++) {
      assertThat(signIn.apply(WRONG).statusCode()).isEqualTo(wrong.statusCode());
    }
    for (var password : new String[] {WRONG, RIGHT}) {
      var refused = signIn.apply(password);
      assertThat(refused.statusCode()).isEqualTo(status);
      assertThat(refused.body()).contains(body);
    }
    doppel.clock().advance(Duration.ofSeconds(61));
    var right = signIn.apply(RIGHT);
    assertThat(right.statusCode()).isBetween(200, 204);
    assertThat(right.body()).doesNotContain("too many requests");
  }

  @Test
  void milvus() {
    assertThrottled(
        this::milvus,
        200,
        "{\"code\":1807,\"message\":\"request is rejected by limiter, error: too many requests\"}");
  }

  @Test
  void influx() {
    assertThrottled(
        this::influx,
        429,
        "\"code\": \"too many requests\",\n\t\"message\": \"too many requests\"");
  }

  @Test
  void vcloud() {
    assertThrottled(this::vcloud, 503, "\"minorErrorCode\":\"BUSY_ENTITY\"");
  }

  @Test
  void workspace() {
    assertThrottled(this::workspace, 429, "\"status\":false,\"error\":{\"code\":4029");
  }

  /** A few for each name, so that no name is what is refused. */
  @Test
  void address_isThrottledAcrossNamesAndDialects() {
    for (int i = 0; i < SignInThrottle.WRONG_AN_ADDRESS; i++) {
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
    doppel.clock().advance(Duration.ofSeconds(61));
    assertThat(vcloud(RIGHT).statusCode()).isEqualTo(200);
  }

  /** A test suite signs in as often and as badly as it likes. */
  @Test
  void memory_isNotThrottled() {
    try (var inMemory = Doppel.start()) {
      var there = new Http(inMemory.uri());
      for (int i = 0; i < 3 * SignInThrottle.WRONG_A_NAME; i++) {
        assertThat(
                there
                    .send("POST", "/api/v2/signin", "", "Authorization", basic("root", "x"))
                    .statusCode())
            .isEqualTo(401);
      }
    }
  }
}
