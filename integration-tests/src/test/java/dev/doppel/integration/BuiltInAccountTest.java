package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The built-in administrator, which the vendors' built-in accounts represent. */
class BuiltInAccountTest {

  private static final String PASSWORD = "P@ssw0rd1";
  private static final String OPERATOR = "Token doppel-operator-token";

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());

  @AfterEach
  void close() {
    doppel.close();
  }

  private HttpResponse<String> milvus(String operation, JsonObject body, String credentials) {
    return http.send(
        "POST",
        "/v2/vectordb/" + operation,
        body.encode(),
        "Authorization",
        "Bearer " + credentials);
  }

  private void asRoot(String operation, JsonObject body) {
    assertThat(milvus(operation, body, "root:Milvus").body()).isEqualTo("{\"code\":0,\"data\":{}}");
  }

  private JsonObject influx(String method, String path, JsonObject body) {
    var answer = http.send(method, path, body.encode(), "Authorization", OPERATOR);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body());
  }

  private String idOf(String name) {
    var users = http.send("GET", "/api/v2/users?name=" + name, "", "Authorization", OPERATOR);
    return new JsonObject(users.body()).getJsonArray("users").getJsonObject(0).getString("id");
  }

  /**
   * The owner of an organization manages its memberships, and a user with ClusterAdmin manages
   * roles; both rights together don't permit changes of an administrator.
   */
  @Test
  void builtInAccount_rejectsChangesByOwnerWithClusterAdmin() {
    asRoot("users/create", new JsonObject().put("userName", "dan").put("password", PASSWORD));
    asRoot("roles/create", new JsonObject().put("roleName", "captains"));
    asRoot(
        "roles/grant_privilege_v2",
        new JsonObject()
            .put("roleName", "captains")
            .put("privilege", "ClusterAdmin")
            .put("dbName", "*")
            .put("collectionName", "*"));
    asRoot("users/grant_role", new JsonObject().put("userName", "dan").put("roleName", "captains"));
    var org = influx("POST", "/api/v2/orgs", new JsonObject().put("name", "beta")).getString("id");
    influx(
        "POST",
        "/api/v2/orgs/" + org + "/owners",
        new JsonObject().put("id", idOf("dan")).put("name", "dan"));

    var dan = "dan:" + PASSWORD;
    var root = new JsonObject().put("userName", "root");
    var before = milvus("users/describe", root, "root:Milvus").body();
    for (var refused :
        new String[] {
          milvus("users/revoke_role", root.copy().put("roleName", "admin"), dan).body(),
          milvus("users/grant_role", root.copy().put("roleName", "admin"), dan).body(),
          milvus("users/update_password", root.copy().put("description", "by dan"), dan).body()
        }) {
      assertThat(new JsonObject(refused).getInteger("code")).as(refused).isNotZero();
    }
    assertThat(milvus("users/describe", root, "root:Milvus").body()).isEqualTo(before);
  }

  @Test
  void administratorAtSystem_signsInAfterDemotion() {
    var vcloud = new VendorClient.Vcloud(http);
    asRoot("users/create", new JsonObject().put("userName", "ann").put("password", PASSWORD));
    asRoot("users/grant_role", new JsonObject().put("userName", "ann").put("roleName", "admin"));
    var system = vcloud.administrating("System");
    var root = system.find("administrator");
    var demoted =
        http.send(
            "PUT",
            "/cloudapi/1.0.0/users/" + root.getString("id"),
            root.put(
                    "roleEntityRefs",
                    new JsonArray().add(new JsonObject().put("name", "Defer to Identity Provider")))
                .encode(),
            "Accept",
            VendorClient.Vcloud.ACCEPT,
            "Content-Type",
            "application/json",
            "Authorization",
            vcloud.bearer("/provider", "ann@System", PASSWORD));
    assertThat(demoted.statusCode()).as(demoted.body()).isEqualTo(200);

    for (var name : new String[] {"root@System", "administrator@System"}) {
      var session =
          http.send(
              "POST",
              "/cloudapi/1.0.0/sessions/provider",
              "",
              "Accept",
              VendorClient.Vcloud.ACCEPT,
              "Authorization",
              basic(name, "Milvus"));
      assertThat(session.statusCode()).as(name + session.body()).isEqualTo(200);
      assertThat(session.body())
          .contains("\"name\":\"administrator\"")
          .doesNotContain("System Administrator");
    }
  }
}
