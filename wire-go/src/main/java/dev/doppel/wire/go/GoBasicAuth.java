package dev.doppel.wire.go;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Basic authentication as the package {@code net/http} of Go 1.22 reads it ({@code
 * Request.BasicAuth}): one space after the scheme, and Base64 with its padding.
 */
public final class GoBasicAuth {

  private static final String SCHEME = "Basic ";

  private GoBasicAuth() {}

  /** Returns the credentials of a call's {@code Authorization} header; empty without any. */
  public static Optional<BasicCredentials> of(Call call) {
    return call.header("Authorization").flatMap(GoBasicAuth::parse);
  }

  /** Reads the value of an {@code Authorization} header; empty if it is of another form. */
  static Optional<BasicCredentials> parse(String header) {
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    return GoBase64.decode(header.substring(SCHEME.length()))
        .flatMap(bytes -> BasicCredentials.split(new String(bytes, StandardCharsets.UTF_8)));
  }
}
