package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.wire.go.GoTime;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The index of the API and the health of the server (2.9.1: http/health.go, http/ready.go,
 * http/api_handler.go, http/resources.go).
 */
final class InfluxSystem {

  /** The paths of the API, including those that are not served here. */
  private static final Map<String, Object> INDEX = new TreeMap<>(index());

  private final Clock clock;
  private final Instant started;
  private final String health;

  InfluxSystem(Clock clock, InfluxDialect.Version version) {
    this.clock = clock;
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
    return Future.succeededFuture(
        Reply.text(200, InfluxWire.CONTENT_TYPE, InfluxWire.compact(INDEX) + "\n"));
  }

  /** Answers with the types of resources that a permission can have. */
  Future<Reply> resources(Call call) {
    var types = new ArrayList<>(InfluxPermission.TYPES);
    types.add(InfluxPermission.INSTANCE);
    return Future.succeededFuture(
        Reply.text(200, "application/json", InfluxWire.compact(types) + "\n"));
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
    var up = Duration.between(started, clock.instant());
    var text =
        "{\n    \"status\": \"ready\",\n    \"started\": \"%s\",\n    \"up\": \"%s\"\n}\n"
            .formatted(GoTime.format(started), GoTime.format(up));
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
