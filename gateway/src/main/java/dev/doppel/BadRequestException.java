package dev.doppel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Mistakes in a text or value that a user wrote, one line each. No line holds a secret. */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 2;

  private static final int MAX_LINES = 100;

  private final List<String> lines;

  public BadRequestException(String line) {
    this(List.of(line));
  }

  /**
   * @param lines one for each mistake; those beyond the first 100 are replaced by their number
   */
  public BadRequestException(List<String> lines) {
    super(String.join("\n", limited(lines)), null, false, false);
    this.lines = limited(lines);
  }

  /** Returns at most the first 100 lines, followed by a line with the number of those left out. */
  public static List<String> limited(List<String> lines) {
    if (lines.size() <= MAX_LINES) {
      return List.copyOf(lines);
    }
    var limited = new ArrayList<>(lines.subList(0, MAX_LINES));
    limited.add("and %s more".formatted(lines.size() - MAX_LINES));
    return limited;
  }

  /** Returns all mistakes in one line. */
  public String line() {
    return String.join("; ", lines);
  }

  /** Returns one line for each mistake, at most 101. */
  public List<String> lines() {
    return lines;
  }

  /**
   * Checks a condition, as the constructors of values do.
   *
   * @throws BadRequestException with this line if the condition is false
   */
  public static void check(boolean condition, String line) {
    check(condition, () -> line);
  }

  /**
   * Checks a condition as {@link #check(boolean, String)} does.
   *
   * @param line called if the condition is false
   */
  public static void check(boolean condition, Supplier<String> line) {
    if (!condition) {
      throw new BadRequestException(line.get());
    }
  }
}
