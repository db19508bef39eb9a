package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The rights that remain to an administrator who is demoted through one dialect while signed in
 * through all of them. The expected table is {@code src/test/resources/authorization/demotion.md};
 * {@code -Ddoppel.write=true} rewrites it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemotionTest {

  private static final String PASSWORD = "P@ssw0rd1";
  private static final String ACCEPT = VendorClient.Vcloud.ACCEPT;
  private static final String OPERATOR = "Token doppel-operator-token";
  private static final Path TABLE =
      Path.of("src", "test", "resources", "authorization", "demotion.md");

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());
  private final VendorClient.Influx influx = new VendorClient.Influx(http);
  private final VendorClient.Vcloud vcloud = new VendorClient.Vcloud(http);
  private final VendorClient.Workspace workspace = new VendorClient.Workspace(http);

  @AfterAll
  void close() {
    doppel.close();
  }

  /** The credentials of an administrator who is signed in to all dialects. */
  private record Held(
      String name,
      String id,
      String cookie,
      String token,
      String provider,
      String tenant,
      String workspace) {}

  private Held signedIn(String name) {
    influx.create(name, PASSWORD);
    role(name, "grant_role");
    var session = http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, PASSWORD));
    var cookie = session.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    var me = new JsonObject(http.send("GET", "/api/v2/me", "", "Cookie", cookie).body());
    return new Held(
        name,
        me.getString("id"),
        cookie,
        token(me.getString("id")),
        vcloud.bearer("/provider", name + "@System", PASSWORD),
        vcloud.bearer("", name + "@doppel", PASSWORD),
        workspace.token(name, PASSWORD));
  }

  /** Creates a token that can read and write all users. */
  private String token(String owner) {
    var orgs = http.send("GET", "/api/v2/orgs?org=doppel", "", "Authorization", OPERATOR);
    var org = new JsonObject(orgs.body()).getJsonArray("orgs").getJsonObject(0).getString("id");
    var permissions = new JsonArray();
    for (var action : new String[] {"read", "write"}) {
      permissions.add(
          new JsonObject()
              .put("action", action)
              .put("resource", new JsonObject().put("type", "users")));
    }
    var made =
        http.send(
            "POST",
            "/api/v2/authorizations",
            new JsonObject()
                .put("orgID", org)
                .put("userID", owner)
                .put("permissions", permissions)
                .encode(),
            "Authorization",
            OPERATOR);
    return new JsonObject(done(made).body()).getString("token");
  }

  private void role(String name, String operation) {
    var answer =
        http.send(
            "POST",
            "/v2/vectordb/users/" + operation,
            new JsonObject().put("userName", name).put("roleName", "admin").encode(),
            "Authorization",
            "Bearer root:Milvus");
    assertThat(answer.body()).isEqualTo("{\"code\":0,\"data\":{}}");
  }

  /** Returns for each credential whether it still has an administrator's rights. */
  private Map<String, Boolean> left(Held held, String name) {
    var left = new LinkedHashMap<String, Boolean>();
    left.put("Milvus password", milvus(held, name + "_milvus"));
    left.put("InfluxDB session", influx(name + "_session", "Cookie", held.cookie));
    left.put("InfluxDB token", influx(name + "_token", "Authorization", "Token " + held.token));
    left.put("VCD provider session", vcloud(held.provider, name + "_provider"));
    left.put("VCD tenant session", vcloud(held.tenant, name + "_tenant"));
    left.put("Workspace token", workspace(held));
    return left;
  }

  private boolean milvus(Held held, String name) {
    var answer =
        http.send(
            "POST",
            "/v2/vectordb/users/create",
            new JsonObject().put("userName", name).put("password", PASSWORD).encode(),
            "Authorization",
            "Bearer " + held.name + ":" + PASSWORD);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 403);
    return answer.body().equals("{\"code\":0,\"data\":{}}");
  }

  private boolean influx(String name, String... headers) {
    return isDone(
        http.send("POST", "/api/v2/users", new JsonObject().put("name", name).encode(), headers));
  }

  private boolean vcloud(String bearer, String name) {
    var user =
        VendorClient.Vcloud.Tenant.user(
                name, name.endsWith("provider") ? "System Administrator" : "vApp User")
            .put("password", PASSWORD);
    return isDone(
        http.send(
            "POST",
            "/cloudapi/1.0.0/users",
            user.encode(),
            "Accept",
            ACCEPT,
            "Content-Type",
            "application/json",
            "Authorization",
            bearer));
  }

  /** Workspace's administrator rights concern other users' accounts. */
  private boolean workspace(Held held) {
    var other = VendorClient.Workspace.objectId(rootId());
    return isDone(
        http.send("GET", "/v1/users/" + other, "", "Authorization", "Bearer " + held.workspace));
  }

  private String rootId() {
    var users = http.send("GET", "/api/v2/users?name=root", "", "Authorization", OPERATOR);
    return new JsonObject(done(users).body())
        .getJsonArray("users")
        .getJsonObject(0)
        .getString("id");
  }

  private Map<String, Consumer<Held>> changes() {
    var all = new LinkedHashMap<String, Consumer<Held>>();
    all.put("Milvus: role admin revoked", one -> role(one.name, "revoke_role"));
    all.put(
        "VCD: no longer a system administrator",
        one -> {
          var system = vcloud.administrating("System");
          var user = system.find(one.name);
          system.replace(
              user.getString("id"),
              user.put(
                  "roleEntityRefs",
                  new JsonArray().add(new JsonObject().put("name", "Defer to Identity Provider"))));
        });
    all.put(
        "Workspace: role user",
        one ->
            done(
                http.send(
                    "PUT",
                    "/v1/users/" + VendorClient.Workspace.objectId(one.id),
                    "{\"role\":\"user\"}",
                    "Content-Type",
                    "application/json",
                    "Authorization",
                    "Bearer doppel-operator-token")));
    return all;
  }

  private static boolean isDone(HttpResponse<String> answer) {
    return answer.statusCode() < 300;
  }

  private static HttpResponse<String> done(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer;
  }

  @Test
  void everyDemotion_removesRightsAsInTable() throws IOException {
    var table = new StringBuilder();
    int user = 0;
    for (var change : changes().entrySet()) {
      var held = signedIn("held_" + user++);
      var before = left(held, held.name + "_before");
      assertThat(before.values()).as(before.toString()).doesNotContain(false);
      if (table.isEmpty()) {
        table.append("| | ").append(String.join(" | ", before.keySet())).append(" |\n|---");
        table.append("|---".repeat(before.size())).append("|\n");
      }
      change.getValue().accept(held);
      table.append("| ").append(change.getKey()).append(" |");
      left(held, held.name + "_after")
          .values()
          .forEach(still -> table.append(still ? " stays |" : " ends |"));
      table.append('\n');
    }
    if (Boolean.getBoolean("doppel.write")) {
      Files.createDirectories(TABLE.getParent());
      Files.writeString(TABLE, table.toString());
    }
    assertThat(table.toString()).isEqualTo(Files.readString(TABLE));
  }
}
