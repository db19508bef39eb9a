package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.testkit.RawHttp;
import dev.doppel.testkit.TestServer.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fuzz target that sends bytes to a gateway as an HTTP/1.1 request and checks the response. An
 * input is a head, an empty line and a body; a head without the body's length gets a
 * Content-Length. The fuzzer runs it, and {@link FuzzCorpusTest} with all inputs that were found.
 */
public final class HttpFuzz {

  /** Placeholder for the session of VCD's administrator. */
  static final String VCLOUD = "@vcloud";

  private static final int HANG_MILLIS = 10_000;

  /** Time without data after which a response to a request with its own framing is complete. */
  private static final int QUIET_MILLIS = 10;

  /** Statuses that must not occur, because there is only one client. */
  private static final Set<Integer> TOO_BUSY = Set.of(408, 429, 503, 504);

  private static final Pattern HEAD = Pattern.compile("[\\x00-\\x20]*HEAD\\s");

  private static final Pattern EMPTY_LINE = Pattern.compile("\r*\n\r*\n");

  /** Headers with which a request defines its own framing. */
  private static final List<String> FRAMING = List.of("content-length", "transfer-encoding", "h2c");

  private static final Pattern REQUEST_LINE =
      Pattern.compile("[A-Z]+ (/[!-~&&[^?]]*)[!-~]* HTTP/1\\.[01](?=\\r\\n)");

  private static final Pattern ANOTHER_REALM = Pattern.compile("(?i)\\.localhost");

  private static final byte[] LAST =
      "\r\n\r\nGET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.ISO_8859_1);

  /** Bodies of errors by dialect; responses to HEAD and some errors have no body. */
  private static final Map<String, Pattern> REFUSALS =
      Map.of(
          "milvus",
          Pattern.compile("(?s)\\{\"code\":\\d+(,\"message\":\".+\")?}|404 page not found|"),
          "influx",
          Pattern.compile(
              "(?s)\\{\\s*\"code\": ?\"[a-z ]+\",\\s*\"message\": ?\".+\"\\s*}"
                  + "|404 page not found\n|Method Not Allowed\n|"),
          "vcloud",
          Pattern.compile(
              "(?s)\\{\"minorErrorCode\":\"[A-Z_]+\",\"message\":\".+\",\"stackTrace\":null}"
                  + "|\\{\"error\":\"[a-z_]+\",\"error_description\":\"[a-z_ ,]+\"}"
                  + "|<\\?xml [^>]+>\n<Error [^<]+/>|"),
          "workspace",
          Pattern.compile("(?s)\\{\"status\":false,\"error\":\\{\"code\":\\d+.*}}|"));

  /** What Go's server answers before InfluxDB sees the request. */
  private static final Pattern BAD_REQUEST =
      Pattern.compile("400 Bad Request(: missing required Host header|: too many Host headers)?");

  private static List<HttpFuzz> targets = List.of();

  private final FuzzedGateway gateway;

  /** Dialects by path prefix, longest first. */
  private final List<Map.Entry<String, String>> prefixes;

  private Optional<RawHttp> connection = Optional.empty();

  private HttpFuzz(Fidelity fidelity) {
    gateway = new FuzzedGateway(fidelity);
    var found = new ArrayList<Map.Entry<String, String>>();
    for (var dialect : gateway.dialects()) {
      for (var prefix : dialect.getJsonArray("prefixes")) {
        found.add(Map.entry((String) prefix, dialect.getString("dialect")));
      }
    }
    found.sort(Comparator.comparing(prefix -> -prefix.getKey().length()));
    prefixes = List.copyOf(found);
  }

  /** Starts a gateway of each fidelity. */
  public static void fuzzerInitialize() {
    targets = Arrays.stream(Fidelity.values()).map(HttpFuzz::new).toList();
  }

  /** Closes the gateways. */
  public static void fuzzerTearDown() {
    targets.forEach(target -> target.gateway.close());
    targets = List.of();
  }

  /** Fails if a response isn't that of the path's dialect. */
  public static void fuzzerTestOneInput(byte[] input) {
    targets.get(Math.floorMod(Arrays.hashCode(input), targets.size())).send(input);
  }

  /** Returns the dialects that the gateways serve. */
  static List<JsonObject> dialects() {
    return targets.get(0).gateway.dialects();
  }

  private void send(byte[] input) {
    gateway.next();
    var text =
        new String(input, StandardCharsets.ISO_8859_1).replace(VCLOUD, gateway.vcloudBearer());
    if (text.startsWith("PRI ")) {
      return; // the preface of HTTP/2
    }
    var end = EMPTY_LINE.matcher(text);
    var ends = end.find();
    var head = ends ? text.substring(0, end.start()) : text;
    var body = ends ? text.substring(end.end()) : "";
    var framed = FRAMING.stream().anyMatch(head.toLowerCase(Locale.ROOT)::contains);
    try {
      if (framed) {
        sendFramed(text, crlf(head) + "\r\n\r\n" + body);
      } else {
        sendOne(text, crlf(head) + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String crlf(String head) {
    return head.replaceAll("[\r\n]+$", "").replaceAll("\r*\n", "\r\n");
  }

  /** Sends one request of known length and checks its response. */
  private void sendOne(String input, String request) throws IOException {
    var line = REQUEST_LINE.matcher(request);
    var known = line.lookingAt();
    var answer = ask(request, HEAD.matcher(request).lookingAt() ? "HEAD" : "");
    if (answer.isPresent()) {
      assertOwn(input, known ? line.group(1) : "", answer.get());
    } else {
      gateway.assertSound(input, "");
      assertThat(known).as("a request that was closed upon without an answer").isFalse();
    }
    if (!known) {
      disconnect();
    }
  }

  /** Sends a request, on a new connection if the last response closed the old one. */
  private Optional<Answer> ask(String request, String method) throws IOException {
    var used = connection.isPresent();
    var current = used ? connection.get() : new RawHttp(port());
    connection = Optional.of(current);
    try {
      current.send(request.getBytes(StandardCharsets.ISO_8859_1));
      var answer = current.answer(method, HANG_MILLIS);
      if (current.isOver()) {
        disconnect();
      }
      return answer.isEmpty() && used ? ask(request, method) : answer;
    } catch (SocketTimeoutException hang) {
      throw new AssertionError("no answer", hang);
    } catch (SocketException torn) {
      disconnect();
      return used ? ask(request, method) : Optional.empty();
    }
  }

  private void disconnect() throws IOException {
    if (connection.isPresent()) {
      connection.get().close();
      connection = Optional.empty();
    }
  }

  /** Sends input with its own framing: several requests, or the beginning of one. */
  private void sendFramed(String input, String request) throws IOException {
    try (var own = new RawHttp(port())) {
      own.send(request.getBytes(StandardCharsets.ISO_8859_1));
      own.send(LAST);
      gateway.assertSound(input, own.rest(QUIET_MILLIS));
    } catch (SocketException torn) {
      gateway.assertSound(input, "");
    }
  }

  private int port() {
    return gateway.doppel().uri().getPort();
  }

  private void assertOwn(String input, String path, Answer answer) {
    gateway.assertSound(input, answer.toString());
    assertThat(answer.status()).as(answer.toString()).isNotIn(TOO_BUSY);
    dialect(path)
        .filter(dialect -> answer.status() >= 400 && !ANOTHER_REALM.matcher(input).find())
        .ifPresent(
            dialect -> assertThat(isOwn(dialect, answer)).as(dialect + " " + answer).isTrue());
  }

  /** Returns whether a refusal is in a dialect's form or, if that isn't known, in no other's. */
  private static boolean isOwn(String dialect, Answer answer) {
    if (dialect.equals("influx") && BAD_REQUEST.matcher(answer.body()).matches()) {
      return answer.status() == 400;
    }
    var own = REFUSALS.get(dialect);
    return own == null
        ? answer.body().isEmpty()
            || REFUSALS.values().stream().noneMatch(other -> other.matcher(answer.body()).matches())
        : own.matcher(answer.body()).matches();
  }

  private Optional<String> dialect(String path) {
    return prefixes.stream()
        .filter(prefix -> (path + "/").startsWith(prefix.getKey() + "/"))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
