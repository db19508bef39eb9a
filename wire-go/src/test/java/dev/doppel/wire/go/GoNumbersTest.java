package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts are those of Go's own strconv/atoi_test.go and strconv/atob_test.go. */
class GoNumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "+0, 0",
    "1, 1",
    "-1, -1",
    "+1, 1",
    "12345, 12345",
    "012345, 12345",
    "-012345, -12345",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
  })
  void parseInt_readsDecimalNumbers(String text, long number) {
    assertThat(GoNumbers.parseInt(text)).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+",
        "-",
        "12345x",
        "-12345x",
        " 1",
        "1_000",
        "0x10",
        "1e2",
        "٣",
        "9223372036854775808",
        "-9223372036854775809"
      })
  void parseInt_isEmptyForOthers(String text) {
    assertThat(GoNumbers.parseInt(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, false",
    "f, false",
    "F, false",
    "FALSE, false",
    "false, false",
    "False, false",
    "1, true",
    "t, true",
    "T, true",
    "TRUE, true",
    "true, true",
    "True, true",
  })
  void parseBool_readsTwelveSpellings(String text, boolean flag) {
    assertThat(GoNumbers.parseBool(text)).hasValue(flag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "asdf", "tRUE", "yes", "on", "2"})
  void parseBool_isEmptyForOthers(String text) {
    assertThat(GoNumbers.parseBool(text)).isEmpty();
  }
}
