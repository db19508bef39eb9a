package dev.doppel.gateway;

import dev.doppel.dialect.Dialect;
import dev.doppel.gateway.GatewayConfig.Listen;
import dev.doppel.gateway.GatewayConfig.Vendor;
import dev.doppel.milvus.MilvusHealth;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The ports of a gateway: one for all dialects, shared by several event loops, and on demand one a
 * vendor and one for the control plane.
 */
final class Listeners {

  private final Ports ports;
  private final Listen listen;
  private final List<Listener> open = new CopyOnWriteArrayList<>();
  private volatile Optional<Listener> control = Optional.empty();

  Listeners(Ports ports) {
    this.ports = ports;
    listen = ports.listen();
  }

  /**
   * Fails with {@link StartupException}; what is open then is closed by {@link #close}.
   *
   * @param alone the door of a dialect that has a port for itself
   */
  Future<Void> open(
      FrontDoor everyone, List<Dialect> dialects, Function<Dialect, FrontDoor> alone) {
    return open(listen.port(), everyone.doors())
        .compose(
            opened ->
                listen.vendorPorts() ? openVendorPorts(dialects, alone) : Future.succeededFuture());
  }

  /** As above, the control plane's own port. */
  Future<Void> openControl(int port, FrontDoor door) {
    return ports
        .openControl(port, door.doors())
        .onSuccess(
            opened -> {
              open.add(opened);
              control = Optional.of(opened);
            })
        .mapEmpty();
  }

  private Future<Void> open(int port, Listener.Doors doors) {
    return ports.open(port, Listener.allLoops(), doors).onSuccess(open::add).mapEmpty();
  }

  private Future<Void> openVendorPorts(List<Dialect> dialects, Function<Dialect, FrontDoor> alone) {
    return Future.all(
            dialects.stream()
                .map(dialect -> open(vendor(dialect).port(), alone.apply(dialect).doors()))
                .toList())
        .compose(
            opened ->
                dialects.stream().anyMatch(dialect -> vendor(dialect) == Vendor.MILVUS)
                    ? open(
                        MilvusHealth.PORT,
                        new Listener.Doors(
                            new MilvusHealth(), HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER))
                    : Future.succeededFuture());
  }

  private static Vendor vendor(Dialect dialect) {
    return Vendor.valueOf(dialect.name().toUpperCase(Locale.ROOT));
  }

  /** The one for all dialects; empty until it is open. */
  Optional<Listener> everyone() {
    return open.stream().findFirst();
  }

  /** Returns where the control plane is; empty until it is open. */
  Optional<Listener> control() {
    return control.or(this::everyone);
  }

  /** URL of a realm's control plane, without a slash at the end. */
  String controlUrl(Realms.Open realm) {
    return control
            .map(listener -> listener.url() + FrontDoor.REALM_PREFIX + realm.name())
            .orElseGet(realm.listener()::url)
        + ControlPlane.PREFIX;
  }

  Future<Void> close(Duration grace) {
    return Future.join(open.stream().map(one -> ports.close(one, grace)).toList()).mapEmpty();
  }
}
