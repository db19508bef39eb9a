package dev.doppel.migration;

import dev.doppel.dialect.ServedVendor;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The sources by the forms in which a command line names them. */
public final class Sources {

  private static final String STANDARD_INPUT = "-";

  private Sources() {}

  /** Returns the forms for messages and documentation, such as {@code doppel:FILE}. */
  public static List<String> forms() {
    return List.of("doppel:FILE", "influx-bolt:FILE", STANDARD_INPUT);
  }

  /**
   * Opens a source and checks as much of it as can be checked before its rows are read. Blocks.
   *
   * @param text in one of the {@link #forms}
   * @param in read for {@code -}, Doppel's own format from a pipe
   * @param influx InfluxDB, whose tokens have permissions of their own
   * @throws IllegalArgumentException if the text isn't in one of the forms
   * @throws MigrationException if the source can't be read
   */
  public static Source open(String text, InputStream in, ServedVendor<?> influx) {
    if (text.equals(STANDARD_INPUT)) {
      return EstateSource.read(in);
    }
    var parts = text.split(":", 2);
    if (parts.length < 2 || parts[1].isEmpty()) {
      throw new IllegalArgumentException("not a source");
    }
    return switch (parts[0]) {
      case "doppel" -> EstateSource.open(path(parts[1]));
      case "influx-bolt" -> InfluxBoltSource.open(path(parts[1]), influx);
      default -> throw new IllegalArgumentException("not a source");
    };
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not the name of a file", e);
    }
  }
}
