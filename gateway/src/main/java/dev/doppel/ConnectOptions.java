package dev.doppel;

import dev.doppel.Doppel.Administrator;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Options of a connection to a running Doppel. Immutable. Start from {@link #DEFAULT}:
 *
 * <pre>{@code
 * var options =
 *     ConnectOptions.DEFAULT
 *         .withControlToken("a long token")
 *         .withAdministrator("root", "a long password");
 * try (var doppel = Doppel.connect(URI.create("http://127.0.0.1:8080"), options)) {
 *   doppel.reset();
 * }
 * }</pre>
 *
 * @param controlToken the token of {@code --control-token}; empty if the control plane needs none
 * @param administrator credentials that {@link Doppel#administrator} returns; empty for the
 *     ready-to-use ones
 * @param tls trusted certificates for {@code https}; empty for those of the Java runtime
 */
public record ConnectOptions(
    Optional<String> controlToken,
    Optional<Administrator> administrator,
    Optional<SSLContext> tls) {

  /**
   * @throws IllegalArgumentException if the token can't be sent, as with a line break at its end
   */
  public ConnectOptions {
    if (controlToken.isPresent() && !controlToken.get().matches("[\\x20-\\x7e\\x80-\\xff]+")) {
      throw new IllegalArgumentException(
          "the control token is empty, or has a line break or another character that can't be sent");
    }
  }

  /** No token, and the ready-to-use credentials. */
  public static final ConnectOptions DEFAULT =
      new ConnectOptions(Optional.empty(), Optional.empty(), Optional.empty());

  /** Sets the token that the control plane requires. */
  public ConnectOptions withControlToken(String token) {
    return new ConnectOptions(Optional.of(token), administrator, tls);
  }

  /** Sets the credentials of the administrator, without a token. */
  public ConnectOptions withAdministrator(String user, String password) {
    return withAdministrator(new Administrator(user, password, Optional.empty()));
  }

  /** Sets the credentials of the administrator. */
  public ConnectOptions withAdministrator(Administrator credentials) {
    return new ConnectOptions(controlToken, Optional.of(credentials), tls);
  }

  /** Sets the trusted certificates for {@code https}. */
  public ConnectOptions withTls(SSLContext context) {
    return new ConnectOptions(controlToken, administrator, Optional.of(context));
  }

  @Override
  public String toString() {
    return "ConnectOptions[hidden]";
  }
}
