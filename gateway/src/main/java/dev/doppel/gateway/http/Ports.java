package dev.doppel.gateway.http;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.StartupException;
import dev.doppel.gateway.thread.Workers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens and closes the ports of a gateway and of its realms. With TLS, all ports use one
 * certificate. Certificate files are checked every {@link #RELOAD_INTERVAL}; new connections get
 * the new certificate.
 */
public final class Ports {

  static final Duration RELOAD_INTERVAL = Duration.ofSeconds(2);

  private static final Logger LOG = System.getLogger(Ports.class.getName());
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Listen listen;
  private final Optional<TlsCertificate> certificate;
  private final Set<Listener> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger groups = new AtomicInteger();
  private final long reloadTimer;
  private Future<Optional<KeyCertOptions>> current;

  /** The last logged reason why the files can't be used; it isn't logged again until it changes. */
  private Optional<String> loggedReason = Optional.empty();

  public Ports(Vertx vertx, Listen listen) {
    this.vertx = vertx;
    this.listen = listen;
    certificate = listen.tls().map(tls -> new TlsCertificate(vertx, tls));
    current =
        certificate
            .map(TlsCertificate::loadIfChanged)
            .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    reloadTimer =
        listen.tls().filter(DoppelConfig.Tls.Files.class::isInstance).isPresent()
            ? vertx.setPeriodic(RELOAD_INTERVAL.toMillis(), fired -> reload())
            : NO_TIMER;
  }

  public Listen listen() {
    return listen;
  }

  /** Opens a port on the address of the dialects, as {@link Listener#open} does. */
  public Future<Listener> open(int wanted, int loops, Listener.RequestHandlers handlers) {
    return open("--port", wanted, loops, handlers);
  }

  /** As above, for a port that another flag has set. */
  public Future<Listener> open(
      String flag, int wanted, int loops, Listener.RequestHandlers handlers) {
    return open(address(flag, listen.host(), wanted), loops, handlers);
  }

  /**
   * Opens a port on 127.0.0.1, whatever the address of the dialects, as {@link Listener#open} does.
   */
  public Future<Listener> openControl(int wanted, Listener.RequestHandlers handlers) {
    return open(address("--control-port", "127.0.0.1", wanted), 1, handlers);
  }

  private Listener.Address address(String flag, String host, int port) {
    return new Listener.Address(flag, host, port, groups.decrementAndGet());
  }

  private Future<Listener> open(
      Listener.Address address, int loops, Listener.RequestHandlers handlers) {
    return current()
        .compose(
            keys -> Workers.run(vertx, () -> Listener.open(vertx, address, keys, loops, handlers)))
        .onSuccess(open::add);
  }

  private synchronized Future<Optional<KeyCertOptions>> current() {
    return current;
  }

  private void reload() {
    certificate
        .orElseThrow()
        .loadIfChanged()
        .compose(changed -> changed.isPresent() ? update(changed.get()) : Future.succeededFuture())
        .onSuccess(reloaded -> loggedReason = Optional.empty())
        .onFailure(this::logOnce);
  }

  private void logOnce(Throwable failed) {
    var reason = failed instanceof StartupException refused ? refused.line() : failed.toString();
    if (loggedReason.filter(reason::equals).isEmpty()) {
      LOG.log(Logger.Level.WARNING, "{0}; the previous certificate stays in use", reason);
    }
    loggedReason = Optional.of(reason);
  }

  private Future<?> update(KeyCertOptions keys) {
    return Future.join(open.stream().map(listener -> listener.updateCertificate(keys)).toList())
        .onSuccess(
            done -> {
              synchronized (this) {
                current = Future.succeededFuture(Optional.of(keys));
              }
            });
  }

  /** Closes a port after requests in progress have had some time to finish. */
  public Future<Void> close(Listener listener, Duration grace) {
    open.remove(listener);
    return listener.close(grace);
  }

  /** Stops checking the certificate files. Doesn't close the ports. */
  public void close() {
    vertx.cancelTimer(reloadTimer);
  }
}
