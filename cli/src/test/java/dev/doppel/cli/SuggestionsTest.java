package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.gateway.input.Suggestions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "influy|; did you mean 'influx'?",
        "vclod|; did you mean 'vcloud'?",
        "oracle|``",
      })
  void env_suggestsDialect(String dialect, String suggestion) {
    var args = new String[] {"env", dialect};
    var err = new StringWriter();
    var exitCode =
        Main.commandLine(Defaults.of(args, Map.of()))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    assertThat(exitCode).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "doppel: env '%s': not allowed; use milvus, influx, vcloud or workspace%s\n"
                .formatted(dialect, suggestion));
  }
}
