package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value of a closed set that isn't allowed is quoted, and the nearest one suggested. */
class RefusedFlagsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "store, memry:, memory:",
    "stores, seperate, separate",
    "dialects, influy, influx",
    "fidelity, observd, observed",
    "fidelity, influx=observd, influx=observed",
    "emulate, influx=2.77, influx=2.7",
    "ports, influy=1, influx",
    "hash, argon2i, argon2id",
    "trusted-headers, forwarde, forwarded",
    "milvus-auth, offf, off",
    "influx-use-hashed-tokens, flase, false",
  })
  void refusal_quotesValueAndNearest(String flag, String value, String nearest) throws IOException {
    var file = Files.writeString(folder.resolve("c.yaml"), flag + ": '" + value + "'\n");
    var variable = "DOPPEL_" + flag.toUpperCase(Locale.ROOT).replace('-', '_');
    assertRefused(value, nearest, Map.of(), "--" + flag, value);
    assertRefused(value, nearest, Map.of(variable, value));
    assertRefused(value, nearest, Map.of(), "--config", file.toString());
  }

  @ParameterizedTest
  @CsvSource({"prot, port", "store-fil, store-file", "dialect, dialects"})
  void unknownKey_isQuoted(String key, String nearest) throws IOException {
    var file = Files.writeString(folder.resolve("c.yaml"), key + ": 1\n");
    assertRefused(key, nearest, Map.of(), "--config", file.toString());
  }

  @Test
  void separateStores_areRefusedInPostgres() {
    var config =
        Main.serve("--port=0", "--store=postgresql://u:secret@h/d", "--stores=separate").config();
    assertThatThrownBy(() -> Doppel.start(config))
        .isInstanceOf(StartupException.class)
        .hasMessageMatching(
            "--stores 'separate' with --store postgresql://[^:]*h[^ ]*: not allowed; use --store"
                + " memory: or file:PATH, or --stores shared")
        .hasMessageNotContaining("secret");
  }

  private static void assertRefused(
      String value, String nearest, Map<String, String> environment, String... flags) {
    assertThatThrownBy(() -> Main.serve(environment, flags).config())
        .isInstanceOf(StartupException.class)
        .hasMessageContainingAll("'" + value + "'", "; did you mean '" + nearest + "'?");
  }
}
