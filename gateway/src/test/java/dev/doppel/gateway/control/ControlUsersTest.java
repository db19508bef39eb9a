package dev.doppel.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlUsersTest {

  private Doppel doppel;
  private Http http;

  @BeforeEach
  void start() {
    doppel = Doppel.start();
    http = new Http(doppel.uri());
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  private JsonObject user(String name) {
    var all = new JsonObject(http.send("GET", "/_doppel/users", "").body()).getJsonArray("users");
    var id =
        all.stream()
            .map(JsonObject.class::cast)
            .filter(user -> user.getString("name").equals(name))
            .findFirst()
            .orElseThrow()
            .getString("id");
    return new JsonObject(http.send("GET", "/_doppel/users/" + id, "").body());
  }

  private static Map<String, Set<String>> byOrigin(JsonObject view) {
    return view.stream()
        .collect(
            Collectors.groupingBy(
                field -> ((JsonObject) field.getValue()).getString("origin"),
                TreeMap::new,
                Collectors.mapping(Map.Entry::getKey, Collectors.toCollection(TreeSet::new))));
  }

  @Test
  void user_isShownInEveryDialect() {
    doppel
        .seed()
        .user("ann")
        .password("P@ssw0rd1")
        .email("ann@example.com")
        .fullName("Ann Lee")
        .role("reader")
        .memberOf("acme")
        .put();
    var views = user("ann").getJsonObject("views");
    assertThat(byOrigin(views.getJsonObject("milvus")))
        .isEqualTo(
            Map.of(
                "kept", Set.of("userName", "roles"),
                "defaulted", Set.of("description"),
                "lost", Set.of("status", "email", "fullName", "organizations")));
    assertThat(byOrigin(views.getJsonObject("influx")))
        .isEqualTo(
            Map.of(
                "kept", Set.of("name", "status"),
                "derived", Set.of("links", "id"),
                "lost", Set.of("email", "fullName", "roles")));
    assertThat(byOrigin(views.getJsonObject("vcloud")))
        .isEqualTo(
            Map.of(
                "kept", Set.of("username", "fullName", "email", "enabled"),
                "derived", Set.of("id", "roleEntityRefs", "orgEntityRef", "nameInSource"),
                "defaulted",
                    Set.of("description", "isGroupRole", "providerType", "locked", "stranded")));
    assertThat(byOrigin(views.getJsonObject("workspace")))
        .containsEntry(
            "kept", Set.of("email", "fullName", "organizations", "createdAt", "updatedAt"))
        .containsEntry("lost", Set.of("roles", "status"));
    assertThat(views.getJsonObject("vcloud").getJsonObject("orgEntityRef").getJsonObject("value"))
        .contains(Map.entry("name", "acme"));
  }

  @Test
  void views_equalDialectsResponses() {
    doppel.seed().user("ann").password("P@ssw0rd1").email("ann@example.com").token("t").put();
    var views = user("ann").getJsonObject("views");
    var influx = http.send("GET", "/api/v2/me", "", "Authorization", "Token t").body();
    assertThat(shown(views.getJsonObject("influx"))).isEqualTo(new JsonObject(influx));
    var workspace = http.send("GET", "/v1/users/profile", "", "Authorization", "Bearer t").body();
    assertThat(shown(views.getJsonObject("workspace")))
        .isEqualTo(new JsonObject(workspace).getJsonObject("data"));
    var vcloud = new VendorClient.Vcloud(http).administrating("doppel").find("ann");
    vcloud.stream()
        .filter(field -> field.getValue() == null)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(vcloud::remove);
    assertThat(shown(views.getJsonObject("vcloud"))).isEqualTo(vcloud);
    var milvus =
        http.send(
                "POST",
                "/v2/vectordb/users/describe",
                "{\"userName\":\"ann\"}",
                "Authorization",
                "Bearer root:Milvus")
            .body();
    assertThat(shown(views.getJsonObject("milvus")).getJsonArray("roles"))
        .isEqualTo(new JsonObject(milvus).getJsonArray("data", new JsonArray()));
  }

  private static JsonObject shown(JsonObject view) {
    var shown = new JsonObject();
    view.forEach(
        field -> {
          var part = (JsonObject) field.getValue();
          if (!part.getString("origin").equals("lost")) {
            shown.put(field.getKey(), part.getValue("value"));
          }
        });
    return shown;
  }

  @Test
  void vendorOnlyFields_areMissingInOtherViews() {
    http.send(
        "POST",
        "/v2/vectordb/users/create",
        "{\"userName\":\"ann\",\"password\":\"P@ssw0rd1\",\"description\":\"of sales\"}",
        "Authorization",
        "Bearer root:Milvus");
    var views = user("ann").getJsonObject("views");
    assertThat(views.getJsonObject("milvus").getJsonObject("description"))
        .isEqualTo(new JsonObject().put("value", "of sales").put("origin", "kept"));
    assertThat(views.getJsonObject("influx").getJsonObject("extras of milvus"))
        .isEqualTo(
            new JsonObject().put("value", "{\"description\":\"of sales\"}").put("origin", "lost"));
  }

  @Test
  void importedId_isShown() {
    doppel.seed().user("ann").alias("influx", "0a1b2c3d4e5f6071").put();
    assertThat(user("ann").getJsonObject("views").getJsonObject("influx").getJsonObject("id"))
        .isEqualTo(new JsonObject().put("value", "0a1b2c3d4e5f6071").put("origin", "kept"));
  }

  @Test
  void unknownUser_isNotFound() {
    assertThat(http.control("GET", "users/0000000000000009", ""))
        .isEqualTo("404 {\"error\":\"no such user: 0000000000000009\"}\n");
    assertThat(http.control("GET", "users/x", ""))
        .isEqualTo("400 {\"error\":\"id: 'x' is not allowed; use 16 hex digits\"}\n");
    assertThat(http.control("GET", "users?name=x", ""))
        .isEqualTo("400 {\"error\":\"?name: not known; use after, dialect, limit\"}\n");
  }

  @Test
  void metrics_countCallsOfAllRealms() {
    http.send("GET", "/api/v2/me", "", "Authorization", "Token doppel-operator-token");
    http.send("GET", "/v1/nowhere", "");
    assertThat(metrics())
        .contains(
            "doppel_calls_seconds_count{dialect=\"influx\",operation=\"GetMe\",status=\"200\"} 1",
            "doppel_calls_seconds_count{dialect=\"workspace\",operation=\"none\",status=\"404\"} 1",
            "jvm_memory_used_bytes{");
    try (var realm = doppel.openRealm()) {
      new Http(realm.uri()).send("GET", "/api/v2/me", "");
      http.send("GET", "/api/v2/me", "", "Authorization", "Token doppel-operator-token");
    }
    assertThat(metrics())
        .contains(
            "doppel_calls_seconds_count{dialect=\"influx\",operation=\"GetMe\",status=\"200\"} 2",
            "doppel_calls_seconds_count{dialect=\"influx\",operation=\"GetMe\",status=\"401\"} 1");
  }

  private String metrics() {
    var answer = http.send("GET", "/_doppel/metrics", "");
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    return answer.body();
  }
}
