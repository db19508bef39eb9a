package dev.doppel.gateway.control;

import static dev.doppel.BadRequestException.check;

import dev.doppel.BadRequestException;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The operations of the control plane to list users as core stores them, and to show a user as each
 * dialect does.
 */
final class ControlUsers implements ControlRoutes {

  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1000;

  private final HostedRealm realm;

  ControlUsers(HostedRealm realm) {
    this.realm = realm;
  }

  @Override
  public void mount(Router api) {
    api.get("/users").handler(context -> new ControlCall(context).answer(this::list));
    api.get("/users/:id").handler(context -> new ControlCall(context).answer(this::get));
    api.get("/two-factor-code").handler(context -> new ControlCall(context).answer(this::code));
  }

  private Future<JsonObject> list(ControlCall call) {
    call.checkQuery(Set.of("dialect", "limit", "after"));
    var requested = call.query("limit");
    check(
        requested.isEmpty() || requested.get().matches("[1-9][0-9]{0,2}|" + MAX_PAGE),
        () -> "limit: " + Suggestions.notAllowed(requested.get(), "1 to " + MAX_PAGE));
    var after = call.query("after").map(text -> id("after", text));
    var limit = requested.map(Integer::parseInt).orElse(DEFAULT_PAGE);
    return call.store(realm)
        .realm()
        .users()
        .list(UserQuery.first(limit + 1).after(after))
        .map(page -> page(page.items(), limit));
  }

  private static UserId id(String field, String text) {
    return UserId.parse(text)
        .orElseThrow(
            () ->
                new BadRequestException(
                    field + ": " + Suggestions.notAllowed(text, "16 hex digits")));
  }

  private static JsonObject page(List<User> found, int limit) {
    var shown = found.subList(0, Math.min(limit, found.size()));
    var users = new JsonArray();
    shown.forEach(user -> users.add(json(user)));
    var next = found.size() > limit ? shown.get(limit - 1).id().toString() : null;
    return new JsonObject().put("users", users).put("next", next);
  }

  private Future<JsonObject> get(ControlCall call) {
    call.checkQuery(Set.of("dialect"));
    var store = call.store(realm);
    return store
        .realm()
        .users()
        .find(id("id", call.parameter("id")))
        .compose(user -> shown(store.dialects(), user));
  }

  /** Returns the current code of a user with two-factor authentication, but never its secret. */
  private Future<JsonObject> code(ControlCall call) {
    call.checkQuery(Set.of("user"));
    var name =
        call.query("user")
            .orElseThrow(() -> new BadRequestException("?user: needed; use the name of a user"));
    return realm
        .secondFactor(name)
        .map(
            found ->
                found
                    .map(
                        factor ->
                            new JsonObject()
                                .put("user", name)
                                .put("dialect", factor.dialect())
                                .put("code", factor.code().code())
                                .put("expires", factor.code().expires().toString()))
                    .orElseThrow(
                        () ->
                            ControlException.notFound(
                                "'" + name + "' has no two-factor authentication")));
  }

  private static Future<JsonObject> shown(List<Dialect> dialects, User user) {
    var views = dialects.stream().map(dialect -> view(dialect, user)).toList();
    return Future.all(views)
        .map(
            all -> {
              var json = new JsonObject();
              for (int i = 0; i < dialects.size(); i++) {
                json.put(dialects.get(i).name(), all.resultAt(i));
              }
              return new JsonObject().put("user", json(user)).put("views", json);
            });
  }

  private static Future<JsonObject> view(Dialect dialect, User user) {
    return dialect
        .show(user)
        .map(
            shown -> {
              var view = new JsonObject();
              shown.fields().forEach(field -> view.put(field.name(), json(dialect, field)));
              return view;
            });
  }

  private static JsonObject json(Dialect dialect, ShownUser.Field field) {
    return new JsonObject()
        .put("value", dialect.json().convertValue(field.value(), Object.class))
        .put("origin", field.origin().name().toLowerCase(Locale.ROOT));
  }

  private static JsonObject json(User user) {
    return new JsonObject()
        .put("id", user.id().toString())
        .put("name", user.name())
        .put("status", user.status().name().toLowerCase(Locale.ROOT))
        .put("email", user.email().orElse(null))
        .put("fullName", user.fullName().orElse(null))
        .put("hasPassword", user.password().isPresent())
        .put("administrator", user.administrator())
        .put("home", user.home().map(OrganizationId::toString).orElse(null))
        .put("roles", new JsonArray(user.sortedRoles()))
        .put("created", user.created().toString())
        .put("updated", user.updated().toString())
        .put("version", user.version());
  }
}
