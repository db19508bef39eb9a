package dev.doppel.wire.go;

/** Texts as the packages {@code strings} and {@code strconv} of Go 1.22 treat them. */
public final class GoStrings {

  /** The characters with Unicode's property White_Space. */
  private static final String WHITE_SPACE =
      "\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
          + "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

  private GoStrings() {}

  /**
   * Returns the text without white space at its ends ({@code strings.TrimSpace}). Unlike {@link
   * String#strip}, this removes no-break spaces and keeps the separators U+001C to U+001F.
   */
  public static String trimSpace(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && WHITE_SPACE.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (from < to && WHITE_SPACE.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  /**
   * Returns the text in lower case ({@code strings.ToLower}): character by character, unlike {@link
   * String#toLowerCase}, for which it matters whether a sigma ends a word.
   */
  public static String toLower(String text) {
    return text.codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /**
   * Returns the text between double quotes, with Go's escapes for quotes, backslashes and all that
   * is not printable ({@code strconv.Quote}, {@code %q}). An unpaired surrogate counts as U+FFFD.
   *
   * <p>Printable is what this Java's version of Unicode says, so newer characters are escaped.
   */
  public static String quote(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> appendQuoted(quoted, c));
    return quoted.append('"').toString();
  }

  private static void appendQuoted(StringBuilder quoted, int c) {
    switch (c) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case 7 -> quoted.append("\\a");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      case 11 -> quoted.append("\\v");
      default -> {
        if (Character.getType(c) == Character.SURROGATE) {
          quoted.append('\ufffd');
        } else if (isPrintable(c)) {
          quoted.appendCodePoint(c);
        } else if (c < ' ' || c == 0x7f) {
          quoted.append(hex("\\x", c, 2));
        } else {
          quoted.append(c < 0x10000 ? hex("\\u", c, 4) : hex("\\U", c, 8));
        }
      }
    }
  }

  /** {@code strconv.IsPrint}: letters, marks, numbers, punctuation, symbols and the ASCII space. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** Returns a prefix and lower-case hex digits, in any locale. */
  static String hex(String prefix, int value, int digits) {
    var hex = Integer.toHexString(value);
    return prefix + "0".repeat(digits - hex.length()) + hex;
  }
}
