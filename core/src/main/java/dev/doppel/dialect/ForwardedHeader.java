package dev.doppel.dialect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the header {@code Forwarded} (RFC 7239, section 4), in time proportional to its length and
 * without recursion.
 */
final class ForwardedHeader {

  /** The element that one proxy added; without parameters if it is malformed. */
  record Element(Map<String, String> parameters) {

    /**
     * @param name in lower case
     */
    Optional<String> parameter(String name) {
      return Optional.ofNullable(parameters.get(name));
    }
  }

  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private ForwardedHeader() {}

  /**
   * Returns the last elements of all lines, in order: the last is that of the nearest proxy.
   *
   * @param most maximum number; earlier elements are ignored
   */
  static List<Element> parse(List<String> lines, int most) {
    var elements = new ArrayDeque<Element>();
    for (int i = lines.size() - 1; i >= 0 && elements.size() < most; i--) {
      addFirst(elements, lines.get(i), most);
    }
    return List.copyOf(elements);
  }

  /**
   * Reads from the end, so that text that a client sent in advance, such as an open quote, can't
   * hide the element that a proxy added behind it.
   */
  private static void addFirst(Deque<Element> elements, String line, int most) {
    var quoted = false;
    int end = line.length();
    for (int i = end - 1; i >= 0 && elements.size() < most; i--) {
      var one = line.charAt(i);
      if (one == '"' && !(quoted && isEscaped(line, i))) {
        quoted = !quoted;
      } else if (one == ',' && !quoted) {
        elements.addFirst(element(line.substring(i + 1, end)));
        end = i;
      }
    }
    if (elements.size() < most) {
      elements.addFirst(element(line.substring(0, end)));
    }
  }

  /** Whether an odd number of backslashes precedes it. */
  private static boolean isEscaped(String line, int at) {
    int first = at;
    while (first > 0 && line.charAt(first - 1) == '\\') {
      first--;
    }
    return (at - first) % 2 == 1;
  }

  private static Element element(String text) {
    var parameters = new HashMap<String, String>();
    for (var pair : pairs(text)) {
      if (pair.isBlank()) {
        continue; // the grammar allows it, at the end above all
      }
      var sign = pair.indexOf('=');
      var name = sign < 0 ? "" : pair.substring(0, sign).stripLeading();
      var value = isToken(name) ? value(pair.substring(sign + 1)) : Optional.<String>empty();
      if (value.isEmpty() || parameters.put(name.toLowerCase(Locale.ROOT), value.get()) != null) {
        return new Element(Map.of()); // no pair, or one twice, which no proxy writes
      }
    }
    return new Element(parameters);
  }

  /** Returns the value of a token or a quoted string; empty if the text is neither. */
  private static Optional<String> value(String text) {
    var value = text.stripTrailing();
    if (isToken(value)) {
      return Optional.of(value);
    }
    return value.startsWith("\"") ? unquoted(value) : Optional.empty();
  }

  private static Optional<String> unquoted(String text) {
    var value = new StringBuilder();
    for (int i = 1; i < text.length(); i++) {
      var one = text.charAt(i);
      if (one == '"') {
        return i == text.length() - 1 ? Optional.of(value.toString()) : Optional.empty();
      }
      if (one == '\\') {
        i++;
      }
      if (i < text.length()) {
        value.append(text.charAt(i));
      }
    }
    return Optional.empty();
  }

  private static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(ForwardedHeader::isInToken);
  }

  private static boolean isInToken(int one) {
    return (one >= '0' && one <= '9')
        || (one >= 'A' && one <= 'Z')
        || (one >= 'a' && one <= 'z')
        || TOKEN_SIGNS.indexOf(one) >= 0;
  }

  /** Splits at semicolons outside of quotes. An open quote takes the rest, which is malformed. */
  private static List<String> pairs(String text) {
    var parts = new ArrayList<String>();
    var quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      var one = text.charAt(i);
      if (one == '"') {
        quoted = !quoted;
      } else if (one == '\\' && quoted) {
        i++;
      } else if (one == ';' && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
