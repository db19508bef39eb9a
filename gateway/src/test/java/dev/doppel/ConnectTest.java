package dev.doppel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.store.MvStore;
import dev.doppel.users.Password;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to a running Doppel, and to what isn't one. */
class ConnectTest {

  private static final DoppelConfig CONFIG = DoppelConfig.DEFAULT.toBuilder().port(0).build();
  private static final String TOKEN = "a-control-token";

  private static URI server(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static HttpServer answering(int status, String body) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          try (var out = exchange.getResponseBody()) {
            out.write(bytes);
          }
        });
    server.start();
    return server;
  }

  @Test
  void tokenThatCantBeSent_isNotPrinted() {
    for (var token : List.of("a-secret\n", "a-secret\u0100", "")) {
      assertThatThrownBy(() -> ConnectOptions.DEFAULT.withControlToken(token))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("a-secret");
    }
  }

  @Test
  void connect_failsWhereNothingListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var uri = URI.create("http://127.0.0.1:" + port);
    assertThatThrownBy(() -> Doppel.connect(uri))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(uri + "/_doppel: nothing listens there; start Doppel, or use its port");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|hello",
        "404|<html>",
        "200|{}",
        "404|{}",
        "302|''",
        "500|[]",
        "200|{\"error\":1}"
      })
  void connect_failsAtAnotherServer(int status, String body) throws IOException {
    var server = answering(status, body);
    try {
      assertThatThrownBy(() -> Doppel.connect(server(server)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "%s/_doppel: another server than Doppel responds (status %d)"
                  .formatted(server(server), status));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void connect_failsAtServerThatSpeaksNoHttp() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var uri = URI.create("http://127.0.0.1:" + socket.getLocalPort());
      var other =
          new Thread(
              () -> {
                try (var client = socket.accept()) {
                  client
                      .getOutputStream()
                      .write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                  // the test ends
                }
              });
      other.start();
      assertThatThrownBy(() -> Doppel.connect(uri))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(uri + "/_doppel: no HTTP response, so no Doppel");
      other.join(10_000);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404|{\"error\":\"no such path\"}|a Doppel older than this library (Doppel unknown;",
        "200|{\"product\":\"doppel\",\"version\":\"9.8\"}|a response of another version of Doppel (Doppel 9.8;",
      })
  void connect_namesVersionsThatDoNotFit(int status, String body, String message)
      throws IOException {
    var server = answering(status, body);
    try {
      assertThatThrownBy(() -> Doppel.connect(server(server)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(server(server) + "/_doppel: " + message);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1", "localhost:8080", "/x"})
  void connect_rejectsOtherUrls(String url) {
    assertThatThrownBy(() -> Doppel.connect(URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + url + "' is not allowed; use a URL such as http://127.0.0.1:8080");
  }

  @Test
  void connect_rejectsCredentialsInUrl() {
    assertThatThrownBy(() -> Doppel.connect(URI.create("http://root:S3cret@127.0.0.1:1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'http://***@127.0.0.1:1' is not allowed; use a URL such as http://127.0.0.1:8080");
  }

  @Test
  void connect_needsControlToken() {
    try (var started = Doppel.start(CONFIG.toBuilder().controlToken(TOKEN).build())) {
      assertThatThrownBy(() -> Doppel.connect(started.uri()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              started.controlUri()
                  + ": 401: the control token is missing; use ConnectOptions.withControlToken");
      var wrong = ConnectOptions.DEFAULT.withControlToken("wr0ng");
      assertThatThrownBy(() -> Doppel.connect(started.uri(), wrong))
          .hasMessage(started.controlUri() + ": 401: the control token is wrong");
      var right = ConnectOptions.DEFAULT.withControlToken(TOKEN);
      assertThat(right).asString().doesNotContain(TOKEN);
      try (var doppel = Doppel.connect(started.uri(), right);
          var realm = doppel.openRealm()) {
        realm.seed().user("ann").put();
        realm.calls().never();
      }
    }
  }

  @Test
  void connect_reportsRefusedAccess(@TempDir Path folder) {
    try (var started =
        Doppel.start(
            CONFIG.toBuilder()
                .store(MvStore.file(folder.resolve("users.db")))
                .credentials(
                    new Credentials(
                        Optional.empty(),
                        Optional.of(new Password("P@ssw0rd1")),
                        Optional.empty(),
                        false))
                .build())) {
      assertThatThrownBy(() -> Doppel.connect(started.uri()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("403: this store is persistent: start Doppel with --control-token");
    }
  }

  @Test
  void persistentStore_isResetAndHasItsOwnCredentials(@TempDir Path folder) {
    try (var started = PersistentGateways.start(MvStore.file(folder.resolve("users.db")))) {
      var options = ConnectOptions.DEFAULT.withControlToken(PersistentGateways.CONTROL_TOKEN);
      try (var doppel = Doppel.connect(started.uri(), options)) {
        doppel.seed().user("ann").put();
        doppel.reset();
        doppel.seed().user("ann").put();
        assertThatThrownBy(doppel::administrator)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("ConnectOptions.withAdministrator");
      }
    }
  }

  @Test
  void connect_findsControlPort() {
    try (var started = Doppel.start(CONFIG.toBuilder().controlPort(0).build())) {
      assertThatThrownBy(() -> Doppel.connect(started.uri()))
          .hasMessageContaining("the control plane has a port of its own (--control-port)");
      try (var doppel = Doppel.connect(started.controlUri());
          var realm = doppel.openRealm()) {
        assertThat(doppel.uri()).isEqualTo(started.uri());
        assertThat(doppel.controlUri()).isEqualTo(started.controlUri());
        realm.seed().user("ann").token("ann-token").put();
        assertThat(me(realm, "ann-token")).isEqualTo(200);
        assertThat(me(doppel, "ann-token")).isEqualTo(401);
        assertThatThrownBy(() -> Doppel.connect(realm.controlUri()))
            .hasMessageContaining("a realm; connect to the gateway, and open a realm there");
      }
    }
  }

  private static int me(Doppel doppel, String token) {
    return new Http(doppel.uri())
        .send("GET", "/api/v2/me", "", "Authorization", "Token " + token)
        .statusCode();
  }

  @Test
  void connect_reachesRealm() {
    try (var started = Doppel.start(CONFIG);
        var realm = started.openRealm();
        var doppel = Doppel.connect(URI.create(realm.uri() + "/"))) {
      assertThat(doppel.uri()).isEqualTo(realm.uri());
      doppel.seed().user("ann").token("ann-token").put();
      assertThat(me(realm, "ann-token")).isEqualTo(200);
      assertThat(me(started, "ann-token")).isEqualTo(401);
      assertThatThrownBy(doppel::openRealm)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a realm opens no others; connect to the gateway");
    }
  }

  @Test
  void close_closesOwnRealmsOnly() {
    try (var started = Doppel.start(CONFIG);
        var others = started.openRealm()) {
      var http = new Http(started.uri());
      try (var doppel = Doppel.connect(started.uri())) {
        doppel.openRealm();
        doppel.openRealm().openRealm();
        assertThat(realms(http)).isEqualTo(4);
      }
      assertThat(realms(http)).isEqualTo(1);
      assertThat(me(others, "doppel-operator-token")).isEqualTo(200);
    }
  }

  private static int realms(Http http) {
    var listed = http.send("GET", "/_doppel/realms", "").body();
    return new JsonObject(listed).getJsonArray("realms").size();
  }

  @Test
  void hostName_isThatOfConnection() {
    try (var started = Doppel.start(CONFIG);
        var doppel = Doppel.connect(URI.create("http://localhost:" + started.uri().getPort()));
        var realm = doppel.openRealm()) {
      assertThat(doppel.uri().getHost()).isEqualTo("localhost");
      assertThat(realm.uri().getHost()).isEqualTo("localhost");
      assertThat(realm.uri().getPort()).isNotEqualTo(started.uri().getPort());
    }
  }

  /** A mapped port, as of a container: the realm's own port can't be reached. */
  @Test
  void realm_behindMappedPort_isReachedByPath() throws IOException {
    var listen = new Listen("127.0.0.1", 0, false, Optional.empty());
    var config = CONFIG.toBuilder().listen(listen).controlToken(TOKEN).build();
    try (var started = Doppel.start(config);
        var mapped = new MappedPort(started.uri().getPort());
        var doppel =
            Doppel.connect(
                URI.create("http://127.0.0.1:" + mapped.port()),
                ConnectOptions.DEFAULT.withControlToken(TOKEN));
        var realm = doppel.openRealm()) {
      assertThat(realm.uri()).asString().startsWith(doppel.uri() + "/~");
      realm.seed().user("ann").token("ann-token").put();
      assertThat(me(realm, "ann-token")).isEqualTo(200);
      assertThat(me(doppel, "ann-token")).isEqualTo(401);
    }
  }
}
