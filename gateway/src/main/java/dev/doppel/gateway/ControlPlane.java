package dev.doppel.gateway;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Operation;
import dev.doppel.users.Realm;
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

/** {@code /_doppel/}: what tests, operators and tools ask the gateway itself. */
final class ControlPlane implements Handler<HttpServerRequest> {

  static final String PREFIX = "/_doppel";

  private final List<Dialect> dialects;
  private final Realm realm;
  private final Router router;

  /**
   * The control plane of a realm, for some of its dialects.
   *
   * @param prefix what paths may begin with before our own prefix; may be empty
   */
  private ControlPlane(
      Vertx vertx,
      HostedRealm hosted,
      List<Dialect> dialects,
      String prefix,
      List<ControlRoutes> parts) {
    this.dialects = dialects;
    this.realm = hosted.realm();
    var api = Router.router(vertx);
    api.get("/health").handler(this::health);
    api.get("/ready").handler(this::ready);
    api.get("/operations").handler(this::operations);
    api.get("/openapi/:file").handler(this::openApi);
    parts.forEach(part -> part.mount(api));
    router = Router.router(vertx);
    router.route().handler(new ControlGuard(hosted.config()));
    router.route(PREFIX + "/*").subRouter(api);
    if (!prefix.isEmpty()) {
      router.route(prefix + PREFIX + "/*").subRouter(api);
    }
    router.errorHandler(400, context -> send(context, 400, error("not a request as we take it")));
    router.errorHandler(404, context -> send(context, 404, error("no such path")));
    router.errorHandler(405, context -> send(context, 405, error("no such method here")));
    router.errorHandler(500, context -> send(context, 500, error("internal error")));
  }

  /** Of a gateway, on a port that some or all of its dialects have. */
  static ControlPlane of(
      Vertx vertx,
      HostedRealm realm,
      List<Dialect> dialects,
      ControlRealms realms,
      Metrics metrics) {
    return new ControlPlane(
        vertx,
        realm,
        dialects,
        "",
        List.of(
            new ControlUsers(realm),
            new ControlState(realm),
            new ControlJournal(vertx, realm),
            new ControlFaults(realm),
            realms,
            metrics));
  }

  /** Of one of the gateway's other realms. */
  static ControlPlane of(Vertx vertx, HostedRealm realm, String prefix) {
    return new ControlPlane(
        vertx,
        realm,
        realm.dialects(),
        prefix,
        List.of(
            new ControlUsers(realm),
            new ControlState(realm),
            new ControlJournal(vertx, realm),
            new ControlFaults(realm)));
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
        .storage()
        .ping()
        .onSuccess(alive -> send(context, 200, new JsonObject().put("status", "ready")))
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
    var known =
        dialects.stream().map(dialect -> dialect.name() + ".yaml").filter(file::equals).findFirst();
    if (known.isEmpty()) {
      send(context, 404, error("no dialect has this document"));
      return;
    }
    try (var in = getClass().getResourceAsStream("/openapi/" + known.get())) {
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
