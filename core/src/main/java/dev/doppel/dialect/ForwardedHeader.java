package dev.doppel.dialect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the header {@code Forwarded} (RFC 7239, section 4). */
final class ForwardedHeader {

  /** What one proxy added; without parameters if it can't be read. */
  record Element(Map<String, String> parameters) {

    /**
     * @param name in lower case
     */
    Optional<String> parameter(String name) {
      return Optional.ofNullable(parameters.get(name));
    }
  }

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*(?<name>"
              + TOKEN
              + ")=(?:(?<token>"
              + TOKEN
              + ")|\"(?<quoted>(?:[^\"\\\\]|\\\\.)*)\")\\s*");

  private ForwardedHeader() {}

  /** Returns the elements of all lines, in order: the last is that of the nearest proxy. */
  static List<Element> parse(List<String> lines) {
    var elements = new ArrayList<Element>();
    for (var line : lines) {
      split(line, ',').forEach(text -> elements.add(element(text)));
    }
    return elements;
  }

  private static Element element(String text) {
    var parameters = new HashMap<String, String>();
    for (var pair : split(text, ';')) {
      var parts = PAIR.matcher(pair);
      if (!parts.matches()) {
        return new Element(Map.of());
      }
      var token = parts.group("token");
      var value = token == null ? parts.group("quoted").replaceAll("\\\\(.)", "$1") : token;
      if (parameters.put(parts.group("name").toLowerCase(Locale.ROOT), value) != null) {
        return new Element(Map.of()); // twice, which no proxy writes
      }
    }
    return new Element(parameters);
  }

  /** Splits text outside of quotes. An open quote takes the rest, which then can't be read. */
  private static List<String> split(String text, char separator) {
    var parts = new ArrayList<String>();
    var quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      var one = text.charAt(i);
      if (one == '"') {
        quoted = !quoted;
      } else if (one == '\\' && quoted) {
        i++;
      } else if (one == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
