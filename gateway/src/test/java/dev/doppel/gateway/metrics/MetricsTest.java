package dev.doppel.gateway.metrics;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.gateway.Gateway;
import dev.doppel.gateway.Http;
import dev.doppel.store.MvStore;
import dev.doppel.users.Password;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and labels as docs/control-plane.md lists them. */
class MetricsTest {

  private static final String TOKEN = "Token doppel-operator-token";
  private static final String ME = "{dialect=\"influx\",operation=\"GetMe\"";

  private static String metrics(Http http) {
    return http.send("GET", "/_doppel/metrics", "").body();
  }

  private static double value(String metrics, String series) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series + " in\n" + metrics));
  }

  @Test
  void durations_includeCallsBeforeTheFirstRequestForMetrics() {
    try (var doppel = Doppel.start()) {
      var http = new Http(doppel.uri());
      http.send("GET", "/api/v2/me", "", "Authorization", TOKEN);
      http.send("GET", "/api/v2/me", "", "Authorization", "Token wrong");
      var metrics = metrics(http);
      assertThat(metrics)
          .contains(
              "# TYPE doppel_calls_seconds summary",
              "# TYPE doppel_call_duration_seconds histogram",
              "doppel_call_duration_seconds_bucket" + ME + ",le=\"0.001\"} ");
      var last = "doppel_call_duration_seconds_bucket" + ME + ",le=\"+Inf\"}";
      assertThat(value(metrics, last)).isEqualTo(2);
      assertThat(value(metrics, "doppel_call_duration_seconds_count" + ME + "}")).isEqualTo(2);
      assertThat(value(metrics, "doppel_calls_seconds_count" + ME + ",status=\"401\"}"))
          .isEqualTo(1);
      http.send("GET", "/api/v2/me", "", "Authorization", TOKEN);
      assertThat(value(metrics(http), last)).isEqualTo(3);
    }
  }

  @Test
  void hashers_showTheirQueues() {
    try (var doppel = Doppel.start()) {
      var metrics = metrics(new Http(doppel.uri()));
      for (var hasher : new String[] {"gateway", "realms"}) {
        var labels = "{hasher=\"" + hasher + "\"}";
        assertThat(value(metrics, "doppel_hashing_active" + labels)).isZero();
        assertThat(value(metrics, "doppel_hashing_queue" + labels)).isZero();
        assertThat(value(metrics, "doppel_hashing_rejected_total" + labels)).isZero();
      }
    }
  }

  @Test
  void store_showsItsCallsAndSessions(@TempDir Path folder) {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .store(MvStore.file(folder.resolve("users.db")))
            .controlToken("control")
            .credentials(
                new DoppelConfig.Credentials(
                    Optional.of("root"),
                    Optional.of(new Password("a long password")),
                    Optional.empty(),
                    false))
            .build();
    try (var doppel = Doppel.start(config)) {
      var http = new Http(doppel.uri(), "control");
      var before = metrics(http);
      assertThat(value(before, "doppel_sessions")).isZero();
      var signedIn =
          http.send(
              "POST", "/api/v2/signin", "", "Authorization", Http.basic("root", "a long password"));
      assertThat(signedIn.statusCode()).isEqualTo(204);
      var after = metrics(http);
      assertThat(value(after, "doppel_sessions")).isEqualTo(1);
      for (var kind : new String[] {"lookup", "change"}) {
        var calls = "doppel_store_calls_seconds_count{kind=\"" + kind + "\"}";
        assertThat(value(after, calls)).as(kind).isGreaterThan(value(before, calls));
        assertThat(value(after, "doppel_store_active{kind=\"" + kind + "\"}")).isZero();
        for (var reason : new String[] {"unavailable", "overloaded", "timed_out"}) {
          var failures =
              "doppel_store_failures_total{kind=\"" + kind + "\",reason=\"" + reason + "\"}";
          assertThat(value(after, failures)).isZero();
        }
      }
    }
  }

  @Test
  void withVertx_showsItsServersAndPools_ofThisGatewayAlone() {
    var first = start();
    var second = start();
    try {
      var http = new Http(URI.create(first.url()));
      http.send("GET", "/api/v2/me", "", "Authorization", TOKEN);
      http.send("BREW", "/api/v2/me", "");
      var metrics = metrics(http);
      assertThat(metrics).doesNotContain("BREW", "doppel-hasher-");
      assertThat(value(metrics, "vertx_http_server_requests_total{code=\"200\"}")).isEqualTo(1);
      assertThat(metrics)
          .contains(
              "vertx_http_server_active_connections",
              "vertx_pool_queue_pending{pool_name=\"vert.x-worker-thread\",pool_type=\"worker\"}",
              "vertx_pool_queue_pending{pool_name=\"doppel-hasher\",pool_type=\"worker\"}",
              "doppel_calls_seconds_count" + ME + ",status=\"200\"} 1");
      assertThat(metrics(new Http(URI.create(second.url()))))
          .doesNotContain("vertx_http_server_requests_total{code=\"200\"}", "GetMe");
    } finally {
      await(first.closeWithVertx());
      await(second.closeWithVertx());
    }
  }

  private static Gateway start() {
    var metrics = Metrics.withVertx();
    return await(
        Gateway.start(
            metrics.newVertx(new VertxOptions()),
            DoppelConfig.DEFAULT.toBuilder().port(0).build(),
            metrics,
            Promise.<Void>promise().future()));
  }

  @Test
  void newVertx_measuresNothingUnlessAskedTo() {
    var vertx = new Metrics().newVertx(new VertxOptions());
    try {
      assertThat(vertx.isMetricsEnabled()).isFalse();
    } finally {
      await(vertx.close());
    }
  }
}
