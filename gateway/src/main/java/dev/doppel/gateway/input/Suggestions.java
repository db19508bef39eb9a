package dev.doppel.gateway.input;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Suggestions for mistyped values. */
public final class Suggestions {

  private static final int MAX_DISTANCE = 2;

  private Suggestions() {}

  /**
   * Returns the end of an error line, such as {@code "; did you mean 'influx'?"}; empty if no
   * allowed value is near.
   */
  public static String didYouMean(String value, Collection<String> allowed) {
    return nearest(value, allowed).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /**
   * Finds the allowed value that differs least from a value, ignoring case: by at most two
   * insertions, deletions or replacements, and by at most half of its characters. Returns empty if
   * there is none or if two are equally near.
   */
  public static Optional<String> nearest(String value, Collection<String> allowed) {
    int least = MAX_DISTANCE + 1;
    Optional<String> nearest = Optional.empty();
    for (var candidate : allowed) {
      int distance = distance(value.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (2 * distance > candidate.length() || distance > least) {
        continue;
      }
      nearest = distance < least ? Optional.of(candidate) : Optional.empty();
      least = distance;
    }
    return nearest;
  }

  /** Returns the Levenshtein distance. */
  private static int distance(String from, String to) {
    var row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
