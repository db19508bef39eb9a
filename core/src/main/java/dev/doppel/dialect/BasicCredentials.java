package dev.doppel.dialect;

import dev.doppel.users.Password;
import dev.doppel.users.SignIn;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** Name and password of Basic authentication (RFC 7617). Either may be empty. */
public record BasicCredentials(String name, Password password) {

  private static final String SCHEME = "basic ";

  /** Of a well-formed header; the scheme is of either case. */
  public static Optional<BasicCredentials> of(Call call) {
    return call.header("Authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .flatMap(value -> decoded(value.substring(SCHEME.length()).strip()))
        .flatMap(BasicCredentials::split);
  }

  private static Optional<String> decoded(String base64) {
    try {
      return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** A sign-in with them, by whoever calls. */
  public SignIn signIn(Call call) {
    return new SignIn(name, password, call.address());
  }

  /** At the first colon: a password may have more of them. */
  public static Optional<BasicCredentials> split(String pair) {
    var colon = pair.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.of(
            new BasicCredentials(
                pair.substring(0, colon), new Password(pair.substring(colon + 1))));
  }
}
