package dev.doppel.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends recorded conversations to a server and compares its answers: status, headers and body, up
 * to ids, times and secrets. Not thread-safe.
 */
public final class Replay {

  /** Sends one request and returns the answer. */
  @FunctionalInterface
  public interface Client {
    TestServer.Answer send(
        String method, String path, List<Map.Entry<String, String>> headers, byte[] body);
  }

  /**
   * An answer that is not the expected one.
   *
   * @param title of the line or exchange
   */
  public record Difference(String title, String request, String expected, String actual) {}

  /**
   * What came out.
   *
   * @param compared how many answers were compared
   */
  public record Result(int compared, List<Difference> differences) {

    public Result {
      differences = List.copyOf(differences);
    }
  }

  private static final JsonMapper JSON = new JsonMapper();

  private static final String ID = "[0-9a-f]{16}";
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z";
  private static final String DATE = "[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [\\d:]{8} GMT";

  private static final Pattern CAPTURED = Pattern.compile("\\{\\$(\\w+)}");
  private static final Pattern MASKED = Pattern.compile("<\\w+>");
  private static final Map<String, String> MASKS =
      Map.of("<TOKEN>", "[^\"\\s;]+", "<HASH>", "[^\"\\s]+", "<TIME>", TIME, "<D>", DATE);

  /** What an exchange has that only the server of the tests has, besides its own words. */
  private static final Pattern OWN =
      Pattern.compile(
          "\\{\\{[^}]+}}|\\b[0-9A-Za-z]{8}-(?:[0-9A-Za-z]{4}-){3}[0-9A-Za-z]{12}\\b|\\b"
              + ID
              + "\\b|"
              + TIME
              + "|"
              + DATE);

  private static final Set<String> NOT_COMPARED =
      Set.of("date", "connection", "content-length", "transfer-encoding", "keep-alive");

  private final Client client;

  public Replay(Client client) {
    this.client = client;
  }

  // ---- recordings

  /** Replays a recording, which begins on an empty server. */
  public Result replay(Recording recording) {
    var words = new HashMap<String, String>();
    var differences = new ArrayList<Difference>();
    int compared = 0;
    for (var line : recording.lines()) {
      var path = captured(line.path(), words);
      var headers =
          line.headers().entrySet().stream()
              .map(header -> Map.entry(header.getKey(), captured(header.getValue(), words)))
              .toList();
      var answer =
          client.send(line.method(), path, headers, captured(line.body().getBytes(), words));
      capture(line, answer, words);
      if (line.expected().isPresent()) {
        compared++;
        var expected = text(line, line.expected().get(), words);
        var actual = text(line, answer, words);
        if (masked(words).match(expected, actual).isEmpty()) {
          differences.add(
              new Difference(line.title(), line.method() + " " + path, expected, actual));
        }
      }
    }
    return new Result(compared, differences);
  }

  private static byte[] captured(byte[] body, Map<String, String> words) {
    // One character for each byte, so that a body that is no UTF-8 stays as it is.
    var text = new String(body, StandardCharsets.ISO_8859_1);
    return text.contains("{$") ? captured(text, words).getBytes(StandardCharsets.ISO_8859_1) : body;
  }

  private static String captured(String text, Map<String, String> words) {
    return CAPTURED
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(words.getOrDefault(found.group(1), found.group())));
  }

  private static void capture(
      Recording.Line line, TestServer.Answer answer, Map<String, String> words) {
    line.capture()
        .forEach(
            (name, path) -> {
              var found = tree(answer.body());
              for (var step : path.split("\\.", -1)) {
                found =
                    step.matches("\\d+") ? found.path(Integer.parseInt(step)) : found.path(step);
              }
              if (found.isTextual()) {
                words.put(name, found.asText());
              }
            });
    var cookie = answer.headers().getOrDefault("set-cookie", "").split(";", 2)[0];
    if (!cookie.isEmpty()) {
      line.captureCookie().ifPresent(name -> words.put(name, cookie));
    }
  }

  private static AnswerPattern masked(Map<String, String> words) {
    return new AnswerPattern(
        MASKED,
        mask -> Optional.ofNullable(words.get(mask.substring(1, mask.length() - 1))),
        mask -> mask.matches("<id\\d+>") ? Optional.of(ID) : Optional.ofNullable(MASKS.get(mask)),
        MASKS::containsKey);
  }

  /** Returns an answer as text, a list without order sorted. */
  private static String text(
      Recording.Line line, TestServer.Answer answer, Map<String, String> words) {
    var headers = new TreeMap<>(answer.headers());
    headers.keySet().removeAll(NOT_COMPARED);
    var body =
        line.unordered().map(list -> sorted(list, answer.body(), words)).orElse(answer.body());
    return text(answer.status(), headers, body);
  }

  private static String sorted(String list, String body, Map<String, String> words) {
    if (!(tree(body) instanceof ObjectNode json)
        || !(json.path(list) instanceof ArrayNode unordered)) {
      return body;
    }
    var names = new HashMap<String, String>();
    words.forEach((name, value) -> names.put(value, "<" + name + ">"));
    var items = new ArrayList<JsonNode>();
    unordered.forEach(items::add);
    items.sort(
        Comparator.<JsonNode, String>comparing(item -> item.path("name").asText())
            .thenComparing(item -> item.path("description").asText())
            .thenComparing(
                item -> {
                  var org = item.path("orgID").asText();
                  return names.getOrDefault(org, org);
                }));
    json.set(list, JSON.createArrayNode().addAll(items));
    return json.toPrettyString();
  }

  private static JsonNode tree(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return JSON.missingNode();
    }
  }

  private static String text(int status, Map<String, String> headers, String body) {
    var text = new StringBuilder("HTTP " + status + "\n");
    headers.forEach((name, value) -> text.append(name + ": " + value + "\n"));
    return text.append("\n").append(body).toString();
  }

  // ---- exchanges

  /**
   * Replays a file of exchanges. Ids, times and secrets of the tests' own server become those of
   * this one where they come up first in an answer. Stops where time has to pass.
   *
   * @param everyAnswer the headers of every answer
   * @param given what stands for a text of the tests, such as {@code doppel-operator-token}
   */
  public Result replay(
      Exchange.Dialogue dialogue, ExchangeSet everyAnswer, Map<String, String> given) {
    var words = new HashMap<>(given);
    var differences = new ArrayList<Difference>();
    int compared = 0;
    for (var exchange : dialogue.exchanges()) {
      if (!exchange.clock().isZero()) {
        break;
      }
      compared++;
      try {
        replay(exchange, everyAnswer, words).ifPresent(differences::add);
      } catch (IllegalArgumentException unknownWord) {
        differences.add(
            new Difference(
                exchange.title(),
                exchange.method() + " " + exchange.path(),
                text(
                    exchange.answer().status(),
                    exchange.answer().headers(),
                    exchange.answer().body()),
                "not sent: " + unknownWord.getMessage()));
      }
    }
    return new Result(compared, differences);
  }

  private Optional<Difference> replay(
      Exchange exchange, ExchangeSet everyAnswer, Map<String, String> words) {
    var path = own(exchange.path(), words);
    var headers =
        exchange.headers().stream()
            .map(header -> Map.entry(header.getKey(), own(header.getValue(), words)))
            .toList();
    var body = own(exchange.body(), words).getBytes(StandardCharsets.UTF_8);
    var answer = client.send(exchange.method(), path, headers, body);
    var expectedHeaders = new TreeMap<>(everyAnswer.headersOfEveryAnswer());
    expectedHeaders.putAll(exchange.answer().headers());
    expectedHeaders.values().removeIf(Exchange.ABSENT::equals);
    var actualHeaders = new TreeMap<>(answer.headers());
    actualHeaders.keySet().removeAll(NOT_COMPARED);
    actualHeaders.keySet().removeAll(everyAnswer.headersNotCompared());
    var expected = text(exchange.answer().status(), expectedHeaders, exchange.answer().body());
    var actual = text(answer.status(), actualHeaders, answer.body());
    var learned = ownPattern(words).match(replaced(expected, words), actual);
    if (learned.isPresent()) {
      learned.get().forEach(words::putIfAbsent);
      return Optional.empty();
    }
    return Optional.of(
        new Difference(exchange.title(), exchange.method() + " " + path, expected, actual));
  }

  private static AnswerPattern ownPattern(Map<String, String> words) {
    return new AnswerPattern(
        OWN,
        found ->
            found.matches("\\{\\{(?:basic|repeat) .*")
                ? Optional.of(Exchange.filled(found, Map.of()))
                : Optional.ofNullable(words.get(found)),
        found ->
            Optional.of(
                found.startsWith("{{")
                    ? "[^\"\\s;,<>]+"
                    : found.matches(TIME) ? TIME : found.matches(DATE) ? DATE : "[0-9A-Za-z-]+"),
        found -> found.matches(TIME) || found.matches(DATE));
  }

  /** Returns a text of a request as this server needs it. */
  private static String own(String text, Map<String, String> words) {
    var known =
        OWN.matcher(replaced(text, words))
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(words.getOrDefault(found.group(), found.group())));
    return Exchange.filled(known, Map.of());
  }

  /** Returns a text with those of the tests replaced that were given. */
  private static String replaced(String text, Map<String, String> given) {
    var replaced = text;
    for (var word : given.entrySet()) {
      if (!OWN.matcher(word.getKey()).matches()) {
        replaced = replaced.replace(word.getKey(), word.getValue());
      }
    }
    return replaced;
  }
}
