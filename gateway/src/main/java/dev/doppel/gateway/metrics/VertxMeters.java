package dev.doppel.gateway.metrics;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/** The meters of Vert.x's own servers, clients and pools. */
final class VertxMeters {

  private static final List<String> STABLE_NAMES = List.of("doppel-hasher", "doppel-store");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  VertxMeters() {
    registry
        .config()
        .meterFilter(
            MeterFilter.replaceTagValues(Label.POOL_NAME.toString(), VertxMeters::withoutSuffix))
        // Wrong where pools share a name; it is in_use by the size, which is known.
        .meterFilter(MeterFilter.denyNameStartsWith("vertx.pool.ratio"));
  }

  /**
   * Returns a pool's name without what differs between starts and installations: the number of a
   * hasher and the file of a store.
   */
  private static String withoutSuffix(String pool) {
    for (var prefix : STABLE_NAMES) {
      if (pool.startsWith(prefix + "-")) {
        return prefix;
      }
    }
    return pool;
  }

  /** Returns the metrics with these meters among them. */
  Exposition exposition(Metrics metrics) {
    return new PrometheusExposition(metrics, registry);
  }

  /** Creates a Vert.x that counts in the registry. */
  Vertx newVertx(VertxOptions options) {
    var metrics =
        new MicrometerMetricsOptions()
            // One for each gateway; the default name is shared by the whole process.
            .setRegistryName("doppel-" + UUID.randomUUID())
            // Not the method or the path, of which a client may invent any number.
            .setLabels(EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME))
            .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
            .addDisabledMetricsCategory(MetricsDomain.VERTICLES)
            .setEnabled(true);
    return Vertx.builder()
        .with(new VertxOptions(options).setMetricsOptions(metrics))
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }
}
