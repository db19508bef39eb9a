package dev.doppel.influx;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** API tokens whose organization is gone, and the order of checks (2.9.1: authorization/*.go). */
class InfluxAuthorizationsTest {

  private static final String PATH = "/api/v2/authorizations";

  private final InfluxFixture influx = new InfluxFixture();

  @AfterEach
  void close() {
    influx.close();
  }

  private static JsonObject permission(String type) {
    return new JsonObject()
        .put("action", "read")
        .put("resource", new JsonObject().put("type", type));
  }

  private JsonObject create(String org, JsonObject... permissions) {
    var answer = influx.operator("POST", PATH, body(org, permissions));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    return new JsonObject(answer.body());
  }

  private static String body(String org, JsonObject... permissions) {
    return new JsonObject()
        .put("orgID", org)
        .put("permissions", new JsonArray(List.of(permissions)))
        .encode();
  }

  private JsonObject tokenOfDeletedOrganization() {
    var org = influx.create("/api/v2/orgs", "{\"name\":\"other\"}");
    var token = create(org, permission("users"));
    assertThat(influx.operator("DELETE", "/api/v2/orgs/" + org, "").status()).isEqualTo(204);
    return token;
  }

  private Answer update(JsonObject token, String body) {
    return influx.operator("PATCH", PATH + "/" + token.getString("id"), body);
  }

  @Test
  void tokenOfDeletedOrganization_canBeDeactivated() {
    var token = tokenOfDeletedOrganization();
    var secret = token.getString("token");
    assertThat(influx.send(secret, "GET", "/api/v2/users?name=bob", "").status()).isEqualTo(200);
    var answer = update(token, "{\"status\":\"inactive\"}");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(InfluxFixture.message(answer)).isEqualTo("organization not found");
    var used = influx.send(secret, "GET", "/api/v2/users/" + influx.user("bob").id(), "");
    assertThat(used.status()).isEqualTo(401);
    assertThat(InfluxFixture.message(used)).isEqualTo("token is inactive");
  }

  @Test
  void unknownStatus_isRefusedBeforeWhatIsGone() {
    var org = influx.create("/api/v2/orgs", "{\"name\":\"another\"}");
    var alice = influx.user("alice").id().toString();
    var ofAlice =
        new JsonObject(
            influx
                .operator(
                    "POST",
                    PATH,
                    new JsonObject(body(org, permission("users"))).put("userID", alice).encode())
                .body());
    assertThat(influx.operator("DELETE", "/api/v2/users/" + alice, "").status()).isEqualTo(204);
    for (var token : List.of(tokenOfDeletedOrganization(), ofAlice)) {
      var answer = update(token, "{\"status\":\"unknown\"}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(InfluxFixture.message(answer))
          .isEqualTo("encodeAuthorization: unknown authorization status");
    }
    var answer = update(ofAlice, "{\"description\":\"x\"}");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(InfluxFixture.message(answer)).isEqualTo("user not found");
  }

  @Test
  void instanceType_isRefusedBeforeForeignOrganizations() {
    var password = "/api/v2/users/" + influx.user("root").id() + "/password";
    influx.operator("POST", password, "{\"password\":\"long-enough\"}");
    var basic =
        Base64.getEncoder().encodeToString("root:long-enough".getBytes(StandardCharsets.UTF_8));
    var signedIn =
        influx.send(
            "POST", "/api/v2/signin", List.of(Map.entry("Authorization", "Basic " + basic)), "");
    assertThat(signedIn.status()).as(signedIn.toString()).isEqualTo(204);
    var cookie = String.valueOf(signedIn.headers().get("set-cookie")).split(";", 2)[0];
    var foreign = permission("buckets");
    foreign.getJsonObject("resource").put("orgID", "00000000000000ff");
    var answer =
        influx.send(
            "POST",
            PATH,
            List.of(Map.entry("Cookie", cookie)),
            body(influx.organization().id().toString(), foreign, permission("instance")));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(500);
    assertThat(InfluxFixture.message(answer)).startsWith("authorizations cannot be created with");
  }

  @Test
  void permission_isShownWithTheNamesOfWhatExists() {
    var org = influx.organization().id().toString();
    var other = influx.create("/api/v2/orgs", "{\"name\":\"other\"}");
    var onUser = permission("users");
    onUser
        .getJsonObject("resource")
        .put("id", influx.user("bob").id().toString())
        .put("orgID", other);
    var onUnknown = permission("buckets");
    onUnknown.getJsonObject("resource").put("id", "00000000000000ff").put("orgID", other);
    var secret = "of-two";
    await(
        influx
            .test
            .realm()
            .tokens()
            .issue(
                Authority.SERVER,
                secret,
                influx.user("root"),
                InfluxDialect.NAME,
                Status.ACTIVE,
                "",
                new InfluxAuthorization(
                        org, List.of(parsed(onUser), parsed(onUnknown)), null, true, false)
                    .json()));
    assertThat(resources()).containsExactly(Map.entry("bob", "other"), Map.entry("", ""));
    influx.operator("DELETE", "/api/v2/orgs/" + other, "");
    assertThat(resources()).containsExactly(Map.entry("bob", ""), Map.entry("", ""));
  }

  private static InfluxPermission parsed(JsonObject permission) {
    var resource = permission.getJsonObject("resource");
    return new InfluxPermission(
        InfluxAction.READ,
        resource.getString("type"),
        resource.getString("id"),
        resource.getString("orgID"));
  }

  /** Returns the names of resource and organization of the permissions of the latest token. */
  private List<Map.Entry<String, String>> resources() {
    var all =
        new JsonObject(influx.operator("GET", PATH, "").body()).getJsonArray("authorizations");
    return all.getJsonObject(all.size() - 1).getJsonArray("permissions").stream()
        .map(one -> ((JsonObject) one).getJsonObject("resource"))
        .map(one -> Map.entry(one.getString("name", ""), one.getString("org", "")))
        .toList();
  }

  private static Map<String, Object> resource(JsonObject authorization) {
    return authorization
        .getJsonArray("permissions")
        .getJsonObject(0)
        .getJsonObject("resource")
        .getMap();
  }

  /** Fails the steps of one request one by one: none may be taken for a resource that is gone. */
  @Test
  void failureOfStore_isNotTakenForMissingName() {
    var org = influx.organization().id().toString();
    var bucket = influx.create("/api/v2/buckets", "{\"name\":\"data\",\"orgID\":\"" + org + "\"}");
    var onBucket = permission("buckets");
    onBucket.getJsonObject("resource").put("id", bucket).put("orgID", org);
    var path = PATH + "/" + create(org, onBucket).getString("id");
    var steps = new AtomicInteger();
    influx.storage.beforeEach(
        step -> {
          steps.incrementAndGet();
          return Future.succeededFuture();
        });
    var whole = influx.operator("GET", path, "");
    assertThat(resource(new JsonObject(whole.body())))
        .containsEntry("name", "data")
        .containsEntry("org", "doppel");
    var all = steps.get();
    assertThat(all).isGreaterThan(3);
    for (int failing = 1; failing <= all; failing++) {
      var left = new AtomicInteger(failing);
      influx.storage.beforeEach(
          step ->
              left.decrementAndGet() == 0
                  ? Future.failedFuture(Failure.of(Reason.UNAVAILABLE))
                  : Future.succeededFuture());
      assertThat(influx.operator("GET", path, "").status()).as("step " + failing).isEqualTo(503);
    }
    influx.storage.beforeEach(step -> Future.succeededFuture());
    assertThat(influx.operator("GET", path, "")).isEqualTo(whole);
  }
}
