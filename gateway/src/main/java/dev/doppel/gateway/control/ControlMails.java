package dev.doppel.gateway.control;

import dev.doppel.CallScope;
import dev.doppel.dialect.Dialect;
import dev.doppel.gateway.mail.MailFilter;
import dev.doppel.gateway.mail.MailJson;
import dev.doppel.gateway.realm.HostedRealm;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The operations of the control plane to list and delete mails. */
final class ControlMails implements ControlRoutes {

  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1000;
  private static final Set<String> PARAMETERS =
      Set.of("dialect", "kind", "to", "user", "limit", "after");

  private final HostedRealm realm;
  private final List<Dialect> dialects;

  ControlMails(HostedRealm realm) {
    this.realm = realm;
    dialects = realm.dialects();
  }

  @Override
  public void mount(Router api) {
    api.get("/mails").handler(context -> new ControlCall(context).answer(this::list));
    api.delete("/mails").handler(context -> new ControlCall(context).answer(this::clear));
  }

  private Future<JsonObject> list(ControlCall call) {
    call.checkQuery(PARAMETERS);
    var dialect = call.query("dialect");
    ControlFaults.checkScope(
        dialects, new CallScope(dialect, Optional.empty(), Optional.empty(), Optional.empty()));
    var filter = new MailFilter(dialect, call.query("kind"), call.query("to"), call.query("user"));
    var limit = call.number("limit", DEFAULT_PAGE, MAX_PAGE);
    var after = call.number("after", 0, Long.MAX_VALUE);
    var found = realm.mails(filter).stream().filter(mail -> mail.id() > after).toList();
    var shown = found.stream().limit(limit).toList();
    var mails = new JsonArray();
    shown.forEach(mail -> mails.add(MailJson.encode(mail)));
    var json = new JsonObject().put("mails", mails);
    if (found.size() > shown.size()) {
      json.put("next", shown.isEmpty() ? after : shown.get(shown.size() - 1).id());
    }
    return Future.succeededFuture(json);
  }

  private Future<JsonObject> clear(ControlCall call) {
    call.checkQuery(Set.of());
    return Future.succeededFuture(new JsonObject().put("removed", realm.outbox().clear()));
  }
}
