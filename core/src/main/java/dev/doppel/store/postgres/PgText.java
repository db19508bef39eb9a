package dev.doppel.store.postgres;

import java.util.HexFormat;

/**
 * Texts as PostgreSQL can keep them. It knows neither U+0000 nor half a surrogate pair, which
 * users' names may hold; those are kept as DLE (U+0010) and what it stands for: {@code 0} for
 * U+0000, {@code 1} for itself, four hex digits for half a pair. All others are kept as they are.
 */
final class PgText {

  private static final char DLE = '\u0010';
  private static final HexFormat HEX = HexFormat.of();

  private PgText() {}

  static String kept(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (odd(text, at)) {
        return escaped(text, at);
      }
    }
    return text;
  }

  private static String escaped(String text, int from) {
    var kept = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int at = from; at < text.length(); at++) {
      if (odd(text, at)) {
        kept.append(DLE).append(sign(text.charAt(at)));
      } else {
        kept.append(text.charAt(at));
      }
    }
    return kept.toString();
  }

  private static boolean odd(String text, int at) {
    var c = text.charAt(at);
    return c == 0
        || c == DLE
        || (Character.isSurrogate(c)
            && !(at > 0 && Character.isSurrogatePair(text.charAt(at - 1), c))
            && !(at + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(at + 1))));
  }

  private static String sign(char odd) {
    return switch (odd) {
      case 0 -> "0";
      case DLE -> "1";
      default -> HEX.toHexDigits(odd);
    };
  }

  private static int signLength(char first) {
    return first == '0' || first == '1' ? 1 : 4;
  }

  /** What {@link #kept} was made of. */
  static String shown(String kept) {
    if (kept.indexOf(DLE) < 0) {
      return kept;
    }
    var text = new StringBuilder(kept.length());
    var at = 0;
    while (at < kept.length()) {
      var c = kept.charAt(at++);
      if (c != DLE) {
        text.append(c);
        continue;
      }
      switch (kept.charAt(at)) {
        case '0' -> text.append('\0');
        case '1' -> text.append(DLE);
        default -> text.append((char) HexFormat.fromHexDigits(kept, at, at + 4));
      }
      at += signLength(kept.charAt(at));
    }
    return text.toString();
  }

  /**
   * JSON in which every text is {@link #kept}, and nothing else differs. Its own escapes are what
   * has to be looked at: PostgreSQL reads them when it looks into the JSON.
   */
  static String keptJson(String json) {
    var text = kept(json);
    if (!text.contains("\\u") && text.equals(json)) {
      return json;
    }
    var kept = new StringBuilder(json.length() + 16);
    var at = 0;
    while (at < json.length()) {
      var length = 1;
      if (json.charAt(at) != '\\') {
        kept.append(odd(json, at) ? escape(json.charAt(at)) : json.substring(at, at + 1));
      } else if (json.charAt(at + 1) != 'u') {
        length = 2;
        kept.append(json, at, at + length);
      } else {
        var unit = unit(json, at);
        var pair =
            json.startsWith("\\u", at + 6) && Character.isSurrogatePair(unit, unit(json, at + 6));
        var alone = !pair && (unit == 0 || unit == DLE || Character.isSurrogate(unit));
        length = pair ? 12 : 6;
        kept.append(alone ? escape(unit) : json.substring(at, at + length));
      }
      at += length;
    }
    return kept.toString();
  }

  private static String escape(char odd) {
    return "\\u0010" + sign(odd);
  }

  private static char unit(String json, int at) {
    return (char) HexFormat.fromHexDigits(json, at + 2, at + 6);
  }

  /** JSON that says what that said of which {@link #keptJson} was made. */
  static String shownJson(String kept) {
    if (!kept.contains("\\u0010")) {
      return kept;
    }
    var json = new StringBuilder(kept.length());
    var at = 0;
    while (at < kept.length()) {
      if (kept.charAt(at) != '\\') {
        json.append(kept.charAt(at));
        at++;
      } else if (!kept.startsWith("u0010", at + 1)) {
        json.append(kept, at, at + 2);
        at += 2;
      } else {
        at += 6;
        switch (kept.charAt(at)) {
          case '0' -> json.append("\\u0000");
          case '1' -> json.append("\\u0010");
          default -> json.append("\\u").append(kept, at, at + 4);
        }
        at += signLength(kept.charAt(at));
      }
    }
    return json.toString();
  }
}
