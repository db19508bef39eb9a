package dev.doppel.wire.go;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoJsonTest {

  @GoType("pkg.Thing")
  record Thing(@Nullable String name, @GoType("pkg.Kind") @Nullable String kind) {}

  @GoType("pkg.Part")
  record Part(@GoType("pkg.Kind") @Nullable String kind, @Nullable Long weight) {}

  @GoType("pkg.Whole")
  record Whole(
      @Nullable Long size,
      @Nullable Boolean open,
      @GoType("pkg.Part") @Nullable Part part,
      @GoType("[]pkg.Part") @Nullable List<Part> parts,
      @Nullable Map<String, String> labels) {}

  private static Whole whole(String json) {
    return GoJson.read(Buffer.buffer(json), Whole.class);
  }

  @Test
  void read_decodesNestedRecords() {
    assertThat(
            whole(
                "{\"size\":-7,\"open\":true,\"x\":[{}],\"part\":{\"kind\":\"a\"},"
                    + "\"parts\":[{\"weight\":1,\"kind\":null},null],"
                    + "\"labels\":{\"k\":\"v\",\"n\":null}}"))
        .isEqualTo(
            new Whole(
                -7L,
                true,
                new Part("a", null),
                List.of(new Part(null, 1L), new Part(null, null)),
                Map.of("k", "v", "n", "")));
    assertThat(whole("{\"parts\":[],\"part\":null}"))
        .isEqualTo(new Whole(null, null, null, List.of(), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"size\":\"1\"}|string into Go struct field Whole.size of type int64",
        "{\"size\":1.5}|number 1.5 into Go struct field Whole.size of type int64",
        "{\"size\":1e2}|number 1e2 into Go struct field Whole.size of type int64",
        "{\"size\":9223372036854775808}|number 9223372036854775808 into Go struct field Whole.size of type int64",
        "{\"open\":\"true\"}|string into Go struct field Whole.open of type bool",
        "{\"part\":1}|number into Go struct field Whole.part of type pkg.Part",
        "{\"part\":{\"kind\":1}}|number into Go struct field Part.part.kind of type pkg.Kind",
        "{\"parts\":{}}|object into Go struct field Whole.parts of type []pkg.Part",
        "{\"parts\":[[]]}|array into Go struct field Whole.parts of type pkg.Part",
        "{\"parts\":[{},{\"weight\":\"x\"}]}|string into Go struct field Part.parts.weight of type int64",
        "{\"labels\":[]}|array into Go struct field Whole.labels of type map[string]string",
        "{\"labels\":{\"k\":[1]}}|array into Go struct field Whole.labels of type string",
      })
  void read_rejectsWrongTypesInside(String json, String text) {
    assertThatThrownBy(() -> whole(json)).hasMessage("json: cannot unmarshal " + text);
  }

  private static Thing read(String json) {
    return GoJson.read(Buffer.buffer(json), Thing.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|EOF",
        "`  `|EOF",
        "{|unexpected EOF",
        "{\"name\"|unexpected EOF",
        "{\"name\":\"x|unexpected EOF",
        "[1,|unexpected EOF",
        "-|unexpected EOF",
        "tru|unexpected EOF",
        "x|invalid character 'x' looking for beginning of value",
        "'|invalid character '\\'' looking for beginning of value",
        "\\|invalid character '\\\\' looking for beginning of value",
        "{\"name\":}|invalid character '}' looking for beginning of value",
        "[1,]|invalid character ']' looking for beginning of value",
        "{x|invalid character 'x' looking for beginning of object key string",
        "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
        "{\"a\" 1}|invalid character '1' after object key",
        "{\"a\":1 2}|invalid character '2' after object key:value pair",
        "[1 2]|invalid character '2' after array element",
        "trux|invalid character 'x' in literal true (expecting 'e')",
        "nul1|invalid character '1' in literal null (expecting 'l')",
        "{\"a\":-x}|invalid character 'x' in numeric literal",
        "{\"a\":1.x}|invalid character 'x' after decimal point in numeric literal",
        "{\"a\":1ex}|invalid character 'x' in exponent of numeric literal",
        "{\"a\":\"\\x\"}|invalid character 'x' in string escape code",
        "{\"a\":\"\\u00g0\"}|invalid character 'g' in \\u hexadecimal character escape",
        "é|invalid character 'Ã' looking for beginning of value",
        "[]|json: cannot unmarshal array into Go value of type pkg.Thing",
        "1|json: cannot unmarshal number into Go value of type pkg.Thing",
        "{\"name\":{}}|json: cannot unmarshal object into Go struct field Thing.name of type string",
        "{\"KIND\":[1]}|json: cannot unmarshal array into Go struct field Thing.kind of type pkg.Kind",
        "{\"name\":1,\"kind\":true}|json: cannot unmarshal number into Go struct field Thing.name of type string",
      })
  void read_rejectsMalformedJsonWithGosMessages(String json, String text) {
    assertThatThrownBy(() -> read(json)).hasMessage(text);
  }

  @Test
  void read_quotesControlCharacters() {
    assertThatThrownBy(() -> read("{\"name\":\"\n\"}"))
        .hasMessage("invalid character '\\n' in string literal");
    assertThatThrownBy(() -> read("\0"))
        .hasMessage("invalid character '\\x00' looking for beginning of value");
    assertThatThrownBy(() -> GoJson.read(Buffer.buffer(new byte[] {(byte) 0x80}), Thing.class))
        .hasMessage("invalid character '\\u0080' looking for beginning of value");
  }

  @Test
  void read_takesFirstValue_ignoresCase_lastMemberWins() {
    assertThat(read(" {\"NAME\":\"a\",\"x\":[{\"name\":1}],\"name\":\"b\",\"kind\":null} tail"))
        .isEqualTo(new Thing("b", null));
    assertThat(read("null")).isEqualTo(new Thing(null, null));
    assertThat(read("{\"a\":1E400,\"b\":-0.5e+3,\"c\":[[],{}]}")).isEqualTo(new Thing(null, null));
  }

  @Test
  void read_replacesBrokenCharacters() {
    assertThat(read("{\"name\":\"\\ud83d\\ude00 \\ud83d\"}").name()).isEqualTo("😀 \ufffd");
    assertThat(read("{\"\\uD83dx\":1,\"name\":\"\\ude00\\\\ud83d\\ud83d\\n\"}").name())
        .isEqualTo("\ufffd\\ud83d\ufffd\n");
    var broken = Buffer.buffer("{\"name\":\"").appendByte((byte) 0xff).appendString("\"}");
    assertThat(GoJson.read(broken, Thing.class).name()).isEqualTo("\ufffd");
  }

  @Test
  void read_limitsDepth() {
    assertThat(read("{\"x\":" + "[".repeat(9_999) + "]".repeat(9_999) + ",\"name\":\"a\"}").name())
        .isEqualTo("a");
    assertThatThrownBy(() -> read("[".repeat(100_000))).hasMessage("exceeded max depth");
  }

  @Test
  void compact_escapesAsGoDoes() throws JsonProcessingException {
    var text = "<&>\u2028\u2029\u0001\u001f\b\f\n\r\t\"\\/é😀\u007f";
    assertThat(GoJson.compact().writeValueAsString(Map.of("a", text)))
        .isEqualTo(
            "{\"a\":\"\\u003c\\u0026\\u003e\\u2028\\u2029\\u0001\\u001f\\b\\f\\n\\r\\t\\\"\\\\/é😀\u007f\"}");
  }

  @Test
  void indented_usesTabs_keepsEmptyValuesOnOneLine() throws JsonProcessingException {
    assertThat(GoJson.indented().writeValueAsString(Map.of("a", List.of(Map.of("b", List.of())))))
        .isEqualTo("{\n\t\"a\": [\n\t\t{\n\t\t\t\"b\": []\n\t\t}\n\t]\n}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":\"1\",\"b\":null} | {a=1, b=}",
        "null | {}",
        "{} trailing | {}",
      })
  void readMap_readsTexts(String body, String map) {
    assertThat(GoJson.readMap(Buffer.buffer(body))).hasToString(map);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | json: cannot unmarshal array into Go value of type map[string]string",
        "{\"a\":1,\"b\":[]} | json: cannot unmarshal number into Go value of type string",
        "{\"a\" | unexpected EOF",
      })
  void readMap_refusesOtherValues(String body, String message) {
    assertThatThrownBy(() -> GoJson.readMap(Buffer.buffer(body))).hasMessage(message);
  }
}
