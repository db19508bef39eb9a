package dev.doppel.wire.go;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Base64 with padding as Go's decoder takes it: line breaks anywhere, and a complaint that says
 * where. The decoding itself is Java's.
 */
public final class GoBase64 {

  private static final int QUANTUM = 4;

  private GoBase64() {}

  /** Where the first byte is that can't be read, or empty if all can. */
  public static OptionalInt illegalAt(String text) {
    int read = 0;
    for (int at = 0; at < text.length(); at++) {
      var one = text.charAt(at);
      if (one == '\r' || one == '\n') {
        continue;
      }
      if (one == '=') {
        return paddingIllegalAt(text, at, read);
      }
      if (!isDigit(one)) {
        return OptionalInt.of(at);
      }
      read = (read + 1) % QUANTUM;
    }
    return read == 0 ? OptionalInt.empty() : OptionalInt.of(text.length() - read);
  }

  private static OptionalInt paddingIllegalAt(String text, int at, int read) {
    if (read < 2) {
      return OptionalInt.of(at);
    }
    int next = skipBreaks(text, at + 1);
    if (read == 2) {
      if (next == text.length()) {
        return OptionalInt.of(text.length());
      }
      if (text.charAt(next) != '=') {
        return OptionalInt.of(next - 1);
      }
      next = skipBreaks(text, next + 1);
    }
    return next < text.length() ? OptionalInt.of(next) : OptionalInt.empty();
  }

  private static int skipBreaks(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == '\r' || text.charAt(at) == '\n')) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char one) {
    return (one >= 'A' && one <= 'Z')
        || (one >= 'a' && one <= 'z')
        || (one >= '0' && one <= '9')
        || one == '+'
        || one == '/';
  }

  /** The text, if what {@link #illegalAt} has nothing against is UTF-8. */
  public static Optional<String> text(String base64) {
    var bytes = ByteBuffer.wrap(Base64.getMimeDecoder().decode(base64));
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }
}
