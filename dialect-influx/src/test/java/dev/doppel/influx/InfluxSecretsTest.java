package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.influx.InfluxApi.Caller;
import dev.doppel.testkit.TestServer.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The secrets of an organization: order, limits and permissions. */
class InfluxSecretsTest {

  private final InfluxApi api = new InfluxApi();
  private String org = "";

  @BeforeEach
  void createOrganization() {
    org = api.operator().create("/orgs", new JsonObject().put("name", "acme")).getString("id");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private String path() {
    return "/orgs/" + org + "/secrets";
  }

  private Answer put(Caller caller, List<String> names) {
    var body = new JsonObject();
    names.forEach(name -> body.put(name, "value"));
    return caller.send("PATCH", path(), body.encode());
  }

  private JsonArray names() {
    return new JsonObject(api.operator().send("GET", path()).body()).getJsonArray("secrets");
  }

  private static void assertError(Answer answer, int status, String code, String message) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()))
        .isEqualTo(new JsonObject().put("code", code).put("message", message));
  }

  @Test
  void list_isInOrderOfBytes() {
    assertThat(put(api.operator(), List.of("😀", "\uff5e", "b", "a")).status()).isEqualTo(204);
    assertThat(names()).containsExactly("a", "b", "\uff5e", "😀");
  }

  @Test
  void put_refusesLongName() {
    var longest = "x".repeat(32_768 - 16);
    assertThat(put(api.operator(), List.of(longest)).status()).isEqualTo(204);
    assertError(
        put(api.operator(), List.of("a", longest + "x")),
        413,
        "request too large",
        "key too large");
    assertError(
        put(api.operator(), List.of("é".repeat(16_377))),
        413,
        "request too large",
        "key too large");
    assertThat(names()).containsExactly(longest);
  }

  @Test
  void put_refusesTooMany() {
    var most = IntStream.range(0, 1_000).mapToObj(i -> "name" + i).toList();
    assertThat(put(api.operator(), most).status()).isEqualTo(204);
    assertError(
        put(api.operator(), List.of("more")),
        422,
        "unprocessable entity",
        "an organization can have 1000 secrets at most");
    assertThat(names()).hasSize(most.size()).doesNotContain("more");
    assertThat(put(api.operator(), most.subList(0, 1)).status()).isEqualTo(204);
    api.operator().send("DELETE", path() + "/name0");
    assertThat(put(api.operator(), List.of("more")).status()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({
    "read:buckets, GET, 404, 404 page not found",
    "read:secrets, GET, 404, 404 page not found",
    "write:secrets, PATCH, 404, 404 page not found",
    "write:secrets, DELETE, 404, 404 page not found",
    "read:orgs, GET, 401, read:orgs/%s/secrets is unauthorized",
    "read:orgs, PATCH, 401, write:orgs/%s/secrets is unauthorized",
    "read:orgs read:secrets, PATCH, 401, write:orgs/%s/secrets is unauthorized",
    "read:orgs read:secrets, DELETE, 401, write:orgs/%s/secrets is unauthorized",
  })
  void permission_isNotEnough(String held, String method, int status, String message) {
    put(api.operator(), List.of("a"));
    var token = api.holder(org, held.split(" "));
    var answer =
        switch (method) {
          case "PATCH" -> put(token, List.of("b"));
          case "DELETE" -> token.send(method, path() + "/a");
          default -> token.send(method, path());
        };
    assertError(
        answer, status, status == 401 ? "unauthorized" : "not found", message.formatted(org));
    assertThat(names()).containsExactly("a");
  }

  @Test
  void permissions_areEnough() {
    var token = api.holder(org, "read:orgs", "read:secrets", "write:secrets");
    assertThat(put(token, List.of("a", "b")).status()).isEqualTo(204);
    assertThat(token.send("DELETE", path() + "/a").status()).isEqualTo(204);
    assertThat(token.send("GET", path()).status()).isEqualTo(200);
    assertThat(names()).containsExactly("b");
  }
}
