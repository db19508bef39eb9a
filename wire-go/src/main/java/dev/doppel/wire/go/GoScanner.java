package dev.doppel.wire.go;

import dev.doppel.wire.go.GoJson.UnreadableException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds the first JSON value in a body, or throws the message of Go's decoder, which a vendor's
 * clients and bug reports quote.
 *
 * <p>Messages are those of Go 1.22, package {@code encoding/json}.
 */
final class GoScanner {

  private static final int MAX_DEPTH = 10_000;

  /**
   * What comes next. The scanner loops over these, since recursion as deep as Go allows would
   * overflow the stack.
   */
  private enum Expected {
    VALUE,
    /** Right after an opening brace or bracket. */
    CONTENT,
    /** After a value inside a container. */
    MORE,
    NOTHING
  }

  private final Buffer bytes;
  private int at;

  /** The enclosing containers, innermost first: '{' or '['. */
  private final Deque<Character> containers = new ArrayDeque<>();

  private GoScanner(Buffer bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of the first value. The bytes after it are ignored, as in Go. */
  static Buffer firstValue(Buffer bytes) {
    var scanner = new GoScanner(bytes);
    scanner.skipSpace();
    if (scanner.atEnd()) {
      throw new UnreadableException("EOF");
    }
    var start = scanner.at;
    for (var expected = Expected.VALUE; expected != Expected.NOTHING; ) {
      expected =
          switch (expected) {
            case VALUE -> scanner.value();
            case CONTENT -> scanner.content();
            case MORE -> scanner.more();
            case NOTHING -> Expected.NOTHING;
          };
    }
    return bytes.getBuffer(start, scanner.at);
  }

  private boolean atEnd() {
    return at == bytes.length();
  }

  private int peek() {
    if (atEnd()) {
      throw new UnreadableException("unexpected EOF");
    }
    return bytes.getUnsignedByte(at);
  }

  private void skipSpace() {
    while (!atEnd() && " \t\r\n".indexOf(bytes.getByte(at)) >= 0) {
      at++;
    }
  }

  private Expected value() {
    skipSpace();
    var c = peek();
    switch (c) {
      case '{', '[' -> {
        at++;
        if (containers.size() == MAX_DEPTH) {
          throw new UnreadableException("exceeded max depth");
        }
        containers.push((char) c);
        return Expected.CONTENT;
      }
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> {
        if (c != '-' && !digit(c)) {
          throw unexpected("looking for beginning of value");
        }
        number();
      }
    }
    return afterValue();
  }

  private Expected afterValue() {
    return containers.isEmpty() ? Expected.NOTHING : Expected.MORE;
  }

  private Expected content() {
    skipSpace();
    if (peek() == closingBracket()) {
      return close();
    }
    return containers.getFirst() == '{' ? member() : Expected.VALUE;
  }

  private Expected member() {
    skipSpace();
    if (peek() != '"') {
      throw unexpected("looking for beginning of object key string");
    }
    string();
    skipSpace();
    if (peek() != ':') {
      throw unexpected("after object key");
    }
    at++;
    return Expected.VALUE;
  }

  private Expected more() {
    skipSpace();
    var inObject = containers.getFirst() == '{';
    if (peek() == ',') {
      at++;
      return inObject ? member() : Expected.VALUE;
    }
    if (peek() == closingBracket()) {
      return close();
    }
    throw unexpected(inObject ? "after object key:value pair" : "after array element");
  }

  private char closingBracket() {
    return containers.getFirst() == '{' ? '}' : ']';
  }

  private Expected close() {
    at++;
    containers.pop();
    return afterValue();
  }

  private void string() {
    at++;
    while (peek() != '"') {
      if (peek() == '\\') {
        at++;
        escape();
      } else if (peek() < ' ') {
        throw unexpected("in string literal");
      } else {
        at++;
      }
    }
    at++;
  }

  private void escape() {
    var c = peek();
    if (c == 'u') {
      at++;
      for (int i = 0; i < 4; i++) {
        if (Character.digit(peek(), 16) < 0) {
          throw unexpected("in \\u hexadecimal character escape");
        }
        at++;
      }
    } else if ("bfnrt\\/\"".indexOf(c) >= 0) {
      at++;
    } else {
      throw unexpected("in string escape code");
    }
  }

  private void literal(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
      at++;
    }
  }

  private void number() {
    if (peek() == '-') {
      at++;
      if (!digit(peek())) {
        throw unexpected("in numeric literal");
      }
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (!atEnd() && peek() == '.') {
      at++;
      if (!digit(peek())) {
        throw unexpected("after decimal point in numeric literal");
      }
      digits();
    }
    if (!atEnd() && (peek() == 'e' || peek() == 'E')) {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      if (!digit(peek())) {
        throw unexpected("in exponent of numeric literal");
      }
      digits();
    }
  }

  private void digits() {
    while (!atEnd() && digit(peek())) {
      at++;
    }
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  private UnreadableException unexpected(String where) {
    return new UnreadableException("invalid character " + quoted(peek()) + " " + where);
  }

  private static String quoted(int c) {
    return switch (c) {
      case '\'' -> "'\\''";
      case '\\' -> "'\\\\'";
      case 7 -> "'\\a'";
      case '\b' -> "'\\b'";
      case '\f' -> "'\\f'";
      case '\n' -> "'\\n'";
      case '\r' -> "'\\r'";
      case '\t' -> "'\\t'";
      case 11 -> "'\\v'";
      default ->
          c < ' ' || c == 0x7f
              ? String.format("'\\x%02x'", c)
              : (c > 0x7f && c <= 0xa0) || c == 0xad
                  ? String.format("'\\u%04x'", c)
                  : "'" + (char) c + "'";
    };
  }
}
