package dev.doppel.gateway;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.gateway.http.Listener;
import dev.doppel.gateway.http.Ports;
import dev.doppel.gateway.metrics.Metrics;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.store.MvStorage;
import dev.doppel.store.MvStore;
import dev.doppel.users.PasswordHasher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Isolated copies of a gateway for parallel tests. Each has the gateway's configuration and initial
 * state, a store in memory, and a port of its own. Thread-safe.
 */
public final class Realms {

  /** Maximum number of open realms. */
  static final int MAX_REALMS = 1000;

  private static final int MAX_QUEUED_PASSWORDS = 256;

  /**
   * An open realm.
   *
   * @param controlDispatcher for requests on the control plane's own port, if there is one
   */
  public record Open(
      String name,
      HostedRealm realm,
      RequestDispatcher dispatcher,
      Optional<RequestDispatcher> controlDispatcher,
      Listener listener) {}

  private final Vertx vertx;
  private final DoppelConfig config;
  private final Ports ports;
  private final PasswordHasher hasher;
  private final Metrics metrics;
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private final AtomicInteger drawn = new AtomicInteger();

  /**
   * @param gateway configuration of the realms, except for store and ports
   * @param metrics count the realms' calls together with the gateway's
   */
  Realms(Vertx vertx, DoppelConfig gateway, Ports ports, Metrics metrics) {
    this.vertx = vertx;
    this.ports = ports;
    this.metrics = metrics;
    var listen = gateway.listen();
    config =
        gateway.toBuilder()
            .store(MvStore.memory())
            .listen(new Listen(listen.host(), 0, false, listen.tls()))
            .build();
    hasher =
        new PasswordHasher(
            vertx,
            config.hashScheme(),
            Runtime.getRuntime().availableProcessors(),
            MAX_QUEUED_PASSWORDS);
    metrics.add("realms", hasher);
  }

  /**
   * Opens a realm.
   *
   * @param wanted a name that {@link dev.doppel.gateway.control.RealmDirectory#NAME} allows; drawn
   *     if it is left out
   * @throws IllegalStateException if the name is taken or a vendor's, or {@link #MAX_REALMS} are
   *     open
   */
  public Future<Open> open(Optional<String> wanted) {
    if (names.size() >= MAX_REALMS) {
      throw new IllegalStateException(MAX_REALMS + " realms at most; close some");
    }
    if (wanted.isPresent()
        && config.vendors().stream().anyMatch(one -> wanted.get().equals(one.name()))) {
      throw new IllegalStateException("a vendor has this name: " + wanted.get());
    }
    var name = wanted.orElseGet(this::draw);
    if (wanted.isPresent() && !names.add(name)) {
      throw new IllegalStateException("a realm of this name is open already: " + name);
    }
    var storage = MvStorage.inMemory();
    var realm = new HostedRealm(vertx, config, storage, hasher, metrics, 0);
    var prefix = RequestDispatcher.REALM_PREFIX + name;
    var dispatcher =
        new RequestDispatcher(
            realm,
            realm.dialects(),
            ControlPlane.of(vertx, realm, ControlPlane.Port.DIALECTS, name, prefix));
    var controlDispatcher =
        config.control().port().isPresent()
            ? Optional.of(
                new RequestDispatcher(
                    realm,
                    List.of(),
                    ControlPlane.of(vertx, realm, ControlPlane.Port.CONTROL, name, prefix)))
            : Optional.<RequestDispatcher>empty();
    return realm
        .state()
        .prepare()
        .compose(prepared -> ports.open(0, 1, dispatcher.handlers()))
        .map(listener -> new Open(name, realm, dispatcher, controlDispatcher, listener))
        .onSuccess(opened -> open.put(name, opened))
        .onFailure(
            failed -> {
              names.remove(name);
              realm.close();
            });
  }

  private String draw() {
    while (true) {
      var name = "r" + drawn.incrementAndGet();
      if (names.add(name)) {
        return name;
      }
    }
  }

  Optional<Open> find(String name) {
    return Optional.ofNullable(open.get(name));
  }

  /** Returns the open realms, sorted by name. */
  public List<Open> all() {
    return open.values().stream().sorted(Comparator.comparing(Open::name)).toList();
  }

  /** Closes a realm and frees its port and memory; empty if no realm has this name. */
  public Optional<Future<Void>> close(String name) {
    return Optional.ofNullable(open.remove(name)).map(this::close);
  }

  private Future<Void> close(Open one) {
    return ports
        .close(one.listener(), Duration.ZERO)
        .transform(closed -> one.realm().close())
        .onComplete(closed -> names.remove(one.name()));
  }

  void deleteExpiredTokens() {
    open.values().forEach(one -> one.realm().deleteExpiredTokens());
  }

  public Future<Void> close() {
    var closing = open.keySet().stream().flatMap(name -> close(name).stream()).toList();
    return Future.join(closing).<Void>mapEmpty().onComplete(closed -> hasher.close());
  }
}
