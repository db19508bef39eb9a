package dev.doppel.gateway.metrics;

import dev.doppel.dialect.CallInfo;
import dev.doppel.gateway.http.Json;
import dev.doppel.serve.CallInterceptor;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Storage;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The metrics of a gateway over all its realms. Calls are counted from the start, in plain Java;
 * Micrometer is loaded on the first request for metrics, and only needs to be on the class path
 * then. Thread-safe.
 */
public final class Metrics implements CallInterceptor, AutoCloseable {

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** The operation of calls whose path or method belongs to none. */
  private static final String NO_OPERATION = "none";

  private static final String MISSING =
      "no metrics: io.micrometer:micrometer-registry-prometheus is not on the class path";

  /** By dialect, then by operation; bounded, since the names of both are. */
  private final Map<String, Map<String, OperationCalls>> calls = new ConcurrentHashMap<>();

  /** By what their passwords are for. */
  private final Map<String, PasswordHasher> hashers = new ConcurrentHashMap<>();

  /** Loads Micrometer. */
  private final Function<Metrics, Exposition> newExposition;

  private final Function<VertxOptions, Vertx> newVertx;
  private volatile List<Storage> storages = List.of();
  private Optional<Exposition> exposition = Optional.empty();

  /** Creates metrics without those of Vert.x. */
  public Metrics() {
    // A reference to the constructor would load its class here.
    this(metrics -> new PrometheusExposition(metrics), Vertx::vertx);
  }

  private Metrics(
      Function<Metrics, Exposition> newExposition, Function<VertxOptions, Vertx> newVertx) {
    this.newExposition = newExposition;
    this.newVertx = newVertx;
  }

  /**
   * Creates metrics that include those of the Vert.x that {@link #newVertx} returns. Loads
   * Micrometer at once, since Vert.x counts for itself from its start.
   *
   * @throws NoClassDefFoundError if vertx-micrometer-metrics or micrometer-registry-prometheus is
   *     not on the class path
   */
  public static Metrics withVertx() {
    var meters = new VertxMeters();
    return new Metrics(meters::exposition, meters::newVertx);
  }

  /** Creates the Vert.x for the gateway. Called once. */
  public Vertx newVertx(VertxOptions options) {
    return newVertx.apply(options);
  }

  /** Includes the queue of a hasher. */
  public void add(String name, PasswordHasher hasher) {
    hashers.put(name, hasher);
  }

  /** Includes the counts of the gateway's storages, added up. */
  public void setStorages(List<Storage> storages) {
    this.storages = List.copyOf(storages);
  }

  @Override
  public void onResponse(CallInfo call, int status, Duration took) {
    find(call.dialectName(), call.operationName().orElse(NO_OPERATION)).add(status, took.toNanos());
  }

  private OperationCalls find(String dialect, String operation) {
    var operations = calls.get(dialect);
    if (operations == null) {
      operations = calls.computeIfAbsent(dialect, first -> new ConcurrentHashMap<>());
    }
    var found = operations.get(operation);
    return found != null
        ? found
        : operations.computeIfAbsent(operation, first -> new OperationCalls());
  }

  Map<String, Map<String, OperationCalls>> calls() {
    return calls;
  }

  Map<String, PasswordHasher> hashers() {
    return hashers;
  }

  List<Storage> storages() {
    return storages;
  }

  /** Adds the route of the metrics to the control plane. */
  public void mount(Router api) {
    api.get("/metrics").handler(this::scrape);
  }

  private void scrape(RoutingContext context) {
    context
        .vertx()
        .executeBlocking(this::text)
        .onSuccess(
            text -> {
              if (text.isPresent()) {
                context.response().putHeader("Content-Type", TEXT).end(text.get());
              } else {
                Json.send(context.request(), 501, new JsonObject().put("error", MISSING));
              }
            })
        .onFailure(context::fail);
  }

  /** Returns the metrics in the text format of Prometheus; empty if Micrometer is missing. */
  private synchronized Optional<String> text() {
    if (exposition.isEmpty()) {
      exposition = open();
    }
    return exposition.map(Exposition::text);
  }

  private Optional<Exposition> open() {
    try {
      return Optional.of(newExposition.apply(this));
    } catch (NoClassDefFoundError missing) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() {
    exposition.ifPresent(Exposition::close);
  }
}
