package dev.doppel.gateway;

import dev.doppel.RealmOptions;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.gateway.control.RealmDirectory;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The realms of a gateway with the addresses at which they are reached. */
final class RealmAddresses implements RealmDirectory {

  private final Realms realms;
  private final Listeners listeners;

  /**
   * @param listeners those of the gateway itself
   */
  RealmAddresses(Realms realms, Listeners listeners) {
    this.realms = realms;
    this.listeners = listeners;
  }

  @Override
  public GatewayAddress gateway() {
    var dialectUrls = new TreeMap<String, String>();
    listeners.alone().forEach((name, listener) -> dialectUrls.put(name, listener.url()));
    return new GatewayAddress(
        listeners.everyone().orElseThrow().url(),
        listeners.control().orElseThrow().url() + ControlPlane.PREFIX,
        dialectUrls);
  }

  @Override
  public List<Vendor<?>> vendors() {
    return realms.vendors();
  }

  @Override
  public Future<RealmAddress> open(RealmOptions options) {
    return realms.open(options).map(this::address);
  }

  private RealmAddress address(Realms.Open open) {
    var shared = listeners.everyone();
    return new RealmAddress(
        open.name(),
        open.listener().port(),
        open.listener().url(),
        shared.map(one -> one.url(open.name() + RequestDispatcher.REALM_HOST)),
        shared.map(one -> one.url() + RequestDispatcher.REALM_PREFIX + open.name()),
        listeners.controlUrl(open));
  }

  @Override
  public List<RealmAddress> all() {
    return realms.all().stream().map(this::address).toList();
  }

  @Override
  public Optional<Future<Void>> close(String name) {
    return realms.close(name);
  }
}
