package dev.doppel.wire.go;

import java.nio.charset.StandardCharsets;

/** Values of headers as the package {@code net/http} of Go 1.22 reads them. */
public final class GoHeaders {

  private GoHeaders() {}

  /**
   * Returns a value whose bytes are UTF-8, as a Go program that prints or compares it takes them.
   * Bytes that are no UTF-8 become U+FFFD.
   *
   * @param value with a character for each byte, as this Java's servers read it
   */
  public static String text(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0x7f) {
        return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return value;
  }
}
