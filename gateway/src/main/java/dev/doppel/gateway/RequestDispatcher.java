package dev.doppel.gateway;

import dev.doppel.dialect.Dialect;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.gateway.http.Json;
import dev.doppel.gateway.http.Listener;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.serve.DialectRouter;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Dispatches each request by path and host name to a dialect, the control plane or another realm,
 * or refuses it.
 */
public final class RequestDispatcher {

  private record Route(String dialect, String prefix, boolean ignoresCase, DialectRouter router) {

    boolean has(String path, int from) {
      var end = from + prefix.length();
      return path.regionMatches(ignoresCase, from, prefix, 0, prefix.length())
          && (path.length() == end || path.charAt(end) == '/');
    }
  }

  /** Beginning of the paths of another realm, followed by its name. */
  public static final String REALM_PREFIX = "/~";

  /** End of the host names of another realm, after its name. */
  public static final String REALM_HOST = ".localhost";

  /** Some of the dialects, with their routes: the longest prefixes first. */
  private record Scope(List<Dialect> dialects, List<Route> routes) {

    Scope of(Dialect dialect) {
      return new Scope(
          List.of(dialect),
          routes.stream().filter(route -> route.dialect().equals(dialect.name())).toList());
    }
  }

  private final Scope all;

  /** By the name of the dialect, for host names such as {@code influx.localhost}. */
  private final Map<String, Scope> single;

  private final ControlPlane control;
  private final Function<String, Optional<RequestDispatcher>> realms;

  /**
   * Creates the dispatcher of a realm.
   *
   * @param dialects the served dialects; none on the control plane's own port
   * @param realms finds the dispatcher of another realm by name
   */
  RequestDispatcher(
      HostedRealm realm,
      List<Dialect> dialects,
      ControlPlane control,
      Function<String, Optional<RequestDispatcher>> realms) {
    this.control = control;
    this.realms = realms;
    var routes =
        dialects.stream()
            .flatMap(
                dialect -> {
                  var router = realm.router(dialect);
                  var ignoresCase = dialect.paths().ignoresCase();
                  return dialect.prefixes().stream()
                      .map(prefix -> new Route(dialect.name(), prefix, ignoresCase, router));
                })
            .sorted(Comparator.comparing(route -> -route.prefix().length()))
            .toList();
    all = new Scope(List.copyOf(dialects), routes);
    single = dialects.stream().collect(Collectors.toMap(Dialect::name, all::of));
  }

  /** Creates the dispatcher of a realm without access to other realms. */
  RequestDispatcher(HostedRealm realm, List<Dialect> dialects, ControlPlane control) {
    this(realm, dialects, control, name -> Optional.empty());
  }

  Listener.RequestHandlers handlers() {
    return new Listener.RequestHandlers(this::handle, this::refuse);
  }

  private void handle(HttpServerRequest request) {
    if (request.version()
        == HttpVersion.HTTP_2) { // the codec of HTTP/1.1 checks both limits itself
      if (request.uri().length() > Listener.MAX_LINE_BYTES) {
        refuseLine(request);
        return;
      }
      if (Listener.headerSize(request) > Listener.MAX_HEADER_BYTES) {
        refuseHeaders(request);
        return;
      }
    }
    var path = Optional.ofNullable(request.path()).orElse("");
    if (path.startsWith(REALM_PREFIX)) {
      var slash = path.indexOf('/', REALM_PREFIX.length());
      var prefix = path.substring(0, slash < 0 ? path.length() : slash);
      pass(request, prefix.substring(REALM_PREFIX.length()), prefix);
      return;
    }
    var host = namedHost(request);
    var named = host.map(single::get);
    if (named.isPresent()) {
      handle(request, "", named.get());
    } else if (host.isPresent()) {
      pass(request, host.get(), "");
    } else {
      handle(request, "", all);
    }
  }

  /** Returns the name in the host {@code NAME.localhost}; empty for any other host. */
  private static Optional<String> namedHost(HttpServerRequest request) {
    var host = request.getHeader(HttpHeaders.HOST);
    if (host == null) { // HTTP/2
      var authority = request.authority();
      host = authority == null ? "" : authority.host();
    }
    var colon = host.lastIndexOf(':');
    var name = (colon < 0 ? host.length() : colon) - REALM_HOST.length();
    return host.regionMatches(true, name, REALM_HOST, 0, REALM_HOST.length())
        ? Optional.of(host.substring(0, name).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  private void pass(HttpServerRequest request, String realm, String prefix) {
    var dispatcher = realms.apply(realm);
    if (dispatcher.isPresent()) {
      dispatcher.get().handle(request, prefix, dispatcher.get().all);
    } else {
      Json.send(request, 404, error("no realm of this name is open: " + realm));
    }
  }

  /**
   * Passes a request to the control plane or a dialect. A dialect that is alone has every path.
   *
   * @param prefix beginning of the path before that of the dialect or the control plane: {@code
   *     /~REALM} or empty
   * @param scope the dialects that the host name allows
   */
  private void handle(HttpServerRequest request, String prefix, Scope scope) {
    var path = Optional.ofNullable(request.path()).orElse("");
    if (path.startsWith(ControlPlane.PREFIX, prefix.length())) {
      control.handle(request);
      return;
    }
    for (var route : scope.routes()) {
      if (route.has(path, prefix.length())) {
        route.router().handle(request, prefix);
        return;
      }
    }
    if (scope.dialects().size() == 1) {
      scope.routes().get(0).router().handle(request, prefix);
    } else {
      noSuchPath(request, scope.dialects());
    }
  }

  /**
   * Refuses a request that the HTTP codec couldn't parse: too long or malformed headers with the
   * error of the dialect that has the path, a too long line or no HTTP at all with an error of our
   * own.
   */
  private void refuse(HttpServerRequest request) {
    var cause = request.decoderResult().cause();
    var route = route(request);
    if (cause instanceof TooLongHttpHeaderException) {
      refuseHeaders(request);
    } else if (route.isPresent()) {
      route.get().router().refuseMalformed(request, "");
    } else if (cause instanceof TooLongHttpLineException) {
      refuseLine(request);
    } else {
      Json.send(request, 400, error("not an HTTP request"));
      request.connection().close();
    }
  }

  private Optional<Route> route(HttpServerRequest request) {
    var path = Optional.ofNullable(request.path()).orElse("");
    return all.routes().stream()
        .filter(one -> one.has(path, 0) || all.dialects().size() == 1)
        .findFirst();
  }

  private void refuseHeaders(HttpServerRequest request) {
    var route = route(request);
    if (route.isPresent()) {
      route.get().router().refuseHeaders(request, "");
      return;
    }
    Json.send(request, 431, error("request headers over " + Listener.MAX_HEADER_BYTES + " bytes"));
    closeUnlessShared(request);
  }

  private static void refuseLine(HttpServerRequest request) {
    Json.send(request, 414, error("request line over " + Listener.MAX_LINE_BYTES + " bytes"));
    closeUnlessShared(request);
  }

  /**
   * Closes a connection of HTTP/1.1, where the rest of the request would be read as the next
   * request.
   */
  private static void closeUnlessShared(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.connection().close();
    }
  }

  private static JsonObject error(String text) {
    return new JsonObject().put("error", text);
  }

  private static void noSuchPath(HttpServerRequest request, List<Dialect> dialects) {
    if (dialects.isEmpty()) {
      Json.send(request, 404, error("only " + ControlPlane.PREFIX + "/ is served on this port"));
      return;
    }
    var spoken = new JsonObject();
    dialects.forEach(dialect -> spoken.put(dialect.name(), new JsonArray(dialect.prefixes())));
    Json.send(request, 404, error("no dialect has this path").put("dialects", spoken));
  }
}
