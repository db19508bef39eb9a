package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Durations, times and texts are those of Go's own time/time_test.go and time/format_test.go. */
class GoTimeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1, 1ns",
    "1100, 1.1µs",
    "1500, 1.5µs",
    "1000000, 1ms",
    "2200000, 2.2ms",
    "999999999, 999.999999ms",
    "1000000000, 1s",
    "3300000000, 3.3s",
    "60000000000, 1m0s",
    "245000000000, 4m5s",
    "245001000000, 4m5.001s",
    "3600000000000, 1h0m0s",
    "3723456789000, 1h2m3.456789s",
    "18367001000000, 5h6m7.001s",
    "480000000001, 8m0.000000001s",
    "90000000000000, 25h0m0s",
    "-1100, -1.1µs",
    "-18367001000000, -5h6m7.001s",
    "9223372036854775807, 2562047h47m16.854775807s",
    "-9223372036854775808, -2562047h47m16.854775808s",
  })
  void format_printsDuration(long nanos, String text) {
    assertThat(GoTime.format(Duration.ofNanos(nanos))).isEqualTo(text);
    assertThat(GoTime.parseDuration(text)).isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "+0, 0",
    "5s, 5000000000",
    "1478s, 1478000000000",
    "-5s, -5000000000",
    "+5s, 5000000000",
    "5.s, 5000000000",
    ".5s, 500000000",
    "1.0040s, 1004000000",
    "100.00100s, 100001000000",
    "11us, 11000",
    "12µs, 12000",
    "12μs, 12000",
    "3h30m, 12600000000000",
    "10.5s4m, 250500000000",
    "-2m3.4s, -123400000000",
    "1h2m3s4ms5us6ns, 3723004005006",
    "39h9m14.425s, 140954425000000",
    "52763797000ns, 52763797000",
    "0.3333333333333333333h, 1200000000000",
    "9007199254740993ns, 9007199254740993",
    "9223372036854775.807us, 9223372036854775807",
    "9223372036s854ms775us807ns, 9223372036854775807",
    "-9223372036854775808ns, -9223372036854775808",
    "-9223372036s854ms775us808ns, -9223372036854775808",
    "0.100000000000000000000h, 360000000000",
    "0.830103483285477580700h, 2988372539827",
  })
  void parseDuration_takesNumbersWithUnits(String text, long nanos) {
    assertThat(GoTime.parseDuration(text)).isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "''|invalid duration \"\"",
        "3|missing unit in duration \"3\"",
        "-|invalid duration \"-\"",
        "s|invalid duration \"s\"",
        ".|invalid duration \".\"",
        "-.|invalid duration \"-.\"",
        ".s|invalid duration \".s\"",
        "+.s|invalid duration \"+.s\"",
        "1d|unknown unit \"d\" in duration \"1d\"",
        "\ufffd|invalid duration \"\\xef\\xbf\\xbd\"",
        "hello \ufffd world|invalid duration \"hello \\xef\\xbf\\xbd world\"",
        "9223372036854775810ns|invalid duration \"9223372036854775810ns\"",
        "9223372036854775808ns|invalid duration \"9223372036854775808ns\"",
        "-9223372036854775809ns|invalid duration \"-9223372036854775809ns\"",
        "9223372036854776us|invalid duration \"9223372036854776us\"",
        "3000000h|invalid duration \"3000000h\"",
        "9223372036854775.808us|invalid duration \"9223372036854775.808us\"",
        "9223372036854ms775us808ns|invalid duration \"9223372036854ms775us808ns\"",
        "1\"\\|unknown unit \"\\\"\\\\\" in duration \"1\\\"\\\\\"",
      })
  void parseDuration_saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> GoTime.parseDuration(text)).hasMessage("time: " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "2008-09-17T20:04:26Z, 2008-09-17T20:04:26Z",
    "2026-03-04T05:06:07.890Z, 2026-03-04T05:06:07.89Z",
    "2026-03-04T05:06:07.000000001Z, 2026-03-04T05:06:07.000000001Z",
  })
  void format_printsInstantWithoutZerosAtTheEnd(Instant instant, String text) {
    assertThat(GoTime.format(instant)).isEqualTo(text);
  }

  @Test
  void format_dependsOnNoLocale() {
    var locale = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(GoTime.format(Duration.ofSeconds(61))).isEqualTo("1m1s");
      assertThat(GoTime.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
    } finally {
      Locale.setDefault(locale);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2008-09-17T20:04:26Z, 2008-09-17T20:04:26Z",
    "1994-09-17T20:04:26-05:00, 1994-09-18T01:04:26Z",
    "2000-12-26T01:15:06+04:20, 2000-12-25T20:55:06Z",
    "2006-01-02T15:04:05.999999999Z, 2006-01-02T15:04:05.999999999Z",
    "'2006-01-02T15:04:05,5Z', 2006-01-02T15:04:05.5Z",
    "2006-01-02T5:04:05Z, 2006-01-02T05:04:05Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
  })
  void parse_readsTime(String text, Instant instant) {
    assertThat(GoTime.parse(text)).isEqualTo(instant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"",
        "2006-01-02 | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\"",
        "2006-01-02T15:04_abc | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"_abc\" as \":\"",
        "2006-1-02T15:04:05Z | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"1-02T15:04:05Z\" as \"01\"",
        "2006-01-02T15:04:05 | as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"Z07:00\"",
        "2006-01-02T15:04:05Z_abc | : extra text: \"_abc\"",
        "2006-13-02T15:04:05Z | : month out of range",
        "2010-02-04T24:00:00Z | : hour out of range",
        "2010-02-04T21:60:00Z | : minute out of range",
        "2010-02-04T21:00:60Z | : second out of range",
        "2006-02-29T15:04:05Z | : day out of range",
        "2006-01-00T15:04:05Z | : day out of range",
        "2006-01-02T15:04:05+25:00 | : time zone offset hour out of range",
      })
  void parse_refusesWithGosMessage(String text, String message) {
    var space = message.startsWith(":") ? "" : " ";
    assertThatThrownBy(() -> GoTime.parse(text))
        .isInstanceOf(GoTime.InvalidTimeException.class)
        .hasMessage("parsing time \"" + text + "\"" + space + message);
  }
}
