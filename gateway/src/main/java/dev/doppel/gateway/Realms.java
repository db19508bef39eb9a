package dev.doppel.gateway;

import dev.doppel.BadRequestException;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.RealmOptions;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.gateway.http.Listener;
import dev.doppel.gateway.http.Ports;
import dev.doppel.gateway.input.VendorLists;
import dev.doppel.gateway.metrics.Metrics;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.gateway.realm.OpenStore;
import dev.doppel.store.MvStorage;
import dev.doppel.store.MvStore;
import dev.doppel.users.PasswordHasher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Isolated copies of a gateway for parallel tests. Each has the gateway's configuration and initial
 * state, except for its own options, with stores in memory and a port of its own. Thread-safe.
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

  /** Returns the vendors whose dialects a realm can serve: the gateway's, then all others. */
  List<Vendor<?>> vendors() {
    var all = new ArrayList<Vendor<?>>();
    config.vendors().forEach(served -> all.add(served.vendor()));
    Vendors.all().stream()
        .filter(vendor -> Vendors.find(all, vendor.name()).isEmpty())
        .forEach(all::add);
    return all;
  }

  /**
   * Returns the configuration of a realm.
   *
   * @throws BadRequestException if an option isn't allowed
   */
  private DoppelConfig config(RealmOptions options) {
    var lists =
        new VendorLists(
            vendors(),
            (entry, allowed) ->
                new BadRequestException("%s is not allowed; use %s".formatted(entry, allowed)));
    options.fidelities().keySet().forEach(name -> lists.vendor(name, name));
    options.versions().keySet().forEach(name -> lists.vendor(name, name));
    var names =
        options
            .dialects()
            .map(lists::dialects)
            .orElseGet(() -> config.vendors().stream().map(ServedVendor::name).toList());
    var served = new ArrayList<ServedVendor<?>>();
    for (var vendor : lists.vendors()) {
      if (names.contains(vendor.name())) {
        served.add(served(vendor, options));
      }
    }
    var own = config.toBuilder().vendors(served).stores(options.stores().orElse(config.stores()));
    options.seed().ifPresent(own::seed);
    var built = own.build();
    try {
      Gateway.checkVendors(built);
    } catch (StartupException together) {
      throw newBadRequestException(together);
    }
    return built;
  }

  private <S> ServedVendor<?> served(Vendor<S> vendor, RealmOptions options) {
    var served = config.vendor(vendor).orElseGet(() -> ServedVendor.byDefault(vendor));
    var fidelity = options.fidelities().getOrDefault(vendor.name(), served.fidelity());
    var version = Optional.ofNullable(options.versions().get(vendor.name()));
    try {
      return version.map(served::withVersion).orElse(served).with(fidelity);
    } catch (IllegalArgumentException unknown) {
      throw new BadRequestException(vendor.name() + ", " + unknown.getMessage());
    }
  }

  /** Translates an error about flags to one about a realm's options. */
  private static BadRequestException newBadRequestException(StartupException refused) {
    return new BadRequestException(refused.line().replaceFirst("^--", ""));
  }

  /**
   * Opens a realm. Fails with {@link BadRequestException} if its seed can't be loaded.
   *
   * @throws BadRequestException if an option isn't allowed
   * @throws IllegalStateException if the name is taken or a vendor's, or {@link #MAX_REALMS} are
   *     open
   */
  public Future<Open> open(RealmOptions options) {
    var own = config(options);
    if (names.size() >= MAX_REALMS) {
      throw new IllegalStateException(MAX_REALMS + " realms at most; close some");
    }
    var wanted = options.name();
    if (wanted.isPresent() && Vendors.find(vendors(), wanted.get()).isPresent()) {
      throw new IllegalStateException("a vendor is named '%s'".formatted(wanted.get()));
    }
    var name = wanted.orElseGet(this::draw);
    if (wanted.isPresent() && !names.add(name)) {
      throw new IllegalStateException("a realm named '%s' is open already".formatted(name));
    }
    var stores =
        OpenStore.configs(own).stream()
            .map(one -> new OpenStore(one, MvStorage.inMemory(), 0))
            .toList();
    var realm = new HostedRealm(vertx, own, stores, hasher, metrics);
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
            })
        .recover(
            failed ->
                Future.failedFuture(
                    failed instanceof StartupException refused
                        ? newBadRequestException(refused)
                        : failed));
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
