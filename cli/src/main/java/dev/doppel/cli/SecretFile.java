package dev.doppel.cli;

import dev.doppel.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading of secrets from a flag or from the file that its {@code --…-file} variant names. */
final class SecretFile {

  private SecretFile() {}

  /**
   * Returns the value of a flag or of its file; empty if neither is given.
   *
   * @param flag the flag's name, such as {@code --store}; its file is {@code --store-file}
   * @param file path of the file
   * @throws StartupException if both are given, or if the file can't be read or is blank
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

  /** Removes one line break at the end, as editors and {@code echo} add it. */
  private static String withoutLineBreak(String text) {
    var end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
    return text.substring(0, text.length() - end);
  }
}
