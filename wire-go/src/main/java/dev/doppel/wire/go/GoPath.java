package dev.doppel.wire.go;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The path of a URL as the package {@code net/url} of Go 1.22 reads it, and as routers that follow
 * its {@code RawPath} use it.
 */
public final class GoPath {

  /** What {@code shouldEscape} leaves alone in a path, besides letters and digits. */
  private static final String UNESCAPED = "-_.~$&+,/:;=@";

  private GoPath() {}

  /**
   * Returns the path by which a router looks up its handler: decoded if the path was escaped as Go
   * escapes it, otherwise as it was sent. Empty if an escape is malformed, which makes the whole
   * request malformed.
   *
   * @param sent without the query
   */
  public static Optional<String> routed(String sent) {
    if (sent.indexOf('%') < 0) {
      return Optional.of(sent);
    }
    return GoEscapes.unescape(sent, false)
        .map(
            bytes ->
                GoEscapes.escape(bytes, UNESCAPED).equals(sent)
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : sent);
  }
}
