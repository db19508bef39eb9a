package dev.doppel.influx;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The paths that the server has and this dialect does not: data, and all that works with data. */
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
      Pattern.compile("/query|/write|/api/v2/(?:" + RESOURCES + ")(?:/.*)?");

  private InfluxUnsupported() {}

  static boolean has(String path) {
    return PATHS.matcher(path).matches();
  }
}
