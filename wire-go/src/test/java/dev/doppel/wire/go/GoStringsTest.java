package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts are those of Go's own strconv/quote_test.go and strings/strings_test.go. */
class GoStringsTest {

  static Stream<Arguments> quoted() {
    return Stream.of(
        Arguments.of("", "\"\""),
        Arguments.of("my-org", "\"my-org\""),
        Arguments.of("\u0007\b\f\r\n\t\u000b", "\"\\a\\b\\f\\r\\n\\t\\v\""),
        Arguments.of("\\", "\"\\\\\""),
        Arguments.of("a\"b", "\"a\\\"b\""),
        Arguments.of("\u263a", "\"\u263a\""),
        Arguments.of("\ud83d\ude00", "\"\ud83d\ude00\""),
        Arguments.of(Character.toString(0x10ffff), "\"\\U0010ffff\""),
        Arguments.of("\u0004", "\"\\x04\""),
        Arguments.of("\u007f", "\"\\x7f\""),
        Arguments.of("\u0085\u00ad\u200b\u2028\ue000", "\"\\u0085\\u00ad\\u200b\\u2028\\ue000\""),
        Arguments.of("!\u00a0!\u2000!\u3000!", "\"!\\u00a0!\\u2000!\\u3000!\""),
        Arguments.of("\ufffd", "\"\ufffd\""),
        Arguments.of("a\ud800b", "\"a\ufffdb\""));
  }

  @ParameterizedTest
  @MethodSource("quoted")
  void quote_escapesWhatIsNotPrintable(String text, String quoted) {
    assertThat(GoStrings.quote(text)).isEqualTo(quoted);
  }

  static Stream<Arguments> lowered() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("abc", "abc"),
        Arguments.of("AbC123", "abc123"),
        Arguments.of("azAZ09_", "azaz09_"),
        Arguments.of("longStrinGwitHmixofsmaLLandcAps", "longstringwithmixofsmallandcaps"),
        Arguments.of(
            "LONG\u2c6fSTRING\u2c6fWITH\u2c6fNONASCII\u2c6fCHARS",
            "long\u0250string\u0250with\u0250nonascii\u0250chars"),
        Arguments.of("\u2c6d\u2c6d\u2c6d\u2c6d\u2c6d", "\u0251\u0251\u0251\u0251\u0251"),
        Arguments.of("A\ud83d\ude00\ud801\udc00", "a\ud83d\ude00\ud801\udc28"),
        Arguments.of("\u0391\u03a3", "\u03b1\u03c3"), // no final sigma
        Arguments.of("\u0130", "i"));
  }

  @ParameterizedTest
  @MethodSource("lowered")
  void toLower_lowersEachCharacterByItself(String text, String lowered) {
    assertThat(GoStrings.toLower(text)).isEqualTo(lowered);
  }

  static Stream<Arguments> trimmed() {
    var space = "\t\u000b\r\f\n\u0085\u00a0\u2000\u3000";
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("abc", "abc"),
        Arguments.of(space + "abc" + space, "abc"),
        Arguments.of(" \t\r\n \t\t\r\r\n\n ", ""),
        Arguments.of(" \t\r\n x\t\t\r\r\n\n ", "x"),
        Arguments.of(" \u2000\t\r\n x\t\t\r\r\ny\n \u3000", "x\t\t\r\r\ny"),
        Arguments.of("1 \t\r\n2", "1 \t\r\n2"),
        Arguments.of("x ☺\ufffd ", "x ☺\ufffd"));
  }

  @ParameterizedTest
  @MethodSource("trimmed")
  void trimSpace_removesWhiteSpaceAtTheEnds(String text, String trimmed) {
    assertThat(GoStrings.trimSpace(text)).isEqualTo(trimmed);
  }

  @Test
  void trimSpace_differsFromStrip() {
    assertThat(GoStrings.trimSpace("\u00a0a\u202f")).isEqualTo("a");
    assertThat("\u00a0a\u202f".strip()).isEqualTo("\u00a0a\u202f");
    assertThat(GoStrings.trimSpace("\u001ca\u001f")).isEqualTo("\u001ca\u001f");
    assertThat("\u001ca\u001f".strip()).isEqualTo("a");
  }
}
