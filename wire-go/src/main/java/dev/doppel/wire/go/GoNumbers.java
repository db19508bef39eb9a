package dev.doppel.wire.go;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Numbers and flags in texts, as the package {@code strconv} of Go reads them. */
public final class GoNumbers {

  private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+");
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  private GoNumbers() {}

  /**
   * Reads a decimal number of 64 bits ({@code strconv.Atoi}): ASCII digits, which may have a sign.
   *
   * @return empty if it is none or out of range
   */
  public static OptionalLong parseInt(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException outOfRange) {
      return OptionalLong.empty();
    }
  }

  /**
   * Reads a flag ({@code strconv.ParseBool}).
   *
   * @return empty unless it is one of Go's twelve spellings
   */
  public static Optional<Boolean> parseBool(String text) {
    if (TRUE.contains(text)) {
      return Optional.of(true);
    }
    return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }
}
