package dev.doppel.cli;

import dev.doppel.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Secrets that are the value of a flag, or stand in the file that {@code --…-file} names. */
final class SecretFile {

  private SecretFile() {}

  /**
   * Returns what a flag or the file beside it says; empty if neither was given.
   *
   * @param flag whose file is that of the flag with {@code -file} behind it
   * @throws StartupException if both were given, or the file can't be read or has nothing in it
   */
  static Optional<String> read(String flag, @Nullable String value, @Nullable String file) {
    if (value != null && file != null) {
      throw new StartupException(
          StartupException.CONFIGURATION, flag + ": not allowed together with " + flag + "-file");
    }
    return value != null
        ? Optional.of(value)
        : Optional.ofNullable(file).map(path -> content(flag + "-file", path));
  }

  private static String content(String flag, String file) {
    String text;
    try {
      text = withoutLineBreak(Files.readString(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      throw StartupException.invalidFlag(flag, "'" + file + "'", "a text file that can be read");
    }
    if (text.isBlank()) {
      throw StartupException.invalidFlag(
          flag, "'" + file + "', which is empty", "at least one character");
    }
    return text;
  }

  /** Editors and {@code echo} end the last line, which is no part of a secret. */
  private static String withoutLineBreak(String text) {
    var end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
    return text.substring(0, text.length() - end);
  }
}
