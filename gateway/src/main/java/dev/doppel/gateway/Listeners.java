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
 * vendor.
 */
final class Listeners {

  private final Ports ports;
  private final Listen listen;
  private final List<Listener> open = new CopyOnWriteArrayList<>();

  Listeners(Ports ports) {
    this.ports = ports;
    listen = ports.listen();
  }

  /**
   * Fails with {@link Refused}; what is open then is closed by {@link #close}.
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

  Future<Void> close(Duration grace) {
    return Future.join(open.stream().map(one -> ports.close(one, grace)).toList()).mapEmpty();
  }
}
