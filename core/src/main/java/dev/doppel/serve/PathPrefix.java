package dev.doppel.serve;

import io.vertx.core.MultiMap;
import java.util.List;

/**
 * Adds a path prefix to the headers of a response, as a reverse proxy does, for clients that see
 * the vendor's paths behind it: to redirects and to the paths of cookies. Absolute links have the
 * prefix already.
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
