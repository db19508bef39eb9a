package dev.doppel.influx;

import dev.doppel.dialect.Call;
import java.util.Locale;
import java.util.Optional;

/** The credentials of a request (2.9.1: http/authentication_middleware.go). */
final class InfluxCredentials {

  static final String COOKIE = "influxdb-oss-session";

  private InfluxCredentials() {}

  /**
   * Returns the text after {@code Token} or {@code Bearer} and one space; the case of the scheme
   * does not matter.
   */
  static Optional<String> token(Call call) {
    return call.header("Authorization")
        .flatMap(value -> after("Token ", value).or(() -> after("Bearer ", value)))
        .filter(token -> !token.isEmpty());
  }

  private static Optional<String> after(String scheme, String value) {
    return value.toLowerCase(Locale.ROOT).startsWith(scheme.toLowerCase(Locale.ROOT))
        ? Optional.of(value.substring(scheme.length()))
        : Optional.empty();
  }

  /**
   * Returns the value of the session cookie, even if a client sends back the whole Set-Cookie
   * header: its attributes then look like cookies of other names.
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
