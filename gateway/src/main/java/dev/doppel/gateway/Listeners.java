package dev.doppel.gateway;

import dev.doppel.dialect.Dialect;
import dev.doppel.gateway.GatewayConfig.Vendor;
import dev.doppel.milvus.MilvusHealth;
import dev.doppel.users.Realm;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sockets: one port for all dialects, shared by several event loops, and on demand one port a
 * vendor.
 */
final class Listeners {

  /** Longest request line, in bytes. */
  static final int LINE_LIMIT = 16 << 10;

  /** Longest headers together, in bytes. */
  static final int HEADER_LIMIT = 32 << 10;

  private static final int IDLE_SECONDS = 75;
  private static final int FEWEST_LOOPS = 2;
  private static final int ANY_SHARED = -1;

  private final Vertx vertx;
  private final GatewayConfig config;
  private final List<Dialect> dialects;
  private final FrontDoor everyone;
  private final Realm realm;
  private final ControlState control;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final List<String> deployments = new CopyOnWriteArrayList<>();
  private int port;

  Listeners(
      Vertx vertx,
      GatewayConfig config,
      List<Dialect> dialects,
      Realm realm,
      ControlState control) {
    this.vertx = vertx;
    this.control = control;
    this.config = config;
    this.dialects = dialects;
    this.realm = realm;
    everyone = door(dialects);
  }

  private FrontDoor door(List<Dialect> some) {
    return new FrontDoor(
        vertx, some, new ControlPlane(vertx, config, some, realm, control), realm.clock());
  }

  Future<Void> open() {
    return open(config.listen().port(), everyone, everyone::refuse)
        .onSuccess(actual -> port = actual)
        .compose(actual -> config.listen().vendorPorts() ? openVendorPorts() : nothingMore());
  }

  private static Future<Void> nothingMore() {
    return Future.succeededFuture();
  }

  private Future<Void> openVendorPorts() {
    return Future.all(dialects.stream().map(this::openVendorPort).toList())
        .compose(
            open -> config.dialects().contains(Vendor.MILVUS) ? openHealthPort() : nothingMore());
  }

  private Future<Void> openHealthPort() {
    return open(
            MilvusHealth.PORT,
            new MilvusHealth(),
            HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER)
        .mapEmpty();
  }

  private Future<Integer> openVendorPort(Dialect dialect) {
    var vendor = Vendor.valueOf(dialect.name().toUpperCase(Locale.ROOT));
    var alone = List.of(dialect);
    var door = door(alone);
    return open(vendor.port(), door, door::refuse);
  }

  /**
   * One socket, one server an event loop behind it; gives the port that was had.
   *
   * @param refusing answers what is not HTTP as we take it
   */
  private Future<Integer> open(
      int wanted, Handler<HttpServerRequest> door, Handler<HttpServerRequest> refusing) {
    var had = new AtomicInteger();
    var loops = Math.max(FEWEST_LOOPS, Runtime.getRuntime().availableProcessors());
    return vertx
        .deployVerticle(
            () ->
                context ->
                    listen(wanted, door, refusing)
                        .onSuccess(server -> had.set(server.actualPort())),
            new DeploymentOptions().setInstances(loops))
        .onSuccess(deployments::add)
        .map(deployed -> had.get())
        .recover(thrown -> Future.failedFuture(refused(wanted, thrown)));
  }

  private Future<HttpServer> listen(
      int wanted, Handler<HttpServerRequest> door, Handler<HttpServerRequest> refusing) {
    var server = vertx.createHttpServer(options(wanted));
    servers.add(server);
    // Loops that ask for the same negative port share one free port; each that asks for 0 gets its
    // own.
    return server
        .requestHandler(door)
        .invalidRequestHandler(refusing)
        .listen(wanted == 0 ? ANY_SHARED : wanted, config.listen().host());
  }

  private HttpServerOptions options(int wanted) {
    var options =
        new HttpServerOptions()
            .setHost(config.listen().host())
            .setPort(wanted)
            .setMaxInitialLineLength(LINE_LIMIT)
            .setMaxHeaderSize(HEADER_LIMIT)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setTcpNoDelay(true)
            .setHandle100ContinueAutomatically(true);
    config
        .listen()
        .tls()
        .ifPresent(
            tls ->
                options
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertPath(tls.certificate().toString())
                            .addKeyPath(tls.key().toString())));
    return options;
  }

  private Throwable refused(int wanted, Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new Refused(
            Refused.MACHINE,
            "--port " + wanted + ": in use or not allowed on " + config.listen().host());
      }
      if (cause instanceof UnresolvedAddressException
          || cause instanceof java.net.UnknownHostException) {
        return new Refused(Refused.MACHINE, "--host " + config.listen().host() + ": no such host");
      }
    }
    return config.listen().tls().isPresent()
        ? new Refused(
            Refused.CONFIGURATION,
            "--tls-cert, --tls-key: not a PEM certificate chain and its private key")
        : thrown;
  }

  int port() {
    return port;
  }

  String url() {
    var host = config.listen().host();
    return (config.listen().tls().isPresent() ? "https" : "http")
        + "://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }

  /** Lets requests under way finish, then leaves nothing on the caller's Vert.x. */
  Future<Void> close(long grace, TimeUnit unit) {
    return Future.join(servers.stream().map(server -> server.shutdown(grace, unit)).toList())
        .transform(
            shut -> Future.join(deployments.stream().map(vertx::undeploy).toList()).mapEmpty());
  }
}
