package dev.doppel.milvus;

import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure.Reason;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The operations that read collections, partitions, aliases, indexes and segments, on a server that
 * has none: the privilege that each requires and the server's answer (2.6.19:
 * internal/proxy/task.go, task_alias.go, task_index.go, impl.go). Most fail, since the collection
 * doesn't exist.
 */
final class MilvusCollections {

  /** A collection that a request names. */
  record Collection(String database, String name) {}

  private static final int MAX_NAME_BYTES = 255;

  private final MilvusAccess access;
  private final MilvusDatabases databases;
  private final MilvusEra era;

  MilvusCollections(MilvusAccess access, MilvusDatabases databases, MilvusEra era) {
    this.access = access;
    this.databases = databases;
    this.era = era;
  }

  // ---- collections

  /** Returns the names of all collections in a database. */
  Future<List<String>> list(String database) {
    return databases.require(database).map(List.of());
  }

  /** Returns the ones of the named collections that are loaded. */
  Future<List<String>> listLoaded(String database, List<String> names) {
    names.forEach(name -> checkName(name, "name"));
    return names.isEmpty() ? list(database) : missing(new Collection(database, names.get(0)));
  }

  /** Until 2.6.4 no database had to exist. */
  Future<Boolean> has(Collection collection) {
    checkName(collection.name, "name");
    return era == MilvusEra.FIRST
        ? Future.succeededFuture(false)
        : databases.require(collection.database).map(false);
  }

  /**
   * Fails with a text of its own.
   *
   * @param id of the collection if its name is empty; 0 for none
   */
  <T> Future<T> describe(MilvusCaller caller, Collection collection, long id) {
    return access
        .require(caller, MilvusPrivilege.DESCRIBE_COLLECTION)
        .compose(
            may -> {
              if (collection.name.isEmpty() && isId(id)) {
                return Future.failedFuture(notDescribed(collection));
              }
              checkName(collection.name, "name");
              return databases
                  .require(collection.database)
                  .compose(found -> Future.failedFuture(notDescribed(collection)));
            });
  }

  private boolean isId(long id) {
    return era == MilvusEra.FIRST ? id != 0 : id > 0;
  }

  private static VendorErrorException notDescribed(Collection collection) {
    return notFound(
        "can't find collection[database=%s][collection=%s]"
            .formatted(collection.database, collection.name));
  }

  <T> Future<T> statistics(MilvusCaller caller, Collection collection) {
    return access
        .require(caller, MilvusPrivilege.GET_STATISTICS, collection.name)
        .compose(may -> missing(collection));
  }

  /** Succeeds, since the server has a state for collections that don't exist. */
  Future<Void> loadState(MilvusCaller caller, Collection collection) {
    return access
        .require(caller, MilvusPrivilege.GET_LOAD_STATE, collection.name)
        .compose(
            may -> {
              checkName(collection.name, "name");
              return Future.succeededFuture();
            });
  }

  <T> Future<T> loadingProgress(MilvusCaller caller, Collection collection) {
    return checked(caller, MilvusPrivilege.GET_LOAD_STATE, collection);
  }

  // ---- partitions

  <T> Future<T> partitions(MilvusCaller caller, Collection collection) {
    return checked(caller, MilvusPrivilege.SHOW_PARTITIONS, collection);
  }

  <T> Future<T> hasPartition(MilvusCaller caller, Collection collection, String partition) {
    return access
        .require(caller, MilvusPrivilege.HAS_PARTITION, collection.name)
        .compose(
            may -> {
              checkName(collection.name, "name");
              checkPartition(GoStrings.trimSpace(partition));
              return missing(collection);
            });
  }

  /** Requires no privilege, as the server. */
  <T> Future<T> partitionStatistics(Collection collection) {
    return missing(collection);
  }

  // ---- aliases

  /**
   * Returns all aliases in a database.
   *
   * @param collection an empty name stands for all collections
   */
  Future<List<String>> aliases(MilvusCaller caller, Collection collection) {
    return access
        .require(caller, MilvusPrivilege.LIST_ALIASES)
        .compose(
            may -> {
              if (collection.name.isEmpty()) {
                return list(collection.database);
              }
              checkName(collection.name, "name");
              return missing(collection);
            });
  }

  <T> Future<T> describeAlias(MilvusCaller caller, String database, String alias) {
    return access
        .require(caller, MilvusPrivilege.DESCRIBE_ALIAS)
        .compose(
            may -> {
              checkName(alias, "alias");
              return databases
                  .require(database)
                  .compose(
                      found ->
                          Future.failedFuture(
                              MilvusError.proxy(1600, "%s")
                                  .newException(
                                      Reason.INVALID_VALUE,
                                      "alias not found[database=%s][alias=%s]"
                                          .formatted(database, alias))));
            });
  }

  // ---- indexes and segments

  <T> Future<T> index(MilvusCaller caller, Collection collection) {
    return checked(caller, MilvusPrivilege.INDEX_DETAIL, collection);
  }

  /**
   * Returns whether segments are flushed; there are none that aren't.
   *
   * @param collection an empty name stands for the segments of any
   */
  Future<Boolean> flushed(MilvusCaller caller, Collection collection) {
    return collection.name.isEmpty()
        ? access.require(caller, MilvusPrivilege.GET_FLUSH_STATE, collection.name).map(true)
        : checked(caller, MilvusPrivilege.GET_FLUSH_STATE, collection);
  }

  /** Requires no privilege, as the server. */
  <T> Future<T> segments(Collection collection) {
    return missing(collection);
  }

  /**
   * Succeeds if the request names no collection: no other has replicas.
   *
   * @param collection its name may be empty
   */
  Future<Void> replicas(Collection collection) {
    return collection.name.isEmpty() ? Future.succeededFuture() : missing(collection);
  }

  // ---- common

  private <T> Future<T> checked(
      MilvusCaller caller, MilvusPrivilege needed, Collection collection) {
    return access
        .require(caller, needed, collection.name)
        .compose(
            may -> {
              checkName(collection.name, "name");
              return missing(collection);
            });
  }

  /** Fails as the server does when it looks for a collection; an empty name is an id of 0. */
  private <T> Future<T> missing(Collection collection) {
    return collection.name.isEmpty()
        ? Future.failedFuture(notFound("collection not found[collection=0]"))
        : databases
            .require(collection.database)
            .compose(
                found ->
                    Future.failedFuture(
                        notFound(
                            "collection not found[database=%s][collection=%s]"
                                .formatted(collection.database, collection.name))));
  }

  static VendorErrorException notFound(String text) {
    return MilvusError.proxy(MilvusErrors.NO_COLLECTION, "%s")
        .newException(Reason.INVALID_VALUE, text);
  }

  // ---- names

  /**
   * @param kind {@code name} or {@code alias}
   */
  private static void checkName(String text, String kind) {
    var name = GoStrings.trimSpace(text);
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0) {
      throw invalid("collection %s should not be empty".formatted(kind));
    }
    var before = "Invalid collection %s: %s. ".formatted(kind, name);
    if (bytes.length > MAX_NAME_BYTES) {
      throw invalid(
          before
              + " the length of a collection %s must be less than %s characters"
                  .formatted(kind, MAX_NAME_BYTES));
    }
    if (!MilvusNames.isInitial(bytes[0])) {
      throw invalid(
          before
              + " the first character of a collection %s must be an underscore or letter"
                  .formatted(kind));
    }
    for (var one : bytes) {
      if (!MilvusNames.isWord(one)) {
        throw invalid(
            before
                + " collection %s can only contain numbers, letters and underscores"
                    .formatted(kind));
      }
    }
  }

  /** Hyphens are allowed in later versions, though the text doesn't say so. */
  private void checkPartition(String name) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0) {
      throw wrongPartition(name, "Partition name should not be empty.");
    }
    if (bytes.length > MAX_NAME_BYTES) {
      throw wrongPartition(
          name,
          "The length of a partition name must be less than %s characters."
              .formatted(MAX_NAME_BYTES));
    }
    if (!MilvusNames.isWord(bytes[0])) {
      throw wrongPartition(
          name, "The first character of a partition name must be an underscore or letter.");
    }
    for (var one : bytes) {
      if (!MilvusNames.isWord(one) && !(one == '-' && era == MilvusEra.THIRD)) {
        throw wrongPartition(
            name, "Partition name can only contain numbers, letters and underscores.");
      }
    }
  }

  private VendorErrorException wrongPartition(String name, String text) {
    var whole = "Invalid partition name: %s. %s".formatted(name, text);
    return era == MilvusEra.FIRST
        ? MilvusError.proxy(MilvusErrors.UNEXPECTED, "%s").newException(Reason.INVALID_VALUE, whole)
        : invalid(whole);
  }

  private static VendorErrorException invalid(String text) {
    return MilvusErrors.INVALID.newException(Reason.INVALID_VALUE, text);
  }
}
