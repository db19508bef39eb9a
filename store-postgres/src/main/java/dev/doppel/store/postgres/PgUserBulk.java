package dev.doppel.store.postgres;

import static dev.doppel.store.postgres.PgRows.key;

import dev.doppel.users.PasswordHash;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/** Encodes users as the JSON that {@code keep_users} in {@code V4__bulk.sql} reads. */
final class PgUserBulk {

  private PgUserBulk() {}

  /** Returns a JSON array of objects. */
  static String encode(List<User> users) {
    return new JsonArray(users.stream().map(PgUserBulk::toJson).toList()).encode();
  }

  private static JsonObject toJson(User user) {
    var json =
        new JsonObject()
            .put("id", key(user.id().value()))
            .put("name", PgText.encode(user.name()))
            .put("active", user.active())
            .put("created", PgRows.time(user.created()).toString())
            .put("updated", PgRows.time(user.updated()).toString())
            .put("version", user.version())
            .put("extras", PgExtras.encode(user.extras()))
            .put("administrator", user.administrator())
            .put("built_in", user.builtIn())
            .put("home", PgUserStore.homeKey(user))
            .put("session_epoch", user.sessionEpoch())
            .put("slot", PgUserStore.countSlot(user.id()))
            .put("roles", new JsonArray(List.of(PgRows.encodeAll(user.roles()))))
            .put("reserved_in", new JsonArray(reservedIn(user)))
            .put("memberships", memberships(user))
            .put("aliases", aliases(user));
    user.password().map(PasswordHash::encoded).map(PgText::encode).ifPresent(put(json, "password"));
    user.email().map(PgText::encode).ifPresent(put(json, "email"));
    user.email().map(PgUserStore::encodeLowerCase).ifPresent(put(json, "email_lower"));
    user.emailSince()
        .map(since -> PgRows.time(since).toString())
        .ifPresent(put(json, "email_since"));
    user.fullName().map(PgText::encode).ifPresent(put(json, "full_name"));
    if (user.name().indexOf('@') >= 0) {
      json.put("name_address", PgUserStore.encodeLowerCase(user.name()));
    }
    return json;
  }

  private static Consumer<String> put(JsonObject json, String member) {
    return value -> json.put(member, value);
  }

  private static List<String> reservedIn(User user) {
    return user.builtIn()
        ? List.of()
        : List.of(PgRows.encodeAll(ReservedNames.organizationsReserving(user.name())));
  }

  private static JsonArray memberships(User user) {
    var all = new JsonArray();
    PgUserStore.ownedByOrganization(user)
        .forEach(
            (id, owner) -> all.add(new JsonObject().put("organization", id).put("owner", owner)));
    return all;
  }

  private static JsonArray aliases(User user) {
    var all = new JsonArray();
    for (var alias : user.aliases()) {
      all.add(
          new JsonObject()
              .put("position", all.size() + 1)
              .put("dialect", PgText.encode(alias.dialect()))
              .put("foreign_id", PgText.encode(alias.id())));
    }
    return all;
  }
}
