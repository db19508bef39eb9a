package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Whether the server is there, for everyone (2.9.1: http/health.go, http/ready.go). */
final class InfluxSystem {

  static final String VERSION = "v2.9.1";

  /** Written by hand there, blanks and all, and so here. */
  private static final String HEALTH =
      "{\"name\":\"influxdb\", \"message\":\"ready for queries and writes\", \"status\":\"pass\","
          + " \"checks\":[], \"version\": \""
          + VERSION
          + "\", \"commit\": \"d4fa1941fd\"}\n";

  private final Clock clock;
  private final Instant started;

  InfluxSystem(Clock clock) {
    this.clock = clock;
    started = clock.instant();
  }

  Future<Reply> health(Call call) {
    return Future.succeededFuture(Reply.text(200, InfluxWire.CONTENT_TYPE, HEALTH));
  }

  Future<Reply> ready(Call call) {
    var up = Duration.between(started, clock.instant());
    var text =
        "{\n    \"status\": \"ready\",\n    \"started\": \"%s\",\n    \"up\": \"%s\"\n}\n"
            .formatted(DateTimeFormatter.ISO_INSTANT.format(started), goDuration(up));
    return Future.succeededFuture(Reply.text(200, InfluxWire.CONTENT_TYPE, text));
  }

  Future<Reply> ping(Call call) {
    return Future.succeededFuture(Reply.noContent());
  }

  /** As Go prints a duration: {@code 1h2m3.456789s}, {@code 1.5ms}, {@code 0s}. */
  static String goDuration(Duration duration) {
    var nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < ChronoUnit.SECONDS.getDuration().toNanos()) {
      return nanos < 1_000
          ? nanos + "ns"
          : nanos < 1_000_000 ? decimal(nanos, 3) + "µs" : decimal(nanos, 6) + "ms";
    }
    var hours = duration.toHours() > 0 ? duration.toHours() + "h" : "";
    var minutes = duration.toMinutes() > 0 ? duration.toMinutesPart() + "m" : "";
    return hours + minutes + decimal(nanos % 60_000_000_000L, 9) + "s";
  }

  /** A number with so many digits behind the point, without zeros at its end. */
  private static String decimal(long number, int digits) {
    return BigDecimal.valueOf(number, digits).stripTrailingZeros().toPlainString();
  }
}
