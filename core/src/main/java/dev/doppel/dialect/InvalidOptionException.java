package dev.doppel.dialect;

/** Thrown when an option or a variable has a value that isn't allowed. The message is one line. */
public final class InvalidOptionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param line names the option and says what is allowed; without secrets
   */
  public InvalidOptionException(String line) {
    super(line, null, false, false);
  }

  /**
   * Returns an exception for a value that isn't allowed.
   *
   * @param option as it was given, such as {@code --milvus-auth}
   * @param value as it may be shown, in quotes
   */
  public static InvalidOptionException notAllowed(String option, String value, String allowed) {
    return new InvalidOptionException(option + " " + value + ": not allowed; use " + allowed);
  }
}
