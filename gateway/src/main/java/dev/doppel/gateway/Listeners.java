package dev.doppel.gateway;

import dev.doppel.DoppelConfig.Listen;
import dev.doppel.StartupException;
import dev.doppel.dialect.ExtraListener;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.gateway.http.Listener;
import dev.doppel.gateway.http.Ports;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The listeners of a gateway: one for all dialects, shared by several event loops, and if
 * configured one for each vendor and one for the control plane.
 */
public final class Listeners {

  private final Ports ports;
  private final Listen listen;
  private final List<Listener> open = new CopyOnWriteArrayList<>();
  private final Map<String, Listener> alone = new ConcurrentHashMap<>();
  private volatile Optional<Listener> control = Optional.empty();

  Listeners(Ports ports) {
    this.ports = ports;
    listen = ports.listen();
  }

  /**
   * Opens the ports of the dialects. Fails with {@link StartupException}; {@link #close} then
   * closes those that are open.
   *
   * @param everyone the dispatcher of all dialects
   * @param alone returns the dispatcher of a single vendor's dialect
   */
  Future<Void> open(
      RequestDispatcher everyone,
      List<Vendor<?>> vendors,
      Function<Vendor<?>, RequestDispatcher> alone) {
    return open(listen.port(), everyone.handlers()).compose(opened -> openAlone(vendors, alone));
  }

  /** Opens the control plane's own port. Fails with {@link StartupException}. */
  Future<Void> openControl(int port, RequestDispatcher dispatcher) {
    return ports
        .openControl(port, dispatcher.handlers())
        .onSuccess(
            opened -> {
              open.add(opened);
              control = Optional.of(opened);
            })
        .mapEmpty();
  }

  private Future<Void> open(int port, Listener.RequestHandlers dispatchers) {
    return ports.open(port, Listener.allLoops(), dispatchers).onSuccess(open::add).mapEmpty();
  }

  private Future<Void> openAlone(
      List<Vendor<?>> vendors, Function<Vendor<?>, RequestDispatcher> alone) {
    var opening = new ArrayList<Future<Void>>();
    for (var vendor : vendors) {
      listen
          .port(vendor)
          .ifPresent(port -> opening.add(openAlone(vendor, port, alone.apply(vendor))));
    }
    return Future.all(opening).mapEmpty();
  }

  /** Opens a vendor's port, and its extra port if the vendors' usual ports are open. */
  private Future<Void> openAlone(Vendor<?> vendor, int port, RequestDispatcher dispatcher) {
    var flag = listen.ports().containsKey(vendor.name()) ? "--ports " + vendor.name() : "--port";
    return ports
        .open(flag, port, Listener.allLoops(), dispatcher.handlers())
        .onSuccess(
            opened -> {
              open.add(opened);
              alone.put(vendor.name(), opened);
            })
        .compose(
            opened ->
                listen.vendorPorts() && vendor.extraListener().isPresent()
                    ? open(vendor.extraListener().get())
                    : Future.succeededFuture());
  }

  private Future<Void> open(ExtraListener extra) {
    return open(
        extra.port(),
        new Listener.RequestHandlers(
            extra.handler(), HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER));
  }

  /** Returns the listeners of single dialects, by name. */
  Map<String, Listener> alone() {
    return Map.copyOf(alone);
  }

  /** Returns the listener of all dialects; empty until it is open. */
  public Optional<Listener> everyone() {
    return open.stream().findFirst();
  }

  /** Returns the listener of the control plane; empty until it is open. */
  Optional<Listener> control() {
    return control.or(this::everyone);
  }

  /** Returns the URL of a realm's control plane, without a slash at the end. */
  public String controlUrl(Realms.Open realm) {
    return control
            .map(listener -> listener.url() + RequestDispatcher.REALM_PREFIX + realm.name())
            .orElseGet(realm.listener()::url)
        + ControlPlane.PREFIX;
  }

  Future<Void> close(Duration grace) {
    return Future.join(open.stream().map(one -> ports.close(one, grace)).toList()).mapEmpty();
  }
}
