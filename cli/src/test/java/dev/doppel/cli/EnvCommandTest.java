package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvCommandTest {

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
