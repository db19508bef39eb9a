package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes of a user through InfluxDB, observed through the three other dialects. */
class InfluxChangesTest {

  private static final String OPERATOR = "doppel-operator-token";
  private static final String FIRST = "P@ssw0rd1";
  private static final String SECOND = "N3w-P@ssw0rd";

  /** A gateway with InfluxDB's API and the other vendors' clients. */
  private record World(Doppel doppel, Http http, String token) implements AutoCloseable {

    static World ready() {
      var doppel = Doppel.start();
      return new World(doppel, new Http(doppel.uri()), OPERATOR);
    }

    HttpResponse<String> send(String method, String path, JsonObject body) {
      return http.send(method, "/api/v2" + path, body.encode(), "Authorization", "Token " + token);
    }

    JsonObject made(String path, JsonObject body) {
      var answer = send("POST", path, body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      return new JsonObject(answer.body());
    }

    void done(String method, String path, JsonObject body) {
      assertThat(send(method, path, body).statusCode()).isIn(200, 204);
    }

    private List<VendorClient> others() {
      return List.of(
          new VendorClient.Milvus(http),
          new VendorClient.Vcloud(http),
          new VendorClient.Workspace(http));
    }

    void assertFound(String name) {
      assertThat(others()).allMatch(client -> client.finds(name));
    }

    void assertSignsIn(String name, String password) {
      assertThat(others()).allMatch(client -> client.signsIn(name, password));
    }

    void assertDoesNotSignIn(String name, String password) {
      assertThat(others()).noneMatch(client -> client.signsIn(name, password));
    }

    @Override
    public void close() {
      doppel.close();
    }
  }

  private static JsonObject json(String name, Object value) {
    return new JsonObject().put(name, value);
  }

  @Test
  void everyChange_isVisibleAtOnce() {
    try (var world = World.ready()) {
      var id = world.made("/users", json("name", "ann")).getString("id");
      world.assertFound("ann");
      world.assertDoesNotSignIn("ann", FIRST);

      world.done("POST", "/users/" + id + "/password", json("password", FIRST));
      world.assertSignsIn("ann", FIRST);

      new VendorClient.Influx(world.http).changePassword("ann", FIRST, SECOND);
      world.assertDoesNotSignIn("ann", FIRST);
      world.assertSignsIn("ann", SECOND);

      world.done("PATCH", "/users/" + id, json("name", "anna"));
      world.assertFound("anna");
      world.assertDoesNotSignIn("ann", SECOND);
      world.assertSignsIn("anna", SECOND);

      world.done("PATCH", "/users/" + id, json("status", "inactive"));
      world.assertFound("anna");
      world.assertDoesNotSignIn("anna", SECOND);

      world.done("PATCH", "/users/" + id, json("status", "active"));
      world.assertSignsIn("anna", SECOND);

      world.done("DELETE", "/users/" + id, new JsonObject());
      world.assertDoesNotSignIn("anna", SECOND);
      assertThat(new VendorClient.Vcloud(world.http).finds("anna")).isFalse();
      assertThat(new VendorClient.Workspace(world.http).finds("anna")).isFalse();
    }
  }

  @Test
  void membership_decidesWhereUserSignsIn() {
    try (var world = World.ready()) {
      var milvus = new VendorClient.Milvus(world.http);
      var workspace = new VendorClient.Workspace(world.http);
      var vcloud = new VendorClient.Vcloud(world.http);
      var ann = world.made("/users", json("name", "ann")).getString("id");
      world.done("POST", "/users/" + ann + "/password", json("password", FIRST));
      var acme = world.made("/orgs", json("name", "acme")).getString("id");
      assertThat(vcloud.signsIn("ann", "doppel", FIRST)).isTrue();
      assertThat(vcloud.signsIn("ann", "acme", FIRST)).isFalse();

      world.made("/orgs/" + acme + "/members", json("id", ann));
      assertThat(vcloud.signsIn("ann", "doppel", FIRST)).isTrue(); // her home organization
      assertThat(vcloud.signsIn("ann", "acme", FIRST)).isTrue();
      assertThat(milvus.signsIn("ann", FIRST)).isTrue();
      assertThat(workspace.signsIn("ann", FIRST)).isTrue();

      world.done("PATCH", "/orgs/" + acme, json("name", "acme2"));
      assertThat(vcloud.signsIn("ann", "acme2", FIRST)).isTrue();

      world.done("DELETE", "/orgs/" + acme + "/owners/" + ann, new JsonObject());
      assertThat(vcloud.signsIn("ann", "acme2", FIRST)).isFalse();
      assertThat(vcloud.signsIn("ann", "doppel", FIRST)).isTrue();

      world.made("/orgs/" + acme + "/owners", json("id", ann));
      assertThat(vcloud.signsIn("ann", "acme2", FIRST)).isTrue();

      world.done("DELETE", "/orgs/" + acme, new JsonObject());
      assertThat(vcloud.signsIn("ann", "acme2", FIRST)).isFalse();
      assertThat(vcloud.signsIn("ann", "doppel", FIRST)).isTrue();
      assertThat(milvus.signsIn("ann", FIRST)).isTrue();
      assertThat(workspace.signsIn("ann", FIRST)).isTrue();
    }
  }

  @Test
  void onboarding_createsAdministratorOfAllDialects() {
    var blank = new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), true);
    var config = DoppelConfig.DEFAULT.toBuilder().port(0).credentials(blank).build();
    try (var doppel = Doppel.start(config)) {
      var http = new Http(doppel.uri());
      var body =
          json("username", "ann")
              .put("password", FIRST)
              .put("org", "acme")
              .put("bucket", "data")
              .put("token", "anns-own-token");
      assertThat(http.send("POST", "/api/v2/setup", body.encode()).statusCode()).isEqualTo(201);

      assertThat(new VendorClient.Milvus(http).signsIn("ann", "wrong")).isFalse();
      var made =
          http.send(
              "POST",
              "/v2/vectordb/users/create",
              "{\"userName\":\"bea\",\"password\":\"P@ssw0rd2\"}",
              "Authorization",
              "Bearer ann:" + FIRST);
      assertThat(made.body()).isEqualTo("{\"code\":0,\"data\":{}}");
      assertThat(new VendorClient.Vcloud(http).signsIn("ann", "acme", FIRST)).isTrue();
      assertThat(new VendorClient.Vcloud(http).signsIn("ann", "System", FIRST)).isTrue();
      assertThat(new VendorClient.Vcloud(http).signsIn("bea", "doppel", "P@ssw0rd2")).isTrue();
      assertThat(new VendorClient.Workspace(http).signsIn("ann", FIRST)).isTrue();
      var users =
          http.send("GET", "/api/v2/users", "", "Authorization", "Token anns-own-token").body();
      assertThat(new JsonObject(users).getJsonArray("users")).hasSize(2);
    }
  }

  /** As with InfluxDB itself, onboarding is possible only while there are no users. */
  @Test
  void onboarding_isClosedAfterAnotherDialectCreatesUser() {
    try (var world = World.ready()) {
      new VendorClient.Milvus(world.http).create("ann", FIRST);
      var body =
          json("username", "ann").put("password", SECOND).put("org", "acme").put("bucket", "data");
      var refused = world.http.send("POST", "/api/v2/setup", body.encode());
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("onboarding has already been completed");
      world.assertSignsIn("ann", FIRST);
    }
  }
}
