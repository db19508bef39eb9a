package dev.doppel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallScopeTest {

  private static boolean matches(String pattern, String path) {
    return new CallScope(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(pattern))
        .has("influx", Optional.empty(), path);
  }

  @ParameterizedTest
  @CsvSource({
    "/a, /a, true",
    "/a, /ab, false",
    "*, /a, true",
    "*, '', true",
    "/a*, /a, true",
    "/a*, /b, false",
    "*/b, /a/b, true",
    "*/b, /a/bc, false",
    "/a*/b, /a/b, true",
    "/a*/b, /a/x/y/b, true",
    "/aba*aba, /aba, false",
    "/aba*aba, /abaaba, true",
    "/*/b/*/d, /a/b/c/d, true",
    "/*/b/*/d, /a/b/d, false",
    "*b*b*, /a/b/b, true",
    "*b*b*, /a/b, false",
    "/a**b, /ab, true",
    "/a.c*, /abc, false",
  })
  void path_matchesWildcards(String pattern, String path, boolean matches) {
    assertThat(matches(pattern, path)).isEqualTo(matches);
  }

  /** Would not end with a matcher that backtracks. */
  @Test
  @Timeout(60)
  void path_matchesManyWildcardsFast() {
    assertThat(matches("*a".repeat(50) + "*b*c", "a".repeat(16_000) + "c")).isFalse();
  }
}
