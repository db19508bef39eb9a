package dev.doppel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.VendorOperation;
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
import java.nio.file.Files;
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
 * Specifies what every dialect does: its operations are those of its OpenAPI document, every
 * recorded exchange is answered byte for byte in the fidelity it was recorded for, and every input,
 * however odd, gets a response in the vendor's format.
 *
 * <p>The exchanges are the files {@code exchanges/*.http} of the test's resources, in the format of
 * {@link Exchange}. Each file starts from a new {@link TestRealm}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DialectContract {

  /** Texts of the implementation, or secrets, that no response may contain. */
  private static final List<String> LEAKS =
      List.of("Exception", "\tat ", "dev.doppel", "io.vertx", "<html", TestRealm.PASSWORD);

  private static final int SOCKET_TIMEOUT_MILLIS = 10_000;

  private final Locale defaultLocale = Locale.getDefault();
  private final Vertx vertx = Vertx.vertx();

  final Vertx vertx() {
    return vertx;
  }

  /** Returns the vendor whose dialect is under test. */
  protected abstract Vendor<?> vendor();

  /** Creates the dialect with the vendor's default settings. */
  protected final Dialect dialect(Realm realm, Fidelity fidelity) {
    return ServedVendor.byDefault(vendor()).with(fidelity).dialect(realm);
  }

  /** Throws an {@link AssertionError} if the answer isn't in the vendor's format. */
  protected abstract void assertVendorFormat(TestServer.Answer answer);

  /** Returns texts of the vendor's own that would otherwise count as leaks. */
  protected List<String> vendorTexts() {
    return List.of();
  }

  /** Returns the headers of a request that is authorized for every operation. */
  protected abstract List<Map.Entry<String, String>> administrator();

  /**
   * Sets a locale with other digits and another lower case of I, so that a dependency of answers on
   * the locale is found.
   */
  @BeforeAll
  void setForeignLocale() {
    Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
  }

  @AfterAll
  void restoreLocale() {
    Locale.setDefault(defaultLocale);
    Await.await(vertx.close());
  }

  /** Runs in memory only: the tests of one dialect need no database. */
  @TestFactory
  Stream<DynamicNode> exchanges() throws IOException, URISyntaxException {
    var recorded = Path.of(getClass().getResource("/exchanges").toURI());
    return new ExchangeReplay(vertx, ExchangeSet.read(recorded), vendor())
        .tests("memory", MvStorage::inMemory);
  }

  @Test
  void exchanges_sayInTheirFirstLineHowTheyWereVerified() throws IOException, URISyntaxException {
    var recorded = Path.of(getClass().getResource("/exchanges").toURI());
    for (var file : ExchangeSet.read(recorded).files()) {
      var text = Files.readString(file);
      assertThat(text).as(file.toString()).startsWith("# verified: ");
      for (var exchange : Exchange.parse(text).exchanges()) {
        assertThat(exchange.verified().orElse(""))
            .as(file.getFileName() + ": " + exchange.title())
            .matches(Exchange.VERIFIED);
      }
    }
  }

  @Test
  void vendor_saysWhatTheDialectSays() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var names =
              Stream.concat(
                      dialect.operations().stream().map(Operation::name),
                      dialect.grpcOperations().stream())
                  .distinct()
                  .toList();
          assertThat(vendor().name()).matches("[a-z][a-z0-9-]*").isEqualTo(dialect.name());
          assertThat(vendor().prefixes()).isEqualTo(dialect.prefixes());
          assertThat(dialect.version()).contains(vendor().versions().get(0));
          assertThat(vendor().operations())
              .extracting(VendorOperation::operation)
              .containsExactlyElementsOf(names);
          assertThat(vendor().operations())
              .extracting(VendorOperation::dialect)
              .containsOnly(dialect.name());
          assertThat(vendor().options())
              .allSatisfy(option -> assertThat(option.name()).startsWith(dialect.name() + "-"));
        });
  }

  @Test
  void sampleRequest_succeeds() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var endpoint =
              new Endpoint("", "root", TestRealm.ROOT_PASSWORD, TestRealm.OPERATOR_TOKEN, "doppel");
          var sample = vendor().sampleRequest(endpoint);
          var answer =
              server.send(
                  sample.method().name(),
                  sample.path(),
                  sample.allHeaders(),
                  // alice is there already
                  sample.body().orElse("").replace("alice", "anna"));
          assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        });
  }

  @Test
  void openApi_listsEveryOperation() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var openApi = OpenApi.of(dialect.name());
          var table = new TreeSet<>(dialect.operations().stream().map(OpenApi::format).toList());
          assertThat(openApi.version()).startsWith("3.1");
          assertThat(openApi.operations()).isEqualTo(table);
        });
  }

  @Test
  void operations_haveUniqueNamesAndPathsBelowPrefixes() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          assertThat(dialect.operations().stream().map(Operation::name)).doesNotHaveDuplicates();
          assertThat(dialect.operations())
              .isNotEmpty()
              .allSatisfy(
                  operation ->
                      assertThat(dialect.prefixes())
                          .anyMatch(prefix -> (operation.path() + "/").startsWith(prefix + "/")));
        });
  }

  @Test
  void everyReason_hasVendorError() {
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
  void missingAnswer_timesOutWithVendorError() {
    with(
        Fidelity.DOCUMENTED,
        (other, realm, dialect) -> {
          var failing = new FailingDialect(dialect);
          var limits = new Limits(100, Duration.ofSeconds(5), Duration.ofMillis(50));
          try (var server = new TestServer(vertx, failing, limits)) {
            var answer = server.send("GET", failing.pathThatNeverAnswers(), administrator(), "");
            var timedOut = server.send("GET", failing.path(Reason.TIMED_OUT), administrator(), "");
            assertThat(answer.status()).isEqualTo(timedOut.status());
            assertNoLeak("an operation that never answers", answer);
          }
        });
  }

  @Test
  void incompleteBody_timesOutWithVendorError() {
    with(
        Fidelity.DOCUMENTED,
        (other, realm, dialect) -> {
          var limits = new Limits(100, Duration.ofMillis(50), Duration.ofSeconds(5));
          var path = dialect.operations().get(0).path();
          var head = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{".formatted(path);
          try (var server = new TestServer(vertx, dialect, limits);
              var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
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

  /** This includes vendors that repeat the URI in the answer, as in a redirection. */
  @Test
  void uriWithControlCharacters_isRejectedWithVendorError() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          for (var operation : dialect.operations()) {
            var path = operation.path().replaceAll(":[A-Za-z]+", "0000000000000001");
            for (var uri : List.of(path + "?a=\u0001", path + "/?a=\u007f", path + "\u0000")) {
              var answer = rawAnswer(server, operation.method().name(), uri);
              assertVendorResponse(operation.name(), answer);
              if (answer.status() < 400 && !operation.method().equals(HttpMethod.HEAD)) {
                assertThat(answer.body()).as(operation.name()).contains("malformed");
              }
            }
          }
        });
  }

  /** Sends a request that an HTTP client would reject. */
  private TestServer.Answer rawAnswer(TestServer server, String method, String uri) {
    var request = new StringBuilder(method + " " + uri + " HTTP/1.1\r\nHost: localhost\r\n");
    administrator()
        .forEach(header -> request.append(header.getKey() + ": " + header.getValue() + "\r\n"));
    try (var raw = new RawHttp(server.port())) {
      raw.send((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      return raw.answer(method, SOCKET_TIMEOUT_MILLIS).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns malformed and oversized bodies, and bodies of unexpected types and encodings. */
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

  /** Returns values of path parameters that are unknown, malformed or very long. */
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
  void oddInput_getsVendorResponse() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          for (var operation : dialect.operations()) {
            if (operation.method().equals(HttpMethod.HEAD)) {
              continue; // its answers have no body to check
            }
            for (var segment : oddSegments()) {
              var path = operation.path().replaceAll(":[A-Za-z]+", segment);
              assertVendorResponse(
                  path, server.send(operation.method().name(), path, administrator(), "{}"));
            }
            var path = operation.path().replaceAll(":[A-Za-z]+", "0000000000000001");
            for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")) {
              assertVendorResponse(
                  method + " " + path, server.send(method, path, administrator(), ""));
            }
            for (var body : oddBodies()) {
              var of = new String(body, 0, Math.min(body.length, 60), StandardCharsets.UTF_8);
              assertVendorResponse(
                  operation.name() + " " + of,
                  server.send(operation.method().name(), path, administrator(), body));
            }
            for (var credentials : oddCredentials()) {
              assertVendorResponse(
                  operation.name() + " " + credentials,
                  server.send(operation.method().name(), path, credentials, "{}"));
            }
          }
          for (var prefix : dialect.prefixes()) {
            for (var path : List.of("/no/such/path", "//", "/%2e%2e/x", "/" + "x/".repeat(500))) {
              assertVendorResponse(path, server.send("GET", prefix + path, administrator(), ""));
              assertVendorResponse(path, server.send("POST", prefix + path, List.of(), "{}"));
            }
          }
        });
  }

  /** Returns headers with credentials that are unknown or malformed. */
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

  final void assertVendorResponse(String what, TestServer.Answer answer) {
    assertNoLeak(what, answer);
    assertThat(isDefect(answer)).as("a defect: " + answer + " to " + what).isFalse();
  }

  /** Returns whether the answer reports a defect of Doppel, not a known defect of the vendor. */
  protected boolean isDefect(TestServer.Answer answer) {
    return answer.status() == 500;
  }

  private void assertNoLeak(String what, TestServer.Answer answer) {
    var shown = answer + " to " + what.substring(0, Math.min(what.length(), 200));
    var suspicious = answer.body();
    for (var text : vendorTexts()) {
      suspicious = suspicious.replace(text, "");
    }
    for (var leak : LEAKS) {
      assertThat(suspicious).as(shown).doesNotContain(leak);
    }
    try {
      assertVendorFormat(answer);
    } catch (AssertionError e) {
      throw new AssertionError("not in the vendor's format: " + shown, e);
    }
  }

  /** Part of a test that has a server and a realm of its own. */
  @FunctionalInterface
  protected interface Script {
    void run(TestServer server, TestRealm realm, Dialect dialect);
  }

  /** Runs a script against the dialect over a new realm. */
  protected final void with(Fidelity fidelity, Script script) {
    with(TestRealm.over(vertx, MvStorage.inMemory()), realm -> dialect(realm, fidelity), script);
  }

  private void with(TestRealm realm, Function<Realm, Dialect> factory, Script script) {
    try {
      var dialect = factory.apply(realm.realm());
      try (var server = new TestServer(vertx, dialect)) {
        script.run(server, realm, dialect);
      }
    } finally {
      realm.close();
    }
  }
}
