package dev.doppel.gateway;

/** What is wrong with a text that people wrote for us, in one line that holds no secret. */
public final class MalformedInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String line;

  MalformedInput(String line) {
    super(line, null, false, false);
    this.line = line;
  }

  /** What is said to whoever wrote it. */
  public String line() {
    return line;
  }

  /**
   * For the constructors of values.
   *
   * @throws MalformedInput with this line unless it holds
   */
  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new MalformedInput(otherwise);
    }
  }
}
