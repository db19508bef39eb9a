package dev.doppel.store;

import dev.doppel.users.Stores;
import io.vertx.core.Future;
import java.util.Optional;

/** The stores of one storage. Their calls are each a change of their own, or all part of one. */
record MvStores(
    Access access,
    MvUserStore users,
    MvTokenStore tokens,
    MvRoleStore roles,
    MvOrganizationStore organizations,
    Tables tables)
    implements Stores {

  static MvStores of(Tables tables, Access access, FilterCounts counts) {
    var users = new MvUserStore(tables, access, counts);
    return new MvStores(
        access,
        users,
        new MvTokenStore(tables, access),
        new MvRoleStore(tables, access, users),
        new MvOrganizationStore(tables, access, users),
        tables);
  }

  @Override
  public Future<Optional<String>> note(String name) {
    return access.read(state -> Optional.ofNullable(state.get(tables.notes, name)));
  }

  @Override
  public Future<Void> putNote(String name, Optional<String> text) {
    return access.write(
        change -> {
          text.ifPresentOrElse(
              value -> change.put(tables.notes, name, value),
              () -> change.remove(tables.notes, name));
          return null;
        });
  }

  @Override
  public Future<Void> clear() {
    return access.write(
        change -> {
          tables.all().forEach(change::clear);
          return null;
        });
  }

  /** Rebuilds all indexes. Part of a change. */
  void reindex() {
    users.reindex();
    tokens.reindex();
    organizations.reindex();
  }
}
