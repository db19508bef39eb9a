package dev.doppel.milvus;

import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The operations on databases, which hold no collections: the privilege that each requires and what
 * it does (2.6.19: internal/proxy/task_database.go, internal/rootcoord/meta_table.go). Databases
 * belong to the server as a whole.
 */
final class MilvusDatabases {

  /** The server's limit of databases, without the one that every server has. */
  private static final int MAX_DATABASES = 64;

  /** Not the server's; they are stored together, and read with every check of a privilege. */
  private static final int MAX_PROPERTIES = 64;

  private static final int MAX_PROPERTY_BYTES = 16_384;

  private final Realm realm;
  private final MilvusAccess access;
  private final MilvusEra era;

  MilvusDatabases(Realm realm, MilvusAccess access, MilvusEra era) {
    this.realm = realm;
    this.access = access;
    this.era = era;
  }

  /** Fails unless there is a database of this name. */
  Future<Void> require(String name) {
    return find(name).mapEmpty();
  }

  private Future<MilvusDatabase> find(String name) {
    return all()
        .map(
            all ->
                all.stream()
                    .filter(database -> database.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> notFound(name)));
  }

  private Future<List<MilvusDatabase>> all() {
    return MilvusServerExtras.of(realm).map(extras -> withDefault(extras.databases()));
  }

  private static List<MilvusDatabase> withDefault(List<MilvusDatabase> stored) {
    return stored.stream().anyMatch(MilvusDatabase::isDefault)
        ? stored
        : Stream.concat(Stream.of(MilvusDatabase.DEFAULT), stored.stream()).toList();
  }

  private static VendorErrorException notFound(String name) {
    return MilvusErrors.NO_DATABASE.newException(Reason.INVALID_VALUE, name);
  }

  /**
   * Returns the databases that the caller may see, in the order of their creation: the ones that a
   * grant of the caller's roles names (root_coord.go: getCurrentUserVisibleDatabases).
   */
  Future<List<MilvusDatabase>> list(MilvusCaller caller) {
    return access
        .visibleDatabases(caller)
        .compose(
            visible ->
                all().map(all -> all.stream().filter(one -> visible.test(one.name())).toList()));
  }

  Future<MilvusDatabase> describe(MilvusCaller caller, String name) {
    return access
        .require(caller, MilvusPrivilege.DESCRIBE_DATABASE)
        .compose(may -> find(name.isEmpty() ? MilvusCaller.DEFAULT_DATABASE : name));
  }

  Future<Void> create(MilvusCaller caller, String name, Map<String, String> properties) {
    return access
        .require(caller, MilvusPrivilege.CREATE_DATABASE)
        .compose(
            may -> {
              MilvusNames.checkDatabase(name);
              var database =
                  checkProperties(new MilvusDatabase(realm.ids().next(), name, properties));
              return change(databases -> create(databases, database));
            });
  }

  /** Until 2.6.4 the server looks at the number of databases first. */
  private List<MilvusDatabase> create(List<MilvusDatabase> databases, MilvusDatabase created) {
    var full = databases.stream().filter(one -> !one.isDefault()).count() >= MAX_DATABASES;
    if (isTaken(databases, created.name()) && !(full && era == MilvusEra.FIRST)) {
      throw invalid("database already exist: " + created.name());
    }
    if (full) {
      throw MilvusError.proxy(801, "exceeded the limit number of database[limit=%s]")
          .newException(Reason.INVALID_VALUE, Integer.toString(MAX_DATABASES));
    }
    var all = new ArrayList<>(databases);
    all.add(created);
    return all;
  }

  private static boolean isTaken(List<MilvusDatabase> databases, String name) {
    return name.equals(MilvusCaller.DEFAULT_DATABASE)
        || databases.stream().anyMatch(database -> database.name().equals(name));
  }

  /** Deletes a database; succeeds if there is none. */
  Future<Void> drop(MilvusCaller caller, String name) {
    return access
        .require(caller, MilvusPrivilege.DROP_DATABASE)
        .compose(
            may -> {
              MilvusNames.checkDatabase(name);
              if (name.equals(MilvusCaller.DEFAULT_DATABASE)) {
                throw invalid("can not drop default database");
              }
              return change(
                  databases -> databases.stream().filter(one -> !one.name().equals(name)).toList());
            });
  }

  /**
   * Changes properties of a database.
   *
   * @param properties to set
   * @param removed names of properties to remove; only one of both may be given
   */
  Future<Void> alter(
      MilvusCaller caller, String name, Map<String, String> properties, List<String> removed) {
    return access
        .require(caller, MilvusPrivilege.ALTER_DATABASE)
        .compose(
            may -> {
              checkChange(name, properties, removed);
              return change(databases -> alter(databases, name, properties, removed));
            });
  }

  private void checkChange(String name, Map<String, String> properties, List<String> removed) {
    if (name.isEmpty()) {
      throw invalid("alter database failed, database name does not exists");
    }
    if (properties.isEmpty() && removed.isEmpty()) {
      throw invalid(
          "alter database with empty properties and delete keys, expected to set either properties or delete keys");
    }
    if (!properties.isEmpty() && !removed.isEmpty()) {
      throw invalid("alter database cannot modify properties and delete keys at the same time");
    }
  }

  private List<MilvusDatabase> alter(
      List<MilvusDatabase> databases,
      String name,
      Map<String, String> properties,
      List<String> removed) {
    if (!isTaken(databases, name)) {
      throw notFound(name);
    }
    var all = name.equals(MilvusCaller.DEFAULT_DATABASE) ? withDefault(databases) : databases;
    return all.stream()
        .map(
            one ->
                one.name().equals(name)
                    ? checkProperties(one.with(properties).without(removed))
                    : one)
        .toList();
  }

  private MilvusDatabase checkProperties(MilvusDatabase database) {
    if (database.properties().size() > MAX_PROPERTIES
        || database.propertyBytes() > MAX_PROPERTY_BYTES) {
      throw invalid(
          "a database can have %s properties of %s bytes in all"
              .formatted(MAX_PROPERTIES, MAX_PROPERTY_BYTES));
    }
    return database;
  }

  private Future<Void> change(Change change) {
    return MilvusServerExtras.change(
        realm, extras -> extras.withDatabases(change.apply(extras.databases())));
  }

  @FunctionalInterface
  private interface Change {
    List<MilvusDatabase> apply(List<MilvusDatabase> databases);
  }

  private VendorErrorException invalid(String text) {
    return era == MilvusEra.FIRST
        ? MilvusError.proxy(MilvusErrors.UNEXPECTED, "%s").newException(Reason.INVALID_VALUE, text)
        : MilvusErrors.INVALID.newException(Reason.INVALID_VALUE, text);
  }
}
