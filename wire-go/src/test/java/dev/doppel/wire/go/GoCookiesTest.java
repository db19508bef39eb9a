package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cookies are those of Go's own net/http/cookie_test.go. */
class GoCookiesTest {

  private static Optional<String> find(String name, String... headers) {
    return GoCookies.find(List.of(headers), name);
  }

  @Test
  void find_readsEveryHeader() {
    assertThat(find("c2", "Cookie-1=v$1; c2=v2")).contains("v2");
    assertThat(find("c2", "Cookie-1=v$1", "c2=v2")).contains("v2");
    assertThat(find("Cookie-1", "Cookie-1=v$1; c2=v2")).contains("v$1");
    assertThat(find("c3", "Cookie-1=v$1; c2=v2")).isEmpty();
    assertThat(find("c", "c=1; c=2")).contains("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "special-1= z | ' z'",
        "special-2=\" z\" | ' z'",
        "special-3=a,z | a,z",
        "special-4=\",\" | ','",
        "empty= | ''",
        "quoted=\"\" | ''",
        "base64=YQ== | YQ==",
      })
  void find_readsValue(String pair, String value) {
    assertThat(find(pair.split("=", 2)[0], "a=b;" + pair)).contains(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"a\"b", "\"", "a\\b", "a\u0001b", "\u00e9"})
  void find_skipsWhatNoCookieHas(String value) {
    assertThat(find("c", "c=" + value)).isEmpty();
    assertThat(find("c", "c=" + value + "; c=right")).contains("right");
  }
}
