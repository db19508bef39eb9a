package dev.doppel.influx;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Durations as the vendor's command line reads them (influx-cli 2.7, internal/duration/parser.go):
 * those of Go, and sums of whole numbers that may have days and weeks as well.
 */
final class InfluxDuration {

  private static final String GO_UNIT = "(?:ns|us|µs|μs|ms|s|m|h)";
  private static final Pattern GO = Pattern.compile("0|(?:\\d+(?:\\.\\d*)?" + GO_UNIT + ")+");
  private static final Pattern SUM = Pattern.compile("(?:\\d+(?:" + GO_UNIT + "|d|w))+");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d*)?)([^\\d.]+)");

  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", Duration.ofMinutes(1).toNanos(),
          "h", Duration.ofHours(1).toNanos(),
          "d", Duration.ofDays(1).toNanos(),
          "w", Duration.ofDays(7).toNanos());

  /** What Go counts nanoseconds in. */
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private InfluxDuration() {}

  /** Returns a duration that isn't negative; empty if the text is none. */
  static Optional<Duration> parse(String text) {
    if (!GO.matcher(text).matches() && !SUM.matcher(text).matches()) {
      return Optional.empty();
    }
    var nanos = BigDecimal.ZERO;
    for (var parts = PART.matcher(text); parts.find(); ) {
      var unit = BigDecimal.valueOf(NANOS.getOrDefault(parts.group(2), 0L));
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(unit));
    }
    return nanos.compareTo(MAX) > 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanos.longValue()));
  }
}
