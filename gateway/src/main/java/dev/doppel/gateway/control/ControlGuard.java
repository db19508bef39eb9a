package dev.doppel.gateway.control;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.gateway.RequestDispatcher;
import dev.doppel.gateway.http.Json;
import dev.doppel.users.TokenHash;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may use the control plane.
 *
 * <ul>
 *   <li>With a control token, every request needs it as a bearer token, and nothing else is
 *       checked. A web page can't send it unless it knows it: browsers add no bearer token by
 *       themselves, unlike cookies and Basic credentials.
 *   <li>Without one, a persistent store and a listener beyond loopback refuse every request.
 *   <li>Without one, the memory store on loopback answers requests for its own address and port. It
 *       refuses requests that show that a proxy passed them on, for then anybody may have sent
 *       them, and requests that a page of another origin makes.
 * </ul>
 *
 * <p>A proxy that rewrites {@code Host}, speaks HTTP/1.1 and adds no header can't be noticed.
 * Behind one, a control token or a control port is needed.
 */
final class ControlGuard implements Handler<RoutingContext> {

  private static final String USE_TOKEN =
      "start Doppel with --control-token and send it as a bearer token";

  /** Headers that proxies add, in lower case. */
  private static final Set<String> PROXY_HEADERS =
      Set.of(
          "cdn-loop",
          "client-ip",
          "forwarded",
          "proxy-connection",
          "true-client-ip",
          "via",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-real-ip",
          "x-scheme");

  /** Prefixes of other headers that proxies add, in lower case. */
  private static final List<String> PROXY_HEADER_PREFIXES =
      List.of("cf-", "fastly-", "x-arr-", "x-azure-", "x-envoy-", "x-forwarded", "x-original-");

  /** The values of {@code Sec-Fetch-Site} for requests that no page of another origin makes. */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final DoppelConfig config;
  private final ControlPlane.Port port;

  /**
   * @param port the port on which the requests arrive
   */
  ControlGuard(DoppelConfig config, ControlPlane.Port port) {
    this.config = config;
    this.port = port;
  }

  @Override
  public void handle(RoutingContext context) {
    try {
      check(context.request());
    } catch (ControlException refusal) {
      if (refusal.status() == 401) {
        context.response().putHeader("WWW-Authenticate", "Bearer");
      }
      Json.send(context.request(), refusal.status(), new JsonObject().put("error", refusal.line()));
      return;
    }
    context.next();
  }

  private void check(HttpServerRequest request) {
    if (port == ControlPlane.Port.DIALECTS && config.control().port().isPresent()) {
      throw ControlException.notFound("the control plane has a port of its own (--control-port)");
    }
    var token = config.control().token();
    if (token.isPresent()) {
      checkToken(request, token.get());
    } else if (config.store().isPersistent()) {
      throw ControlException.forbidden("this store is persistent: " + USE_TOKEN);
    } else if (config.controlNeedsToken()) {
      throw ControlException.forbidden("not listening on loopback: " + USE_TOKEN);
    } else {
      checkDirect(request);
      checkHost(request);
      checkOrigin(request);
    }
  }

  /** Compares hashes, so that the time doesn't reveal how much of the token was right. */
  private static void checkToken(HttpServerRequest request, String token) {
    var shown =
        Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
            .filter(value -> value.toLowerCase(Locale.ROOT).startsWith("bearer "))
            .map(value -> TokenHash.of(value.substring("bearer ".length())));
    if (!shown.equals(Optional.of(TokenHash.of(token)))) {
      throw ControlException.unauthorized("send the control token as a bearer token");
    }
  }

  /**
   * Refuses requests that a proxy passed on. nginx speaks HTTP/1.0 to its upstreams by default;
   * only clients of a forward proxy send a whole URL in the request line.
   */
  private static void checkDirect(HttpServerRequest request) {
    var sign = signOfProxy(request);
    if (sign.isPresent()) {
      throw ControlException.forbidden(
          "this request came through a proxy (" + sign.get() + "): " + USE_TOKEN);
    }
  }

  private static Optional<String> signOfProxy(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_0) {
      return Optional.of("HTTP/1.0");
    }
    if (!request.uri().startsWith("/")) {
      return Optional.of("an absolute URL in the request line");
    }
    return request.headers().names().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .filter(ControlGuard::addedByProxy)
        .findFirst();
  }

  private static boolean addedByProxy(String header) {
    return PROXY_HEADERS.contains(header)
        || PROXY_HEADER_PREFIXES.stream().anyMatch(header::startsWith);
  }

  /** Refuses host names that others can resolve to this machine, and ports of other servers. */
  private static void checkHost(HttpServerRequest request) {
    var port = request.localAddress().port();
    var hosts = request.headers().getAll(HttpHeaders.HOST); // none in HTTP/2
    var own =
        hosts.size() <= 1
            && isOwn(request.authority(), request.isSSL(), port)
            && hosts.stream()
                .allMatch(
                    host -> isOwn(HostAndPort.parseAuthority(host, -1), request.isSSL(), port));
    if (!own) {
      var shown =
          hosts.isEmpty()
              ? Optional.ofNullable(request.authority()).map(Object::toString).orElse("")
              : String.join(", ", hosts);
      throw ControlException.forbidden(
          "Host '%s' is not allowed; use localhost:%d or 127.0.0.1:%d, or %s"
              .formatted(shown, port, port, USE_TOKEN));
    }
  }

  /**
   * Returns whether an authority can only be that of a listener on this machine's loopback: {@code
   * localhost}, a name below it, {@code 127.0.0.0/8} or {@code [::1]}, as browsers spell them, and
   * its port.
   *
   * @param authority null if there is none
   * @param port of the listener
   */
  static boolean isOwn(@Nullable HostAndPort authority, boolean tls, int port) {
    if (authority == null) {
      return false;
    }
    var host = authority.host().toLowerCase(Locale.ROOT);
    var loopback =
        host.equals("[::1]")
            || (!host.startsWith("[") && Listen.loopback(host))
            || (host.endsWith(RequestDispatcher.REALM_HOST)
                && !host.equals(RequestDispatcher.REALM_HOST));
    var named = authority.port() >= 0 ? authority.port() : tls ? 443 : 80;
    return loopback && named == port;
  }

  /**
   * Refuses requests that a page of another origin makes a browser send. Browsers send {@code
   * Origin} with requests that may change something, {@code Sec-Fetch-Site} with every request.
   */
  private static void checkOrigin(HttpServerRequest request) {
    var own = (request.isSSL() ? "https" : "http") + "://" + request.authority();
    checkAll(request, "Origin", own::equalsIgnoreCase);
    checkAll(request, "Sec-Fetch-Site", OWN_SITES::contains);
  }

  private static void checkAll(
      HttpServerRequest request, String header, Predicate<String> allowed) {
    for (var value : request.headers().getAll(header)) {
      if (!allowed.test(value)) {
        throw ControlException.forbidden(
            "%s '%s' is not allowed; pages of another origin can't use the control plane"
                .formatted(header, value));
      }
    }
  }
}
