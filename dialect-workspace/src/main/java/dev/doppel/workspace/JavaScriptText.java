package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.util.HexFormat;

/**
 * Writes text as {@code JSON.stringify} does (ECMA-262, QuoteJSONString): hex digits are in lower
 * case, and an unpaired surrogate, which names from other dialects may contain, is escaped.
 */
final class JavaScriptText extends StdScalarSerializer<String> {

  JavaScriptText() {
    super(String.class);
  }

  @Override
  public void serialize(String text, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    if (isPlain(text)) {
      out.writeString(text); // same result, but faster
      return;
    }
    var quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(point -> append(quoted, point));
    out.writeRawValue(quoted.append('"').toString());
  }

  private static void append(StringBuilder quoted, int point) {
    switch (point) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\b' -> quoted.append("\\b");
      case '\t' -> quoted.append("\\t");
      case '\n' -> quoted.append("\\n");
      case '\f' -> quoted.append("\\f");
      case '\r' -> quoted.append("\\r");
      default -> {
        if (point < ' ' || isSurrogate(point)) {
          quoted.append("\\u").append(HexFormat.of().toHexDigits((char) point));
        } else {
          quoted.appendCodePoint(point);
        }
      }
    }
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      var unit = text.charAt(i);
      if (unit < ' ' || unit > '~' || unit == '"' || unit == '\\') {
        return false;
      }
    }
    return true;
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
