package dev.doppel.dialect;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The parts of an error line about a value that isn't allowed: the value in quotes, what is
 * allowed, and the nearest allowed value.
 */
public final class Suggestions {

  private static final int MAX_DISTANCE = 2;
  private static final int MAX_QUOTED = 100;

  private Suggestions() {}

  /**
   * Returns a line about a value such as {@code 'influy' is not allowed; use milvus or influx; did
   * you mean 'influx'?}.
   *
   * @param value not a secret
   * @param allowed all allowed values, in the order in which they are listed
   */
  public static String notAllowed(String value, List<String> allowed) {
    return notAllowed(value, either(allowed)) + didYouMean(value, allowed);
  }

  /**
   * Returns a line about a value such as {@code 'x' is not allowed; use a number from 1 on}.
   *
   * @param value not a secret
   * @param allowed describes the allowed values
   */
  public static String notAllowed(String value, String allowed) {
    return quote(value) + " is not allowed; use " + allowed;
  }

  /** Returns a value in quotes, {@linkplain #shorten shortened}. */
  public static String quote(String value) {
    return "'" + shorten(value) + "'";
  }

  /** Returns at most the first 100 characters of a value, in one line. */
  public static String shorten(String value) {
    var shown = value.length() > MAX_QUOTED ? value.substring(0, MAX_QUOTED) + "…" : value;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  /** Returns a list such as {@code a, b or c}. */
  public static String either(List<String> values) {
    var last = values.size() - 1;
    return last < 1
        ? String.join("", values)
        : String.join(", ", values.subList(0, last)) + " or " + values.get(last);
  }

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
   *
   * @param allowed without duplicates
   */
  public static Optional<String> nearest(String value, Collection<String> allowed) {
    int least = MAX_DISTANCE + 1;
    Optional<String> nearest = Optional.empty();
    for (var candidate : allowed) {
      if (Math.abs(value.length() - candidate.length()) > MAX_DISTANCE) {
        continue;
      }
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
