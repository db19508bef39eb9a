package dev.doppel.influx;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The paths that the server has and this dialect does not: data, all that works with data, and what
 * is about the server itself.
 */
final class InfluxUnsupported {

  private static final String RESOURCES =
      Stream.of(
              "annotations",
              "backup",
              "checks",
              "dashboards",
              "dbrps",
              "delete",
              "documents",
              "maps",
              "notebooks",
              "notificationEndpoints",
              "notificationRules",
              "query",
              "remotes",
              "replications",
              "restore",
              "scrapers",
              "sources",
              "stacks",
              "tasks",
              "telegraf",
              "telegrafs",
              "templates",
              "variables",
              "views",
              "write")
          .collect(Collectors.joining("|"));

  private static final Pattern PATHS =
      Pattern.compile(
          "/query|/write|(?:/private/legacy/authorizations|/api/v2/(?:" + RESOURCES + "))(?:/.*)?");

  private InfluxUnsupported() {}

  /**
   * Returns whether the server answers a path before it asks for credentials (http/handler.go,
   * http/platform_handler.go). The documents are behind every path that begins with their name.
   */
  static boolean isOpen(String path) {
    return path.startsWith("/docs")
        || InfluxPaths.isAt("/debug", path)
        || InfluxPaths.isAt("/api/v2/swagger.json", path);
  }

  static boolean has(String path) {
    return PATHS.matcher(path).matches();
  }
}
