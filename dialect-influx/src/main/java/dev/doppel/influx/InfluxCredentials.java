package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.users.Password;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What a request brings along to say who asks (2.9.1: http/authentication_middleware.go). */
final class InfluxCredentials {

  static final String COOKIE = "influxdb-oss-session";

  /** Name and password of Basic authentication. */
  record Basic(String name, Password password) {}

  private InfluxCredentials() {}

  /** The text behind {@code Token} or {@code Bearer} and one blank; scheme in any case. */
  static Optional<String> token(Call call) {
    return call.header("Authorization")
        .flatMap(value -> behind("Token ", value).or(() -> behind("Bearer ", value)))
        .filter(token -> !token.isEmpty());
  }

  static Optional<Basic> basic(Call call) {
    return call.header("Authorization")
        .flatMap(value -> behind("Basic ", value))
        .flatMap(InfluxCredentials::decoded)
        .filter(text -> text.indexOf(':') >= 0)
        .map(
            text ->
                new Basic(
                    text.substring(0, text.indexOf(':')),
                    new Password(text.substring(text.indexOf(':') + 1))));
  }

  private static Optional<String> behind(String scheme, String value) {
    return value.toLowerCase(Locale.ROOT).startsWith(scheme.toLowerCase(Locale.ROOT))
        ? Optional.of(value.substring(scheme.length()))
        : Optional.empty();
  }

  private static Optional<String> decoded(String base64) {
    try {
      return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /**
   * The session cookie's value, also where a client sends back the whole Set-Cookie text: its
   * attributes then look like cookies of other names.
   */
  static Optional<String> session(Call call) {
    for (var header : call.headers().getAll("Cookie")) {
      for (var cookie : header.split(";", -1)) {
        var pair = cookie.strip();
        if (pair.startsWith(COOKIE + "=")) {
          return Optional.of(pair.substring(COOKIE.length() + 1));
        }
      }
    }
    return Optional.empty();
  }
}
