package dev.doppel.serve;

import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats dates for HTTP headers: {@code Wed, 04 Mar 2026 05:06:07 GMT}. */
public final class HttpDate {

  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private record Second(long number, CharSequence text) {}

  /** The latest date, since thousands of responses share one. */
  private static volatile Second last = second(0);

  private HttpDate() {}

  public static String of(Instant instant) {
    return FORM.format(instant);
  }

  private static Second second(long number) {
    return new Second(number, HttpHeaders.createOptimized(of(Instant.ofEpochSecond(number))));
  }

  /** Returns the current date, encoded once per second. */
  static CharSequence now(Clock clock) {
    var second = Math.floorDiv(clock.millis(), 1000);
    var known = last;
    if (known.number != second) {
      known = second(second);
      last = known;
    }
    return known.text;
  }
}
