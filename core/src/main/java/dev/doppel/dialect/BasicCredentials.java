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

  /** Returns the credentials of a well-formed header. The scheme may be in any case. */
  public static Optional<BasicCredentials> of(Call call) {
    return call.header("Authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .flatMap(value -> decode(value.substring(SCHEME.length()).strip()))
        .flatMap(BasicCredentials::split);
  }

  private static Optional<String> decode(String base64) {
    try {
      return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** Returns a sign-in with these credentials from the address of the call. */
  public SignIn signIn(Call call) {
    return new SignIn(name, password, call.address());
  }

  /**
   * Splits {@code name:password} at the first colon, since a password may contain more; empty
   * without a colon.
   */
  public static Optional<BasicCredentials> split(String pair) {
    var colon = pair.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.of(
            new BasicCredentials(
                pair.substring(0, colon), new Password(pair.substring(colon + 1))));
  }
}
