package dev.doppel.migration;

import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The sources by the forms in which a command line names them. */
public final class Sources {

  private static final String STANDARD_INPUT = "-";

  /** By the prefix before the first colon. */
  private static final Map<String, Function<Path, Source>> FILES =
      new TreeMap<>(Map.of("doppel", EstateSource::open));

  private Sources() {}

  /** Returns the forms for messages and documentation, such as {@code doppel:FILE}. */
  public static List<String> forms() {
    return List.of("doppel:FILE", STANDARD_INPUT);
  }

  /**
   * Opens a source and checks as much of it as can be checked before its rows are read. Blocks.
   *
   * @param text in one of the {@link #forms}
   * @param in read for {@code -}, Doppel's own format from a pipe
   * @throws IllegalArgumentException if the text isn't in one of the forms
   * @throws MigrationException if the source can't be read
   */
  public static Source open(String text, InputStream in) {
    if (text.equals(STANDARD_INPUT)) {
      return EstateSource.read(in);
    }
    var colon = text.indexOf(':');
    var open = colon < 0 ? null : FILES.get(text.substring(0, colon));
    if (open == null || colon == text.length() - 1) {
      throw new IllegalArgumentException("not a source");
    }
    return open.apply(path(text.substring(colon + 1)));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not the name of a file", e);
    }
  }
}
