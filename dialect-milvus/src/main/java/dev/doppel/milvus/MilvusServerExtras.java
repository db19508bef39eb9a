package dev.doppel.milvus;

import dev.doppel.users.Extras;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The properties of the server as a whole that only Milvus has. They are stored with the system
 * organization.
 *
 * @param groups privileges by name of the group that users defined
 * @param databases in the order of their creation; the one that every server has is among them only
 *     if it was changed, as the first
 */
record MilvusServerExtras(Map<String, List<String>> groups, List<MilvusDatabase> databases) {

  MilvusServerExtras(
      @Nullable Map<String, List<String>> groups, @Nullable List<MilvusDatabase> databases) {
    this.groups = groups == null ? Map.of() : groups;
    this.databases = databases == null ? List.of() : List.copyOf(databases);
  }

  private static MilvusServerExtras of(Optional<String> json) {
    return json.map(text -> Extras.decode(text, MilvusServerExtras.class))
        .orElseGet(() -> new MilvusServerExtras(null, null));
  }

  static Future<MilvusServerExtras> of(Realm realm) {
    return realm.organizations().system().map(home -> of(home.extras(MilvusExtras.DIALECT)));
  }

  /** Stores the result of a change, atomically. */
  static Future<Void> change(Realm realm, UnaryOperator<MilvusServerExtras> change) {
    return realm
        .organizations()
        .system()
        .compose(
            home ->
                realm
                    .organizations()
                    .updateExtras(
                        home.id(),
                        MilvusExtras.DIALECT,
                        json -> Extras.encode(change.apply(of(json)))))
        .mapEmpty();
  }

  /** Returns a modifiable copy of the groups, names in ascending order. */
  TreeMap<String, List<String>> sortedGroups() {
    return new TreeMap<>(groups);
  }

  MilvusServerExtras withGroups(Map<String, List<String>> others) {
    return new MilvusServerExtras(others, databases);
  }

  MilvusServerExtras withDatabases(List<MilvusDatabase> others) {
    return new MilvusServerExtras(groups, others);
  }
}
