package dev.doppel.influx;

import dev.doppel.dialect.Call;
import java.util.Locale;
import java.util.Optional;

/** What a request brings along to say who asks (2.9.1: http/authentication_middleware.go). */
final class InfluxCredentials {

  static final String COOKIE = "influxdb-oss-session";

  private InfluxCredentials() {}

  /** The text behind {@code Token} or {@code Bearer} and one blank; scheme in any case. */
  static Optional<String> token(Call call) {
    return call.header("Authorization")
        .flatMap(value -> behind("Token ", value).or(() -> behind("Bearer ", value)))
        .filter(token -> !token.isEmpty());
  }

  private static Optional<String> behind(String scheme, String value) {
    return value.toLowerCase(Locale.ROOT).startsWith(scheme.toLowerCase(Locale.ROOT))
        ? Optional.of(value.substring(scheme.length()))
        : Optional.empty();
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
