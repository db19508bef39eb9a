package dev.doppel.dialect;

import io.vertx.core.MultiMap;
import java.util.List;

/**
 * Makes an answer fit for a client that sees the vendor's paths behind a prefix, as a reverse proxy
 * does: where it is sent to, and to which paths its cookies go. Absolute links have the prefix
 * already.
 */
final class PathPrefix {

  private static final String PATH = "Path=/";

  private PathPrefix() {}

  static void add(String prefix, MultiMap headers) {
    var location = headers.get("Location");
    if (location != null && location.startsWith("/")) {
      headers.set("Location", prefix + location);
    }
    var cookies = headers.getAll("Set-Cookie");
    if (!cookies.isEmpty()) {
      headers.set("Set-Cookie", prefixed(prefix, cookies));
    }
  }

  private static List<String> prefixed(String prefix, List<String> cookies) {
    return cookies.stream().map(cookie -> cookie.replace(PATH, "Path=" + prefix + "/")).toList();
  }
}
