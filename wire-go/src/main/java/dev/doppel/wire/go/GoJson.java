package dev.doppel.wire.go;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.doppel.dialect.ClientJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON as servers written in Go read and write it.
 *
 * <p>Reading: only the first value counts; the case of member names does not matter; unknown
 * members are ignored; of equal names the last counts; null leaves a member out; broken UTF-8 and
 * UTF-16 become U+FFFD. Writing: {@code <}, {@code >}, {@code &}, U+2028 and U+2029 are escaped,
 * hex digits are lower case.
 */
public final class GoJson {

  /** A body that can't be decoded, with the message of Go's decoder. No stack trace. */
  public static final class UnreadableException extends RuntimeException {
    private final String text;

    UnreadableException(String text) {
      super(text, null, false, false);
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** An escape: a pair of surrogates, an unpaired one, which is the group, or any other. */
  private static final Pattern ESCAPE =
      Pattern.compile(
          "(?is)\\\\(?:ud[89ab]\\p{XDigit}{2}\\\\ud[c-f]\\p{XDigit}{2}|(ud[89a-f]\\p{XDigit}{2})|.)");

  private static final JsonFactory READER =
      ClientJson.factory()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private GoJson() {}

  /**
   * Decodes a body into a record whose components are strings, passwords, {@code Long}, {@code
   * Boolean}, {@code Instant}, lists, maps of strings or of objects, or such records; null where a
   * member is missing. The objects of a map are strings, {@code Double}, {@code Boolean}, null, and
   * lists and maps of such objects.
   *
   * @param type a record; {@link GoType} on it and its components gives Go's names of their types
   * @throws UnreadableException if the body can't be decoded
   */
  public static <T> T read(Buffer body, Class<T> type) {
    return decode(body, decoder -> decoder.read(type));
  }

  /**
   * Decodes a body into a map of texts ({@code map[string]string}); null in place of a text is an
   * empty one, and in place of the map is an empty map.
   *
   * @throws UnreadableException if the body can't be decoded
   */
  public static Map<String, String> readMap(Buffer body) {
    return decode(body, GoDecoder::readMap);
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(GoDecoder decoder) throws IOException;
  }

  private static <T> T decode(Buffer body, Reader<T> reader) {
    var value =
        replaceUnpairedSurrogates(GoScanner.firstValue(body).toString(StandardCharsets.UTF_8));
    try (var parser = READER.createParser(value)) {
      parser.nextToken();
      return reader.read(new GoDecoder(parser));
    } catch (IOException e) {
      throw new UncheckedIOException("a value that was scanned and still can't be parsed", e);
    }
  }

  /** Replaces unpaired surrogates, in texts and in names. */
  private static String replaceUnpairedSurrogates(String json) {
    return json.contains("\\u")
        ? ESCAPE
            .matcher(json)
            .replaceAll(
                escape ->
                    Matcher.quoteReplacement(escape.group(1) == null ? escape.group() : "\\ufffd"))
        : json;
  }

  /** Returns a mapper that writes no white space and leaves out null members. */
  public static ObjectMapper compact() {
    var factory =
        JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();
    factory.setCharacterEscapes(new Escapes());
    return new ObjectMapper(factory).setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
  }

  /**
   * Returns a mapper that writes one member or element per line, indented by a tab per level, and
   * leaves out null members.
   */
  public static ObjectMapper indented() {
    var lines = new DefaultIndenter("\t", "\n");
    var mapper = compact();
    mapper.setDefaultPrettyPrinter(
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(lines)
            .withArrayIndenter(lines));
    mapper.enable(SerializationFeature.INDENT_OUTPUT);
    return mapper;
  }

  private static final class Escapes extends CharacterEscapes {

    private final int[] ascii = standardAsciiEscapesForJSON();

    Escapes() {
      for (int c = 0; c < ' '; c++) {
        if ("\b\t\n\f\r".indexOf(c) < 0) {
          ascii[c] = ESCAPE_CUSTOM;
        }
      }
      ascii['<'] = ESCAPE_CUSTOM;
      ascii['>'] = ESCAPE_CUSTOM;
      ascii['&'] = ESCAPE_CUSTOM;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return c < 0x80 || c == 0x2028 || c == 0x2029
          ? new SerializedString("\\u%04x".formatted(c))
          : null;
    }
  }
}
