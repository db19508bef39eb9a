package dev.doppel;

import dev.doppel.dialect.InvalidOptionException;

/** Why the process doesn't start, in one line for whoever started it, and its exit code. */
public final class StartupException extends RuntimeException {

  /** Something about the configuration is wrong. */
  public static final int CONFIGURATION = 2;

  /** The configuration is right, but the machine doesn't let us: a port, a file. */
  public static final int MACHINE = 1;

  private final int exitCode;
  private final String line;

  public StartupException(int exitCode, InvalidOptionException invalid) {
    this(exitCode, String.valueOf(invalid.getMessage()));
  }

  public StartupException(int exitCode, String line) {
    super(line, null, false, false);
    this.exitCode = exitCode;
    this.line = line;
  }

  /** What is said to whoever started the process. */
  public String line() {
    return line;
  }

  public int exitCode() {
    return exitCode;
  }

  /** A URL as messages may show it, for its user information may be a password. */
  public static String withoutUserInfo(String url) {
    return url.replaceAll("(?s)^([A-Za-z]+://)?.*@", "$1***@");
  }

  /** A flag whose value isn't allowed. */
  public static StartupException invalidFlag(String flag, String value, String allowed) {
    return new StartupException(
        CONFIGURATION, flag + " " + value + ": not allowed; use " + allowed);
  }

  /**
   * Parses the value of a flag.
   *
   * @throws StartupException if it is no number from {@code min} to {@code max}
   */
  public static int checkedNumber(String flag, String text, int min, int max) {
    try {
      var number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // said below, as for a number out of range
    }
    throw invalidFlag(flag, "'" + text + "'", min + " to " + max);
  }
}
