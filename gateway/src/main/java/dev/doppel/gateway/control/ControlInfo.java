package dev.doppel.gateway.control;

import dev.doppel.Doppel;
import dev.doppel.gateway.realm.HostedRealm;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The operation of the control plane that says what runs here, for clients that connect to it. */
final class ControlInfo implements ControlRoutes {

  private final HostedRealm realm;
  private final ControlPlane.Port port;
  private final String name;
  private final Optional<RealmDirectory> addresses;

  /**
   * @param name name of the realm; empty for the gateway's own
   * @param addresses those of the gateway; empty for another realm
   */
  ControlInfo(
      HostedRealm realm, ControlPlane.Port port, String name, Optional<RealmDirectory> addresses) {
    this.realm = realm;
    this.port = port;
    this.name = name;
    this.addresses = addresses;
  }

  @Override
  public void mount(Router api) {
    api.get("/info").handler(context -> new ControlCall(context).answer(this::info));
  }

  private Future<JsonObject> info(ControlCall call) {
    call.checkQuery(Set.of());
    var config = realm.config();
    var credentials = config.credentials();
    var json = new JsonObject().put("product", "doppel");
    Doppel.version().ifPresent(version -> json.put("version", version));
    if (!name.isEmpty()) {
      json.put("realm", name);
    }
    json.put("persistent", config.store().isPersistent()).put("journal", config.journalCalls());
    if (!credentials.blank()) {
      json.put("administrator", credentials.userName()).put("readyToUse", config.readyToUse());
    }
    json.put("port", port.name().toLowerCase(Locale.ROOT));
    addresses.ifPresent(known -> json.put("urls", urls(known.gateway())));
    return Future.succeededFuture(json);
  }

  private static JsonObject urls(RealmDirectory.GatewayAddress gateway) {
    var dialects = new JsonObject();
    gateway.dialectUrls().forEach(dialects::put);
    return new JsonObject()
        .put("base", gateway.url())
        .put("control", gateway.controlUrl())
        .put("dialects", dialects);
  }
}
