package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.doppel.testkit.TestServer.Answer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Credentials of the API of InfluxDB 1.x, where a token is the password (2.9.1:
 * http/legacy/influx1x_authentication_handler.go, v1/authorization/authorizer.go).
 */
class InfluxOldApiTest {

  private final InfluxFixture influx = new InfluxFixture();
  private final String token = influx.token("read:authorizations", "write:authorizations");

  @AfterEach
  void close() {
    influx.close();
  }

  /** Returns the answers to one token in the three places for it. */
  private List<Answer> answers(String password) {
    return List.of(
        influx.send("GET", "/query?u=any&p=" + password.replace("+", "%2B"), List.of(), ""),
        withHeader(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(("any:" + password).getBytes(StandardCharsets.UTF_8))),
        withHeader("Token any:" + password));
  }

  private Answer withHeader(String value) {
    return influx.send("GET", "/query", List.of(Map.entry("Authorization", value)), "");
  }

  private void patch(String path, String status) {
    var body = new JsonObject().put("status", status).encode();
    assertThat(influx.operator("PATCH", path, body).status()).isEqualTo(200);
  }

  @Test
  void token_isAcceptedInThreePlaces() {
    assertThat(answers(token)).extracting(Answer::status).containsOnly(501);
  }

  @Test
  void unknownToken_isRefused() {
    assertUnauthorized(answers("wrong"));
  }

  @Test
  void tokenOfInactiveUser_isRefusedLikeUnknownOne() {
    patch("/api/v2/users/" + influx.user("alice").id(), "inactive");
    assertUnauthorized(answers(token));
  }

  @Test
  void inactiveToken_isRefusedLikeUnknownOne() {
    var all = new JsonObject(influx.operator("GET", "/api/v2/authorizations", "").body());
    var id =
        all.getJsonArray("authorizations").stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("user").equals("alice"))
            .findFirst()
            .orElseThrow()
            .getString("id");
    patch("/api/v2/authorizations/" + id, "inactive");
    assertUnauthorized(answers(token));
  }

  private static void assertUnauthorized(List<Answer> answers) {
    assertThat(answers)
        .extracting(Answer::status, Answer::body)
        .containsOnly(tuple(401, "{\"code\":\"unauthorized\",\"message\":\"Unauthorized\"}"));
  }

  @Test
  void requestWithoutCredentials_isRefused() {
    var answers =
        List.of(
            influx.send("GET", "/query", List.of(), ""),
            influx.send("GET", "/query?u=any", List.of(), ""),
            withHeader("Bearer " + token),
            withHeader("Token " + token + " and more"));
    assertThat(answers)
        .extracting(Answer::status, Answer::body)
        .containsOnly(
            tuple(401, "{\"code\":\"unauthorized\",\"message\":\"unauthorized access\"}"));
  }
}
