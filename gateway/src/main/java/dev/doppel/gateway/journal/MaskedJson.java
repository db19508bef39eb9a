package dev.doppel.gateway.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.doppel.dialect.ClientJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Copies JSON byte for byte, except for the values that are to be masked. */
final class MaskedJson {

  /** Decides which values are masked. */
  interface Rule {

    /**
     * Returns whether the value is masked with all that is in it.
     *
     * @param name name of the member, or for a value in a list of the nearest enclosing member;
     *     null if there is none
     * @param isMember whether the value is the member itself, not in a list
     */
    boolean masks(@Nullable String name, boolean isMember, JsonToken token);

    /** Returns a text, or the name of a member, as it is copied. */
    String text(String text);

    /** Receives a text that is masked. */
    void masked(String text);
  }

  /** Positions are counted in bytes, so only UTF-8 is read. */
  private static final JsonFactory JSON =
      ClientJson.factory().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

  private final byte[] bytes;
  private final Rule rule;
  private final StringBuilder copy = new StringBuilder();
  private int copied;

  private MaskedJson(byte[] bytes, Rule rule) {
    this.bytes = bytes;
    this.rule = rule;
  }

  /** Returns the masked text; empty if the bytes aren't JSON to their end. */
  static Optional<String> of(byte[] bytes, Rule rule) {
    var json = new MaskedJson(bytes, rule);
    try (var parser = JSON.createParser(bytes)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        json.pass(parser, token);
      }
    } catch (IOException notJson) {
      return Optional.empty();
    }
    return Optional.of(json.copy.append(json.text(json.copied, bytes.length)).toString());
  }

  private void pass(JsonParser parser, JsonToken token) throws IOException {
    parser.finishToken();
    if (token.isStructEnd() || token == JsonToken.VALUE_NULL) {
      return;
    }
    var isName = token == JsonToken.FIELD_NAME;
    if (!isName && rule.masks(name(parser, token), isMember(parser, token), token)) {
      var begin = begin(parser);
      skip(parser, token);
      replace(begin, end(parser), Masking.MASK);
    } else if (isName || token == JsonToken.VALUE_STRING) {
      var begin = begin(parser);
      var text = parser.getText();
      var replacement = rule.text(text);
      if (!replacement.equals(text)) {
        replace(begin, isName ? nameEnd(begin) : end(parser), replacement);
      }
    }
  }

  /** Skips the value, and leaves the parser after it. */
  private void skip(JsonParser parser, JsonToken first) throws IOException {
    var depth = 0;
    for (var token = first; ; token = parser.nextToken()) {
      if (token == null) {
        throw new IOException("end of input within a value");
      }
      parser.finishToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        rule.masked(parser.getText());
      }
      if (depth == 0) {
        return;
      }
    }
  }

  private static boolean isMember(JsonParser parser, JsonToken token) {
    return enclosing(parser, token).inObject();
  }

  private static @Nullable String name(JsonParser parser, JsonToken token) {
    var context = enclosing(parser, token);
    while (context.inArray()) {
      context = context.getParent();
    }
    return context.getCurrentName();
  }

  private static JsonStreamContext enclosing(JsonParser parser, JsonToken token) {
    var context = parser.getParsingContext();
    return token.isStructStart() ? context.getParent() : context;
  }

  private void replace(int begin, int end, String text) {
    copy.append(text(copied, begin))
        .append('"')
        .append(JsonStringEncoder.getInstance().quoteAsString(text))
        .append('"');
    copied = end;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /**
   * Returns the end of a name, after its first unescaped quote; the parser itself is already past
   * the colon.
   */
  private int nameEnd(int begin) {
    var at = begin + 1;
    while (bytes[at] != '"') {
      at += bytes[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static int begin(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }
}
