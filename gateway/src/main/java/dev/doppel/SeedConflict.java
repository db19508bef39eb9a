package dev.doppel;

import java.util.List;

/** Rows of a seed that don't go together with what a store holds, a line each, without secrets. */
public final class SeedConflict extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final List<String> lines;

  public SeedConflict(List<String> lines) {
    super(String.join("\n", BadRequestException.limited(lines)), null, false, false);
    this.lines = BadRequestException.limited(lines);
  }

  /**
   * Returns a line for each row, such as {@code users[3].name: 'ann' is taken}; after a hundred,
   * how many more there are.
   */
  public List<String> lines() {
    return lines;
  }
}
