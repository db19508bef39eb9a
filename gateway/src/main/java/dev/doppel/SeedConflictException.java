package dev.doppel;

import java.util.List;

/** Rows of a seed that conflict with the data in a store, one line each. No line holds a secret. */
public final class SeedConflictException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final List<String> lines;

  public SeedConflictException(List<String> lines) {
    super(String.join("\n", BadRequestException.limited(lines)), null, false, false);
    this.lines = BadRequestException.limited(lines);
  }

  /**
   * Returns a line for each row, such as {@code users[3]: 'ann' is taken, as a name or an e-mail
   * address}; lines beyond the first 100 are replaced by their number.
   */
  public List<String> lines() {
    return lines;
  }
}
