package dev.doppel.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A conversation with a real server, in order, from an {@code .ndjson} file: one JSON object a
 * line. Immutable.
 *
 * <p>A line has {@code method}, {@code path}, {@code headers} and {@code body} (a text, or {@code
 * {"base64": …}}), {@code capture} (name to dotted path in the answer's JSON), {@code
 * captureCookie} (name for the answer's cookie) and {@code expect}: status, headers, body. {@code
 * {$name}} in a request is what was captured. In an answer {@code <name>} is what was captured,
 * {@code <idN>} an id of 16 hex digits, {@code <TOKEN>}, {@code <HASH>}, {@code <TIME>} and {@code
 * <D>} (an HTTP date) are what differs from run to run. A line without {@code expect} only carries
 * the state forward. {@code {{repeat a 1000}}} is a long text.
 */
public record Recording(List<Line> lines) {

  /**
   * One request, and the answer if it was recorded.
   *
   * @param capture names of what is taken from the answer, with its dotted path in the JSON
   * @param captureCookie name under which the answer's cookie is kept
   * @param unordered name of a list in the answer whose order is not defined
   */
  public record Line(
      int number,
      String label,
      String method,
      String path,
      Map<String, String> headers,
      Buffer body,
      Map<String, String> capture,
      Optional<String> captureCookie,
      Optional<String> unordered,
      Optional<TestServer.Answer> expected) {

    /** Returns number and label, which no other line of the recording has. */
    String title() {
      return number + " " + label;
    }
  }

  private static final JsonMapper JSON = new JsonMapper();

  public Recording {
    lines = List.copyOf(lines);
  }

  /** Reads a file in UTF-8. */
  public static Recording read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /**
   * Reads the lines of a file.
   *
   * @throws IOException if one is no JSON object
   */
  public static Recording parse(String text) throws IOException {
    var lines = new ArrayList<Line>();
    for (var line : text.split("\n", -1)) {
      if (!line.isBlank()) {
        lines.add(line(JSON.readTree(line)));
      }
    }
    return new Recording(lines);
  }

  private static Line line(JsonNode json) {
    return new Line(
        json.path("n").asInt(),
        json.path("label").asText(),
        json.path("method").asText(),
        json.path("path").asText(),
        texts(json.path("headers")),
        bytes(json.path("body")),
        texts(json.path("capture")),
        text(json, "captureCookie"),
        text(json, "unordered"),
        json.has("expect") ? Optional.of(answer(json.path("expect"))) : Optional.empty());
  }

  private static Optional<String> text(JsonNode json, String name) {
    return json.hasNonNull(name) ? Optional.of(json.path(name).asText()) : Optional.empty();
  }

  private static Map<String, String> texts(JsonNode json) {
    var texts = new LinkedHashMap<String, String>();
    json.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  private static Buffer bytes(JsonNode body) {
    return body.isObject()
        ? Buffer.buffer(Base64.getDecoder().decode(body.path("base64").asText()))
        : Buffer.buffer(repeated(body.asText("")));
  }

  private static TestServer.Answer answer(JsonNode json) {
    var headers = new TreeMap<String, String>();
    for (var header : json.path("headers")) {
      headers.merge(
          header.path(0).asText().toLowerCase(Locale.ROOT),
          header.path(1).asText(),
          (one, other) -> one + "\n" + other);
    }
    return new TestServer.Answer(
        json.path("status").asInt(), headers, bytes(json.path("body")).toString());
  }

  private static String repeated(String text) {
    return text.contains("{{repeat ") ? Exchange.filled(text, Map.of()) : text;
  }
}
