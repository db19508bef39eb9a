package dev.doppel.store.postgres;

import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Encodes texts for PostgreSQL, which accepts neither U+0000 nor unpaired surrogates; names of
 * users may contain both. The order of texts is preserved. U+0001 and U+E000 introduce escapes:
 *
 * <pre>
 *   U+0000              U+0001 U+0001
 *   U+0001              U+0001 U+0002
 *   unpaired surrogate  U+E000 and four hex digits
 *   U+E000              U+E000 U+E000
 * </pre>
 */
final class PgText {

  private static final char LOW = '\u0001';
  private static final char LOW_ITSELF = '\u0002';
  private static final char HIGH = '\ue000';
  private static final HexFormat HEX = HexFormat.of();

  private static final Pattern ESCAPES =
      Pattern.compile(
          "\\\\u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}"
              + "|\\\\u(\\p{XDigit}{4})|\\\\.");
  private static final Pattern ENCODED_ESCAPES = Pattern.compile("\\\\u0001\\\\u000([12])|\\\\.");

  private PgText() {}

  static String encode(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (needsEscape(text, at)) {
        return encode(text, at);
      }
    }
    return text;
  }

  private static String encode(String text, int from) {
    var encoded = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int at = from; at < text.length(); at++) {
      if (needsEscape(text, at)) {
        encoded.append(escape(text.charAt(at)));
      } else {
        encoded.append(text.charAt(at));
      }
    }
    return encoded.toString();
  }

  private static boolean needsEscape(String text, int at) {
    var c = text.charAt(at);
    return c <= LOW
        || c == HIGH
        || (Character.isSurrogate(c)
            && !(at > 0 && Character.isSurrogatePair(text.charAt(at - 1), c))
            && !(at + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(at + 1))));
  }

  private static String escape(char c) {
    return switch (c) {
      case 0 -> "" + LOW + LOW;
      case LOW -> "" + LOW + LOW_ITSELF;
      case HIGH -> "" + HIGH + HIGH;
      default -> HIGH + HEX.toHexDigits(c);
    };
  }

  /** Returns the text that was {@linkplain #encode encoded}. */
  static String decode(String encoded) {
    if (encoded.indexOf(LOW) < 0 && encoded.indexOf(HIGH) < 0) {
      return encoded;
    }
    var text = new StringBuilder(encoded.length());
    var at = 0;
    while (at < encoded.length()) {
      var c = encoded.charAt(at++);
      if (c == LOW) {
        text.append(encoded.charAt(at++) == LOW ? '\0' : LOW);
      } else if (c == HIGH && encoded.charAt(at) != HIGH) {
        text.append((char) HexFormat.fromHexDigits(encoded, at, at + 4));
        at += 4;
      } else {
        text.append(c);
        at += c == HIGH ? 1 : 0;
      }
    }
    return text.toString();
  }

  /**
   * Returns JSON with every text {@linkplain #encode encoded}, including characters that are
   * written as JSON escapes, since PostgreSQL decodes those when it reads a member. Everything else
   * is unchanged.
   */
  static String encodeJson(String json) {
    return json.contains("\\u")
        ? ESCAPES.matcher(encode(json)).replaceAll(PgText::encodeEscape)
        : encode(json);
  }

  private static String encodeEscape(MatchResult escape) {
    if (escape.group(1) == null) {
      return quoted(escape.group());
    }
    var unit = (char) HexFormat.fromHexDigits(escape.group(1));
    if (unit <= LOW) {
      return quoted(unit == 0 ? "\\u0001\\u0001" : "\\u0001\\u0002");
    }
    return unit == HIGH || Character.isSurrogate(unit) ? escape(unit) : quoted(escape.group());
  }

  /** Returns JSON equivalent to that which was {@linkplain #encodeJson encoded}. */
  static String decodeJson(String encoded) {
    var json = decode(encoded);
    return json.contains("\\u0001")
        ? ENCODED_ESCAPES
            .matcher(json)
            .replaceAll(
                escape ->
                    quoted(
                        escape.group(1) == null
                            ? escape.group()
                            : escape.group(1).equals("1") ? "\\u0000" : "\\u0001"))
        : json;
  }

  private static String quoted(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }
}
