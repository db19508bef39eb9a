package dev.doppel.influx;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.integration.StoreKind;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes of which one part is refused and another stays, on every store. */
class InfluxStoresTest {

  private static final Map.Entry<String, String> OPERATOR =
      Map.entry("Authorization", "Token " + TestRealm.OPERATOR_TOKEN);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private void with(TestRealm test, Consumer<TestServer> script) {
    try (var server = new TestServer(vertx, new InfluxDialect(test.realm(), Fidelity.OBSERVED))) {
      script.accept(server);
    } finally {
      test.close();
    }
  }

  private static Answer send(TestServer server, String method, String path, JsonObject body) {
    return server.send(
        method, "/api/v2" + path, List.of(OPERATOR), body.isEmpty() ? "" : body.encode());
  }

  private static Answer get(TestServer server, String path) {
    return send(server, "GET", path, new JsonObject());
  }

  private static String create(TestServer server, String path, JsonObject body) {
    var answer = send(server, "POST", path, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    var json = new JsonObject(answer.body());
    return json.getJsonObject("label", json).getString("id");
  }

  @ParameterizedTest
  @EnumSource
  void setup_keepsUserIfBucketIsRefused(StoreKind store) {
    with(
        TestRealm.blankOver(vertx, store.open(vertx)),
        server -> {
          var body =
              new JsonObject()
                  .put("username", "u")
                  .put("password", "long-enough")
                  .put("org", "o")
                  .put("bucket", "b".repeat(32_769));
          assertThat(send(server, "POST", "/setup", body).status()).isEqualTo(413);
          assertThat(get(server, "/setup").body()).contains("\"allowed\": false");
        });
  }

  @ParameterizedTest
  @EnumSource
  void labels_areAddedDespiteErrorAndOutliveTheirOrganization(StoreKind store) {
    with(
        TestRealm.over(vertx, store.open(vertx)),
        server -> {
          var org = create(server, "/orgs", new JsonObject().put("name", "one"));
          var other = create(server, "/orgs", new JsonObject().put("name", "other"));
          var named = new JsonObject().put("name", "red");
          var bucket = create(server, "/buckets", named.copy().put("orgID", org));
          var label = create(server, "/labels", named.copy().put("orgID", other));
          var path = "/buckets/" + bucket + "/labels";
          var mapping = new JsonObject().put("labelID", label).put("resourceType", 1);

          assertThat(send(server, "POST", path, mapping).body()).contains("}{", "\"red\"");
          assertThat(send(server, "POST", path, mapping).body())
              .contains("}{", "label already exists on resource");
          assertThat(send(server, "DELETE", "/orgs/" + other, new JsonObject()).status())
              .isEqualTo(204);
          assertThat(get(server, "/labels/" + label).status()).isEqualTo(200);
          assertThat(get(server, path).body()).contains("\"red\"");
        });
  }
}
