package dev.doppel.gateway.metrics;

import dev.doppel.gateway.metrics.OperationCalls.StatusCalls;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Storage;
import dev.doppel.users.StoreCalls;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The text format of Prometheus, read from the counts at each scrape. */
final class PrometheusExposition implements Exposition {

  private static final String DURATION = "doppel_call_duration_seconds";

  private final Metrics metrics;
  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final Set<StatusKey> registered = new HashSet<>();

  /** The calls of all storages, by kind; the registry refers to them only weakly. */
  private final Map<String, List<StoreCalls>> storeCalls;

  private record StatusKey(String dialect, String operation, int status) {}

  PrometheusExposition(Metrics metrics) {
    this(metrics, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  /**
   * @param registry may have other meters already; closed with this exposition
   */
  PrometheusExposition(Metrics metrics, PrometheusMeterRegistry registry) {
    this.metrics = metrics;
    this.registry = registry;
    storeCalls =
        metrics.storages().stream()
            .flatMap(storage -> storage.calls().stream())
            .collect(Collectors.groupingBy(StoreCalls::kind));
    garbage.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    metrics.hashers().forEach(this::register);
    register(metrics.storages());
    registry.getPrometheusRegistry().register(new Durations());
  }

  @Override
  public String text() {
    metrics
        .calls()
        .forEach(
            (dialect, operations) ->
                operations.forEach(
                    (operation, calls) -> {
                      for (var one : calls.statuses()) {
                        if (registered.add(new StatusKey(dialect, operation, one.status()))) {
                          register(dialect, operation, one);
                        }
                      }
                    }));
    return registry.scrape();
  }

  private void register(String dialect, String operation, StatusCalls calls) {
    FunctionTimer.builder(
            "doppel.calls",
            calls,
            it -> it.calls().sum(),
            it -> it.nanos().sum(),
            TimeUnit.NANOSECONDS)
        .description("Calls of the dialects and how long they took to answer; status 0: no answer")
        .tag("dialect", dialect)
        .tag("operation", operation)
        .tag("status", Integer.toString(calls.status()))
        .register(registry);
  }

  private void register(String name, PasswordHasher hasher) {
    Gauge.builder("doppel.hashing.active", hasher, PasswordHasher::activeCount)
        .description("Passwords that are being hashed or verified")
        .tag("hasher", name)
        .register(registry);
    Gauge.builder("doppel.hashing.queue", hasher, PasswordHasher::queueLength)
        .description("Passwords that wait for a worker")
        .tag("hasher", name)
        .register(registry);
    FunctionCounter.builder("doppel.hashing.rejected", hasher, PasswordHasher::rejectedCount)
        .description("Passwords refused since the queue was full or they waited too long")
        .tag("hasher", name)
        .register(registry);
  }

  private void register(List<Storage> storages) {
    storeCalls.forEach(this::register);
    if (storages.stream().anyMatch(storage -> storage.sessionCount().isPresent())) {
      Gauge.builder("doppel.sessions", storages, PrometheusExposition::sessionCount)
          .description("Sessions in the store; expired ones are deleted every minute")
          .register(registry);
    }
  }

  private static long sessionCount(List<Storage> storages) {
    return storages.stream().mapToLong(storage -> storage.sessionCount().orElse(0)).sum();
  }

  /**
   * @param calls of all storages
   */
  private void register(String kind, List<StoreCalls> calls) {
    FunctionTimer.builder(
            "doppel.store.calls",
            calls,
            all -> all.stream().mapToLong(StoreCalls::completed).sum(),
            all -> all.stream().mapToDouble(StoreCalls::seconds).sum(),
            TimeUnit.SECONDS)
        .description("Calls of the store and how long they took, waiting included")
        .tag("kind", kind)
        .register(registry);
    Gauge.builder(
            "doppel.store.active", calls, all -> all.stream().mapToLong(StoreCalls::active).sum())
        .description("Calls of the store that are not complete, waiting ones included")
        .tag("kind", kind)
        .register(registry);
    for (var reason : StoreCalls.FAILURES) {
      FunctionCounter.builder(
              "doppel.store.failures",
              calls,
              all -> all.stream().mapToLong(it -> it.failed(reason)).sum())
          .description("Calls that the store could not do")
          .tag("kind", kind)
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  /** The histogram, which Micrometer can only fill call by call. */
  private final class Durations implements Collector {

    @Override
    public HistogramSnapshot collect() {
      var histogram =
          HistogramSnapshot.builder()
              .name(DURATION)
              .help("How long calls of the dialects took to answer");
      metrics
          .calls()
          .forEach(
              (dialect, operations) ->
                  operations.forEach(
                      (operation, calls) ->
                          histogram.dataPoint(dataPoint(dialect, operation, calls))));
      return histogram.build();
    }

    private static HistogramDataPointSnapshot dataPoint(
        String dialect, String operation, OperationCalls calls) {
      return HistogramDataPointSnapshot.builder()
          .labels(Labels.of("dialect", dialect, "operation", operation))
          .classicHistogramBuckets(buckets(calls.buckets()))
          .sum(calls.seconds())
          .build();
    }

    private static ClassicHistogramBuckets buckets(long[] counts) {
      var buckets = ClassicHistogramBuckets.builder();
      for (int i = 0; i < counts.length; i++) {
        buckets.bucket(
            i < OperationCalls.BOUNDS.length ? OperationCalls.BOUNDS[i] : Double.POSITIVE_INFINITY,
            counts[i]);
      }
      return buckets.build();
    }
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}
