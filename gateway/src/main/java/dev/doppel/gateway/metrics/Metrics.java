package dev.doppel.gateway.metrics;

import dev.doppel.dialect.CallInfo;
import dev.doppel.serve.CallInterceptor;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The metrics of a gateway over all its realms: calls by operation and status, and the JVM's state.
 * Calls are counted from the start; the registry is created on the first request for metrics.
 */
public final class Metrics implements CallInterceptor, AutoCloseable {

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private record Kind(String dialect, String operation, int status) {}

  private static final class Count {
    final LongAdder calls = new LongAdder();
    final LongAdder nanos = new LongAdder();
  }

  /** The registry of the counts, and a binder that must be closed. */
  private record Exposition(PrometheusMeterRegistry registry, JvmGcMetrics garbage) {}

  private final Map<Kind, Count> counts = new ConcurrentHashMap<>();
  private final Set<Kind> told = new HashSet<>();
  private Optional<Exposition> exposition = Optional.empty();

  /** Counts are bounded, since operations and statuses are. */
  @Override
  public void onResponse(CallInfo call, int status, Duration took) {
    var kind = new Kind(call.dialectName(), call.operationName().orElse("none"), status);
    var count = counts.get(kind);
    if (count == null) {
      count = counts.computeIfAbsent(kind, first -> new Count());
    }
    count.calls.increment();
    count.nanos.add(took.toNanos());
  }

  /** Adds the route of the metrics to the control plane. */
  public void mount(Router api) {
    api.get("/metrics").handler(this::scrape);
  }

  private void scrape(RoutingContext context) {
    context
        .vertx()
        .executeBlocking(this::text)
        .onSuccess(text -> context.response().putHeader("Content-Type", TEXT).end(text))
        .onFailure(context::fail);
  }

  private synchronized String text() {
    if (exposition.isEmpty()) {
      exposition = Optional.of(exposition());
    }
    var registry = exposition.get().registry();
    counts.forEach(
        (kind, count) -> {
          if (told.add(kind)) {
            register(registry, kind, count);
          }
        });
    return registry.scrape();
  }

  private static Exposition exposition() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var garbage = new JvmGcMetrics();
    garbage.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    return new Exposition(registry, garbage);
  }

  private static void register(PrometheusMeterRegistry registry, Kind kind, Count count) {
    FunctionTimer.builder(
            "doppel.calls", count, it -> it.calls.sum(), it -> it.nanos.sum(), TimeUnit.NANOSECONDS)
        .description("Calls of the dialects and how long they took to answer; status 0: no answer")
        .tag("dialect", kind.dialect())
        .tag("operation", kind.operation())
        .tag("status", Integer.toString(kind.status()))
        .register(registry);
  }

  @Override
  public synchronized void close() {
    exposition.ifPresent(
        it -> {
          it.garbage().close();
          it.registry().close();
        });
  }
}
