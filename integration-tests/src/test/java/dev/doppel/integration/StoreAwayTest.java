package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.Vendors;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.Link;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors that clients get while the database is unavailable, and recovery afterwards. */
class StoreAwayTest {

  private static final Duration SOON = Duration.ofSeconds(2);

  /** A request for each dialect that succeeds while the store is available. */
  private static final Map<String, String[]> REQUESTS =
      Map.of(
          "milvus",
          new String[] {"POST", "/v2/vectordb/users/list", "{}", "Bearer root:Milvus"},
          "influx",
          new String[] {"GET", "/api/v2/users", "", "Token doppel-operator-token"},
          "vcloud",
          new String[] {
            "POST", "/cloudapi/1.0.0/sessions", "", Http.basic("root@doppel", "Milvus")
          },
          "workspace",
          new String[] {"GET", "/v1/users/profile", "", "Bearer doppel-operator-token"});

  private final Vertx vertx = Vertx.vertx();
  private Link link;
  private Doppel doppel;
  private Http http;

  @BeforeEach
  void start() {
    link = TestPostgres.newLink(vertx);
    var database = PgAddress.parse(TestPostgres.through(link, TestPostgres.newUri()));
    doppel = PersistentGateways.start(new PgStore(database, 4));
    http = PersistentGateways.client(doppel);
  }

  @AfterEach
  void stop() {
    doppel.close();
    link.close();
    Await.await(vertx.close());
  }

  private HttpResponse<String> send(String dialect) {
    var request = REQUESTS.get(dialect);
    return http.send(
        request[0],
        request[1],
        request[2],
        "Authorization",
        request[3],
        "Accept",
        dialect.equals("vcloud") ? "application/json;version=39.1" : "application/json");
  }

  private void assertUnavailable(String dialect, int status, String body) {
    var before = System.nanoTime();
    var answer = send(dialect);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).as(dialect).isLessThan(SOON);
    assertThat(answer.statusCode()).as(dialect).isEqualTo(status);
    assertThat(answer.body().replaceAll("\\[ [0-9a-f-]{36} ]", "[ id ]"))
        .as(dialect)
        .isEqualTo(body);
  }

  private void assertAllUnavailable() {
    assertUnavailable(
        "milvus", 200, "{\"code\":1,\"message\":\"state code: Abnormal: service not ready\"}");
    assertUnavailable(
        "influx",
        503,
        """
        {
        \t"code": "unavailable",
        \t"message": "store unavailable"
        }""");
    assertUnavailable(
        "vcloud",
        503,
        "{\"minorErrorCode\":\"INTERNAL_SERVER_ERROR\","
            + "\"message\":\"[ id ] The user store is unavailable.\",\"stackTrace\":null}");
    assertUnavailable(
        "workspace",
        503,
        "{\"status\":false,\"error\":{\"code\":1000,\"message\":\"Internal error\"}}");
    assertThat(http.send("GET", "/_doppel/ready", "").statusCode()).isEqualTo(503);
    assertThat(http.send("GET", "/_doppel/health", "").statusCode()).isEqualTo(200);
  }

  @Test
  void requests_coverEveryVendor() {
    assertThat(REQUESTS)
        .containsOnlyKeys(Vendors.builtIn().stream().map(Vendor::name).toArray(String[]::new));
  }

  private void assertAllServe() {
    for (var dialect : List.copyOf(REQUESTS.keySet())) {
      var answer = send(dialect);
      assertThat(answer.statusCode()).as(dialect + answer.body()).isEqualTo(200);
    }
    assertThat(http.send("GET", "/_doppel/ready", "").statusCode()).isEqualTo(200);
  }

  @Test
  void refusedConnections_getVendorErrors() {
    assertAllServe();
    link.cut();
    assertAllUnavailable();
    link.mend();
    assertAllServe();
  }

  @Test
  void silentDatabase_getsVendorErrors() {
    assertAllServe();
    link.stall();
    assertAllUnavailable();
    link.mend();
    assertAllServe();
  }
}
