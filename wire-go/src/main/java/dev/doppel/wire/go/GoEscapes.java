package dev.doppel.wire.go;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Optional;

/** Percent escapes as the package {@code net/url} of Go 1.22 reads and writes them. */
final class GoEscapes {

  private static final HexFormat UPPER_CASE = HexFormat.of().withUpperCase();

  private GoEscapes() {}

  /**
   * Returns the bytes of a text; empty if an escape is malformed.
   *
   * @param text one character for each byte
   * @param plusIsSpace as in a query
   */
  static Optional<byte[]> unescape(String text, boolean plusIsSpace) {
    if (firstMalformed(text) >= 0) {
      return Optional.empty();
    }
    var bytes = new ByteArrayOutputStream(text.length());
    for (int at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '%') {
        bytes.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
        at += 2;
      } else {
        bytes.write(c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    return Optional.of(bytes.toByteArray());
  }

  /** Returns where the first malformed escape begins, or -1. */
  static int firstMalformed(String text) {
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
      if (at + 2 >= text.length()
          || !HexFormat.isHexDigit(text.charAt(at + 1))
          || !HexFormat.isHexDigit(text.charAt(at + 2))) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Returns the bytes with all escaped but letters, digits and the given characters.
   *
   * @param unescaped of ASCII
   */
  static String escape(byte[] bytes, String unescaped) {
    var escaped = new StringBuilder(bytes.length);
    for (var b : bytes) {
      if (isLetterOrDigit(b) || unescaped.indexOf(b) >= 0) {
        escaped.append((char) b);
      } else {
        escaped.append('%').append(UPPER_CASE.toHexDigits(b));
      }
    }
    return escaped.toString();
  }

  private static boolean isLetterOrDigit(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
  }
}
