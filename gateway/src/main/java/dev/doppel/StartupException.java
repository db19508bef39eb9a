package dev.doppel;

import dev.doppel.dialect.InvalidOptionException;

/** A gateway or command that can't start. Its message is one line for the user. */
public final class StartupException extends RuntimeException {

  /** Exit code for a configuration error. */
  public static final int CONFIGURATION = 2;

  /** Exit code for a problem of the machine or the store, such as a port in use. */
  public static final int MACHINE = 1;

  private final int exitCode;
  private final String line;

  /** Creates an exception with the message of an invalid option. */
  public StartupException(int exitCode, InvalidOptionException invalid) {
    this(exitCode, String.valueOf(invalid.getMessage()));
  }

  /**
   * @param exitCode {@link #CONFIGURATION} or {@link #MACHINE}
   */
  public StartupException(int exitCode, String line) {
    super(line, null, false, false);
    this.exitCode = exitCode;
    this.line = line;
  }

  /** Returns the message. */
  public String line() {
    return line;
  }

  /** Returns the exit code of the process, {@link #CONFIGURATION} or {@link #MACHINE}. */
  public int exitCode() {
    return exitCode;
  }

  /** Returns a URL with its user information, which may be a password, replaced by {@code ***}. */
  public static String withoutUserInfo(String url) {
    return url.replaceAll("(?s)^([A-Za-z]+://)?.*@", "$1***@");
  }

  /**
   * Creates an exception for a flag with a value that isn't allowed; exit code {@link
   * #CONFIGURATION}.
   */
  public static StartupException invalidFlag(String flag, String value, String allowed) {
    return new StartupException(
        CONFIGURATION, flag + " " + value + ": not allowed; use " + allowed);
  }

  /**
   * Parses the value of a flag.
   *
   * @throws StartupException if it isn't a number from {@code min} to {@code max}
   */
  public static int checkedNumber(String flag, String text, int min, int max) {
    try {
      var number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // reported below, as a number out of range
    }
    throw invalidFlag(flag, "'" + text + "'", min + " to " + max);
  }
}
