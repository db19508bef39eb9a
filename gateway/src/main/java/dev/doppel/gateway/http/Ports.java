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
 * Opens the ports of a gateway and of its realms. With TLS all show one certificate, which is
 * looked at again every few seconds: a new one is shown to every connection from then on.
 */
public final class Ports {

  static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private static final Logger LOG = System.getLogger(Ports.class.getName());
  private static final long NEVER = -1;

  private final Vertx vertx;
  private final Listen listen;
  private final Optional<TlsCertificate> certificate;
  private final Set<Listener> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger groups = new AtomicInteger();
  private final long looking;
  private Future<Optional<KeyCertOptions>> shown;

  /** Why the files can't be used, as it was logged last; it isn't said again while it is so. */
  private Optional<String> refusal = Optional.empty();

  public Ports(Vertx vertx, Listen listen) {
    this.vertx = vertx;
    this.listen = listen;
    certificate = listen.tls().map(tls -> new TlsCertificate(vertx, tls));
    shown =
        certificate
            .map(TlsCertificate::changed)
            .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    looking =
        listen.tls().filter(DoppelConfig.Tls.Files.class::isInstance).isPresent()
            ? vertx.setPeriodic(LOOK_EVERY.toMillis(), fired -> look())
            : NEVER;
  }

  public Listen listen() {
    return listen;
  }

  /** As {@link Listener#open}, on the address of the dialects. */
  public Future<Listener> open(int wanted, int loops, Listener.RequestHandlers handlers) {
    return open("--port", wanted, loops, handlers);
  }

  /** As above, for a port that another flag has set. */
  public Future<Listener> open(
      String flag, int wanted, int loops, Listener.RequestHandlers handlers) {
    return open(address(flag, listen.host(), wanted), loops, handlers);
  }

  /** As {@link Listener#open}, on loopback wherever the dialects are. */
  public Future<Listener> openControl(int wanted, Listener.RequestHandlers handlers) {
    return open(address("--control-port", "127.0.0.1", wanted), 1, handlers);
  }

  private Listener.Address address(String flag, String host, int port) {
    return new Listener.Address(flag, host, port, groups.decrementAndGet());
  }

  private Future<Listener> open(
      Listener.Address address, int loops, Listener.RequestHandlers handlers) {
    return shown()
        .compose(
            keys -> Workers.run(vertx, () -> Listener.open(vertx, address, keys, loops, handlers)))
        .onSuccess(open::add);
  }

  private synchronized Future<Optional<KeyCertOptions>> shown() {
    return shown;
  }

  private void look() {
    certificate
        .orElseThrow()
        .changed()
        .compose(changed -> changed.isPresent() ? show(changed.get()) : Future.succeededFuture())
        .onSuccess(looked -> refusal = Optional.empty())
        .onFailure(this::log);
  }

  private void log(Throwable failed) {
    var why = failed instanceof StartupException refused ? refused.line() : failed.toString();
    if (refusal.filter(why::equals).isEmpty()) {
      LOG.log(Logger.Level.WARNING, "{0}; the certificate before stays in use", why);
    }
    refusal = Optional.of(why);
  }

  private Future<?> show(KeyCertOptions keys) {
    return Future.join(open.stream().map(listener -> listener.show(keys)).toList())
        .onSuccess(
            done -> {
              synchronized (this) {
                shown = Future.succeededFuture(Optional.of(keys));
              }
            });
  }

  /** Lets requests under way finish. */
  public Future<Void> close(Listener listener, Duration grace) {
    open.remove(listener);
    return listener.close(grace);
  }

  /** Stops looking; whoever opened ports closes them. */
  public void close() {
    vertx.cancelTimer(looking);
  }
}
