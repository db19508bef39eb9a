package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Listen;
import dev.doppel.users.TokenHash;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;

/**
 * Whom the control plane answers. Where there is a control token it wants it as a bearer token. On
 * loopback it is open without one, but not to web pages: neither to those of another origin, nor to
 * those that made a name of their own point to this machine. Elsewhere, without one, it isn't
 * there.
 */
final class ControlGuard implements Handler<RoutingContext> {

  private final GatewayConfig config;

  ControlGuard(GatewayConfig config) {
    this.config = config;
  }

  @Override
  public void handle(RoutingContext context) {
    var token = config.controlToken();
    if (token.isPresent()) {
      if (shows(context.request(), token.get())) {
        context.next();
      } else {
        refuse(context, 401, "the control token is wanted as a bearer token");
      }
    } else if (!config.listen().loopback()) {
      refuse(context, 404, "no such path");
    } else if (!callsLoopback(context.request())) {
      refuse(context, 403, "without a control token this is for loopback names alone");
    } else if (!ownOrigin(context.request())) {
      refuse(context, 403, "not for pages of another origin");
    } else {
      context.next();
    }
  }

  /** Hashes are compared, so that the time doesn't tell how much of the token was right. */
  private static boolean shows(HttpServerRequest request, String token) {
    return Optional.ofNullable(request.getHeader("Authorization"))
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith("bearer "))
        .map(value -> TokenHash.of(value.substring("bearer ".length())))
        .filter(TokenHash.of(token)::equals)
        .isPresent();
  }

  /** Whether the client knows us by a name that only this machine can have. */
  private static boolean callsLoopback(HttpServerRequest request) {
    var authority = request.authority();
    if (authority == null) {
      return request.getHeader("Host") == null; // HTTP/1.0, and not one that can't be read
    }
    var host = authority.host().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    return Listen.loopback(host) || host.endsWith(FrontDoor.REALM_HOST);
  }

  /** Only browsers say where a call comes from, and they always do when it may change something. */
  private static boolean ownOrigin(HttpServerRequest request) {
    var origin = request.getHeader("Origin");
    return origin == null
        || origin.equalsIgnoreCase(request.scheme() + "://" + request.authority());
  }

  private static void refuse(RoutingContext context, int status, String text) {
    Json.send(context.request(), status, new JsonObject().put("error", text));
  }
}
