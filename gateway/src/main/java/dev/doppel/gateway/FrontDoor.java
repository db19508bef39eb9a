package dev.doppel.gateway;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.DialectRouter;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Sends a request to the dialect whose path it has, to the control plane, or away. */
final class FrontDoor implements Handler<HttpServerRequest> {

  private record Route(String prefix, boolean ignoresCase, DialectRouter router) {

    boolean has(String path) {
      return path.regionMatches(ignoresCase, 0, prefix, 0, prefix.length())
          && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
  }

  private final List<Dialect> dialects;
  private final List<Route> routes;
  private final ControlPlane control;

  FrontDoor(Vertx vertx, List<Dialect> dialects, ControlPlane control, Clock clock) {
    this.dialects = dialects;
    this.control = control;
    routes =
        dialects.stream()
            .flatMap(
                dialect -> {
                  var router =
                      new DialectRouter(vertx, dialect, DialectRouter.Limits.DEFAULT, clock);
                  var ignoresCase = dialect.paths().ignoresCase();
                  return dialect.prefixes().stream()
                      .map(prefix -> new Route(prefix, ignoresCase, router));
                })
            .sorted(Comparator.comparing(route -> -route.prefix().length()))
            .toList();
  }

  @Override
  public void handle(HttpServerRequest request) {
    var path = Optional.ofNullable(request.path()).orElse("");
    if (path.startsWith(ControlPlane.PREFIX)) {
      control.handle(request);
      return;
    }
    for (var route : routes) {
      if (route.has(path)) {
        route.router().handle(request);
        return;
      }
    }
    noSuchPath(request);
  }

  /**
   * Answers what is not HTTP as we take it: headers too long or malformed, in the words of the
   * dialect whose path it has; a line too long or no HTTP at all, in our own.
   */
  void refuse(HttpServerRequest request) {
    var tooLong = request.decoderResult().cause() instanceof TooLongHttpHeaderException;
    var path = Optional.ofNullable(request.path()).orElse("");
    var route = routes.stream().filter(one -> one.has(path)).findFirst();
    if (route.isPresent()) {
      var failure =
          tooLong
              ? Failure.of(Reason.HEADERS_TOO_LARGE)
              : Failure.of(Reason.INVALID_VALUE, "malformed HTTP request");
      route.get().router().refuse(request, failure);
    } else if (tooLong) {
      Json.send(request, 431, error("request headers over " + Listeners.HEADER_LIMIT + " bytes"));
    } else if (request.decoderResult().cause() instanceof TooLongHttpLineException) {
      Json.send(request, 414, error("request line over " + Listeners.LINE_LIMIT + " bytes"));
    } else {
      Json.send(request, 400, error("not an HTTP request"));
    }
    request.connection().close();
  }

  private static JsonObject error(String text) {
    return new JsonObject().put("error", text);
  }

  private void noSuchPath(HttpServerRequest request) {
    var spoken = new JsonObject();
    dialects.forEach(dialect -> spoken.put(dialect.name(), new JsonArray(dialect.prefixes())));
    Json.send(request, 404, error("no dialect has this path").put("dialects", spoken));
  }
}
