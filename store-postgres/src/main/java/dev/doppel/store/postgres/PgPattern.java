package dev.doppel.store.postgres;

import java.util.HashMap;
import java.util.Map;

/**
 * Translates a pattern of {@link dev.doppel.users.UserFilter.Like} into a regular expression of
 * PostgreSQL. Every letter is written in all its cases, so that the result doesn't depend on the
 * server's rules for upper and lower case.
 */
final class PgPattern {

  /** All cases of a letter, by each of them; letters with a single case are left out. */
  private static final Map<Character, String> CASES = cases();

  private PgPattern() {}

  static String toRegex(String pattern) {
    var encoded = PgText.encode(pattern);
    var expression = new StringBuilder(encoded.length() * 4).append('^');
    for (int at = 0; at < encoded.length(); at++) {
      var c = encoded.charAt(at);
      var cases = CASES.get(c);
      if (cases != null) {
        expression.append('[').append(cases).append(']');
      } else if (c == '*') {
        expression.append(".*");
      } else if (c < 128 && !Character.isLetterOrDigit(c)) {
        expression.append('\\').append(c);
      } else {
        expression.append(c);
      }
    }
    return expression.append('$').toString();
  }

  private static Map<Character, String> cases() {
    var byFolded = new HashMap<Character, String>();
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      byFolded.merge(fold((char) c), String.valueOf((char) c), String::concat);
    }
    var all = new HashMap<Character, String>();
    byFolded.values().stream()
        .filter(same -> same.length() > 1)
        .forEach(same -> same.chars().forEach(c -> all.put((char) c, same)));
    return all;
  }

  private static char fold(char c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
