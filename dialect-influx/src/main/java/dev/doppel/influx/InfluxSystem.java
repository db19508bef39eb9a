package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure.Reason;
import dev.doppel.wire.go.GoTime;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The index of the API and the health of the server (2.9.1: http/health.go, http/ready.go,
 * http/api_handler.go, http/resources.go, kit/feature/middleware.go).
 */
final class InfluxSystem {

  /** The paths of the API, including those that are not served here. */
  private static final Map<String, Object> INDEX = new TreeMap<>(index());

  /** The flags that the server shows, with their values in a new server. */
  private static final Map<String, Boolean> FLAGS =
      new TreeMap<>(
          Map.of(
              "appMetrics", false,
              "cursorAtEOF", false,
              "newAutoRefresh", true,
              "refreshSingleCell", true,
              "timeFilterFlags", false));

  private final Clock clock;
  private final InfluxDialect.Settings settings;
  private final Instant started;
  private final String health;

  InfluxSystem(Clock clock, InfluxDialect.Settings settings) {
    this.clock = clock;
    this.settings = settings;
    var version = settings.version();
    health =
        "{\"name\":\"influxdb\", \"message\":\"ready for queries and writes\", \"status\":\"pass\","
            + " \"checks\":[], \"version\": \"%s\", \"commit\": \"%s\"}\n"
                .formatted(version.text(), version.commit());
    started = clock.instant();
  }

  private static Map<String, Object> index() {
    var api = "/api/v2/";
    var links = new TreeMap<String, Object>();
    Stream.of(
            "authorizations",
            "backup",
            "buckets",
            "checks",
            "dashboards",
            "delete",
            "flags",
            "labels",
            "me",
            "notificationEndpoints",
            "notificationRules",
            "orgs",
            "restore",
            "scrapers",
            "setup",
            "signin",
            "signout",
            "sources",
            "tasks",
            "telegrafs",
            "users",
            "variables",
            "write")
        .forEach(name -> links.put(name, api + name));
    links.put("external", Map.of("statusFeed", "https://www.influxdata.com/feed/json"));
    links.put("plugins", api + "telegraf/plugins");
    links.put(
        "query",
        new TreeMap<>(
            Map.of(
                "analyze",
                api + "query/analyze",
                "ast",
                api + "query/ast",
                "self",
                api + "query",
                "suggestions",
                api + "query/suggestions")));
    links.put("swagger", api + "swagger.json");
    links.put(
        "system",
        new TreeMap<>(Map.of("debug", "/debug/pprof", "health", "/health", "metrics", "/metrics")));
    return links;
  }

  Future<Reply> index(Call call) {
    return Future.succeededFuture(index(INDEX));
  }

  private static Reply index(Map<String, Object> links) {
    return line(InfluxWire.CONTENT_TYPE, links);
  }

  private static Reply line(String contentType, Object value) {
    return Reply.text(200, contentType, InfluxWire.compact(value) + "\n");
  }

  /** Answers with the types of resources that a permission can have. */
  Future<Reply> resources(Call call) {
    return Future.succeededFuture(resources());
  }

  private static Reply resources() {
    var types = new ArrayList<>(InfluxPermission.TYPES);
    types.add(InfluxPermission.INSTANCE);
    return line("application/json", types);
  }

  /** Answers with the switches of features that clients may see. */
  Future<Reply> flags(Call call) {
    return Future.succeededFuture(flags());
  }

  private static Reply flags() {
    return line(InfluxWire.CONTENT_TYPE, FLAGS);
  }

  /**
   * Returns the answer of a path that answers every method alike; empty if the path is none of
   * those.
   */
  Optional<Reply> byAnyMethod(String path) {
    if (path.equals(InfluxPaths.API)) {
      return Optional.of(index(INDEX));
    }
    if (InfluxPaths.isAt(InfluxPaths.RESOURCE_TYPES, path)) {
      return Optional.of(resources());
    }
    return InfluxPaths.isAt(InfluxPaths.FLAGS, path) ? Optional.of(flags()) : Optional.empty();
  }

  /** Throws unless the caller is an operator. */
  static void requireOperator(Call call) {
    if (!InfluxPermission.OPERATOR.stream().allMatch(InfluxCaller.of(call)::may)) {
      throw InfluxErrors.CONFIG_NEEDS_OPERATOR.newException(Reason.FORBIDDEN);
    }
  }

  /**
   * Answers an operator with the server's options that Doppel supports, by name (2.9.1:
   * http/config.go).
   */
  Future<Reply> config(Call call) {
    requireOperator(call);
    var options = new TreeMap<String, Object>();
    options.put("metrics-disabled", false);
    options.put("session-length", settings.sessionLength().toMinutes());
    options.put("session-renew-disabled", !settings.sessionRenewal());
    options.put("strong-passwords", settings.strongPasswords());
    options.put("ui-disabled", true);
    if (settings.version() != InfluxDialect.Version.V2_7) {
      options.put("use-hashed-tokens", settings.useHashedTokens());
    }
    return Future.succeededFuture(Reply.ok(Map.of("config", options)));
  }

  /** Returns the metrics that do not depend on what is stored, in the format of Prometheus. */
  Reply metrics() {
    var version = settings.version();
    var text =
        """
        # HELP influxdb_info Information about the influxdb environment.
        # TYPE influxdb_info gauge
        influxdb_info{arch="%s",commit="%s",cpus="%s",os="%s",version="%s"} 1
        # HELP influxdb_uptime_seconds influxdb process uptime in seconds
        # TYPE influxdb_uptime_seconds gauge
        influxdb_uptime_seconds %s
        """
            .formatted(
                goArchitecture(System.getProperty("os.arch", "")),
                version.commit(),
                Runtime.getRuntime().availableProcessors(),
                goSystem(System.getProperty("os.name", "")),
                version.text(),
                up().toMillis() / 1000.0);
    return Reply.text(200, "text/plain; version=0.0.4; charset=utf-8", text);
  }

  /** Returns Go's name of an architecture ({@code GOARCH}) for Java's; others are the same. */
  static String goArchitecture(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case "x86", "i386", "i486", "i586", "i686" -> "386";
      case "loongarch64" -> "loong64";
      default -> java;
    };
  }

  /** Returns Go's name of an operating system ({@code GOOS}) for Java's. */
  static String goSystem(String java) {
    var name = java.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return "windows";
    }
    return switch (name) {
      case "mac os x" -> "darwin";
      case "sunos" -> "solaris";
      default -> name;
    };
  }

  /** Returns the time since the start; zero if a client has set the clock back behind it. */
  private Duration up() {
    var up = Duration.between(started, clock.instant());
    return up.isNegative() ? Duration.ZERO : up;
  }

  /** Returns the answer as the server writes it: by hand, spaces included. */
  Reply health() {
    return Reply.text(200, InfluxWire.CONTENT_TYPE, health);
  }

  Future<Reply> health(Call call) {
    return Future.succeededFuture(health());
  }

  Future<Reply> ready(Call call) {
    return Future.succeededFuture(ready());
  }

  Reply ready() {
    var text =
        "{\n    \"status\": \"ready\",\n    \"started\": \"%s\",\n    \"up\": \"%s\"\n}\n"
            .formatted(GoTime.format(started), GoTime.format(up()));
    return Reply.text(200, InfluxWire.CONTENT_TYPE, text);
  }

  Future<Reply> ping(Call call) {
    return Future.succeededFuture(Reply.noContent());
  }

  /** Answers other methods than GET and HEAD; only here the server lists the allowed methods. */
  Optional<Reply> pingByAnotherMethod(Call call) {
    var allow = "GET, HEAD, OPTIONS";
    return switch (call.method().name()) {
      case "GET", "HEAD" -> Optional.empty();
      case "OPTIONS" -> Optional.of(Reply.empty(200).with("Allow", allow));
      default ->
          Optional.of(
              Reply.text(405, "text/plain; charset=utf-8", "Method Not Allowed\n")
                  .with("X-Content-Type-Options", "nosniff")
                  .with("Allow", allow));
    };
  }
}
