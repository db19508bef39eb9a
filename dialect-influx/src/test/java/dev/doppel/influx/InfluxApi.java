package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.Authority;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A server of the dialect over a {@link TestRealm}, and requests of its callers. */
final class InfluxApi implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final TestRealm test = TestRealm.over(vertx, MvStorage.inMemory());
  private final TestServer server =
      new TestServer(vertx, new InfluxDialect(test.realm(), Fidelity.OBSERVED));

  Realm realm() {
    return test.realm();
  }

  @Override
  public void close() {
    server.close();
    test.close();
    Await.await(vertx.close());
  }

  /**
   * A caller with its credentials.
   *
   * @param header the name of the header that has them
   */
  record Caller(InfluxApi api, String header, String credentials) {

    Answer send(String method, String path, String body) {
      return api.server.send(
          method, "/api/v2" + path, List.of(Map.entry(header, credentials)), body);
    }

    Answer send(String method, String path) {
      return send(method, path, "");
    }

    /** Sends a request that creates something, and returns that. */
    JsonObject create(String path, JsonObject body) {
      var answer = send("POST", path, body.encode());
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      return new JsonObject(answer.body());
    }

    /** Returns the names of the members or owners at a path. */
    List<String> names(String path) {
      var answer = send("GET", path);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      return new JsonObject(answer.body())
          .getJsonArray("users").stream()
              .map(user -> ((JsonObject) user).getString("name"))
              .toList();
    }
  }

  Caller operator() {
    return token(TestRealm.OPERATOR_TOKEN);
  }

  private Caller token(String secret) {
    return new Caller(this, "Authorization", "Token " + secret);
  }

  /**
   * Returns a caller with a new token of the operator.
   *
   * @param permissions such as {@code read:buckets} for all buckets of the organization, or {@code
   *     read:orgs} for the organization itself
   */
  Caller holder(String orgID, String... permissions) {
    var all = new JsonArray();
    for (var permission : permissions) {
      var parts = permission.split(":", 2);
      var resource = new JsonObject().put("type", parts[1]);
      switch (parts[1]) {
        case "orgs" -> resource.put("id", orgID);
        case "users" -> {}
        default -> resource.put("orgID", orgID);
      }
      all.add(new JsonObject().put("action", parts[0]).put("resource", resource));
    }
    var created =
        operator()
            .create(
                "/authorizations", new JsonObject().put("orgID", orgID).put("permissions", all));
    return token(created.getString("token"));
  }

  /** Signs a user of {@link TestRealm} in. */
  Caller signedIn(String name) {
    var basic =
        Base64.getEncoder()
            .encodeToString((name + ":" + TestRealm.PASSWORD).getBytes(StandardCharsets.UTF_8));
    var answer =
        server.send(
            "POST", "/api/v2/signin", List.of(Map.entry("Authorization", "Basic " + basic)), "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    var cookie = String.valueOf(answer.headers().get("set-cookie"));
    return new Caller(this, "Cookie", cookie.substring(0, cookie.indexOf(';')));
  }

  User user(String name) {
    return Await.await(realm().users().find(name));
  }

  Organization organization(String id) {
    return Await.await(
        realm().organizations().find(new OrganizationId(UserId.parse(id).orElseThrow().value())));
  }

  /** Replaces what the dialect stores about an organization. */
  void store(String orgID, String extras) {
    Await.await(
        realm()
            .organizations()
            .updateExtras(organization(orgID).id(), InfluxDialect.NAME, old -> extras));
  }

  User create(NewUser user) {
    return Await.await(realm().users().by(Authority.SERVER).create(user));
  }

  /** Deletes a user as other dialects do. */
  void delete(User user) {
    Await.await(realm().users().by(Authority.SERVER).delete(user.id()));
  }
}
