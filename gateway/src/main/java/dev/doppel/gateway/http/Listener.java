package dev.doppel.gateway.http;

import dev.doppel.StartupException;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.users.MemoryErrors;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
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

/** An open port, served by one or more event loops. */
public final class Listener {

  /** Maximum length of a request line, in bytes. */
  public static final int MAX_LINE_BYTES = 16 << 10;

  /** Maximum length of all headers of a request, in bytes. */
  public static final int MAX_HEADER_BYTES = 32 << 10;

  /**
   * Maximum header list that is decoded over HTTP/2, in bytes as HTTP/2 counts them. Netty closes
   * the connection or the stream for a longer one, without a vendor's error; so it is far above
   * {@link #MAX_HEADER_BYTES}.
   */
  private static final int MAX_DECODED_HEADER_BYTES = 256 << 10;

  private static final int IDLE_SECONDS = 75;
  private static final int MIN_LOOPS = 2;

  /**
   * The handlers of a listener.
   *
   * @param requests handles valid requests
   * @param invalid handles requests that the HTTP codec couldn't parse
   */
  public record RequestHandlers(
      Handler<HttpServerRequest> requests, Handler<HttpServerRequest> invalid) {}

  /**
   * The address of a listener.
   *
   * @param flag command-line flag that sets the port, for messages
   * @param port 0 picks a free one
   * @param group a negative number that no other listener of the Vert.x instance has; the event
   *     loops of a listener that takes any free port share one by it
   */
  public record Address(String flag, String host, int port, int group) {

    /** An address for the only listener of a Vert.x instance that takes any free port. */
    public Address(String flag, String host, int port) {
      this(flag, host, port, -1);
    }
  }

  private final Vertx vertx;
  private final Address address;
  private final boolean tls;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final String deployment;

  private Listener(
      Vertx vertx, Address address, boolean tls, List<HttpServer> servers, String deployment) {
    this.vertx = vertx;
    this.address = address;
    this.tls = tls;
    this.servers.addAll(servers);
    this.deployment = deployment;
  }

  /** Returns the number of event loops of a shared port: one for each processor, at least two. */
  public static int allLoops() {
    return Math.max(MIN_LOOPS, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens a port. Fails with {@link StartupException} if it isn't available.
   *
   * @param keys certificate and key for TLS; if empty, plain HTTP
   * @param loops number of event loops that share the port
   */
  public static Future<Listener> open(
      Vertx vertx,
      Address address,
      Optional<KeyCertOptions> keys,
      int loops,
      RequestHandlers handlers) {
    var servers = new CopyOnWriteArrayList<HttpServer>();
    // Event loops that bind the same negative port share one free port; with 0 each gets its own.
    var port = address.port() == 0 && loops > 1 ? address.group() : address.port();
    return vertx
        .deployVerticle(
            () ->
                context ->
                    Workers
                        .run( // serves on the context's event loop, but loads hundreds of classes
                            // here
                            vertx,
                            () -> {
                              Workers.checkThread();
                              var server = vertx.createHttpServer(options(address, keys));
                              servers.add(server);
                              return server
                                  .requestHandler(handlers.requests())
                                  .invalidRequestHandler(handlers.invalid())
                                  .connectionHandler(
                                      connection ->
                                          connection.exceptionHandler(MemoryErrors::report))
                                  .listen(port, address.host());
                            }),
            new DeploymentOptions().setInstances(loops))
        .map(deployed -> new Listener(vertx, address, keys.isPresent(), servers, deployed))
        .recover(thrown -> Future.failedFuture(translate(address, keys.isPresent(), thrown)));
  }

  private static HttpServerOptions options(Address address, Optional<KeyCertOptions> keys) {
    var options =
        new HttpServerOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(
                        HttpServerOptions.DEFAULT_INITIAL_SETTINGS_MAX_CONCURRENT_STREAMS)
                    .setMaxHeaderListSize(MAX_DECODED_HEADER_BYTES))
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setTcpNoDelay(true)
            .setPerFrameWebSocketCompressionSupported(false) // no vendor uses WebSockets
            .setPerMessageWebSocketCompressionSupported(false)
            .setHandle100ContinueAutomatically(true);
    keys.ifPresent(
        own -> {
          options.setSsl(true).setUseAlpn(true).setKeyCertOptions(own);
          options.setSslEngineOptions(new TlsEngine());
          TlsEngine.CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        });
    return options;
  }

  /** Returns the size of all headers in bytes, as lines of HTTP/1.1 without their line ends. */
  public static int headerSize(HttpServerRequest request) {
    int size = 0;
    for (var header : request.headers()) {
      size += header.getKey().length() + 2 + header.getValue().length();
    }
    return size;
  }

  private static Throwable translate(Address address, boolean tls, Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new StartupException(
            StartupException.MACHINE,
            "%s %d: in use or not allowed on %s"
                .formatted(address.flag(), address.port(), address.host()));
      }
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return new StartupException(
            StartupException.MACHINE, "--host " + address.host() + ": no such host");
      }
    }
    return tls
        ? new StartupException(
            StartupException.CONFIGURATION,
            "--tls-cert, --tls-key: not a PEM certificate chain and its private key")
        : thrown;
  }

  /** Uses another certificate for new connections; keeps the present one if this fails. */
  Future<?> updateCertificate(KeyCertOptions keys) {
    var options = new ServerSSLOptions().setKeyCertOptions(keys).setUseAlpn(true);
    TlsEngine.CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
    return Future.join(servers.stream().map(server -> server.updateSSLOptions(options)).toList());
  }

  /** Returns the actual port. */
  public int port() {
    return servers.get(0).actualPort();
  }

  /** Returns the base URL, without a slash at the end. */
  public String url() {
    return url(address.host());
  }

  /** Returns the base URL with another name of the same address. */
  public String url(String host) {
    return (tls ? "https" : "http")
        + "://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port();
  }

  /**
   * Stops accepting connections, gives requests in progress some time, then undeploys everything
   * from the caller's Vert.x.
   */
  public Future<Void> close(Duration grace) {
    return Future.join(
            servers.stream()
                .map(server -> server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
                .toList())
        .transform(shut -> vertx.undeploy(deployment));
  }
}
