package dev.doppel.influx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.doppel.testkit.Exchange;
import dev.doppel.testkit.Recording;
import dev.doppel.testkit.TestServer.Answer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The recorded answers of the real server, by the form of the request: method, path and query, kind
 * of credentials, {@code Origin}, and body, with ids, names and secrets replaced by their kind.
 *
 * <p>Requests of one form have several answers where the answer depends on the state of the server.
 */
final class RecordedAnswers {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String AN_ID = "020f755c3c082fff";
  private static final String ID = "(?i)[0-9a-f]{16}";

  /** Segments of paths that stand for no id: words and the version of the API. */
  private static final Pattern NO_ID = Pattern.compile("v2|(?!(?:x|z+)$)\\D*");

  /** Members of bodies and parameters of queries whose values are words of the API. */
  private static final Set<String> WORDS =
      Set.of("status", "action", "type", "sortBy", "descending", "everySeconds");

  private static final Set<String> IDS =
      Set.of("id", "orgID", "userID", "labelID", "bucketID", "after");

  /** Members and parameters whose values no error message repeats. */
  private static final Set<String> NOT_REPEATED =
      Stream.of(WORDS, IDS, Set.of("password", "token"))
          .flatMap(Set::stream)
          .collect(Collectors.toSet());

  /**
   * An answer without its texts, numbers, ids and times.
   *
   * @param outline status, headers and body; lists without their elements
   * @param elements forms of the elements of each list, after its path
   */
  private record Form(String outline, Set<String> elements) {

    boolean isWithin(Set<Form> others) {
      var known =
          others.stream()
              .filter(other -> other.outline.equals(outline))
              .flatMap(other -> other.elements.stream())
              .collect(Collectors.toSet());
      return others.stream().anyMatch(other -> other.outline.equals(outline))
          && known.containsAll(elements);
    }
  }

  private final Map<String, Set<Form>> answers = new HashMap<>();

  /** Adds the answers of a recording. */
  void add(Recording recording) {
    for (var line : recording.lines()) {
      line.expected()
          .ifPresent(
              answer -> {
                var request =
                    new Request(
                        line.method(),
                        line.path().replaceAll("\\{\\$\\w+}", AN_ID),
                        line.headers().entrySet().stream().toList(),
                        line.body().toString().replaceAll("\\{\\$\\w+}", AN_ID));
                answers
                    .computeIfAbsent(request.form(), form -> new HashSet<>())
                    .add(request.form(answer));
              });
    }
  }

  /**
   * Returns whether a request of the same form was recorded with the same status, the same headers
   * and a body of the same form; with the same text if it is an error. Each element of a list must
   * have the form of one in such a list.
   *
   * @param everyAnswer headers of every answer
   */
  boolean confirms(Exchange exchange, Map<String, String> everyAnswer) {
    return answer(exchange, everyAnswer)
        .isWithin(answers.getOrDefault(request(exchange).form(), Set.of()));
  }

  /** Returns both sides as text, for messages. */
  String compared(Exchange exchange, Map<String, String> everyAnswer) {
    return request(exchange).form()
        + "\n  here:     "
        + answer(exchange, everyAnswer)
        + answers.getOrDefault(request(exchange).form(), Set.of()).stream()
            .map(answer -> "\n  recorded: " + answer)
            .collect(Collectors.joining());
  }

  private static Form answer(Exchange exchange, Map<String, String> everyAnswer) {
    var headers = new TreeMap<>(everyAnswer);
    headers.putAll(exchange.answer().headers());
    headers.values().removeIf("-"::equals);
    return request(exchange)
        .form(new Answer(exchange.answer().status(), headers, exchange.answer().body()));
  }

  private static Request request(Exchange exchange) {
    return new Request(
        exchange.method(),
        withoutWords(exchange.path()),
        exchange.headers().stream()
            .map(header -> Map.entry(header.getKey(), withoutWords(header.getValue())))
            .toList(),
        withoutWords(exchange.body()));
  }

  private static String withoutWords(String text) {
    return Exchange.filled(text.replaceAll("\\{\\{[^ }]+}}", AN_ID), Map.of());
  }

  /** One request, of a recording or an exchange. */
  private record Request(
      String method, String path, List<Map.Entry<String, String>> headers, String body) {

    String form() {
      return method + " " + pathForm() + credentials() + " " + bodyForm();
    }

    private String pathForm() {
      var parts = path.split("\\?", 2);
      var segments =
          Arrays.stream(parts[0].split("/", -1))
              .map(segment -> NO_ID.matcher(segment).matches() ? segment : idKind(segment))
              .collect(Collectors.joining("/"));
      return parts.length == 1 ? segments : segments + "?" + queryForm(parts[1]);
    }

    private static String queryForm(String query) {
      return Arrays.stream(query.split("&", -1))
          .map(
              pair -> {
                var parts = pair.split("=", 2);
                return parts.length == 1 ? pair : parts[0] + "=" + kind(parts[0], parts[1]);
              })
          .sorted()
          .collect(Collectors.joining("&"));
    }

    private String credentials() {
      var kinds = new TreeSet<String>();
      for (var header : headers) {
        var value = header.getValue();
        switch (header.getKey()) {
          case "Authorization" ->
              kinds.add(
                  value.matches("(?i)(Token|Bearer) [^ ]+")
                      ? "token"
                      : value.matches("(?i)Basic [^ ]+") ? "Basic" : value);
          case "Cookie" -> kinds.add("cookie");
          case "Origin" -> kinds.add("Origin");
          default -> {}
        }
      }
      return kinds.toString();
    }

    private String bodyForm() {
      if (body.isEmpty()) {
        return "";
      }
      try {
        return bodyForm("", JSON.readTree(body));
      } catch (JsonProcessingException notJson) {
        return body;
      }
    }

    private static String bodyForm(String name, JsonNode value) {
      if (value.isObject()) {
        var members = new TreeMap<String, String>();
        value
            .properties()
            .forEach(
                member ->
                    members.put(member.getKey(), bodyForm(member.getKey(), member.getValue())));
        return members.toString();
      }
      if (value.isArray()) {
        var elements = new TreeSet<String>();
        value.forEach(element -> elements.add(bodyForm(name, element)));
        return elements.toString();
      }
      return value.isTextual() ? "\"" + kind(name, value.asText()) + "\"" : numberKind(value);
    }

    private static String numberKind(JsonNode value) {
      return value.isNumber()
          ? value.asText().startsWith("-") ? "{negative}" : value.asLong() == 0 ? "0" : "{number}"
          : value.toString();
    }

    private static String kind(String name, String value) {
      if (value.isEmpty() || WORDS.contains(name)) {
        return value;
      }
      if (IDS.contains(name)) {
        return idKind(value);
      }
      if (Set.of("limit", "offset").contains(name)) {
        return value.matches("[1-9]\\d?|100") ? "{number}" : value;
      }
      if (name.equals("password")) {
        var bytes = value.getBytes(StandardCharsets.UTF_8).length;
        return bytes < 8 ? "{short}" : bytes > 72 ? "{long}" : "{password}";
      }
      return value.isBlank() ? "{blank}" : value.length() > 32_768 ? "{long}" : "{text}";
    }

    private static String idKind(String value) {
      if (value.matches(ID) && !value.matches("0+")) {
        return "{id}";
      }
      return value.length() == 16 ? "{malformed}" : "{length}";
    }

    /** The texts that the request sets or asks for, longest first. */
    private Set<String> texts() {
      var texts =
          new TreeSet<>(
              Comparator.comparing(String::length).reversed().thenComparing(text -> text));
      try {
        collect("", JSON.readTree(body), texts);
      } catch (JsonProcessingException notJson) {
        // sets none
      }
      for (var pair : path.substring(path.indexOf('?') + 1).split("&", -1)) {
        var parts = pair.split("=", 2);
        if (parts.length == 2 && !NOT_REPEATED.contains(parts[0])) {
          texts.add(decoded(parts[1]));
        }
      }
      texts.removeIf(String::isBlank);
      return texts;
    }

    private static String decoded(String value) {
      try {
        return URLDecoder.decode(value, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException notEncoded) {
        return value;
      }
    }

    private static void collect(String name, JsonNode value, Set<String> texts) {
      if (value.isTextual() && !NOT_REPEATED.contains(name)) {
        texts.add(value.asText().strip());
      }
      value.properties().forEach(entry -> collect(entry.getKey(), entry.getValue(), texts));
    }

    Form form(Answer answer) {
      var headers = new TreeMap<>(answer.headers());
      headers.replaceAll(
          (name, value) ->
              name.equals("set-cookie")
                  ? value.replaceAll("=[^;]+; Path", "=; Path").replaceAll("Expires=[^;]+", "")
                  : name.equals("access-control-allow-origin") ? "{origin}" : value);
      var elements = new TreeSet<String>();
      var body = answer.status() >= 400 ? errorForm(answer.body()) : form(answer.body(), elements);
      return new Form(answer.status() + " " + headers + " " + body, elements);
    }

    private String errorForm(String body) {
      var text = body;
      for (var own : texts()) {
        text = text.replaceAll("\\b\\Q" + jsonText(own) + "\\E\\b", "{text}");
      }
      return text.replaceAll("\\{\\{[^}]+}}|<\\w+>|\\b" + ID + "\\b", "{id}");
    }

    private static String jsonText(String text) {
      var quoted = new TextNode(text).toString();
      return quoted.substring(1, quoted.length() - 1);
    }

    private static String form(String body, Set<String> elements) {
      try {
        var layout = body.startsWith("{\n\t") || body.startsWith("[\n\t") ? "indented" : "compact";
        return body.isEmpty() ? "" : layout + " " + form("", JSON.readTree(body), elements);
      } catch (JsonProcessingException notJson) {
        return body;
      }
    }

    /** Members in their order. */
    private static String form(String path, JsonNode value, Set<String> elements) {
      if (value.isObject()) {
        return path.endsWith(".properties")
            ? "{…}"
            : value.properties().stream()
                .map(
                    member ->
                        member.getKey()
                            + ":"
                            + form(path + "." + member.getKey(), member.getValue(), elements))
                .collect(Collectors.joining(",", "{", "}"));
      }
      if (value.isArray()) {
        value.forEach(element -> elements.add(path + " " + form(path + "[]", element, elements)));
        return "[]";
      }
      return value.getNodeType().name();
    }
  }
}
