package dev.doppel.gateway;

import dev.doppel.DoppelConfig;
import dev.doppel.StartupException;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.InvalidOptionException;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.gateway.http.Listener;
import dev.doppel.gateway.http.Ports;
import dev.doppel.gateway.metrics.Metrics;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.gateway.realm.OpenStore;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.users.PasswordHasher;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;

/**
 * A running gateway: a store or one for each dialect, a realm over them, the dialects, and the
 * listeners. Owns all of them: creates them at start and closes them in {@link #close}.
 */
public final class Gateway {

  /** Time that {@link #close} gives requests in progress. */
  public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(4);

  private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(1);
  private static final int MAX_QUEUED_PASSWORDS = 256;

  private final Vertx vertx;
  private final DoppelConfig config;
  private final Metrics metrics;
  private final PasswordHasher hasher;
  private final HostedRealm realm;
  private final Ports ports;
  private final Realms realms;
  private final Listeners listeners;
  private final long expiryTimer;

  private Gateway(Vertx vertx, DoppelConfig config, Metrics metrics, List<OpenStore> stores) {
    Workers.checkThread();
    this.vertx = vertx;
    this.config = config;
    this.metrics = metrics;
    hasher =
        new PasswordHasher(
            vertx,
            config.hashScheme(),
            Runtime.getRuntime().availableProcessors(),
            MAX_QUEUED_PASSWORDS);
    metrics.add("gateway", hasher);
    metrics.setStorages(stores.stream().map(OpenStore::storage).toList());
    realm = new HostedRealm(vertx, config, stores, hasher, metrics);
    ports = new Ports(vertx, config.listen());
    realms = new Realms(vertx, config, ports, metrics);
    listeners = new Listeners(ports);
    expiryTimer = vertx.setPeriodic(EXPIRY_INTERVAL.toMillis(), fired -> deleteExpiredTokens());
  }

  /**
   * Opens the store, creates what is missing in it, and listens. Fails with {@link
   * StartupException} if the configuration contradicts itself, the store can't be opened, or a port
   * isn't available; then nothing stays open.
   *
   * @param vertx closed by the caller, after the gateway
   */
  public static Future<Gateway> start(Vertx vertx, DoppelConfig config) {
    return start(vertx, config, Promise.<Void>promise().future());
  }

  /**
   * As {@link #start(Vertx, DoppelConfig)}, but can be canceled: then fails with {@link
   * CancellationException} after everything is closed again, or with the failure of closing.
   *
   * @param canceled completes to cancel the start
   */
  public static Future<Gateway> start(Vertx vertx, DoppelConfig config, Future<Void> canceled) {
    return start(vertx, config, new Metrics(), canceled);
  }

  /**
   * As above, with metrics that may include those of Vert.x.
   *
   * @param metrics closed with the gateway
   */
  public static Future<Gateway> start(
      Vertx vertx, DoppelConfig config, Metrics metrics, Future<Void> canceled) {
    List<DoppelConfig> stores;
    try {
      stores = OpenStore.configs(config);
      checkCredentials(config);
      checkVendors(config);
      checkPorts(config);
    } catch (StartupException refused) {
      return Future.failedFuture(refused);
    }
    var wait = new StoreWait(vertx, config.store(), StoreWait.LIMIT, canceled);
    return openAll(vertx, stores, wait, canceled)
        .compose(
            opened ->
                Workers.run(vertx, () -> open(vertx, config, metrics, opened, wait, canceled)))
        .recover(thrown -> refusal(config, thrown));
  }

  /** Opens stores one after the other; if one fails, closes those that are open. */
  private static Future<List<OpenStore>> openAll(
      Vertx vertx, List<DoppelConfig> stores, StoreWait wait, Future<Void> canceled) {
    var opened = new ArrayList<OpenStore>();
    var opening = Future.<OpenStore>succeededFuture();
    for (var store : stores) {
      opening =
          opening.compose(before -> openStore(vertx, store, wait, canceled)).onSuccess(opened::add);
    }
    return opening
        .map(last -> List.copyOf(opened))
        .recover(
            failed ->
                closed(
                    Future.join(opened.stream().map(one -> one.storage().close()).toList())
                        .mapEmpty(),
                    failed));
  }

  private static Future<OpenStore> openStore(
      Vertx vertx, DoppelConfig config, StoreWait wait, Future<Void> canceled) {
    var opening = wait.until(() -> Workers.run(vertx, () -> Stores.open(vertx, config.store())));
    // A shared store may answer late and needs no orderly close, so a canceled start leaves it.
    return (config.store().isShared() ? unless(canceled, opening) : opening)
        .compose(
            storage ->
                unless(canceled, wait.until(storage::node))
                    .map(node -> new OpenStore(config, storage, node))
                    .recover(failed -> closed(storage.close(), failed)))
        .recover(thrown -> refusal(config, thrown));
  }

  private static <T> Future<T> refusal(DoppelConfig config, Throwable thrown) {
    return Future.failedFuture(Stores.refusal(config.store(), "while it was prepared", thrown));
  }

  private static Future<Gateway> open(
      Vertx vertx,
      DoppelConfig config,
      Metrics metrics,
      List<OpenStore> stores,
      StoreWait wait,
      Future<Void> canceled) {
    var gateway = new Gateway(vertx, config, metrics, stores);
    if (config.store().directory().isPresent()) { // a folder with few other files
      gateway.realm.backupFiles().deleteLeftovers(gateway.realm.clock().machine());
    }
    return unless(canceled, gateway.open(wait))
        .map(gateway)
        .recover(failed -> closed(gateway.close(), failed));
  }

  /**
   * Fails with the failure of the start once everything is closed; a canceled start fails with the
   * failure of closing, if there is one.
   */
  private static <T> Future<T> closed(Future<Void> closing, Throwable failed) {
    return closing.transform(
        (closed, thrown) ->
            Future.failedFuture(
                thrown != null && failed instanceof CancellationException ? thrown : failed));
  }

  /**
   * Completes with the result of a step, or fails at once if the start is canceled; the step itself
   * isn't stopped.
   */
  private static <T> Future<T> unless(Future<Void> canceled, Future<T> step) {
    var first = Promise.<T>promise();
    canceled.onSuccess(done -> first.tryFail(new CancellationException("told to stop")));
    step.onComplete(first::tryComplete, first::tryFail);
    return first.future();
  }

  private Future<Void> open(StoreWait wait) {
    return wait.until(() -> realm.state().prepare())
        .compose(prepared -> vertx.executeBlocking(this::dispatchers, false))
        .compose(
            dispatchers ->
                listeners
                    .open(
                        dispatchers.everyone,
                        config.vendors().stream().<Vendor<?>>map(ServedVendor::vendor).toList(),
                        vendor -> Objects.requireNonNull(dispatchers.alone.get(vendor.name())))
                    .compose(
                        opened ->
                            dispatchers.control.isPresent()
                                ? listeners.openControl(
                                    config.control().port().getAsInt(), dispatchers.control.get())
                                : Future.succeededFuture()));
  }

  /**
   * The dispatchers of all ports.
   *
   * @param everyone for the port of all dialects
   * @param alone for the ports of single dialects, by name
   * @param control for the control plane's own port
   */
  private record Dispatchers(
      RequestDispatcher everyone,
      Map<String, RequestDispatcher> alone,
      Optional<RequestDispatcher> control) {}

  private Dispatchers dispatchers() {
    Workers.checkThread();
    var alone = new HashMap<String, RequestDispatcher>();
    realm.dialects().forEach(dialect -> alone.put(dialect.name(), dispatcher(List.of(dialect))));
    return new Dispatchers(
        dispatcher(realm.dialects()),
        alone,
        config.control().port().isPresent() ? Optional.of(controlDispatcher()) : Optional.empty());
  }

  private RequestDispatcher dispatcher(List<Dialect> some) {
    return new RequestDispatcher(
        realm,
        some,
        control(some, ControlPlane.Port.DIALECTS),
        name -> realms.find(name).map(Realms.Open::dispatcher));
  }

  private RequestDispatcher controlDispatcher() {
    return new RequestDispatcher(
        realm,
        List.of(),
        control(realm.dialects(), ControlPlane.Port.CONTROL),
        name -> realms.find(name).flatMap(Realms.Open::controlDispatcher));
  }

  private ControlPlane control(List<Dialect> some, ControlPlane.Port port) {
    return ControlPlane.of(
        vertx, realm, some, port, new RealmAddresses(realms, listeners), metrics);
  }

  /** Two listeners with one port would share its connections. */
  private static void checkPorts(DoppelConfig config) {
    var listen = config.listen();
    var owners = new HashMap<Integer, String>();
    claim(owners, listen.port(), "--port");
    for (var served : config.vendors()) {
      var vendor = served.vendor();
      var own = listen.ports().containsKey(vendor.name());
      var flag = own ? "--ports " + vendor.name() : "--vendor-ports";
      listen.port(vendor).ifPresent(port -> claim(owners, port, flag));
      if (listen.vendorPorts()) {
        vendor.extraListener().ifPresent(extra -> claim(owners, extra.port(), "--vendor-ports"));
      }
    }
    config.control().port().ifPresent(port -> claim(owners, port, "--control-port"));
    for (var name : new TreeSet<>(listen.ports().keySet())) {
      if (config.vendors().stream().noneMatch(one -> one.name().equals(name))) {
        throw new StartupException(
            StartupException.CONFIGURATION,
            "--ports %s: not allowed; the dialect is not served".formatted(name));
      }
    }
  }

  private static void claim(Map<Integer, String> owners, int port, String flag) {
    var other = port == 0 ? null : owners.putIfAbsent(port, flag);
    if (other != null) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          "%s %s: not allowed; use a port other than that of %s".formatted(flag, port, other));
    }
  }

  private static void checkCredentials(DoppelConfig config) {
    var credentials = config.credentials();
    if (!config.listen().loopback()
        && !config.store().isPersistent()
        && !credentials.given()
        && !credentials.blank()) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          "--host %s: not loopback, where the ready-to-use credentials end; give --admin-password, or --blank"
              .formatted(config.listen().host()));
    }
  }

  /**
   * Checks that vendors can be served together, and with their settings on the address.
   *
   * @throws StartupException if they can't
   */
  static void checkVendors(DoppelConfig config) {
    try {
      config
          .vendors()
          .forEach(one -> one.checkAddress(config.listen().host(), config.listen().loopback()));
    } catch (InvalidOptionException unsafe) {
      throw new StartupException(StartupException.CONFIGURATION, unsafe);
    }
    var owners = new HashMap<String, String>();
    for (var served : config.vendors()) {
      for (var prefix : served.vendor().prefixes()) {
        var other = owners.putIfAbsent(prefix, served.name());
        if (other != null) {
          throw new StartupException(
              StartupException.CONFIGURATION,
              "--dialects %s,%s: not allowed together; both have paths that begin with %s"
                  .formatted(other, served.name(), prefix));
        }
      }
    }
  }

  private void deleteExpiredTokens() {
    realm.deleteExpiredTokens();
    realms.deleteExpiredTokens();
  }

  /** Returns the port of all dialects. */
  public int port() {
    return listener().port();
  }

  /** Returns the base URL of all dialects, without a slash at the end. */
  public String url() {
    return listener().url();
  }

  /**
   * Returns the base URL of a vendor's dialect, without a slash at the end: that of its own port if
   * it has one, else {@link #url}.
   */
  public String url(Vendor<?> vendor) {
    return Optional.ofNullable(listeners.alone().get(vendor.name()))
        .map(Listener::url)
        .orElseGet(this::url);
  }

  /** URL of the control plane, without a slash at the end. */
  public String controlUrl() {
    return listeners.control().orElseThrow(Gateway::notOpen).url() + ControlPlane.PREFIX;
  }

  /** Returns the URL of a realm's control plane, without a slash at the end. */
  public String controlUrl(Realms.Open one) {
    return listeners.controlUrl(one);
  }

  private Listener listener() {
    return listeners.everyone().orElseThrow(Gateway::notOpen);
  }

  private static IllegalStateException notOpen() {
    return new IllegalStateException("not open");
  }

  public DoppelConfig config() {
    return config;
  }

  public HostedRealm realm() {
    return realm;
  }

  public Realms realms() {
    return realms;
  }

  /**
   * Stops accepting connections, gives requests in progress up to {@link #CLOSE_TIMEOUT}, then
   * closes the realms and the store.
   */
  public Future<Void> close() {
    vertx.cancelTimer(expiryTimer);
    return listeners
        .close(CLOSE_TIMEOUT)
        .transform(closed -> realms.close())
        .transform(closed -> realm.close())
        .onComplete(
            closed -> {
              ports.close();
              hasher.close();
              metrics.close();
            });
  }

  /**
   * Closes the gateway as {@link #close} does, then its Vert.x instance, which must not be shared.
   * Fails if either can't be closed.
   */
  public Future<Void> closeWithVertx() {
    // A promise without a context: there are no event loops any more when it completes.
    var closed = Promise.<Void>promise();
    close()
        .onComplete(
            gateway ->
                vertx
                    .close()
                    .onComplete(
                        ended -> {
                          if (gateway.failed()) {
                            closed.fail(gateway.cause());
                          } else if (ended.failed()) {
                            closed.fail(ended.cause());
                          } else {
                            closed.complete();
                          }
                        }));
    return closed.future();
  }
}
