package dev.doppel.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request and the whole answer to it, from a {@code .http} file:
 *
 * <pre>
 *   # verified: documented (vendor's page)
 *   # vendor's page, its version
 *   # fidelity: documented
 *   # realm: blank
 *
 *   ### a title
 *   # verified: recorded 2.9.1
 *   # clock: +PT61M
 *   POST /path
 *   Header: value
 *
 *   request body
 *
 *   HTTP 200
 *   Header: value
 *
 *   answer body
 * </pre>
 *
 * <p>{@code {{basic name:password}}} stands for Base64, {@code {{repeat x 20}}} for a long text,
 * any other {@code {{word}}} for what an answer held in its place when the word came up first. A
 * body that ends in a line feed ends in {@code ⏎} here. A header {@code -} is not there, though
 * every answer else has it. The lines before the first title hold for all.
 *
 * <p>{@code verified} is one of {@code recorded VERSION}: the vendor's own server gave this answer;
 * {@code documented (PAGE)}: so says the page; {@code source (FILE)}: so says the vendor's code;
 * {@code own (REASON)}: the vendor has no such answer. The first line of a file says it for all of
 * its exchanges, a line below a title for that one.
 *
 * @param verified where the answer is from; empty if the file doesn't say
 * @param clock how far time goes on before the request
 */
public record Exchange(
    String title,
    Optional<String> verified,
    Duration clock,
    String method,
    String path,
    List<Map.Entry<String, String>> headers,
    String body,
    Answer answer) {

  /** What is expected; header names in lower case, several values of one joined by line feeds. */
  public record Answer(int status, Map<String, String> headers, String body) {}

  /** A file of exchanges, which are one conversation: each builds on what those before it did. */
  public record Dialogue(Map<String, String> settings, List<Exchange> exchanges) {

    /** What the lines at the top say of a setting such as {@code fidelity}. */
    public Optional<String> setting(String name) {
      return Optional.ofNullable(settings.get(name));
    }
  }

  /** The value of a header that an answer lacks. */
  static final String ABSENT = "-";

  /** The form of a line that says where an answer is from. */
  static final Pattern VERIFIED =
      Pattern.compile("recorded \\d+(\\.\\d+)*|(documented|source|own) \\(.+\\)");

  private static final Pattern STATUS = Pattern.compile("(?m)^HTTP (\\d{3})$");
  private static final Pattern SETTING = Pattern.compile("(?m)^# ([a-z]+): (.*)$");
  private static final Pattern WORD = Pattern.compile("\\{\\{([^}]+)}}");

  public static Dialogue parse(String file) {
    var parts = file.split("(?m)^### ", -1);
    var exchanges = new ArrayList<Exchange>();
    var settings = settings(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      exchanges.add(exchange(parts[i], settings));
    }
    if (exchanges.isEmpty()) {
      throw new IllegalArgumentException("no exchange in it");
    }
    return new Dialogue(settings, exchanges);
  }

  private static Map<String, String> settings(String text) {
    var settings = new HashMap<String, String>();
    for (var matcher = SETTING.matcher(text); matcher.find(); ) {
      settings.put(matcher.group(1), matcher.group(2).strip());
    }
    return settings;
  }

  private static Exchange exchange(String part, Map<String, String> settingsOfAll) {
    var titled = part.split("\n", 2);
    var status = STATUS.matcher(titled[1]);
    if (!status.find()) {
      throw new IllegalArgumentException("no line such as 'HTTP 200' in '" + titled[0] + "'");
    }
    var comments = new StringBuilder();
    var request = new StringBuilder();
    for (var line : titled[1].substring(0, status.start()).lines().toList()) {
      (line.startsWith("#") && request.isEmpty() ? comments : request).append(line).append('\n');
    }
    var asked = request.toString().stripLeading().split("\n\n", 2);
    var head = asked[0].lines().toList();
    var line = head.get(0).split(" ", 2);
    var headers = new ArrayList<Map.Entry<String, String>>();
    for (var text : head.subList(1, head.size())) {
      headers.add(header(text));
    }
    var settings = settings(comments.toString());
    var clock = settings.getOrDefault("clock", "+PT0S").substring(1);
    return new Exchange(
        titled[0].strip(),
        Optional.ofNullable(settings.getOrDefault("verified", settingsOfAll.get("verified"))),
        Duration.parse(clock),
        line[0],
        line[1].strip(),
        headers,
        asked.length > 1 ? withoutLastLines(asked[1]) : "",
        answer(Integer.parseInt(status.group(1)), titled[1].substring(status.end() + 1)));
  }

  private static Answer answer(int status, String text) {
    var parts =
        text.startsWith("\n") ? new String[] {"", text.substring(1)} : text.split("\n\n", 2);
    var headers = new LinkedHashMap<String, String>();
    for (var line : parts[0].lines().toList()) {
      if (!line.isBlank()) {
        var header = header(line);
        headers.merge(
            header.getKey().toLowerCase(java.util.Locale.ROOT),
            header.getValue(),
            (first, next) -> first + "\n" + next);
      }
    }
    return new Answer(
        status, headers, parts.length > 1 ? withoutLastLines(parts[1]).replace("⏎", "\n") : "");
  }

  private static Map.Entry<String, String> header(String line) {
    var colon = line.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a header: '" + line + "'");
    }
    return Map.entry(line.substring(0, colon), line.substring(colon + 1).strip());
  }

  private static String withoutLastLines(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.substring(0, end);
  }

  /** Returns a text of a request with its words replaced. */
  public static String filled(String text, Map<String, String> words) {
    return WORD.matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(word(match.group(1), words)));
  }

  private static String word(String word, Map<String, String> words) {
    if (word.startsWith("basic ")) {
      return Base64.getEncoder().encodeToString(word.substring(6).getBytes(StandardCharsets.UTF_8));
    }
    if (word.startsWith("repeat ")) {
      var parts = word.split(" ", 3);
      return parts[1].repeat(Integer.parseInt(parts[2]));
    }
    var known = words.get(word);
    if (known == null) {
      throw new IllegalArgumentException("{{" + word + "}} has not come up in an answer yet");
    }
    return known;
  }

  /**
   * The expected text with its words replaced; a word that comes up first takes what the actual
   * text has in its place and is known from then on.
   */
  static String filled(String expected, String actual, Map<String, String> words) {
    var names = new ArrayList<String>();
    var regex = new StringBuilder();
    int from = 0;
    for (var matcher = WORD.matcher(expected); matcher.find(); from = matcher.end()) {
      regex.append(Pattern.quote(expected.substring(from, matcher.start())));
      var name = matcher.group(1);
      if (name.contains(" ") || words.containsKey(name)) {
        regex.append(Pattern.quote(word(name, words)));
      } else if (names.contains(name)) {
        regex.append("\\").append(names.indexOf(name) + 1);
      } else {
        names.add(name);
        regex.append("([^\"\\s;,<>]+)");
      }
    }
    regex.append(Pattern.quote(expected.substring(from)));
    var found = Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(actual);
    if (!found.matches()) {
      return expected;
    }
    for (int i = 0; i < names.size(); i++) {
      words.put(names.get(i), found.group(i + 1));
    }
    return actual;
  }
}
