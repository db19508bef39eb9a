package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.wire.go.GoBasicAuth;
import dev.doppel.wire.go.GoCookies;
import dev.doppel.wire.go.GoQuery;
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
   * Returns the token of a request to the API of InfluxDB 1.x: the password of the query, of {@code
   * Token user:token} or of Basic (2.9.1: http/legacy/influx1x_authentication_handler.go).
   */
  static Optional<String> oldToken(Call call) {
    var query = GoQuery.of(call);
    var password = query.first("p").filter(given -> !given.isEmpty());
    if (password.isPresent() && query.first("u").filter(given -> !given.isEmpty()).isPresent()) {
      return password;
    }
    return call.header("Authorization")
        .filter(value -> value.startsWith("Token ") && value.indexOf(' ') == value.lastIndexOf(' '))
        .map(value -> value.substring(value.indexOf(value.indexOf(':') < 0 ? ' ' : ':') + 1))
        .or(() -> GoBasicAuth.of(call).map(basic -> basic.password().clearText()));
  }

  /**
   * Returns the value of the session cookie, even if a client sends back the whole Set-Cookie
   * header: its attributes then look like cookies of other names.
   */
  static Optional<String> session(Call call) {
    return GoCookies.find(call, COOKIE);
  }
}
