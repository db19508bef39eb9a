package dev.doppel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.Operation;
import dev.doppel.store.MvStorage;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What every dialect keeps: its table is its OpenAPI document, every recorded exchange is answered
 * to the byte in the fidelity it was recorded for, and no input whatever gets a stranger's answer.
 *
 * <p>Exchanges are the {@code exchanges/*.http} of the test's resources, in the form of {@link
 * Exchange}; each file starts from a new {@link TestRealm}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DialectContract {

  private static final List<String> LEAKS =
      List.of("Exception", "\tat ", "dev.doppel", "io.vertx", "<html", TestRealm.PASSWORD);

  private static final int PATIENCE_MILLIS = 10_000;

  private final Locale home = Locale.getDefault();
  private final Vertx vertx = Vertx.vertx();

  final Vertx vertx() {
    return vertx;
  }

  /** The dialect under test. */
  protected abstract Dialect dialect(Realm realm, Fidelity fidelity);

  /** As above, started as the lines at the top of a dialogue say. */
  protected Dialect dialect(Realm realm, Fidelity fidelity, Exchange.Dialogue dialogue) {
    return dialect(realm, fidelity);
  }

  /** Fails if the answer is not one that this vendor could have given. */
  protected abstract void assertVendorsOwn(TestServer.Answer answer);

  /** What this vendor says that would look like a leak of ours. */
  protected List<String> vendorsOwnWords() {
    return List.of();
  }

  /** Header lines of a request that may do everything. */
  protected abstract List<Map.Entry<String, String>> administrator();

  /** Answers must not depend on where they are given: other digits, another lower case of I. */
  @BeforeAll
  void goAbroad() {
    Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
  }

  @AfterAll
  void comeHome() {
    Locale.setDefault(home);
    Await.await(vertx.close());
  }

  /** Over memory alone; other stores are for the tests of all dialects together. */
  @TestFactory
  Stream<DynamicNode> exchanges() throws IOException, URISyntaxException {
    var recorded = Path.of(getClass().getResource("/exchanges").toURI());
    return new ExchangeReplay(vertx, ExchangeSet.read(recorded), this::dialect)
        .tests("memory", MvStorage::inMemory);
  }

  @Test
  void openApi_listsTheTableOfOperations() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var openApi = OpenApi.of(dialect.name());
          var table = new TreeSet<>(dialect.operations().stream().map(OpenApi::line).toList());
          assertThat(openApi.version()).startsWith("3.1");
          assertThat(openApi.operations()).isEqualTo(table);
        });
  }

  @Test
  void operations_haveNamesOfTheirOwnUnderTheDialectsPrefixes() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          assertThat(dialect.operations().stream().map(Operation::name)).doesNotHaveDuplicates();
          assertThat(dialect.operations())
              .allSatisfy(
                  operation ->
                      assertThat(dialect.prefixes())
                          .anyMatch(prefix -> (operation.path() + "/").startsWith(prefix + "/")));
        });
  }

  @Test
  void everyReason_isToldInTheVendorsWords() {
    for (var fidelity : Fidelity.values()) {
      with(
          fidelity,
          (server, realm, dialect) -> {
            var failing = new FailingDialect(dialect);
            try (var other = new TestServer(vertx, failing)) {
              for (var reason : Reason.values()) {
                var answer = other.send("GET", failing.path(reason), administrator(), "");
                assertNoLeak(reason.name(), answer);
              }
            }
          });
    }
  }

  @Test
  void answerThatDoesNotCome_isGivenUpInTheVendorsWords() {
    with(
        Fidelity.DOCUMENTED,
        (unlimited, realm, dialect) -> {
          var failing = new FailingDialect(dialect);
          var soon = new Limits(100, Duration.ofSeconds(5), Duration.ofMillis(50));
          try (var server = new TestServer(vertx, failing, soon)) {
            var answer = server.send("GET", failing.pathWithoutAnswer(), administrator(), "");
            var timedOut = server.send("GET", failing.path(Reason.TIMED_OUT), administrator(), "");
            assertThat(answer.status()).isEqualTo(timedOut.status());
            assertNoLeak("an answer that does not come", answer);
          }
        });
  }

  @Test
  void bodyThatDoesNotCome_isToldInTheVendorsWords() {
    with(
        Fidelity.DOCUMENTED,
        (unlimited, realm, dialect) -> {
          var soon = new Limits(100, Duration.ofMillis(50), Duration.ofSeconds(5));
          var path = dialect.operations().get(0).path();
          var head = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{".formatted(path);
          try (var server = new TestServer(vertx, dialect, soon);
              var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 500");
            for (var leak : LEAKS) {
              assertThat(answer).doesNotContain(leak);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Also where the vendor repeats the URI in its answer, as in a redirection. */
  @Test
  void uriWithControlCharacters_isRefusedInTheVendorsWords() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          for (var operation : dialect.operations()) {
            var path = operation.path().replaceAll(":[A-Za-z]+", "0000000000000001");
            for (var uri : List.of(path + "?a=\u0001", path + "/?a=\u007f", path + "\u0000")) {
              var answer = rawAnswer(server, operation.method().name(), uri);
              assertOwn(operation.name(), answer);
              if (answer.status() < 400 && !operation.method().equals(HttpMethod.HEAD)) {
                assertThat(answer.body()).as(operation.name()).contains("malformed");
              }
            }
          }
        });
  }

  /** To what clients that look at what they send would not. */
  private TestServer.Answer rawAnswer(TestServer server, String method, String uri) {
    var request = new StringBuilder(method + " " + uri + " HTTP/1.1\r\nHost: localhost\r\n");
    administrator()
        .forEach(header -> request.append(header.getKey() + ": " + header.getValue() + "\r\n"));
    try (var raw = new RawHttp(server.port())) {
      raw.send((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      return raw.answer(method, PATIENCE_MILLIS).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bodies that no operation asks for. */
  protected static List<byte[]> oddBodies() {
    var texts =
        List.of(
            "",
            "not JSON",
            "{",
            "{\"a\":",
            "null",
            "[]",
            "\"text\"",
            "17",
            "{\"name\":7,\"userName\":{},\"password\":[],\"newPassword\":true,\"oldPassword\":1e99}",
            "{\"name\":\"\\u0000\",\"userName\":\"\\u0000\",\"password\":\"\\u0000\"}",
            "{\"name\":\"\\ud800\",\"userName\":\"\\ud83d\\ude00\",\"password\":\"\\ud83d\"}",
            "{\"name\":\"" + "n".repeat(10_000) + "\",\"userName\":\"" + "n".repeat(10_000) + "\"}",
            "[".repeat(20_000),
            "{\"a\":".repeat(20_000),
            "x".repeat(2 << 20));
    var bodies =
        new ArrayList<>(texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList());
    bodies.add(new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0, '}', 0});
    bodies.add("{}".getBytes(Charset.forName("UTF-32")));
    bodies.add(new byte[] {0, 0, 0, '{', 0x75, 0x72, 0x65, 0x72}); // no character of UTF-32
    bodies.add(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '"', (byte) 0x80, '"', '}'});
    return bodies;
  }

  protected static List<String> oddSegments() {
    return List.of(
        "0",
        "00000000-0000-0000-0000-000000000000",
        "x",
        "%00",
        "%F0%9F%98%80",
        "%2e%2e%2f",
        "%25zz",
        "a".repeat(1_500),
        "0000000000000000",
        "ffffffffffffffff",
        "ffffffffffffffffffffffff",
        "urn:vcloud:user:00000000-0000-8000-8000-000000000000");
  }

  @Test
  void noInput_getsAStrangersAnswer() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          for (var operation : dialect.operations()) {
            if (operation.method().equals(HttpMethod.HEAD)) {
              continue; // its answers have no body to look at
            }
            for (var segment : oddSegments()) {
              var path = operation.path().replaceAll(":[A-Za-z]+", segment);
              assertOwn(path, server.send(operation.method().name(), path, administrator(), "{}"));
            }
            var path = operation.path().replaceAll(":[A-Za-z]+", "0000000000000001");
            for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")) {
              assertOwn(method + " " + path, server.send(method, path, administrator(), ""));
            }
            for (var body : oddBodies()) {
              var of = new String(body, 0, Math.min(body.length, 60), StandardCharsets.UTF_8);
              assertOwn(
                  operation.name() + " " + of,
                  server.send(operation.method().name(), path, administrator(), body));
            }
            for (var credentials : oddCredentials()) {
              assertOwn(
                  operation.name() + " " + credentials,
                  server.send(operation.method().name(), path, credentials, "{}"));
            }
          }
          for (var prefix : dialect.prefixes()) {
            for (var path : List.of("/no/such/path", "//", "/%2e%2e/x", "/" + "x/".repeat(500))) {
              assertOwn(path, server.send("GET", prefix + path, administrator(), ""));
              assertOwn(path, server.send("POST", prefix + path, List.of(), "{}"));
            }
          }
        });
  }

  /** Credentials that nobody has. */
  protected final List<List<Map.Entry<String, String>>> oddCredentials() {
    return Stream.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Token x",
            "Basic",
            "Basic !!!",
            "Basic eA==",
            "Basic Og==",
            "Bearer root:wrong",
            "Bearer :",
            "Bearer a.b.c",
            "Negotiate x",
            "\u00e4\u00f6")
        .map(value -> List.of(Map.entry("Authorization", value)))
        .toList();
  }

  final void assertOwn(String what, TestServer.Answer answer) {
    assertNoLeak(what, answer);
    assertThat(tellsOfDefect(answer)).as("a defect: " + answer + " to " + what).isFalse();
  }

  /** Whether the answer tells of a defect of ours, not of one that the vendor is known for. */
  protected boolean tellsOfDefect(TestServer.Answer answer) {
    return answer.status() == 500;
  }

  private void assertNoLeak(String what, TestServer.Answer answer) {
    var shown = answer + " to " + what.substring(0, Math.min(what.length(), 200));
    var suspicious = answer.body();
    for (var words : vendorsOwnWords()) {
      suspicious = suspicious.replace(words, "");
    }
    for (var leak : LEAKS) {
      assertThat(suspicious).as(shown).doesNotContain(leak);
    }
    try {
      assertVendorsOwn(answer);
    } catch (AssertionError strange) {
      throw new AssertionError("a stranger's answer: " + shown, strange);
    }
  }

  /** What is done with a server of its own. */
  @FunctionalInterface
  protected interface Script {
    void run(TestServer server, TestRealm realm, Dialect dialect);
  }

  /** Runs something against the dialect over a new realm. */
  protected final void with(Fidelity fidelity, Script script) {
    with(TestRealm.over(vertx, MvStorage.inMemory()), realm -> dialect(realm, fidelity), script);
  }

  private void with(TestRealm realm, Function<Realm, Dialect> maker, Script script) {
    try {
      var dialect = maker.apply(realm.realm());
      try (var server = new TestServer(vertx, dialect)) {
        script.run(server, realm, dialect);
      }
    } finally {
      realm.close();
    }
  }
}
