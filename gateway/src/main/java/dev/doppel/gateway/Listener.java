package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Listen;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One port, served by one event loop or several. */
final class Listener {

  /** Longest request line, in bytes. */
  static final int LINE_LIMIT = 16 << 10;

  /** Longest headers together, in bytes. */
  static final int HEADER_LIMIT = 32 << 10;

  private static final int IDLE_SECONDS = 75;
  private static final int FEWEST_LOOPS = 2;
  private static final int ANY_SHARED = -1;

  /**
   * What listens.
   *
   * @param requests gets what is HTTP
   * @param refusing answers what is not HTTP as we take it
   */
  record Doors(Handler<HttpServerRequest> requests, Handler<HttpServerRequest> refusing) {}

  private final Vertx vertx;
  private final Listen listen;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final String deployment;

  private Listener(Vertx vertx, Listen listen, List<HttpServer> servers, String deployment) {
    this.vertx = vertx;
    this.listen = listen;
    this.servers.addAll(servers);
    this.deployment = deployment;
  }

  /** As many event loops as there are processors, two at least. */
  static int allLoops() {
    return Math.max(FEWEST_LOOPS, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Fails with {@link Refused} if the port can't be had.
   *
   * @param keys for TLS
   * @param wanted 0 takes any free one
   * @param loops how many event loops share it
   */
  static Future<Listener> open(
      Vertx vertx,
      Listen listen,
      Optional<KeyCertOptions> keys,
      int wanted,
      int loops,
      Doors doors) {
    var servers = new CopyOnWriteArrayList<HttpServer>();
    // Loops that ask for the same negative port share one free port; each that asks for 0 gets its
    // own.
    var port = wanted == 0 && loops > 1 ? ANY_SHARED : wanted;
    return vertx
        .deployVerticle(
            () ->
                context -> {
                  var server = vertx.createHttpServer(options(listen, keys, wanted));
                  servers.add(server);
                  return server
                      .requestHandler(doors.requests())
                      .invalidRequestHandler(doors.refusing())
                      .listen(port, listen.host());
                },
            new DeploymentOptions().setInstances(loops))
        .map(deployed -> new Listener(vertx, listen, servers, deployed))
        .recover(thrown -> Future.failedFuture(refused(listen, wanted, thrown)));
  }

  private static HttpServerOptions options(
      Listen listen, Optional<KeyCertOptions> keys, int wanted) {
    var options =
        new HttpServerOptions()
            .setHost(listen.host())
            .setPort(wanted)
            .setMaxInitialLineLength(LINE_LIMIT)
            .setMaxHeaderSize(HEADER_LIMIT)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setTcpNoDelay(true)
            .setPerFrameWebSocketCompressionSupported(false) // no vendor has any
            .setPerMessageWebSocketCompressionSupported(false)
            .setHandle100ContinueAutomatically(true);
    keys.ifPresent(own -> options.setSsl(true).setUseAlpn(true).setKeyCertOptions(own));
    return options;
  }

  private static Throwable refused(Listen listen, int wanted, Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new Refused(
            Refused.MACHINE, "--port " + wanted + ": in use or not allowed on " + listen.host());
      }
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return new Refused(Refused.MACHINE, "--host " + listen.host() + ": no such host");
      }
    }
    return listen.tls().isPresent()
        ? new Refused(
            Refused.CONFIGURATION,
            "--tls-cert, --tls-key: not a PEM certificate chain and its private key")
        : thrown;
  }

  /**
   * Shows another certificate to connections from now on; fails, and keeps the old, if it can't.
   */
  Future<?> show(KeyCertOptions keys) {
    var options = new ServerSSLOptions().setKeyCertOptions(keys).setUseAlpn(true);
    return Future.join(servers.stream().map(server -> server.updateSSLOptions(options)).toList());
  }

  int port() {
    return servers.get(0).actualPort();
  }

  /** Without a slash at the end. */
  String url() {
    return url(listen.host());
  }

  /** As above, by another name of the same address. */
  String url(String host) {
    return (listen.tls().isPresent() ? "https" : "http")
        + "://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port();
  }

  /** Lets requests under way finish, then leaves nothing on the caller's Vert.x. */
  Future<Void> close(Duration grace) {
    return Future.join(
            servers.stream()
                .map(server -> server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
                .toList())
        .transform(shut -> vertx.undeploy(deployment));
  }
}
