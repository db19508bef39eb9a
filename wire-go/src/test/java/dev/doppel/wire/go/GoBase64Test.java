package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts are those of Go's own encoding/base64/base64_test.go. */
class GoBase64Test {

  @ParameterizedTest
  @CsvSource({
    "!!!!, 0",
    "====, 0",
    "x===, 1",
    "=AAA, 0",
    "A=AA, 1",
    "AA=A, 2",
    "AA==A, 4",
    "AAA=AAAA, 4",
    "AAAAA, 4",
    "AAAAAA, 4",
    "A=, 1",
    "A==, 1",
    "AA=, 3",
    "AAAAAA=, 7",
    "YWJjZA=====, 8",
    "'A!\n', 1",
    "'A=\n', 1",
  })
  void findError_saysWhereTheErrorIs(String text, int at) {
    assertThat(GoBase64.findError(text)).hasValue("illegal base64 data at input byte " + at);
    assertThat(GoBase64.decode(text)).isEmpty();
    assertThat(GoBase64.decodeText(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "AAA=\n", "AAAA\n", "AA==", "AAA=", "AAAA"})
  void findError_isEmptyForBase64(String text) {
    assertThat(GoBase64.findError(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "Zg==, f",
    "Zm8=, fo",
    "Zm9v, foo",
    "Zm9vYg==, foob",
    "Zm9vYmE=, fooba",
    "Zm9vYmFy, foobar",
    "c3VyZS4=, sure.",
    "bGVhc3VyZS4=, leasure.",
  })
  void decodeText_decodes(String base64, String text) {
    assertThat(GoBase64.decodeText(base64)).hasValue(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c3VyZQ==",
        "c3VyZQ==\r",
        "c3VyZQ==\n",
        "c3VyZQ==\r\n",
        "c3VyZ\r\nQ==",
        "c3V\ryZ\nQ==",
        "c3V\nyZ\rQ==",
        "c3VyZ\nQ==",
        "c3VyZQ\n==",
        "c3VyZQ=\n=",
        "c3VyZQ=\r\n\r\n="
      })
  void decodeText_skipsLineBreaks(String base64) {
    assertThat(GoBase64.decodeText(base64)).hasValue("sure");
  }

  @Test
  void decodeText_isEmptyForOtherBytesThanText() {
    assertThat(GoBase64.decodeText("/w==")).isEmpty();
    assertThat(GoBase64.decode("/w==")).hasValue(new byte[] {(byte) 0xff});
  }
}
