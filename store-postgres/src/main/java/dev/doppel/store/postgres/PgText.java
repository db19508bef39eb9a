package dev.doppel.store.postgres;

import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts as PostgreSQL can keep them, in the same order. It knows neither U+0000 nor half a
 * surrogate pair, which users' names may hold; U+0001 and U+E000 introduce what stands for them:
 *
 * <pre>
 *   U+0000       U+0001 U+0001
 *   U+0001       U+0001 U+0002
 *   half a pair  U+E000 and four hex digits
 *   U+E000       U+E000 U+E000
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
  private static final Pattern KEPT_ESCAPES = Pattern.compile("\\\\u0001\\\\u000([12])|\\\\.");

  private PgText() {}

  static String kept(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (odd(text, at)) {
        return kept(text, at);
      }
    }
    return text;
  }

  private static String kept(String text, int from) {
    var kept = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int at = from; at < text.length(); at++) {
      if (odd(text, at)) {
        kept.append(substitute(text.charAt(at)));
      } else {
        kept.append(text.charAt(at));
      }
    }
    return kept.toString();
  }

  private static boolean odd(String text, int at) {
    var c = text.charAt(at);
    return c <= LOW
        || c == HIGH
        || (Character.isSurrogate(c)
            && !(at > 0 && Character.isSurrogatePair(text.charAt(at - 1), c))
            && !(at + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(at + 1))));
  }

  private static String substitute(char odd) {
    return switch (odd) {
      case 0 -> "" + LOW + LOW;
      case LOW -> "" + LOW + LOW_ITSELF;
      case HIGH -> "" + HIGH + HIGH;
      default -> HIGH + HEX.toHexDigits(odd);
    };
  }

  /** What {@link #kept} was made of. */
  static String shown(String kept) {
    if (kept.indexOf(LOW) < 0 && kept.indexOf(HIGH) < 0) {
      return kept;
    }
    var text = new StringBuilder(kept.length());
    var at = 0;
    while (at < kept.length()) {
      var c = kept.charAt(at++);
      if (c == LOW) {
        text.append(kept.charAt(at++) == LOW ? '\0' : LOW);
      } else if (c == HIGH && kept.charAt(at) != HIGH) {
        text.append((char) HexFormat.fromHexDigits(kept, at, at + 4));
        at += 4;
      } else {
        text.append(c);
        at += c == HIGH ? 1 : 0;
      }
    }
    return text.toString();
  }

  /**
   * JSON in which every text is {@link #kept}, also where it is written as an escape, for
   * PostgreSQL reads those when it looks into the JSON. Otherwise the same to the letter.
   */
  static String keptJson(String json) {
    return json.contains("\\u")
        ? ESCAPES.matcher(kept(json)).replaceAll(PgText::keptEscape)
        : kept(json);
  }

  private static String keptEscape(MatchResult escape) {
    if (escape.group(1) == null) {
      return quoted(escape.group());
    }
    var unit = (char) HexFormat.fromHexDigits(escape.group(1));
    if (unit <= LOW) {
      return quoted(unit == 0 ? "\\u0001\\u0001" : "\\u0001\\u0002");
    }
    return unit == HIGH || Character.isSurrogate(unit) ? substitute(unit) : quoted(escape.group());
  }

  /** JSON that says what that said of which {@link #keptJson} was made. */
  static String shownJson(String kept) {
    var json = shown(kept);
    return json.contains("\\u0001")
        ? KEPT_ESCAPES
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
