package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.Vendor;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.milvus.MilvusVendor;
import dev.doppel.store.MvStore;
import dev.doppel.testkit.Await;
import dev.doppel.users.Password;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());

  @AfterAll
  void close() {
    doppel.close();
  }

  @Nested
  class Paths {

    @Test
    void unknownPath_listsDialects() {
      var answer = http.send("GET", "/nope", "");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body())
          .startsWith("{\"error\":\"no dialect has this path\",\"dialects\":{\"milvus\":[")
          .contains("\"influx\":[\"/api/v2\"", "\"vcloud\":[", "\"workspace\":[\"/v1\"]");
    }

    @Test
    void prefix_endsAtSlash() {
      assertThat(http.send("GET", "/v1x", "").body()).contains("no dialect has this path");
      assertThat(http.send("GET", "/v1", "").body()).contains("\"status\":false");
    }

    @Test
    void pathsOfOneVendorAlone_areIts() {
      for (var path : List.of("/", "/metrics", "/query", "/write")) {
        assertThat(http.send("GET", path, "").headers().firstValue("X-Influxdb-Build"))
            .as(path)
            .contains("OSS");
      }
      assertThat(http.send("GET", "/metrics", "").body()).contains("influxdb_uptime_seconds ");
    }

    @Test
    void dialectAlone_hasEveryPath() {
      var config = DoppelConfig.DEFAULT.toBuilder().port(0).only(InfluxVendor.INSTANCE).build();
      try (var alone = Doppel.start(config)) {
        var client = new Http(alone.uri());
        assertThat(client.send("GET", "/nope", "").body()).isEqualTo("404 page not found\n");
        assertThat(client.send("GET", "/v1/users/profile", "").statusCode()).isEqualTo(401);
        assertThat(client.send("GET", "/_doppel/info", "").statusCode()).isEqualTo(200);
      }
    }

    @Test
    void unknownPath_isAnsweredByDialectOfPrefix() {
      assertThat(http.send("GET", "/v2/vectordb/nope", "").body())
          .isEqualTo("{\"code\":1800,\"message\":\"user hasn't authenticated\"}");
      assertThat(http.send("GET", "/api/v2/nope", "").body())
          .isEqualTo("{\"code\":\"unauthorized\",\"message\":\"unauthorized access\"}");
      assertThat(http.send("GET", "/cloudapi/nope", "").headers().map())
          .containsKey("x-vmware-vcloud-request-id");
      assertThat(http.send("GET", "/v1/nope", "").body()).contains("\"code\":1002");
    }
  }

  @Nested
  class Limits {

    private String raw(String request) throws IOException {
      try (var socket = new Socket("127.0.0.1", doppel.uri().getPort())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    @Test
    void tooLargeBody_isRejectedWithVendorError() {
      var body = "x".repeat((1 << 20) + 1);
      var answer =
          http.send("POST", "/api/v2/users", body, "Authorization", "Token doppel-operator-token");
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("\"code\": \"request too large\"");
    }

    @Test
    void tooLongHeaders_areRejectedWithVendorError() throws IOException {
      assertThat(raw("GET /api/v2/me HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n"))
          .startsWith("HTTP/1.1 413")
          .contains("request header too large");
      assertThat(raw("GET /x HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n"))
          .startsWith("HTTP/1.1 431")
          .contains("request headers over 32768 bytes");
    }

    @Test
    void tooLongRequestLine_isRejected() throws IOException {
      assertThat(raw("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
          .contains(" 414 ", "request line over 16384 bytes");
    }

    @Test
    void malformedRequest_isRejectedWithVendorError() throws IOException {
      assertThat(raw("POST /api/v2/users HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\n"))
          .startsWith("HTTP/1.1 400")
          .contains("\"code\": \"invalid\"", "malformed HTTP request");
      assertThat(raw("POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n"))
          .startsWith("HTTP/1.1 400")
          .contains("{\"status\":false,\"error\":{\"code\":3000,");
    }

    @Test
    void malformedChunk_isRejectedWithVendorError() throws IOException {
      assertThat(
              raw(
                  "POST /v2/vectordb/users/create HTTP/1.1\r\nHost: x\r\n"
                      + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{"))
          .contains("\"code\":1801", "unexpected EOF");
    }

    @Test
    void nonHttpRequest_isRejected() throws IOException {
      assertThat(raw("HELO\r\n\r\n")).contains(" 400 ", "not an HTTP request");
    }
  }

  @Nested
  class Control {

    @Test
    void probes_reportUpAndReady() {
      assertThat(http.send("GET", "/_doppel/health", "").body()).isEqualTo("{\"status\":\"up\"}\n");
      assertThat(http.send("GET", "/_doppel/ready", "").body())
          .isEqualTo("{\"status\":\"ready\"}\n");
    }

    @Test
    void operations_listDialectsWithDocuments() {
      var all = new JsonObject(http.send("GET", "/_doppel/operations", "").body());
      assertThat(all.getJsonArray("dialects"))
          .extracting(item -> ((JsonObject) item).getString("dialect"))
          .containsExactlyElementsOf(Vendors.all().stream().<String>map(Vendor::name).toList());
      for (var item : all.getJsonArray("dialects")) {
        var dialect = (JsonObject) item;
        assertThat(dialect.getString("fidelity")).isEqualTo("documented");
        assertThat(dialect.getJsonArray("operations")).isNotEmpty();
        var document = http.send("GET", dialect.getString("openapi"), "");
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(document.body()).startsWith("openapi: 3.1");
      }
    }

    @Test
    void users_arePagedById() {
      var first = new JsonObject(http.send("GET", "/_doppel/users?limit=1", "").body());
      assertThat(first.getJsonArray("users").getJsonObject(0).getString("name")).isEqualTo("root");
      assertThat(http.send("GET", "/_doppel/users", "").body()).doesNotContain("$", "hash");
      assertThat(http.send("GET", "/_doppel/users?after=ffffffffffffffff", "").body())
          .isEqualTo("{\"users\":[],\"next\":null}\n");
    }

    @Test
    void invalidParameters_areRejectedWithAllowedValues() {
      assertThat(http.send("GET", "/_doppel/users?limit=1001", "").body())
          .isEqualTo("{\"error\":\"limit: '1001' is not allowed; use 1 to 1000\"}\n");
      assertThat(http.send("GET", "/_doppel/users?after=x", "").body())
          .isEqualTo("{\"error\":\"after: 'x' is not allowed; use 16 hex digits\"}\n");
      assertThat(http.send("GET", "/_doppel/openapi/x.yaml", "").statusCode()).isEqualTo(404);
      assertThat(http.send("GET", "/_doppel/openapi/..%2fx", "").statusCode()).isEqualTo(404);
      assertThat(http.send("GET", "/_doppel", "").statusCode()).isEqualTo(404);
      assertThat(http.send("POST", "/_doppel/users", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void controlToken_isRequiredIfConfigured() {
      var guarded = DoppelConfig.DEFAULT.toBuilder().port(0).controlToken("control").build();
      try (var other = Doppel.start(guarded)) {
        var client = new Http(other.uri());
        var anonymous = client.send("GET", "/_doppel/users", "");
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(anonymous.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(
                client.send("GET", "/_doppel/users", "", "Authorization", "Bearer x").statusCode())
            .isEqualTo(401);
        assertThat(
                client
                    .send("GET", "/_doppel/users", "", "Authorization", "bearer control")
                    .statusCode())
            .isEqualTo(200);
      }
    }

    @Test
    void offLoopbackWithoutToken_onlyProbesAreOpen() {
      var config =
          DoppelConfig.DEFAULT.toBuilder()
              .listen(new DoppelConfig.Listen("0.0.0.0", 0, false, Optional.empty()))
              .credentials(credentials("a-password", Optional.empty()))
              .build();
      try (var other = Doppel.start(config)) {
        var client = new Http(java.net.URI.create("http://127.0.0.1:" + other.uri().getPort()));
        for (var call :
            List.of(
                "GET metrics",
                "GET operations",
                "GET users",
                "GET requests",
                "GET requests/count",
                "GET requests/stream",
                "DELETE requests",
                "GET faults",
                "POST faults",
                "DELETE faults",
                "GET clock",
                "POST clock",
                "POST seed",
                "POST reset?confirm=true",
                "POST snapshots",
                "POST realms",
                "DELETE realms/x")) {
          var parts = call.split(" ", -1);
          assertThat(client.control(parts[0], parts[1], ""))
              .as(call)
              .isEqualTo(
                  "403 {\"error\":\"not listening on loopback: start Doppel with --control-token"
                      + " and send it as a bearer token\"}\n");
        }
        try (var realm = other.openRealm()) {
          var its = new Http(java.net.URI.create("http://127.0.0.1:" + realm.uri().getPort()));
          assertThat(its.control("GET", "users", "")).startsWith("403 ");
          assertThat(its.control("GET", "health", "")).isEqualTo("200 {\"status\":\"up\"}\n");
          assertThat(its.send("GET", "/api/v2/me", "").statusCode()).isEqualTo(401);
        }
      }
    }
  }

  private static Credentials credentials(String password, Optional<String> token) {
    return new Credentials(Optional.empty(), Optional.of(new Password(password)), token, false);
  }

  @Nested
  class Starting {

    @TempDir Path folder;

    private DoppelConfig fileConfig() {
      return DoppelConfig.DEFAULT.toBuilder()
          .port(0)
          .store(MvStore.file(folder.resolve("users.db")))
          .build();
    }

    @Test
    void emptyPersistentStore_requiresCredentials() {
      assertThatThrownBy(() -> Doppel.start(fileConfig()))
          .isInstanceOfSatisfying(
              StartupException.class,
              refused ->
                  assertThat(refused.line())
                      .endsWith(
                          "it is empty, so nobody could sign in; give --admin-password, or"
                              + " --blank"));
    }

    @Test
    void persistentStore_keepsUsersAndTokens() {
      var config =
          fileConfig().toBuilder()
              .credentials(credentials("a-password", Optional.of("my-token")))
              .build();
      try (var first = Doppel.start(config)) {
        var created =
            new Http(first.uri())
                .send(
                    "POST",
                    "/api/v2/users",
                    "{\"name\":\"alice\"}",
                    "Authorization",
                    "Token my-token");
        assertThat(created.statusCode()).isEqualTo(201);
      }
      try (var second = Doppel.start(fileConfig())) {
        var found =
            new Http(second.uri())
                .send("GET", "/api/v2/users?name=alice", "", "Authorization", "Token my-token");
        assertThat(found.statusCode()).isEqualTo(200);
        var ready =
            new Http(second.uri())
                .send("GET", "/api/v2/me", "", "Authorization", "Token doppel-operator-token");
        assertThat(ready.statusCode()).isEqualTo(401);
      }
    }

    @Test
    void offLoopback_readyToUseCredentialsAreRejected() {
      var config =
          DoppelConfig.DEFAULT.toBuilder()
              .listen(new DoppelConfig.Listen("0.0.0.0", 0, false, Optional.empty()))
              .build();
      assertThatThrownBy(() -> Doppel.start(config)).isInstanceOf(StartupException.class);
    }

    @Test
    void offLoopback_milvusWithoutAuthorizationIsRejectedUnlessAllowed() {
      var open =
          DoppelConfig.DEFAULT.toBuilder()
              .listen(new DoppelConfig.Listen("0.0.0.0", 0, false, Optional.empty()))
              .credentials(credentials("a-password", Optional.empty()))
              .vendor(
                  MilvusVendor.INSTANCE,
                  new MilvusDialect.Settings(MilvusDialect.Version.V2_6, false))
              .build();
      assertThatThrownBy(() -> Doppel.start(open))
          .isInstanceOfSatisfying(
              StartupException.class,
              refused -> {
                assertThat(refused.line())
                    .isEqualTo(
                        "--milvus-auth off: anybody who reaches --host 0.0.0.0 could make and drop"
                            + " users; listen on loopback, or give --milvus-auth-off-anywhere as"
                            + " well");
                assertThat(refused.exitCode()).isEqualTo(2);
              });
      Doppel.start(
              open.toBuilder()
                  .vendor(
                      MilvusVendor.INSTANCE,
                      new MilvusDialect.Settings(MilvusDialect.Version.V2_6, false, true))
                  .build())
          .close();
      Doppel.start(open.toBuilder().only(InfluxVendor.INSTANCE).build()).close();
      Doppel.start(open.toBuilder().listen(DoppelConfig.DEFAULT.listen()).port(0).build()).close();
    }

    @Test
    void configuredBucket_existsAtStart() {
      var config =
          DoppelConfig.DEFAULT.toBuilder()
              .port(0)
              .vendor(
                  InfluxVendor.INSTANCE,
                  new InfluxDialect.Settings(
                      InfluxDialect.Version.V2_9,
                      true,
                      false,
                      Duration.ofMinutes(60),
                      true,
                      Optional.of(new InfluxDialect.Bucket("data", Duration.ZERO))))
              .build();
      try (var other = Doppel.start(config)) {
        var buckets =
            new Http(other.uri())
                .send(
                    "GET",
                    "/api/v2/buckets?org=doppel&name=data",
                    "",
                    "Authorization",
                    "Token doppel-operator-token");
        assertThat(buckets.statusCode()).isEqualTo(200);
        assertThat(buckets.body()).contains("\"name\": \"data\"");
      }
    }

    @Test
    void blank_createsNoUser() {
      var blank = new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), true);
      try (var empty =
          Doppel.start(DoppelConfig.DEFAULT.toBuilder().port(0).credentials(blank).build())) {
        assertThat(new Http(empty.uri()).send("GET", "/_doppel/users", "").body())
            .isEqualTo("{\"users\":[],\"next\":null}\n");
      }
    }

    @Test
    void portInUse_isRejected() {
      var taken = doppel.uri().getPort();
      assertThatThrownBy(() -> Doppel.start(DoppelConfig.DEFAULT.toBuilder().port(taken).build()))
          .isInstanceOfSatisfying(
              StartupException.class,
              refused -> {
                assertThat(refused.line())
                    .isEqualTo("--port " + taken + ": in use or not allowed on 127.0.0.1");
                assertThat(refused.exitCode()).isEqualTo(1);
              });
    }

    @Test
    void close_undeploysEverythingFromCallersVertx() {
      var vertx = Vertx.vertx();
      var gateway =
          Await.await(Gateway.start(vertx, DoppelConfig.DEFAULT.toBuilder().port(0).build()));
      assertThat(vertx.deploymentIDs()).isNotEmpty();
      Await.await(gateway.close());
      assertThat(vertx.deploymentIDs()).isEmpty();
      Await.await(vertx.close());
    }

    @Test
    void reset_restoresInitialState() {
      try (var own = Doppel.start()) {
        var client = new Http(own.uri());
        var before = client.send("GET", "/_doppel/users", "").body();
        client.send(
            "POST",
            "/api/v2/users",
            "{\"name\":\"alice\"}",
            "Authorization",
            "Token doppel-operator-token");
        assertThat(client.send("GET", "/_doppel/users", "").body()).isNotEqualTo(before);
        own.reset();
        assertThat(client.send("GET", "/_doppel/users", "").body()).isEqualTo(before);
      }
    }
  }
}
