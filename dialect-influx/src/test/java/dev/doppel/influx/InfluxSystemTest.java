package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfluxSystemTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1, 1ns",
    "1500, 1.5µs",
    "1000000, 1ms",
    "999999999, 999.999999ms",
    "1000000000, 1s",
    "60000000000, 1m0s",
    "3600000000000, 1h0m0s",
    "3723456789000, 1h2m3.456789s",
    "90000000000000, 25h0m0s",
  })
  void duration_isPrintedAsGoDoes(long nanos, String text) {
    assertThat(InfluxSystem.goDuration(Duration.ofNanos(nanos))).isEqualTo(text);
  }
}
