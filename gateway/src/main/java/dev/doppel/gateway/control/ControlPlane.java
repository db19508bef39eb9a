package dev.doppel.gateway.control;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.http.Json;
import dev.doppel.gateway.metrics.Metrics;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.users.MemoryErrors;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The HTTP handler of {@code /_doppel/}, the interface for tests, operators and tools. */
public final class ControlPlane implements Handler<HttpServerRequest> {

  /** Prefix of all its paths. */
  public static final String PREFIX = "/_doppel";

  /** The kinds of ports on which requests arrive. */
  public enum Port {
    /** The ports of the gateway, its vendors and its realms. */
    DIALECTS,
    /** The port of {@code --control-port}. */
    CONTROL
  }

  private final List<Dialect> dialects;
  private final HostedRealm realm;
  private final Router router;

  /**
   * Creates the control plane of a realm for some of its dialects.
   *
   * @param prefix optional beginning of the paths, before {@link #PREFIX}; may be empty
   */
  private ControlPlane(
      Vertx vertx,
      HostedRealm hosted,
      List<Dialect> dialects,
      Port port,
      String prefix,
      List<ControlRoutes> parts) {
    this.dialects = dialects;
    this.realm = hosted;
    var api = Router.router(vertx);
    api.get("/operations").handler(this::operations);
    api.get("/openapi/:file").handler(this::openApi);
    parts.forEach(part -> part.mount(api));
    router = Router.router(vertx);
    var bases = Stream.of("", prefix).distinct().map(base -> base + PREFIX).toList();
    bases.forEach(this::openProbes);
    router.route().handler(new ControlGuard(hosted.config(), port));
    bases.forEach(base -> router.route(base + "/*").subRouter(api));
    router.errorHandler(400, context -> send(context, 400, error("not a request as we take it")));
    router.errorHandler(404, context -> send(context, 404, error("no such path")));
    router.errorHandler(405, context -> send(context, 405, error("no such method here")));
    router.errorHandler(500, context -> send(context, 500, error("internal error")));
  }

  /** Adds health and readiness probes, which need no token. */
  private void openProbes(String base) {
    router.route(base + "/health").method(GET).method(HEAD).handler(this::health);
    router.route(base + "/ready").method(GET).method(HEAD).handler(this::ready);
  }

  /**
   * Creates the control plane of a gateway.
   *
   * @param dialects the dialects of the port; all on the control plane's own port
   */
  public static ControlPlane of(
      Vertx vertx,
      HostedRealm realm,
      List<Dialect> dialects,
      Port port,
      RealmDirectory realms,
      Metrics metrics) {
    return new ControlPlane(
        vertx,
        realm,
        dialects,
        port,
        "",
        List.of(
            new ControlUsers(realm),
            new ControlState(realm),
            new ControlBackup(realm),
            new ControlJournal(vertx, realm),
            new ControlFaults(realm),
            new ControlMails(realm),
            new ControlInfo(realm, port, "", Optional.of(realms)),
            new ControlRealms(realms),
            metrics::mount));
  }

  /**
   * Creates the control plane of one of the gateway's realms.
   *
   * @param name name of the realm
   * @param prefix beginning of the realm's paths on the gateway's port
   */
  public static ControlPlane of(
      Vertx vertx, HostedRealm realm, Port port, String name, String prefix) {
    return new ControlPlane(
        vertx,
        realm,
        realm.dialects(),
        port,
        prefix,
        List.of(
            new ControlUsers(realm),
            new ControlState(realm),
            new ControlBackup(realm),
            new ControlJournal(vertx, realm),
            new ControlFaults(realm),
            new ControlMails(realm),
            new ControlInfo(realm, port, name, Optional.empty())));
  }

  @Override
  public void handle(HttpServerRequest request) {
    router.handle(request);
  }

  private void health(RoutingContext context) {
    send(context, 200, new JsonObject().put("status", "up"));
  }

  private void ready(RoutingContext context) {
    realm
        .ping()
        .onSuccess(alive -> send(context, 200, new JsonObject().put("status", "ready")))
        .onFailure(MemoryErrors::report)
        .onFailure(away -> send(context, 503, new JsonObject().put("status", "store unavailable")));
  }

  private void operations(RoutingContext context) {
    var all = new JsonArray();
    for (var dialect : dialects) {
      var lines = new JsonArray();
      dialect.operations().forEach(operation -> lines.add(line(operation)));
      dialect
          .grpcOperations()
          .forEach(name -> lines.add(new JsonObject().put("name", name).put("method", "GRPC")));
      all.add(
          new JsonObject()
              .put("dialect", dialect.name())
              .put("version", dialect.version())
              .put("fidelity", dialect.fidelity().name().toLowerCase(Locale.ROOT))
              .put("prefixes", new JsonArray(dialect.prefixes()))
              .put("openapi", PREFIX + "/openapi/" + dialect.name() + ".yaml")
              .put("operations", lines));
    }
    send(context, 200, new JsonObject().put("dialects", all));
  }

  private static JsonObject line(Operation operation) {
    return new JsonObject()
        .put("name", operation.name())
        .put("method", operation.method().name())
        .put("path", operation.path());
  }

  private void openApi(RoutingContext context) {
    var file = context.pathParam("file");
    var known = dialects.stream().filter(one -> file.equals(one.name() + ".yaml")).findFirst();
    if (known.isEmpty()) {
      var documents = dialects.stream().map(one -> one.name() + ".yaml").toList();
      send(context, 404, error(Suggestions.notAllowed(file, documents)));
      return;
    }
    try (var in = known.get().getClass().getResourceAsStream("/dev/doppel/openapi/" + file)) {
      if (in == null) {
        throw new IllegalStateException("a dialect without its document: " + file);
      }
      context
          .response()
          .putHeader("Content-Type", "application/yaml")
          .end(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject error(String text) {
    return new JsonObject().put("error", text);
  }

  private static void send(RoutingContext context, int status, JsonObject body) {
    Json.send(context.request(), status, body);
  }
}
