package dev.doppel.dialect;

import java.util.ArrayList;
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

  /** What one proxy added; without parameters if it can't be read. */
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
   * Returns the elements of all lines, in order: the last is that of the nearest proxy.
   *
   * @param lines no longer than a caller wants to have read
   */
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
      var sign = pair.indexOf('=');
      var name = sign < 0 ? "" : pair.substring(0, sign).stripLeading();
      var value = isToken(name) ? value(pair.substring(sign + 1)) : Optional.<String>empty();
      if (value.isEmpty() || parameters.put(name.toLowerCase(Locale.ROOT), value.get()) != null) {
        return new Element(Map.of()); // no pair, or one twice, which no proxy writes
      }
    }
    return new Element(parameters);
  }

  /** Returns what a token or a quoted string says; empty if the text is neither. */
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
