package dev.doppel.gateway.control;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.DoppelConfig.Tls;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import dev.doppel.store.MvStore;
import dev.doppel.testkit.RawHttp;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.Store;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Access to the control plane: sends requests of many shapes to gateways of every kind. Web pages
 * of other origins, clients behind a proxy, and clients without the token are rejected.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlGuardTest {

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final String TOKEN = "a-control-token";
  private static final String USE_TOKEN =
      "start Doppel with --control-token and send it as a bearer token\"}\n";
  private static final String PERSISTENT =
      "403 {\"error\":\"this store is persistent: " + USE_TOKEN;
  private static final String OFF_LOOPBACK =
      "403 {\"error\":\"not listening on loopback: " + USE_TOKEN;
  private static final String ELSEWHERE =
      "404 {\"error\":\"the control plane has a port of its own (--control-port)\"}\n";
  private static final String WRONG_TOKEN =
      "401 {\"error\":\"send the control token as a bearer token\"}\n";
  private static final String USERS = "200 {\"users\":[";

  private static final String DIRECT = "%s %s HTTP/1.1|Host: 127.0.0.1:PORT";

  private final List<Doppel> all = new ArrayList<>();
  private Doppel memory;
  private Doppel memoryWithToken;
  private Doppel memoryWithPort;
  private Doppel file;
  private Doppel fileWithToken;
  private Doppel fileWithPort;
  private Doppel offLoopback;
  private Doppel offLoopbackWithToken;
  private Doppel offLoopbackWithPort;

  @BeforeAll
  void start(@TempDir Path folder) {
    memory = start(config("127.0.0.1", MvStore.memory()));
    memoryWithToken = start(config("127.0.0.1", MvStore.memory()).controlToken(TOKEN));
    memoryWithPort = start(config("127.0.0.1", MvStore.memory()).controlPort(0));
    file = start(config("127.0.0.1", MvStore.file(folder.resolve("a"))));
    fileWithToken =
        start(config("127.0.0.1", MvStore.file(folder.resolve("b"))).controlToken(TOKEN));
    fileWithPort = start(config("127.0.0.1", MvStore.file(folder.resolve("c"))).controlPort(0));
    offLoopback = start(config("0.0.0.0", MvStore.memory()));
    offLoopbackWithToken = start(config("0.0.0.0", MvStore.memory()).controlToken(TOKEN));
    offLoopbackWithPort = start(config("0.0.0.0", MvStore.memory()).controlPort(0));
  }

  private static DoppelConfig.Builder config(String host, Store store) {
    return DoppelConfig.DEFAULT.toBuilder()
        .listen(new Listen(host, 0, false, Optional.empty()))
        .store(store)
        .hash(HashScheme.FAST)
        .credentials(
            new Credentials(
                Optional.empty(),
                Optional.of(new Password("a-password")),
                Optional.empty(),
                false));
  }

  private Doppel start(DoppelConfig.Builder config) {
    var doppel = Doppel.start(config.build());
    all.add(doppel);
    return doppel;
  }

  @AfterAll
  void stop() {
    all.forEach(Doppel::close);
  }

  /**
   * Sends a request without a body.
   *
   * @param shape lines separated by {@code |}; {@code PORT} is replaced by the port
   * @return status, a space, and the body
   */
  private static String ask(int port, String shape, String method, String path) {
    try (var http = new RawHttp(port)) {
      var head =
          shape.formatted(method, path).replace("PORT", "" + port).replace("|", "\r\n")
              + "\r\nConnection: close\r\n\r\n";
      http.send(head.getBytes(StandardCharsets.UTF_8));
      var answer = http.answer(method, TIMEOUT_MILLIS).orElseThrow();
      return answer.status() + " " + answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ask(URI uri, String shape) {
    return ask(uri.getPort(), shape, "GET", "/_doppel/users");
  }

  /** Checks the beginning of a response; {@code PORT} in it is replaced by the port. */
  private static void assertAnswer(URI uri, String shape, String expected) {
    assertThat(ask(uri, shape)).startsWith(expected.replace("PORT", "" + uri.getPort()));
  }

  private static String forbidden(String text) {
    return "403 {\"error\":\"" + text;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // the own address
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT; ",
        "%s %s HTTP/1.1|Host: 127.9.9.9:PORT; ",
        "%s %s HTTP/1.1|Host: localhost:PORT; ",
        "%s %s HTTP/1.1|Host: LocalHost:PORT; ",
        "%s %s HTTP/1.1|Host: [::1]:PORT; ",
        // pages of the same origin, and URLs typed into a browser
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://127.0.0.1:PORT; ",
        "%s %s HTTP/1.1|Host: localhost:PORT|Origin: http://localhost:PORT|Sec-Fetch-Site:"
            + " same-origin; ",
        "%s %s HTTP/1.1|Host: localhost:PORT|Sec-Fetch-Site: none; ",
        // headers that resemble a proxy's
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Request-Id: 7|Traceparent: 00-1-2-00|Viaduct: 1; ",
        // other names and ports
        "%s %s HTTP/1.1|Host: evil.example; Host 'evil.example' is not allowed; use localhost:PORT",
        "%s %s HTTP/1.1|Host: evil.example:PORT; Host 'evil.example:PORT'",
        "%s %s HTTP/1.1|Host: 127.0.0.1.evil.example:PORT; Host '127.0.0.1.evil.example:PORT'",
        "%s %s HTTP/1.1|Host: localhost.evil:PORT; Host 'localhost.evil:PORT'",
        "%s %s HTTP/1.1|Host: evillocalhost:PORT; Host 'evillocalhost:PORT'",
        "%s %s HTTP/1.1|Host: 127.0.0.256:PORT; Host '127.0.0.256:PORT'",
        "%s %s HTTP/1.1|Host: 0.0.0.0:PORT; Host '0.0.0.0:PORT'",
        "%s %s HTTP/1.1|Host: localhost; Host 'localhost'",
        "%s %s HTTP/1.1|Host: localhost:80; Host 'localhost:80'",
        "%s %s HTTP/1.1|Host: 127.0.0.1; Host '127.0.0.1'",
        "%s %s HTTP/1.1|Host: localhost:1; Host 'localhost:1'",
        // other spellings
        "%s %s HTTP/1.1|Host: localhost.:PORT; Host 'localhost.:PORT'",
        "%s %s HTTP/1.1|Host: 127.1:PORT; Host '127.1:PORT'",
        "%s %s HTTP/1.1|Host: 2130706433:PORT; Host '2130706433:PORT'",
        "%s %s HTTP/1.1|Host: 127.0.0.01:PORT; Host '127.0.0.01:PORT'",
        "%s %s HTTP/1.1|Host: [localhost]:PORT; Host '[localhost]:PORT'",
        "%s %s HTTP/1.1|Host: [::ffff:127.0.0.1]:PORT; Host '[::ffff:127.0.0.1]:PORT'",
        // two hosts
        "%s %s HTTP/1.1|Host: localhost:PORT|Host: evil.example; Host 'localhost:PORT,"
            + " evil.example'",
        "%s %s HTTP/1.1|Host: localhost:PORT|Host: localhost:PORT; Host 'localhost:PORT,"
            + " localhost:PORT'",
        // requests that proxies pass on
        "%s %s HTTP/1.0|Host: 127.0.0.1:PORT; this request came through a proxy (HTTP/1.0)",
        "%s %s HTTP/1.0|X: y; this request came through a proxy (HTTP/1.0)",
        "%s http://localhost:PORT%s HTTP/1.1|Host: localhost:PORT; this request came through a"
            + " proxy (an absolute URL",
        "%s %s HTTP/1.1|Host: localhost:PORT|Forwarded: for=1.2.3.4; this request came through a"
            + " proxy (forwarded)",
        "%s %s HTTP/1.1|Host: localhost:PORT|Via: 1.1 squid; this request came through a proxy"
            + " (via)",
        "%s %s HTTP/1.1|Host: localhost:PORT|via:; this request came through a proxy (via)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Forwarded-For: 127.0.0.1; this request came through"
            + " a proxy (x-forwarded-for)",
        "%s %s HTTP/1.1|Host: localhost:PORT|x-forwarded-proto: https; this request came through a"
            + " proxy (x-forwarded-proto)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Forwarded-Host: a; this request came through a proxy"
            + " (x-forwarded-host)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-FORWARDED-SERVER: a; this request came through a"
            + " proxy (x-forwarded-server)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Real-IP: 1.2.3.4; this request came through a proxy"
            + " (x-real-ip)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Client-IP: 1.2.3.4; this request came through a"
            + " proxy (x-client-ip)",
        "%s %s HTTP/1.1|Host: localhost:PORT|True-Client-IP: 1.2.3.4; this request came through a"
            + " proxy (true-client-ip)",
        "%s %s HTTP/1.1|Host: localhost:PORT|CF-Connecting-IP: 1.2.3.4; this request came through a"
            + " proxy (cf-connecting-ip)",
        "%s %s HTTP/1.1|Host: localhost:PORT|CDN-Loop: cloudflare; this request came through a"
            + " proxy (cdn-loop)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Envoy-External-Address: 1.2.3.4; this request came"
            + " through a proxy (x-envoy-external-address)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Original-URL: /; this request came through a proxy"
            + " (x-original-url)",
        "%s %s HTTP/1.1|Host: localhost:PORT|Client-IP: x; this request came through a proxy"
            + " (client-ip)",
        "%s %s HTTP/1.1|Host: localhost:PORT|Proxy-Connection: x; this request came through a proxy"
            + " (proxy-connection)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Cluster-Client-IP: x; this request came through a"
            + " proxy (x-cluster-client-ip)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Scheme: x; this request came through a proxy"
            + " (x-scheme)",
        "%s %s HTTP/1.1|Host: localhost:PORT|Fastly-Client-IP: x; this request came through a proxy"
            + " (fastly-client-ip)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-ARR-SSL: x; this request came through a proxy"
            + " (x-arr-ssl)",
        "%s %s HTTP/1.1|Host: localhost:PORT|X-Azure-ClientIP: x; this request came through a proxy"
            + " (x-azure-clientip)",
        // pages of other origins
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://evil.example; Origin"
            + " 'http://evil.example' is not allowed",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://localhost:PORT; Origin"
            + " 'http://localhost:PORT'",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://127.0.0.1:1; Origin"
            + " 'http://127.0.0.1:1'",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin: https://127.0.0.1:PORT; Origin"
            + " 'https://127.0.0.1:PORT'",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin: null; Origin 'null'",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin:; Origin ''",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://127.0.0.1:PORT|Origin:"
            + " http://evil.example; Origin 'http://evil.example'",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Sec-Fetch-Site: cross-site; Sec-Fetch-Site"
            + " 'cross-site' is not allowed",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Sec-Fetch-Site: same-site; Sec-Fetch-Site 'same-site'",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Sec-Fetch-Site:; Sec-Fetch-Site ''",
        "%s %s HTTP/1.1|Host: 127.0.0.1:PORT|Sec-Fetch-Site: none|Sec-Fetch-Site: cross-site;"
            + " Sec-Fetch-Site 'cross-site'",
      })
  void request_isAllowedOrRejectedByKindOfGateway(String shape, String refusal) {
    var expected = refusal == null ? USERS : forbidden(refusal);
    assertAnswer(memory.uri(), shape, expected);
    assertAnswer(memoryWithPort.controlUri(), shape, expected);
    assertAnswer(offLoopbackWithPort.controlUri(), shape, expected);
    assertAnswer(memoryWithPort.uri(), shape, ELSEWHERE);
    assertAnswer(offLoopbackWithPort.uri(), shape, ELSEWHERE);
    assertAnswer(fileWithPort.uri(), shape, ELSEWHERE);
    assertAnswer(file.uri(), shape, PERSISTENT);
    assertAnswer(fileWithPort.controlUri(), shape, PERSISTENT);
    assertAnswer(offLoopback.uri(), shape, OFF_LOOPBACK);
    for (var guarded : List.of(memoryWithToken, fileWithToken, offLoopbackWithToken)) {
      assertAnswer(guarded.uri(), shape, WRONG_TOKEN);
      assertAnswer(guarded.uri(), shape + "|Authorization: Bearer " + TOKEN, USERS);
    }
    for (var doppel : all) {
      assertProbes(doppel.uri().getPort(), shape);
      assertProbes(doppel.controlUri().getPort(), shape);
    }
  }

  private static void assertProbes(int port, String shape) {
    assertThat(ask(port, shape, "GET", "/_doppel/health")).isEqualTo("200 {\"status\":\"up\"}\n");
    assertThat(ask(port, shape, "HEAD", "/_doppel/health")).isEqualTo("200 ");
    assertThat(ask(port, shape, "GET", "/_doppel/ready")).isEqualTo("200 {\"status\":\"ready\"}\n");
    assertThat(ask(port, shape, "HEAD", "/_doppel/ready")).isEqualTo("200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer " + TOKEN + "x",
        "Bearer A-CONTROL-TOKEN",
        "Token " + TOKEN,
        "Basic YS1jb250cm9sLXRva2VuOg==",
        TOKEN
      })
  void otherCredentials_areRejected(String credentials) {
    var shape = DIRECT + "|Authorization: " + credentials;
    assertThat(ask(fileWithToken.uri(), shape)).isEqualTo(WRONG_TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X: y", "Host: evil.example:x", "Host: ::1:PORT", "Host: a@localhost:PORT"})
  void missingOrMalformedHost_isRejected(String header) {
    assertThat(ask(memory.uri(), "%s %s HTTP/1.1|" + header))
        .isEqualTo("400 {\"error\":\"not a request as we take it\"}\n");
  }

  /** A rejected request has no effect. */
  @Test
  void persistentStore_isNotErasedWithoutToken() {
    assertThat(ask(file.uri().getPort(), DIRECT, "POST", "/_doppel/reset?confirm=true"))
        .isEqualTo(PERSISTENT);
    assertThat(
            new Http(file.uri())
                .send(
                    "POST", "/api/v2/signin", "", "Authorization", Http.basic("root", "a-password"))
                .statusCode())
        .isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/_doppel",
        "/_doppel/",
        "/_doppelx",
        "/_doppel/healthy",
        "/_doppel/health/users",
        "/_doppel/users/../health/../users",
        "/_doppel/health/../users",
        "/_doppel//users",
        "/_doppel/%75sers",
        "/_doppel/openapi/influx.yaml",
        "/_doppel/metrics"
      })
  void otherPaths_areClosed(String path) {
    for (var method : List.of("GET", "POST", "DELETE", "OPTIONS")) {
      assertThat(ask(file.uri().getPort(), DIRECT, method, path)).as(method).isEqualTo(PERSISTENT);
      assertThat(ask(memoryWithPort.uri().getPort(), DIRECT, method, path))
          .as(method)
          .isEqualTo(ELSEWHERE);
    }
  }

  @Test
  void probes_allowOnlyGetAndHead() {
    assertThat(ask(file.uri().getPort(), DIRECT, "POST", "/_doppel/health")).isEqualTo(PERSISTENT);
    assertThat(ask(memory.uri().getPort(), DIRECT, "POST", "/_doppel/ready"))
        .isEqualTo("404 {\"error\":\"no such path\"}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, false, 80, true",
    "localhost, true, 443, true",
    "localhost, true, 80, false",
    "localhost, false, 443, false",
    "localhost, false, 8080, false",
    "localhost:80, false, 80, true",
    "localhost:8080, true, 8080, true",
    "one.localhost, false, 80, true",
    "[::1], false, 80, true",
    ".localhost, false, 80, false",
  })
  void missingPort_isDefaultOfScheme(String host, boolean tls, int port, boolean own) {
    assertThat(ControlGuard.isOwn(HostAndPort.parseAuthority(host, -1), tls, port)).isEqualTo(own);
  }

  @Nested
  class Http2 {

    private String ask(HostAndPort authority, Optional<String> host) {
      var vertx = Vertx.vertx();
      try {
        var client =
            vertx.createHttpClient(
                new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
        return await(
            client
                .request(
                    new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setHost("127.0.0.1")
                        .setPort(memory.uri().getPort())
                        .setURI("/_doppel/users"))
                .compose(
                    request -> {
                      host.ifPresent(name -> request.putHeader("Host", name));
                      return request.authority(authority).send();
                    })
                .compose(
                    response ->
                        response
                            .body()
                            .map(
                                body ->
                                    response.version()
                                        + " "
                                        + response.statusCode()
                                        + " "
                                        + body)));
      } finally {
        await(vertx.close());
      }
    }

    @Test
    void authority_isCheckedLikeHost() {
      var port = memory.uri().getPort();
      var own = HostAndPort.authority("localhost", port);
      assertThat(ask(own, Optional.empty())).startsWith("HTTP_2 " + USERS);
      assertThat(ask(HostAndPort.authority("evil.example", port), Optional.empty()))
          .startsWith("HTTP_2 " + forbidden("Host 'evil.example:" + port + "' is not allowed"));
      assertThat(ask(HostAndPort.authority("localhost", 1), Optional.empty()))
          .startsWith("HTTP_2 " + forbidden("Host 'localhost:1' is not allowed"));
    }

    @Test
    void hostOtherThanAuthority_isRejected() {
      var own = HostAndPort.authority("localhost", memory.uri().getPort());
      assertThatThrownBy(() -> ask(own, Optional.of("evil.example")))
          .isInstanceOf(StreamResetException.class);
    }
  }

  @Nested
  class Realms {

    private static final String OTHER_ORIGIN = "|Origin: http://evil.example";

    @Test
    void realm_isGuardedAtEachAddress() {
      try (var realm = memory.openRealm()) {
        var name = name(memory.controlUri());
        var host = "%s %s HTTP/1.1|Host: " + name + ".localhost:PORT";
        assertThat(ask(memory.uri(), host)).startsWith(USERS);
        assertThat(ask(realm.uri(), DIRECT)).startsWith(USERS);
        assertThat(prefix(memory.uri(), name, DIRECT)).startsWith(USERS);
        for (var refused :
            List.of(
                ask(memory.uri(), host + OTHER_ORIGIN),
                ask(realm.uri(), DIRECT + OTHER_ORIGIN),
                prefix(memory.uri(), name, DIRECT + OTHER_ORIGIN))) {
          assertThat(refused).startsWith(forbidden("Origin 'http://evil.example'"));
        }
        assertThat(ask(memory.uri(), "%s %s HTTP/1.1|Host: " + name + ".localhost"))
            .startsWith(forbidden("Host '" + name + ".localhost' is not allowed"));
        assertThat(ask(realm.uri(), "%s %s HTTP/1.1|Host: 127.0.0.1:" + memory.uri().getPort()))
            .startsWith(forbidden("Host '127.0.0.1:" + memory.uri().getPort()));
      }
    }

    @Test
    void realm_isOnControlPort_withOnlyProbesElsewhere() {
      try (var realm = memoryWithPort.openRealm()) {
        var control = memoryWithPort.controlUri();
        var name = name(control);
        assertThat(realm.controlUri())
            .hasToString("http://127.0.0.1:" + control.getPort() + "/~" + name + "/_doppel");
        assertThat(prefix(control, name, DIRECT)).startsWith(USERS);
        assertThat(ask(control, "%s %s HTTP/1.1|Host: " + name + ".localhost:PORT"))
            .startsWith(USERS);
        assertThat(prefix(control, name, DIRECT + OTHER_ORIGIN)).startsWith("403 ");
        for (var refused :
            List.of(
                ask(realm.uri(), DIRECT),
                prefix(memoryWithPort.uri(), name, DIRECT),
                ask(memoryWithPort.uri(), "%s %s HTTP/1.1|Host: " + name + ".localhost:PORT"))) {
          assertThat(refused).isEqualTo(ELSEWHERE);
        }
        assertProbes(realm.uri().getPort(), DIRECT);
        assertThat(
                ControlGuardTest.ask(
                    memoryWithPort.uri().getPort(),
                    DIRECT,
                    "HEAD",
                    "/~" + name + "/_doppel/health"))
            .isEqualTo("200 ");
      }
    }

    private String name(URI control) {
      var realms =
          ControlGuardTest.ask(control.getPort(), DIRECT, "GET", "/_doppel/realms").substring(4);
      return new JsonObject(realms).getJsonArray("realms").getJsonObject(0).getString("name");
    }

    private String prefix(URI uri, String name, String shape) {
      return ControlGuardTest.ask(uri.getPort(), shape, "GET", "/~" + name + "/_doppel/users");
    }
  }

  @Nested
  class ControlPort {

    @Test
    void controlPort_servesOnlyControlPlane() {
      var control = memoryWithPort.controlUri();
      assertThat(control.getPort()).isNotEqualTo(memoryWithPort.uri().getPort());
      for (var path : List.of("/", "/api/v2/me", "/health", "/v1/auth/login")) {
        assertThat(ask(control.getPort(), DIRECT, "GET", path))
            .isEqualTo("404 {\"error\":\"only /_doppel/ is served on this port\"}\n");
      }
      assertThat(ask(control.getPort(), DIRECT, "GET", "/_doppel/operations"))
          .startsWith("200 ")
          .contains(Vendors.all().stream().map(Vendor::name).toList());
    }

    @Test
    void controlPort_isAlwaysOnLoopback() {
      assertThat(offLoopbackWithPort.controlUri().getHost()).isEqualTo("127.0.0.1");
      assertThat(offLoopbackWithPort.uri().getHost()).isEqualTo("0.0.0.0");
    }

    @Test
    void controlPortInUse_isReportedWithItsFlag() {
      var taken = memory.uri().getPort();
      var config = config("127.0.0.1", MvStore.memory()).controlPort(taken).build();
      assertThatThrownBy(() -> Doppel.start(config))
          .isInstanceOfSatisfying(
              StartupException.class,
              refused ->
                  assertThat(refused.line())
                      .isEqualTo(
                          "--control-port " + taken + ": in use or not allowed on 127.0.0.1"));
    }

    @Test
    void withoutControlPort_controlPlaneIsOnDialectsPort() {
      assertThat(memory.controlUri()).hasToString(memory.uri() + "/_doppel");
    }

    @Test
    void controlPort_usesTlsLikeOthers() {
      var tls = Optional.<Tls>of(new Tls.SelfSigned());
      var config =
          DoppelConfig.DEFAULT.toBuilder()
              .listen(new Listen("127.0.0.1", 0, false, tls))
              .controlPort(0)
              .build();
      var vertx = Vertx.vertx();
      try (var doppel = Doppel.start(config)) {
        assertThat(doppel.controlUri().toString()).startsWith("https://127.0.0.1:");
        var client =
            vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
        var status =
            await(
                client
                    .request(
                        new RequestOptions()
                            .setAbsoluteURI(doppel.controlUri() + "/users")
                            .putHeader(
                                "Origin", "https://127.0.0.1:" + doppel.controlUri().getPort()))
                    .compose(request -> request.send())
                    .map(response -> response.statusCode()));
        assertThat(status).isEqualTo(200);
      } finally {
        await(vertx.close());
      }
    }
  }
}
