package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries and texts are those of Go's own net/url/url_test.go. */
class GoQueryTest {

  static Stream<Arguments> queries() {
    return Stream.of(
        Arguments.of("", Map.of()),
        Arguments.of("a=1", Map.of("a", List.of("1"))),
        Arguments.of("a=1&b=2", Map.of("a", List.of("1"), "b", List.of("2"))),
        Arguments.of("a=1&a=2&a=banana", Map.of("a", List.of("1", "2", "banana"))),
        Arguments.of("ascii=%3Ckey%3A+0x90%3E", Map.of("ascii", List.of("<key: 0x90>"))),
        Arguments.of("a=%C3%A9", Map.of("a", List.of("\u00e9"))),
        Arguments.of("a=\u00c3\u00a9", Map.of("a", List.of("\u00e9"))),
        Arguments.of("a=%ff", Map.of("a", List.of("\ufffd"))),
        Arguments.of("a=b=c", Map.of("a", List.of("b=c"))),
        Arguments.of("=x", Map.of("", List.of("x"))),
        Arguments.of("a&&B=", Map.of("a", List.of(""), "B", List.of(""))));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void parse_readsEveryValue(String query, Map<String, List<String>> values) {
    assertThat(GoQuery.parse(query).values()).isEqualTo(values);
    assertThat(GoQuery.parse(query).error()).isEmpty();
  }

  static Stream<Arguments> malformed() {
    var semicolon = "invalid semicolon separator in query";
    return Stream.of(
        Arguments.of("a=1;b=2", Map.of(), semicolon),
        Arguments.of("a;b=1", Map.of(), semicolon),
        Arguments.of("a=%3B", Map.of("a", List.of(";")), ""),
        Arguments.of("a%3Bb=1", Map.of("a;b", List.of("1")), ""),
        Arguments.of("a=1&a=2;a=banana", Map.of("a", List.of("1")), semicolon),
        Arguments.of("a;b&c=1", Map.of("c", List.of("1")), semicolon),
        Arguments.of("a=1&b=2;a=3&c=4", Map.of("a", List.of("1"), "c", List.of("4")), semicolon),
        Arguments.of("a=1&b=2;c=3", Map.of("a", List.of("1")), semicolon),
        Arguments.of(";", Map.of(), semicolon),
        Arguments.of("a=1;", Map.of(), semicolon),
        Arguments.of("a=1&;", Map.of("a", List.of("1")), semicolon),
        Arguments.of(";a=1&b=2", Map.of("b", List.of("2")), semicolon),
        Arguments.of("a=1&b=2;", Map.of("a", List.of("1")), semicolon),
        Arguments.of("%zz=1&a=1&b=%z", Map.of("a", List.of("1")), "invalid URL escape \"%zz\""),
        Arguments.of("a=%", Map.of(), "invalid URL escape \"%\""),
        Arguments.of("a=%1", Map.of(), "invalid URL escape \"%1\""),
        Arguments.of("a=123%45%6", Map.of(), "invalid URL escape \"%6\""),
        Arguments.of("a=%zzzzz", Map.of(), "invalid URL escape \"%zz\""));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void parse_leavesOutMalformedPairs(String query, Map<String, List<String>> values, String error) {
    assertThat(GoQuery.parse(query).values()).isEqualTo(values);
    assertThat(GoQuery.parse(query).error().orElse("")).isEqualTo(error);
  }

  @Test
  void first_isCaseSensitive() {
    var query = GoQuery.parse("Name=a&name=b&name=c&empty");
    assertThat(query.first("name")).hasValue("b");
    assertThat(query.first("empty")).hasValue("");
    assertThat(query.first("NAME")).isEmpty();
  }

  static Stream<Arguments> escaped() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("abc", "abc"),
        Arguments.of("one two", "one+two"),
        Arguments.of("10%", "10%25"),
        Arguments.of("-_.~", "-_.~"),
        Arguments.of(
            " ?&=#+%!<>#\"{}|\\^[]`\u263a\t:/@$'()*,;",
            "+%3F%26%3D%23%2B%25%21%3C%3E%23%22%7B%7D%7C%5C%5E%5B%5D%60%E2%98%BA%09%3A%2F%40%24%27"
                + "%28%29%2A%2C%3B"));
  }

  @ParameterizedTest
  @MethodSource("escaped")
  void escape_keepsUnreservedCharacters(String text, String escaped) {
    assertThat(GoQuery.escape(text)).isEqualTo(escaped);
  }

  @Test
  void encode_writesParametersInOrder() {
    assertThat(GoQuery.encode(new TreeMap<>(Map.of("q", "dogs", "&", "7", "a", ""))))
        .isEqualTo("%26=7&a=&q=dogs");
    assertThat(GoQuery.encode(Map.of())).isEmpty();
  }
}
