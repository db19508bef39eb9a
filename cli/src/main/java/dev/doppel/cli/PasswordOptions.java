package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.users.Password;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags for a new password, which is read from a flag, a file, the terminal or standard input. */
final class PasswordOptions {

  private static final String ALLOWED = "at least one character other than spaces";

  /** Device files of terminals. */
  private static final String TERMINAL = "/dev/(pts/\\d+|tty.*|console)";

  @Option(
      names = "--password",
      description =
          "The new password; other users of this machine may see it. Default: read from the"
              + " terminal, or from the first line of standard input")
  private @Nullable String password;

  @Option(names = "--password-file", description = "File whose first line is the new password.")
  private @Nullable String passwordFile;

  /**
   * Reads the password.
   *
   * @throws StartupException if there is none, if it is blank, or if its file can't be read
   */
  Password password() {
    if (password != null && passwordFile != null) {
      throw new StartupException(
          StartupException.CONFIGURATION, "--password: not allowed together with --password-file");
    }
    if (password != null) {
      return checked("--password ''", password);
    }
    return passwordFile == null ? readFromConsole() : readFromFile(passwordFile);
  }

  private static Password readFromFile(String file) {
    try (var reader = Files.newBufferedReader(Path.of(file))) {
      return checked(
          "--password-file '" + file + "', whose first line is empty", firstLine(reader));
    } catch (IOException | InvalidPathException e) {
      throw StartupException.invalidFlag(
          "--password-file", "'" + file + "'", "a text file that can be read");
    }
  }

  /**
   * Asks on the terminal, or reads standard input if that isn't a terminal. As before JDK 22, there
   * is a console only if both input and output are terminals.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static Password readFromConsole() {
    System.getProperties().putIfAbsent("jdk.console", "java.base");
    var console = System.console();
    if (console == null) {
      return readFromInput();
    }
    var first = console.readPassword("New password: ");
    var second = console.readPassword("Repeat: ");
    if (first == null || second == null) {
      throw newMissingPasswordException();
    }
    if (!Arrays.equals(first, second)) {
      throw new StartupException(
          StartupException.CONFIGURATION, "the passwords don't match; nothing was changed");
    }
    return checked("the password", new String(first));
  }

  private static Password readFromInput() {
    if (inputIsTerminal()) { // which would show the password
      throw newMissingPasswordException();
    }
    try {
      var reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      return checked("standard input, whose first line is empty", firstLine(reader));
    } catch (IOException e) {
      throw newMissingPasswordException();
    }
  }

  private static boolean inputIsTerminal() {
    try {
      return Path.of("/proc/self/fd/0").toRealPath().toString().matches(TERMINAL);
    } catch (IOException notLinux) {
      return false;
    }
  }

  private static String firstLine(BufferedReader reader) throws IOException {
    var line = reader.readLine();
    return line == null ? "" : line;
  }

  private static Password checked(String source, String text) {
    if (text.isBlank()) {
      throw new StartupException(
          StartupException.CONFIGURATION, source + ": not allowed; use " + ALLOWED);
    }
    return new Password(text);
  }

  private static StartupException newMissingPasswordException() {
    return new StartupException(
        StartupException.CONFIGURATION,
        "--password-file: required, because the password can't be read from the terminal or from"
            + " standard input");
  }
}
