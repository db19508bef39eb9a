package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths are those of Go's own net/url/url_test.go. */
class GoPathTest {

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/p/a/t/h, /p/a/t/h",
    "/a%20b, /a b",
    "/caf%C3%A9, /caf\u00e9",
    "/%3F%23%5B%5D, /?#[]",
    "/%25, /%",
    // not as Go escapes them
    "/a%2Fb, /a%2Fb",
    "/a%2fb, /a%2fb",
    "/caf%c3%a9, /caf%c3%a9",
    "/%30%32, /%30%32",
    "/a(b)%20c, /a(b)%20c",
    "/a%20'b', /a%20'b'",
  })
  void routed_decodesWhatGoWouldEscapeSo(String sent, String routed) {
    assertThat(GoPath.routed(sent)).contains(routed.replace("''", "'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%1", "/%zz", "/a%2"})
  void routed_refusesMalformedEscapes(String sent) {
    assertThat(GoPath.routed(sent)).isEmpty();
  }

  @Test
  void routed_leavesBytesThatNeedAnEscapeAlone() {
    assertThat(GoPath.routed("/caf\u00c3\u00a9")).contains("/caf\u00c3\u00a9");
  }
}
