package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Three gateways on one database: changes take effect in the others at the next request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyGatewaysTest {

  private static final String FIRST = "P@ssw0rd1";
  private static final String SECOND = "N3w-P@ssw0rd";
  private static final String OPERATOR = "Token doppel-operator-token";
  private static final String VCLOUD = "application/json;version=39.1";

  private final String database = TestPostgres.newUri();
  private final List<Doppel> gateways = IntStream.range(0, 3).mapToObj(i -> start()).toList();
  private final List<Http> all = gateways.stream().map(PersistentGateways::client).toList();

  private Doppel start() {
    return PersistentGateways.start(new PgStore(PgAddress.parse(database), 4));
  }

  @AfterAll
  void close() {
    gateways.forEach(Doppel::close);
  }

  /** Returns a client of the next gateway, in turn. */
  private Http next() {
    return all.get(turn++ % all.size());
  }

  private int turn;

  private static List<VendorClient> clients(Http http) {
    return VendorClient.all(http);
  }

  private void assertEverywhere(Function<VendorClient, Boolean> holds, boolean expected) {
    for (var http : all) {
      for (var client : clients(http)) {
        assertThat(holds.apply(client)).as(client.toString()).isEqualTo(expected);
      }
    }
  }

  @Test
  void administrator_isCreatedOnce() {
    var users = next().send("GET", "/_doppel/users", "");
    assertThat(users.body().split("\"name\":\"root\"", -1)).hasSize(2);
  }

  @Test
  void userAndPassword_areSharedByGateways() {
    new VendorClient.Milvus(next()).create("ann", FIRST);
    assertEverywhere(client -> client.finds("ann"), true);
    assertEverywhere(client -> client.signsIn("ann", FIRST), true);
    // Every gateway has cached her password by now, and none may use it any longer.
    new VendorClient.Workspace(next()).changePassword("ann", FIRST, SECOND);
    assertEverywhere(client -> client.signsIn("ann", FIRST), false);
    assertEverywhere(client -> client.signsIn("ann", SECOND), true);
    new VendorClient.Influx(next()).deactivate("ann");
    assertEverywhere(client -> client.signsIn("ann", SECOND), false);
    new VendorClient.Influx(next()).delete("ann");
    assertEverywhere(client -> client.finds("ann"), false);
  }

  /** A session's headers, and a path that requires it. */
  private record Session(String path, String[] headers) {

    int status(Http http) {
      return http.send("GET", path, "", headers).statusCode();
    }

    static Session influx(Http http, String name) {
      var answer = http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, FIRST));
      var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
      return new Session("/api/v2/me", new String[] {"Cookie", cookie});
    }

    static Session vcloud(Http http, String name) {
      var answer =
          http.send(
              "POST",
              "/cloudapi/1.0.0/sessions",
              "",
              "Accept",
              VCLOUD,
              "Authorization",
              basic(name + "@doppel", FIRST));
      var token = answer.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow();
      return new Session(
          "/cloudapi/1.0.0/sessions/current",
          new String[] {"Accept", VCLOUD, "Authorization", "Bearer " + token});
    }

    static Session workspace(Http http, String name) {
      var token = new VendorClient.Workspace(http).token(name, FIRST);
      return new Session("/v1/users/profile", new String[] {"Authorization", "Bearer " + token});
    }
  }

  private List<Session> sessions(String name) {
    return List.of(
        Session.influx(next(), name),
        Session.vcloud(next(), name),
        Session.workspace(next(), name));
  }

  private void assertStatus(Session session, int status) {
    assertThat(all).allSatisfy(http -> assertThat(session.status(http)).isEqualTo(status));
  }

  @Test
  void session_isAcceptedByAllGateways_untilItEnds() {
    new VendorClient.Milvus(next()).create("sam", FIRST);
    var sessions = sessions("sam");
    sessions.forEach(session -> assertStatus(session, 200));
    var influx = sessions.get(0);
    next().send("POST", "/api/v2/signout", "", influx.headers());
    assertStatus(influx, 401);
    var vcloud = sessions.get(1);
    next().send("DELETE", vcloud.path(), "", vcloud.headers());
    assertStatus(vcloud, 401);
    assertStatus(sessions.get(2), 200);
  }

  @Test
  void session_endsInAllGatewaysWithUser() {
    new VendorClient.Milvus(next()).create("tom", FIRST);
    var sessions = sessions("tom");
    sessions.forEach(session -> assertStatus(session, 200));
    new VendorClient.Influx(next()).deactivate("tom");
    assertThat(sessions)
        .allSatisfy(session -> assertThat(session.status(next())).isBetween(401, 403));
    new VendorClient.Milvus(next()).create("tim", FIRST);
    var others = sessions("tim");
    new VendorClient.Influx(next()).delete("tim");
    assertThat(others)
        .allSatisfy(session -> assertThat(session.status(next())).isBetween(401, 403));
  }

  @Test
  void tokenRolesAndOrganizations_areSharedByGateways() {
    var orgs = next().send("GET", "/api/v2/orgs?org=doppel", "", "Authorization", OPERATOR);
    var org = new JsonObject(orgs.body()).getJsonArray("orgs").getJsonObject(0).getString("id");
    var permissions =
        new JsonArray()
            .add(
                new JsonObject()
                    .put("action", "read")
                    .put("resource", new JsonObject().put("type", "users")));
    var body = new JsonObject().put("orgID", org).put("permissions", permissions);
    var made =
        next().send("POST", "/api/v2/authorizations", body.encode(), "Authorization", OPERATOR);
    var token = new JsonObject(made.body());
    var session =
        new Session(
            "/api/v2/users", new String[] {"Authorization", "Token " + token.getString("token")});
    assertStatus(session, 200);
    next()
        .send(
            "DELETE",
            "/api/v2/authorizations/" + token.getString("id"),
            "",
            "Authorization",
            OPERATOR);
    assertStatus(session, 401);

    var role = "{\"roleName\":\"reader\"}";
    assertThat(milvus("roles/create", role)).isEqualTo("{\"code\":0,\"data\":{}}");
    for (var ignored : all) {
      assertThat(milvus("roles/list", "{}")).contains("reader");
    }
    assertThat(milvus("roles/drop", role)).isEqualTo("{\"code\":0,\"data\":{}}");
    for (var ignored : all) {
      assertThat(milvus("roles/list", "{}")).doesNotContain("reader");
    }
  }

  private String milvus(String operation, String body) {
    return next()
        .send("POST", "/v2/vectordb/" + operation, body, "Authorization", "Bearer root:Milvus")
        .body();
  }

  @Test
  void concurrentCreation_ofOneName_createsOneUser() throws Exception {
    var threads = Executors.newFixedThreadPool(9);
    try {
      for (int round = 0; round < 30; round++) {
        var name = "twin_" + round;
        var attempts =
            all.stream()
                .flatMap(
                    http ->
                        List.<Callable<Boolean>>of(
                            () -> madeByMilvus(http, name),
                            () -> madeByInflux(http, name),
                            () -> madeByVcloud(http, name))
                            .stream())
                .toList();
        var made = 0;
        for (var attempt : threads.invokeAll(attempts)) {
          made += result(attempt) ? 1 : 0;
        }
        assertThat(made).as(name).isEqualTo(1);
      }
    } finally {
      threads.shutdown();
    }
    var users = next().send("GET", "/_doppel/users?limit=1000", "").body();
    assertThat(users.split("\"name\":\"twin_", -1)).hasSize(31);
  }

  private static boolean result(java.util.concurrent.Future<Boolean> attempt)
      throws InterruptedException {
    try {
      return attempt.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static boolean madeByMilvus(Http http, String name) {
    var body = new JsonObject().put("userName", name).put("password", FIRST).encode();
    var answer =
        http.send("POST", "/v2/vectordb/users/create", body, "Authorization", "Bearer root:Milvus");
    return new JsonObject(answer.body()).getInteger("code") == 0;
  }

  private static boolean madeByInflux(Http http, String name) {
    var body = new JsonObject().put("name", name).encode();
    var answer = http.send("POST", "/api/v2/users", body, "Authorization", OPERATOR);
    assertThat(answer.statusCode()).as(answer.body()).isIn(201, 422);
    return answer.statusCode() == 201;
  }

  private static boolean madeByVcloud(Http http, String name) {
    var token =
        http.send(
                "POST",
                "/cloudapi/1.0.0/sessions",
                "",
                "Accept",
                VCLOUD,
                "Authorization",
                basic("root@doppel", "Milvus"))
            .headers()
            .firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN")
            .orElseThrow();
    var answer =
        http.send(
            "POST",
            "/cloudapi/1.0.0/users",
            VendorClient.Vcloud.Tenant.user(name, "vApp User").put("password", FIRST).encode(),
            "Accept",
            VCLOUD,
            "Content-Type",
            "application/json",
            "Authorization",
            "Bearer " + token);
    assertThat(answer.statusCode()).as(answer.body()).isIn(201, 400);
    return answer.statusCode() == 201;
  }
}
