package dev.doppel.wire.go;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Map;

/** Times and durations as the package {@code time} of Go 1.22 prints and reads them. */
public final class GoTime {

  /** A text that is no duration; the message is Go's. No stack trace. */
  public static final class InvalidDurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidDurationException(String message) {
      super(message, null, false, false);
    }
  }

  /** A text that is no time; the message is Go's. No stack trace. */
  public static final class InvalidTimeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidTimeException(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** {@code time.RFC3339Nano} in UTC: the fraction without zeros at its end. */
  private static final DateTimeFormatter RFC3339_NANO =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final long MICROSECOND = 1_000;
  private static final long MILLISECOND = 1_000 * MICROSECOND;
  private static final long SECOND = 1_000 * MILLISECOND;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** In nanoseconds; the micro sign U+00B5 and the letter mu U+03BC are the same. */
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", MICROSECOND,
          "\u00b5s", MICROSECOND,
          "\u03bcs", MICROSECOND,
          "ms", MILLISECOND,
          "s", SECOND,
          "m", MINUTE,
          "h", HOUR);

  /** The magnitude of Go's smallest duration; negative here, for it is compared without sign. */
  private static final long LIMIT = Long.MIN_VALUE;

  private GoTime() {}

  /**
   * Reads a time as {@code time.Parse} does with the layout {@code time.RFC3339}: also with an hour
   * of one digit, and with a fraction after a point or a comma.
   *
   * @throws InvalidTimeException if it is none
   */
  public static Instant parse(String text) {
    return new TimeParser(text).parse();
  }

  /** Reads one time. */
  private static final class TimeParser {

    private static final String LAYOUT = "2006-01-02T15:04:05Z07:00";

    private final String text;
    private int at;

    TimeParser(String text) {
      this.text = text;
    }

    Instant parse() {
      var year = year();
      var month = number("-", "01", true, "month", 1, 12);
      var day = number("-", "02", true, "", 0, 99);
      var hour = number("T", "15", false, "hour", 0, 23);
      var minute = number(":", "04", true, "minute", 0, 59);
      var second = number(":", "05", true, "second", 0, 59);
      var nanos = fraction();
      var offset = offset();
      if (at < text.length()) {
        throw outOfLayout(": extra text: " + quote(text.substring(at)));
      }
      if (day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
        throw outOfLayout(": day out of range");
      }
      return LocalDateTime.of(year, month, day, hour, minute, second, nanos)
          .toInstant(ZoneOffset.UTC)
          .minusSeconds(offset);
    }

    private int year() {
      var end = at + 4;
      if (end > text.length()
          || !text.substring(at, end).chars().allMatch(c -> isDigit((char) c))) {
        throw unfit(at, "2006");
      }
      at = end;
      return Integer.parseInt(text.substring(0, end));
    }

    /**
     * Reads what comes before a number and the number, of two digits.
     *
     * @param fixed whether one digit is too few
     * @param name in the message if the number is out of range
     */
    private int number(
        String before, String element, boolean fixed, String name, int least, int most) {
      if (!text.startsWith(before, at)) {
        throw unfit(at, before);
      }
      at += before.length();
      var value = digits(element, fixed);
      if (value < least || value > most) {
        throw outOfLayout(": " + name + " out of range");
      }
      return value;
    }

    private int digits(String element, boolean fixed) {
      if (!isDigitAt(at) || (fixed && !isDigitAt(at + 1))) {
        throw unfit(at, element);
      }
      var end = isDigitAt(at + 1) ? at + 2 : at + 1;
      var value = Integer.parseInt(text.substring(at, end));
      at = end;
      return value;
    }

    /** Returns nanoseconds; digits after the ninth don't count. */
    private int fraction() {
      if (at + 1 >= text.length() || ".,".indexOf(text.charAt(at)) < 0 || !isDigitAt(at + 1)) {
        return 0;
      }
      var from = ++at;
      while (isDigitAt(at)) {
        at++;
      }
      var digits = text.substring(from, Math.min(at, from + 9));
      return Integer.parseInt(digits + "0".repeat(9 - digits.length()));
    }

    /** Returns the seconds that the zone is ahead of UTC. */
    private int offset() {
      if (text.startsWith("Z", at)) {
        at++;
        return 0;
      }
      var start = at;
      if (at + 6 > text.length() || text.charAt(at + 3) != ':') {
        throw unfit(start, "Z07:00");
      }
      var sign = text.charAt(at++);
      if (!isDigitAt(at)
          || !isDigitAt(at + 1)
          || !isDigitAt(at + 3)
          || !isDigitAt(at + 4)
          || "+-".indexOf(sign) < 0) {
        throw unfit(start, "Z07:00");
      }
      var hours = digits("", true);
      at++;
      var minutes = digits("", true);
      if (hours > 24 || minutes > 60) {
        throw outOfLayout(
            ": time zone offset " + (hours > 24 ? "hour" : "minute") + " out of range");
      }
      return (sign == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
    }

    private boolean isDigitAt(int index) {
      return index < text.length() && isDigit(text.charAt(index));
    }

    private InvalidTimeException unfit(int from, String element) {
      return outOfLayout(
          " as "
              + quote(LAYOUT)
              + ": cannot parse "
              + quote(text.substring(from))
              + " as "
              + quote(element));
    }

    private InvalidTimeException outOfLayout(String message) {
      return new InvalidTimeException("parsing time " + quote(text) + message);
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Returns an instant in UTC, such as {@code 2026-03-04T05:06:07.89Z}. */
  public static String format(Instant instant) {
    return RFC3339_NANO.format(instant);
  }

  /**
   * Returns a duration as {@code Duration.String} does: {@code 1h2m3.456789s}, {@code 1.5ms},
   * {@code 0s}.
   *
   * @throws ArithmeticException if it exceeds 64 bits of nanoseconds, some 292 years
   */
  public static String format(Duration duration) {
    var nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    var sign = nanos < 0 ? "-" : "";
    var size = BigDecimal.valueOf(nanos).abs();
    if (size.compareTo(BigDecimal.valueOf(SECOND)) < 0) {
      var small = size.longValueExact();
      if (small < MICROSECOND) {
        return sign + small + "ns";
      }
      return sign
          + (small < MILLISECOND ? decimal(small, 3) + "\u00b5s" : decimal(small, 6) + "ms");
    }
    var whole = Long.divideUnsigned(Math.abs(nanos), MINUTE);
    var text = new StringBuilder(sign);
    if (whole >= 60) {
      text.append(whole / 60).append('h');
    }
    if (whole > 0) {
      text.append(whole % 60).append('m');
    }
    return text.append(decimal(Long.remainderUnsigned(Math.abs(nanos), MINUTE), 9))
        .append('s')
        .toString();
  }

  /** Returns a number with this many digits after the point, without zeros at its end. */
  private static String decimal(long number, int digits) {
    return BigDecimal.valueOf(number, digits).stripTrailingZeros().toPlainString();
  }

  /**
   * Reads a duration as {@code time.ParseDuration} does: numbers with units, such as {@code
   * -1h10.5s}, or {@code 0}.
   *
   * @throws InvalidDurationException if it is none or exceeds 64 bits of nanoseconds
   */
  public static Duration parseDuration(String text) {
    return new Parser(text).parse();
  }

  /** Reads one duration; sums are of 64 bits without sign, as Go's. */
  private static final class Parser {

    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Duration parse() {
      var negative = text.startsWith("-");
      if (negative || text.startsWith("+")) {
        at++;
      }
      if (text.substring(at).equals("0")) {
        return Duration.ZERO;
      }
      if (atEnd()) {
        throw invalid();
      }
      long sum = 0;
      while (!atEnd()) {
        sum = add(sum, part());
      }
      if (negative) {
        return Duration.ofNanos(-sum);
      }
      if (sum < 0) {
        throw invalid();
      }
      return Duration.ofNanos(sum);
    }

    private long part() {
      var start = at;
      var whole = leadingInt();
      var digits = at - start;
      long fraction = 0;
      double scale = 1;
      if (!atEnd() && text.charAt(at) == '.') {
        at++;
        var full = false;
        for (; !atEnd() && isDigit(text.charAt(at)); at++, digits++) {
          full = full || fraction > Long.MAX_VALUE / 10;
          var next = fraction * 10 + (text.charAt(at) - '0');
          full = full || Long.compareUnsigned(next, LIMIT) > 0;
          if (!full) {
            fraction = next;
            scale *= 10;
          }
        }
      }
      if (digits == 0) {
        throw invalid();
      }
      var unit = unit();
      if (Long.compareUnsigned(whole, Long.divideUnsigned(LIMIT, unit)) > 0) {
        throw invalid();
      }
      return add(whole * unit, (long) ((double) fraction * ((double) unit / scale)));
    }

    private long leadingInt() {
      long value = 0;
      for (; !atEnd() && isDigit(text.charAt(at)); at++) {
        if (Long.compareUnsigned(value, Long.divideUnsigned(LIMIT, 10)) > 0) {
          throw invalid();
        }
        value = add(value * 10, text.charAt(at) - '0');
      }
      return value;
    }

    private long unit() {
      var start = at;
      while (!atEnd() && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
        at++;
      }
      var name = text.substring(start, at);
      if (name.isEmpty()) {
        throw new InvalidDurationException("time: missing unit in duration " + quote(text));
      }
      var unit = UNITS.get(name);
      if (unit == null) {
        throw new InvalidDurationException(
            "time: unknown unit " + quote(name) + " in duration " + quote(text));
      }
      return unit;
    }

    private long add(long one, long other) {
      var sum = one + other;
      if (Long.compareUnsigned(sum, LIMIT) > 0) {
        throw invalid();
      }
      return sum;
    }

    private boolean atEnd() {
      return at == text.length();
    }

    private InvalidDurationException invalid() {
      return new InvalidDurationException("time: invalid duration " + quote(text));
    }
  }

  /** This package quotes on its own: each byte that is no printable ASCII in hex. */
  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (var b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b < ' ') {
        quoted.append(GoStrings.hex("\\x", Byte.toUnsignedInt(b), 2));
      } else {
        quoted.append(b == '"' || b == '\\' ? "\\" : "").append((char) b);
      }
    }
    return quoted.append('"').toString();
  }
}
