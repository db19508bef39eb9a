package dev.doppel.store.postgres;

import java.util.HashMap;
import java.util.Map;

/**
 * A pattern of {@link dev.doppel.users.UserFilter.Like} as a regular expression of PostgreSQL's.
 * Every letter stands there in all its cases, so that the answer doesn't depend on what the server
 * takes for one letter in two cases.
 */
final class PgPattern {

  /** Letters that are the same but for case, by each of them; those with just one are left out. */
  private static final Map<Character, String> CASES = cases();

  private PgPattern() {}

  static String of(String pattern) {
    var kept = PgText.kept(pattern);
    var expression = new StringBuilder(kept.length() * 4).append('^');
    for (int at = 0; at < kept.length(); at++) {
      var c = kept.charAt(at);
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
      byFolded.merge(folded((char) c), String.valueOf((char) c), String::concat);
    }
    var all = new HashMap<Character, String>();
    byFolded.values().stream()
        .filter(same -> same.length() > 1)
        .forEach(same -> same.chars().forEach(c -> all.put((char) c, same)));
    return all;
  }

  private static char folded(char c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
