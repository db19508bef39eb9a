package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers are those of Go's own net/http/request_test.go. */
class GoBasicAuthTest {

  @ParameterizedTest
  @CsvSource({
    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Aladdin, open sesame",
    "BASIC QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Aladdin, open sesame",
    "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Aladdin, open sesame",
    "Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==, Aladdin, open:sesame",
    "Basic Og==, '', ''",
  })
  void parse_readsNameAndPassword(String header, String name, String password) {
    var pair = GoBasicAuth.parse(header).orElseThrow();
    assertThat(pair.name()).isEqualTo(name);
    assertThat(pair.password().clearText()).isEqualTo(password);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Basic ",
        "BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== ",
        "Basic YWJj",
        "Digest username=\"Aladdin\""
      })
  void parse_isEmptyForOthers(String header) {
    assertThat(GoBasicAuth.parse(header)).isEmpty();
  }

  @Test
  void parse_keepsPasswordsOutOfTexts() {
    assertThat(GoBasicAuth.parse("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==").toString())
        .contains("Aladdin")
        .doesNotContain("sesame");
  }
}
