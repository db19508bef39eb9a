package dev.doppel.gateway.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.UUID;

/** The meters of Vert.x's own servers, clients and pools. */
final class VertxMeters {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

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
