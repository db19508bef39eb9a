package dev.doppel.wire.go;

import dev.doppel.dialect.Call;
import java.util.List;
import java.util.Optional;

/** Cookies of requests as the package {@code net/http} of Go 1.22 reads them. */
public final class GoCookies {

  private GoCookies() {}

  /**
   * Returns the first cookie of a name ({@code Request.Cookie}): without the double quotes around
   * it, if there are any. One with a character that cookies can't have is skipped.
   */
  public static Optional<String> find(Call call, String name) {
    return find(call.headers().getAll("Cookie"), name);
  }

  /** As above, in the values of {@code Cookie} headers. */
  static Optional<String> find(List<String> headers, String name) {
    for (var line : headers) {
      for (var part : line.split(";", -1)) {
        var pair = trim(part);
        var equals = pair.indexOf('=');
        if (equals >= 0 && trim(pair.substring(0, equals)).equals(name)) {
          var value = unquoted(pair.substring(equals + 1));
          if (isValid(value)) {
            return Optional.of(value);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** {@code textproto.TrimString}. */
  private static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && " \t\r\n".indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (from < to && " \t\r\n".indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private static boolean isValid(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 0x7f && "\";\\".indexOf(c) < 0);
  }
}
