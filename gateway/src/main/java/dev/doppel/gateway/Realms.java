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
import java.util.regex.Pattern;

/**
 * Isolated copies of a gateway for tests that run side by side: each starts as the gateway does, in
 * memory, and has a port for itself.
 */
public final class Realms {

  /** Most that are open at once. */
  static final int MOST = 1000;

  /** What can stand in a host name. */
  public static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final int WAITING_PASSWORDS = 256;

  /**
   * A realm that is open.
   *
   * @param controlDispatcher for requests that arrive on the control plane's own port, if it has
   *     one
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
   * @param gateway what the realms are copies of, but for their store and ports
   * @param metrics count them with the gateway's own
   */
  Realms(Vertx vertx, DoppelConfig gateway, Ports ports, Metrics metrics) {
    this.vertx = vertx;
    this.ports = ports;
    this.metrics = metrics;
    var listen = gateway.listen();
    config =
        gateway
            .but()
            .store(MvStore.memory())
            .listen(new Listen(listen.host(), 0, false, listen.tls()))
            .build();
    hasher =
        new PasswordHasher(
            vertx,
            config.hashScheme(),
            Runtime.getRuntime().availableProcessors(),
            WAITING_PASSWORDS);
    metrics.add("realms", hasher);
  }

  /**
   * Opens one.
   *
   * @param wanted a name that {@link #NAME} allows; drawn if it is left out
   * @throws IllegalStateException if the name is taken, or {@link #MOST} are open
   */
  public Future<Open> open(Optional<String> wanted) {
    if (names.size() >= MOST) {
      throw new IllegalStateException(MOST + " realms at most; close some");
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
            ControlPlane.of(vertx, realm, ControlPlane.Port.DIALECTS, prefix));
    var controlDispatcher =
        config.control().port().isPresent()
            ? Optional.of(
                new RequestDispatcher(
                    realm,
                    List.of(),
                    ControlPlane.of(vertx, realm, ControlPlane.Port.CONTROL, prefix)))
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

  /** In the order of their names. */
  public List<Open> all() {
    return open.values().stream().sorted(Comparator.comparing(Open::name)).toList();
  }

  /** Closes one and frees all it had; empty if there is none of this name. */
  public Optional<Future<Void>> close(String name) {
    return Optional.ofNullable(open.remove(name)).map(this::close);
  }

  private Future<Void> close(Open one) {
    return ports
        .close(one.listener(), Duration.ZERO)
        .transform(closed -> one.realm().close())
        .onComplete(closed -> names.remove(one.name()));
  }

  void purge() {
    open.values().forEach(one -> one.realm().purge());
  }

  public Future<Void> close() {
    var closing = open.keySet().stream().flatMap(name -> close(name).stream()).toList();
    return Future.join(closing).<Void>mapEmpty().onComplete(closed -> hasher.close());
  }
}
