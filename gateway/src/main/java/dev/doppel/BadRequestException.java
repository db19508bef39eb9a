package dev.doppel;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a text that people wrote for us, in lines that hold no secret. */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 2;

  private static final int MAX_LINES = 100;

  private final List<String> lines;

  public BadRequestException(String line) {
    this(List.of(line));
  }

  /**
   * @param lines what is wrong, a line each; the first hundred are kept
   */
  public BadRequestException(List<String> lines) {
    super(String.join("\n", limited(lines)), null, false, false);
    this.lines = limited(lines);
  }

  /** Returns the first hundred lines, and then how many more there are. */
  public static List<String> limited(List<String> lines) {
    if (lines.size() <= MAX_LINES) {
      return List.copyOf(lines);
    }
    var limited = new ArrayList<>(lines.subList(0, MAX_LINES));
    limited.add("and %s more".formatted(lines.size() - MAX_LINES));
    return limited;
  }

  /** Returns all that is wrong, in one line. */
  public String line() {
    return String.join("; ", lines);
  }

  /** Returns what is wrong, a line for each place. */
  public List<String> lines() {
    return lines;
  }

  /**
   * For the constructors of values.
   *
   * @throws BadRequestException with this line unless it holds
   */
  public static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new BadRequestException(otherwise);
    }
  }
}
