package dev.doppel.gateway.control;

import static dev.doppel.BadRequestException.check;

import dev.doppel.gateway.control.RealmDirectory.RealmAddress;
import dev.doppel.gateway.input.StrictInput;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations of the control plane to open, list and close realms. */
public final class ControlRealms implements ControlRoutes {

  /** The body of a request to open a realm. */
  record RealmBody(@Nullable String name) {
    static final RealmBody NOTHING = new RealmBody(null);

    RealmBody {
      check(
          name == null || RealmDirectory.NAME.matcher(name).matches(),
          "a-z, 0-9 and - within, 63 characters at most, is allowed");
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
      return realms.open(Optional.ofNullable(body.name())).map(ControlRealms::json);
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
