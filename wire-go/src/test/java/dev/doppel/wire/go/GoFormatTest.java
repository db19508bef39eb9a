package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers are those of Go's own strconv/ftoa_test.go and fmt/fmt_test.go. */
class GoFormatTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-1, -1",
    "20, 20",
    "1234567.8, 1.2345678e+06",
    "200000, 200000",
    "2000000, 2e+06",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "1e21, 1e+21",
    "1e23, 1e+23",
    "5e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
  })
  void print_printsNumbersAsG(double number, String text) {
    assertThat(GoFormat.print(number)).isEqualTo(text);
  }

  @Test
  void print_printsOtherValues() {
    assertThat(GoFormat.print(null)).isEqualTo("<nil>");
    assertThat(GoFormat.print("a b")).isEqualTo("a b");
    assertThat(GoFormat.print(true)).isEqualTo("true");
    assertThat(GoFormat.print(List.of(1.0, "x", List.of()))).isEqualTo("[1 x []]");
    assertThat(GoFormat.print(Map.of("b", 2.5, "a", Map.of()))).isEqualTo("map[a:map[] b:2.5]");
  }
}
