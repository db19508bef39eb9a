package dev.doppel.wire.go;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decoded JSON values as the package {@code fmt} of Go prints them. */
public final class GoFormat {

  /** As many digits identify every double. */
  private static final int MAX_DIGITS = 17;

  private GoFormat() {}

  /**
   * Returns a value as {@code %v} prints it.
   *
   * @param value a string, a finite double, a boolean, a list or map of such values, or null, which
   *     is {@code <nil>}
   */
  public static String print(@Nullable Object value) {
    if (value instanceof Double number) {
      return print(number.doubleValue());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(GoFormat::print).collect(Collectors.joining(" ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return new TreeMap<>(map)
          .entrySet().stream()
              .map(entry -> entry.getKey() + ":" + print(entry.getValue()))
              .collect(Collectors.joining(" ", "map[", "]"));
    }
    return value == null ? "<nil>" : value.toString();
  }

  /** Prints the fewest digits that identify the number, with an exponent from seven digits on. */
  private static String print(double number) {
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    var decimal = shortest(number);
    var exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return decimal.toPlainString();
    }
    var mantissa = decimal.movePointLeft(exponent).toPlainString();
    return mantissa
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** {@link Double#toString} has more digits than needed before Java 19. */
  private static BigDecimal shortest(double number) {
    var exact = new BigDecimal(number);
    for (int digits = 1; digits < MAX_DIGITS; digits++) {
      var rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == number) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(MAX_DIGITS)).stripTrailingZeros();
  }
}
