package dev.doppel.influx;

import dev.doppel.dialect.PathRules;
import dev.doppel.wire.go.GoPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the server's routers read a path (2.9.1: http/handler.go, http/platform_handler.go,
 * http/router.go, and go-chi/chi 4.1.0).
 */
final class InfluxPaths {

  static final String API = "/api/v2";
  static final String RESOURCE_TYPES = API + "/resources";
  static final String FLAGS = API + "/flags";
  static final String CONFIG = API + "/config";

  /** Beginnings of the paths of the API, whether a slash follows or not. */
  private static final List<String> API_PATHS = List.of(API, "/v1", "/private/");

  /** Paths of the API of InfluxDB 1.x that need credentials. */
  private static final Set<String> OLD_API = Set.of("/query", "/write");

  /** The resources below which errors of unknown paths are plain text. */
  private static final List<String> RESOURCES =
      List.of(
          "/api/v2/authorizations",
          "/api/v2/buckets",
          "/api/v2/config",
          "/api/v2/labels",
          "/api/v2/me",
          "/api/v2/orgs",
          "/api/v2/setup",
          "/api/v2/signin",
          "/api/v2/signout",
          "/api/v2/users");

  /** The paths behind which a second slash is not ignored, since no router is mounted there. */
  private static final Pattern LEAF =
      Pattern.compile(API + "|.+/(?:password|permissions)|.+/(?:members|owners|secrets)/[^/]+");

  private static final Pattern BELOW_ORGANIZATION =
      Pattern.compile("/api/v2/orgs/([^/]+)/(?:members|owners|secrets)(?:/.*)?");

  private static final Pattern BELOW_BUCKET =
      Pattern.compile("/api/v2/buckets/([^/]+)/(?:members|owners|labels)(?:/.*)?");

  private static final Pattern LABELS_OF_BUCKET =
      Pattern.compile("/api/v2/buckets/[^/]+/labels(?:/.*)?");

  /** A parameter is what a router finds in the path, so it isn't decoded. */
  static final PathRules RULES =
      new PathRules(InfluxPaths::routed, UnaryOperator.identity(), false);

  private InfluxPaths() {}

  /**
   * Returns the path by which operations are looked up: as Go reads it, without a slash at its end,
   * or two where another router is mounted.
   *
   * @param sent whose escapes are well-formed
   */
  static String routed(String sent) {
    var path = PathRules.withoutTrailingSlash(GoPath.routed(sent).orElse(sent));
    if (!path.endsWith("/")) {
      return path;
    }
    var shorter = PathRules.withoutTrailingSlash(path);
    return LEAF.matcher(shorter).matches() ? path : shorter;
  }

  /** Returns whether a path is of the API, whether it exists or not. */
  static boolean isOfApi(String path) {
    for (var beginning : API_PATHS) {
      if (path.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a path is of the API of InfluxDB 1.x and needs credentials. */
  static boolean isOfOldApi(String path) {
    return OLD_API.contains(path);
  }

  /** Returns whether a path is {@code root} or below it. */
  static boolean isAt(String root, String path) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }

  /** Returns whether a path is below a resource that is served. */
  static boolean isBelowResource(String routed) {
    return RESOURCES.stream().anyMatch(resource -> routed.startsWith(resource + "/"));
  }

  /** Returns the id of the organization whose members, owners or secrets a path leads to. */
  static Optional<String> organizationAbove(String routed) {
    return id(BELOW_ORGANIZATION, routed);
  }

  /** Returns the id of the bucket whose members, owners or labels a path leads to. */
  static Optional<String> bucketAbove(String routed) {
    return id(BELOW_BUCKET, routed);
  }

  private static Optional<String> id(Pattern pattern, String routed) {
    return Optional.of(pattern.matcher(routed))
        .filter(Matcher::matches)
        .map(found -> found.group(1));
  }

  /** Returns whether a path is that of a bucket's labels, whose router has errors of its own. */
  static boolean isLabelsOfBucket(String routed) {
    return LABELS_OF_BUCKET.matcher(routed).matches();
  }
}
