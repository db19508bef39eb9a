package dev.doppel.gateway.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.BadRequestException;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.RealmOptions;
import dev.doppel.Seed;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.control.RealmDirectory.RealmAddress;
import dev.doppel.gateway.input.StrictInput;
import dev.doppel.gateway.input.VendorLists;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations of the control plane to open, list and close realms. */
public final class ControlRealms implements ControlRoutes {

  /**
   * The body of a request to open a realm.
   *
   * @param fidelity as the flag {@code --fidelity}
   * @param emulate as the flag {@code --emulate}
   */
  record RealmBody(
      @Nullable String name,
      @Nullable JsonNode seed,
      @Nullable List<String> dialects,
      @Nullable String fidelity,
      @Nullable String emulate,
      @Nullable Stores stores) {

    static final RealmBody NOTHING = new RealmBody(null, null, null, null, null, null);

    /**
     * @throws BadRequestException if a value isn't allowed
     */
    RealmOptions toOptions(List<Vendor<?>> vendors) {
      return new RealmOptions(
          Optional.ofNullable(name),
          seed == null || seed.isNull() ? Optional.empty() : Optional.of(parse(seed)),
          Optional.ofNullable(dialects).map(lists("dialects", vendors)::dialects),
          fidelity == null ? Map.of() : lists("fidelity", vendors).fidelities(fidelity),
          emulate == null ? Map.of() : lists("emulate", vendors).versions(emulate),
          Optional.ofNullable(stores));
    }

    private static VendorLists lists(String member, List<Vendor<?>> vendors) {
      return new VendorLists(
          vendors,
          (entry, allowed) ->
              new BadRequestException(
                  "%s: %s is not allowed; use %s".formatted(member, entry, allowed)));
    }

    private static Seed parse(JsonNode seed) {
      try {
        return Seed.parse(seed.toString());
      } catch (BadRequestException malformed) {
        throw new BadRequestException(
            malformed.lines().stream().map(line -> "seed: " + line).toList());
      }
    }
  }

  private final RealmDirectory realms;

  ControlRealms(RealmDirectory realms) {
    this.realms = realms;
  }

  @Override
  public void mount(Router api) {
    api.get("/realms").handler(context -> new ControlCall(context).answer(this::list));
    api.post("/realms").handler(context -> new ControlCall(context).answerBody(this::open));
    api.delete("/realms/:name").handler(context -> new ControlCall(context).answer(this::close));
  }

  private Future<JsonObject> open(String text) {
    var body = StrictInput.json(text, RealmBody.class, RealmBody.NOTHING);
    try {
      return realms.open(body.toOptions(realms.vendors())).map(ControlRealms::json);
    } catch (IllegalStateException takenOrTooMany) {
      throw ControlException.conflict(String.valueOf(takenOrTooMany.getMessage()));
    }
  }

  private static JsonObject json(RealmAddress open) {
    var urls = new JsonObject().put("port", open.url());
    open.hostUrl().ifPresent(url -> urls.put("host", url));
    open.prefixUrl().ifPresent(url -> urls.put("prefix", url));
    urls.put("control", open.controlUrl());
    return new JsonObject().put("name", open.name()).put("port", open.port()).put("urls", urls);
  }

  private Future<JsonObject> list(ControlCall call) {
    var all = new JsonArray();
    realms.all().forEach(open -> all.add(json(open)));
    return Future.succeededFuture(new JsonObject().put("realms", all));
  }

  private Future<JsonObject> close(ControlCall call) {
    var name = call.parameter("name");
    return realms
        .close(name)
        .orElseThrow(() -> ControlException.notFound("no realm of this name is open: " + name))
        .map(new JsonObject().put("closed", name));
  }
}
