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

/** Where a command gets a new password from: a flag, a file, standard input or the terminal. */
final class PasswordOptions {

  private static final String ALLOWED = "at least one character that is not a blank";

  /** A terminal's device, where the system shows one. */
  private static final String TERMINAL = "/dev/(pts/\\d+|tty.*|console)";

  @Option(
      names = "--password",
      description =
          "The new password; other users of this machine may see it. Default: asked for on the"
              + " terminal, or the first line of standard input")
  private @Nullable String password;

  @Option(names = "--password-file", description = "File whose first line is the new password.")
  private @Nullable String passwordFile;

  /**
   * Reads the password.
   *
   * @throws StartupException if there is none, or it is empty
   */
  Password password() {
    if (password != null && passwordFile != null) {
      throw new StartupException(
          StartupException.CONFIGURATION, "--password: not allowed together with --password-file");
    }
    if (password != null) {
      return checked("--password ''", password);
    }
    return passwordFile == null ? entered() : inFile(passwordFile);
  }

  private static Password inFile(String file) {
    try (var reader = Files.newBufferedReader(Path.of(file))) {
      return checked(
          "--password-file '" + file + "', whose first line is empty", firstLine(reader));
    } catch (IOException | InvalidPathException e) {
      throw StartupException.invalidFlag(
          "--password-file", "'" + file + "'", "a text file that can be read");
    }
  }

  /** As before JDK 22, there is a console only where both input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static Password entered() {
    System.getProperties().putIfAbsent("jdk.console", "java.base");
    var console = System.console();
    if (console == null) {
      return piped();
    }
    var first = console.readPassword("New password: ");
    var second = console.readPassword("Once more: ");
    if (first == null || second == null) {
      throw missing();
    }
    if (!Arrays.equals(first, second)) {
      throw new StartupException(
          StartupException.CONFIGURATION, "the two passwords differ; nothing was changed");
    }
    return checked("the password", new String(first));
  }

  private static Password piped() {
    if (inputIsTerminal()) { // it would show what is typed
      throw missing();
    }
    try {
      var reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      return checked("standard input, whose first line is empty", firstLine(reader));
    } catch (IOException e) {
      throw missing();
    }
  }

  private static boolean inputIsTerminal() {
    try {
      return Path.of("/proc/self/fd/0").toRealPath().toString().matches(TERMINAL);
    } catch (IOException notThere) {
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

  private static StartupException missing() {
    return new StartupException(
        StartupException.CONFIGURATION,
        "--password-file: needed, since the password can be neither asked for on a terminal nor"
            + " read from standard input");
  }
}
