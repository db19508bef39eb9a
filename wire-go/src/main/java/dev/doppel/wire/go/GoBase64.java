package dev.doppel.wire.go;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Base64 with padding as the package {@code encoding/base64} of Go 1.22 decodes it ({@code
 * StdEncoding}): line breaks are skipped anywhere, and an error says where it is.
 */
public final class GoBase64 {

  private static final int QUANTUM = 4;

  private GoBase64() {}

  /** Returns what Go says of a text that is no Base64 ({@code CorruptInputError}). */
  public static Optional<String> findError(String text) {
    var at = firstIllegal(text);
    return at.isPresent()
        ? Optional.of("illegal base64 data at input byte " + at.getAsInt())
        : Optional.empty();
  }

  /** Returns the bytes; empty if {@link #findError} finds an error. */
  public static Optional<byte[]> decode(String text) {
    return firstIllegal(text).isPresent()
        ? Optional.empty()
        : Optional.of(Base64.getDecoder().decode(text.replaceAll("[\r\n]", "")));
  }

  /** Returns the decoded text; empty if the input is no Base64 or the bytes are no UTF-8. */
  public static Optional<String> decodeText(String text) {
    return decode(text).flatMap(GoBase64::utf8);
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  /** Returns where the first byte is that can't be decoded. */
  private static OptionalInt firstIllegal(String text) {
    int read = 0;
    for (int at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      if (isLineBreak(c)) {
        continue;
      }
      if (c == '=') {
        return firstIllegalInPadding(text, at, read);
      }
      if (!isDigit(c)) {
        return OptionalInt.of(at);
      }
      read = (read + 1) % QUANTUM;
    }
    return read == 0 ? OptionalInt.empty() : OptionalInt.of(text.length() - read);
  }

  private static OptionalInt firstIllegalInPadding(String text, int at, int read) {
    if (read < 2) {
      return OptionalInt.of(at);
    }
    int next = skipLineBreaks(text, at + 1);
    if (read == 2) {
      if (next == text.length()) {
        return OptionalInt.of(text.length());
      }
      if (text.charAt(next) != '=') {
        return OptionalInt.of(next - 1);
      }
      next = skipLineBreaks(text, next + 1);
    }
    return next < text.length() ? OptionalInt.of(next) : OptionalInt.empty();
  }

  private static int skipLineBreaks(String text, int from) {
    int at = from;
    while (at < text.length() && isLineBreak(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isLineBreak(char c) {
    return c == '\r' || c == '\n';
  }

  private static boolean isDigit(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
