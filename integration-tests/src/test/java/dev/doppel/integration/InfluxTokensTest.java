package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.gateway.Http;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.influx.InfluxVendor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Rights of InfluxDB tokens in other dialects, with settings that show tokens again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfluxTokensTest {

  private static final String PASSWORD = "P@ssw0rd1!";
  private static final String OPERATOR = "doppel-operator-token";
  private static final List<String> TYPES =
      List.of(
          "authorizations",
          "buckets",
          "dashboards",
          "orgs",
          "sources",
          "tasks",
          "telegrafs",
          "users",
          "variables",
          "scrapers",
          "secrets",
          "labels",
          "views",
          "documents",
          "notificationRules",
          "notificationEndpoints",
          "checks",
          "dbrp",
          "notebooks",
          "annotations",
          "remotes",
          "replications");

  private static final InfluxDialect.Settings SHOWN =
      new InfluxDialect.Settings(
          InfluxDialect.Version.V2_9, false, false, Duration.ofMinutes(60), true);

  private final Doppel doppel =
      Doppel.start(
          DoppelConfig.DEFAULT.toBuilder().port(0).vendor(InfluxVendor.INSTANCE, SHOWN).build());
  private final Http http = new Http(doppel.uri());

  @AfterEach
  void reset() {
    doppel.reset();
  }

  @AfterAll
  void close() {
    doppel.close();
  }

  private HttpResponse<String> influx(String token, String method, String path, JsonObject body) {
    return http.send(
        method,
        "/api/v2/" + path,
        body.isEmpty() ? "" : body.encode(),
        "Authorization",
        "Token " + token);
  }

  private HttpResponse<String> influx(String token, String method, String path) {
    return influx(token, method, path, new JsonObject());
  }

  private static JsonObject permission(String action, String type, Optional<String> orgID) {
    var resource = new JsonObject().put("type", type);
    orgID.ifPresent(id -> resource.put(type.equals("orgs") ? "id" : "orgID", id));
    return new JsonObject().put("action", action).put("resource", resource);
  }

  private static JsonArray everything(Optional<String> orgID) {
    var all = new JsonArray();
    for (var type : TYPES) {
      all.add(permission("read", type, orgID)).add(permission("write", type, orgID));
    }
    return all;
  }

  private void seed(String token, JsonArray permissions) {
    var bearer =
        new JsonObject()
            .put("name", "bearer")
            .put("password", PASSWORD)
            .put(
                "tokens",
                new JsonArray()
                    .add(new JsonObject().put("token", token).put("permissions", permissions)));
    var seed = new JsonObject().put("users", new JsonArray().add(bearer));
    assertThat(http.control("POST", "seed", seed.encode())).startsWith("200 ");
  }

  private String idOf(String kind, String name) {
    var found =
        influx(OPERATOR, "GET", kind.equals("orgs") ? "orgs?org=" + name : "users?name=" + name);
    return new JsonObject(found.body()).getJsonArray(kind).getJsonObject(0).getString("id");
  }

  private String created(String kind, String name) {
    var made = influx(OPERATOR, "POST", kind, new JsonObject().put("name", name));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new JsonObject(made.body()).getString("id");
  }

  private String issued(String by, String owner, String org, JsonArray permissions) {
    var body =
        new JsonObject().put("orgID", org).put("userID", owner).put("permissions", permissions);
    var made = influx(by, "POST", "authorizations", body);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new JsonObject(made.body()).getString("token");
  }

  private HttpResponse<String> setPassword(String token, String user) {
    return influx(
        token,
        "POST",
        "users/" + user + "/password",
        new JsonObject().put("password", "N3w-" + PASSWORD));
  }

  private void grantAdmin(String name) {
    var answer =
        http.send(
            "POST",
            "/v2/vectordb/users/grant_role",
            new JsonObject().put("userName", name).put("roleName", "admin").encode(),
            "Authorization",
            "Bearer root:Milvus");
    assertThat(answer.body()).isEqualTo("{\"code\":0,\"data\":{}}");
  }

  @Test
  void tokenOfOrdinaryUser_neverGetsAdministratorRights() {
    seed("full", everything(Optional.empty()));
    var later = created("users", "later");
    var minted = issued("full", later, idOf("orgs", "doppel"), everything(Optional.empty()));
    grantAdmin("later");
    assertThat(setPassword(minted, idOf("users", "root")).statusCode()).isEqualTo(401);

    grantAdmin("bearer");
    assertThat(setPassword("full", idOf("users", "root")).statusCode()).isEqualTo(401);
    var own = issued(OPERATOR, later, idOf("orgs", "doppel"), everything(Optional.empty()));
    assertThat(setPassword(own, idOf("users", "root")).statusCode()).isEqualTo(204);
  }

  @Test
  void tokenIssuedWithPermissionsOnly_hasNoOwnerRights() {
    seed("full", everything(Optional.empty()));
    var acme = created("orgs", "acme");
    var owner = created("users", "owner");
    var before = issued("full", owner, acme, everything(Optional.of(acme)));
    assertThat(
            influx(OPERATOR, "POST", "orgs/" + acme + "/owners", new JsonObject().put("id", owner))
                .statusCode())
        .isEqualTo(201);
    var member = created("users", "member");
    var add = new JsonObject().put("id", member);
    assertThat(influx(before, "POST", "orgs/" + acme + "/members", add).statusCode())
        .isEqualTo(401);
    var after = issued("full", owner, acme, everything(Optional.of(acme)));
    assertThat(influx(after, "POST", "orgs/" + acme + "/members", add).statusCode()).isEqualTo(401);
    var own = issued(OPERATOR, owner, acme, everything(Optional.of(acme)));
    assertThat(influx(own, "POST", "orgs/" + acme + "/members", add).statusCode()).isEqualTo(201);
  }

  private JsonArray readers() {
    return new JsonArray()
        .add(permission("read", "authorizations", Optional.empty()))
        .add(permission("read", "users", Optional.empty()));
  }

  private String tokensOf(String name, String asked) {
    return influx(asked, "GET", "authorizations?user=" + name).body();
  }

  @Test
  void secretOfOtherUser_isVisibleToAdministratorsOnly() {
    seed("reads", readers());
    var root = idOf("users", "root");
    var whole = issued(OPERATOR, root, idOf("orgs", "doppel"), everything(Optional.empty()));
    var part = issued(OPERATOR, root, idOf("orgs", "doppel"), readers());
    assertThat(tokensOf("root", "reads")).contains(root).doesNotContain(whole, part);
    assertThat(tokensOf("root", part)).contains(part).doesNotContain(whole);
    assertThat(tokensOf("root", whole)).contains(whole, part);
    assertThat(tokensOf("root", OPERATOR)).contains(whole, part);
    assertThat(tokensOf("bearer", "reads")).contains("\"reads\"");
    assertThat(tokensOf("bearer", OPERATOR)).contains("\"reads\"");
  }

  @Test
  void tokenOfAdministratorOrOfAllDialects_canBeChangedOnlyByOwnerOrAdministrator() {
    seed(
        "writes",
        readers()
            .add(permission("write", "authorizations", Optional.empty()))
            .add(permission("write", "users", Optional.empty())));
    assertThat(
            http.control(
                "POST",
                "seed",
                "users: [{name: ann, tokens: [{token: anns}, {token: annreads, permissions:"
                    + " [{action: read, resource: {type: users}}]}]}]"))
        .startsWith("200 ");
    for (var name : List.of("root", "ann")) {
      var token = tokenFor(name, "");
      var off = new JsonObject().put("status", "inactive");
      assertThat(influx("writes", "PATCH", "authorizations/" + token, off).statusCode())
          .isEqualTo(401);
      assertThat(influx("writes", "DELETE", "authorizations/" + token).statusCode()).isEqualTo(401);
    }
    assertThat(influx("anns", "GET", "me").statusCode()).isEqualTo(200);
    assertThat(
            influx("writes", "DELETE", "authorizations/" + tokenFor("ann", "annreads"))
                .statusCode())
        .isEqualTo(204);
    assertThat(influx(OPERATOR, "DELETE", "authorizations/" + tokenFor("ann", "")).statusCode())
        .isEqualTo(204);
  }

  /** Returns the id of a token by its secret. Tokens for all dialects don't show theirs. */
  private String tokenFor(String name, String secret) {
    return new JsonObject(tokensOf(name, OPERATOR))
        .getJsonArray("authorizations").stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("token").equals(secret))
            .findFirst()
            .orElseThrow()
            .getString("id");
  }
}
