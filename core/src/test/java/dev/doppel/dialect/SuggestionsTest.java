package dev.doppel.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuggestionsTest {

  private static final List<String> NAMES = List.of("milvus", "influx", "on", "2.7", "2.9");

  @ParameterizedTest
  @CsvSource({
    "influy, influx",
    "inflx, influx",
    "influxx, influx",
    "ifnlux, influx",
    "INFLUXDB, influx",
    "milwus, milvus",
    "oon, on",
    "2.7, 2.7",
    "12.7, 2.7",
  })
  void nearest_findsValueWithinTwoEdits(String value, String nearest) {
    assertThat(Suggestions.nearest(value, NAMES)).contains(nearest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oracle", "inf", "influx123", "mlvu5x", "", "x", "no", "2.8"})
  void nearest_isEmptyForDistantOrAmbiguousValue(String value) {
    assertThat(Suggestions.nearest(value, NAMES)).isEmpty();
  }

  @Test
  void didYouMean_endsErrorLine() {
    assertThat(Suggestions.didYouMean("influy", NAMES)).isEqualTo("; did you mean 'influx'?");
    assertThat(Suggestions.didYouMean("oracle", NAMES)).isEmpty();
  }

  @Test
  void notAllowed_quotesAndSuggests() {
    assertThat(Suggestions.notAllowed("oon", NAMES))
        .isEqualTo("'oon' is not allowed; use milvus, influx, on, 2.7 or 2.9; did you mean 'on'?");
    assertThat(Suggestions.notAllowed("x", List.of("on"))).isEqualTo("'x' is not allowed; use on");
  }

  @Test
  void quote_isOneShortLine() {
    assertThat(Suggestions.quote("a\nb")).isEqualTo("'a?b'");
    assertThat(Suggestions.quote("x".repeat(101))).isEqualTo("'" + "x".repeat(100) + "…'");
  }
}
