package dev.doppel.milvus;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All privileges by type of object, and the built-in groups of privileges (2.6.19:
 * pkg/util/constant.go, pkg/util/paramtable/rbac_param.go).
 */
final class MilvusPrivileges {

  static final String COLLECTION = "Collection";
  static final String GLOBAL = "Global";
  static final String USER = "User";
  static final String ANY = "*";

  private static final Map<String, List<String>> BY_OBJECT =
      Map.of(
          COLLECTION,
          List.of(
              "Load",
              "Release",
              "Compaction",
              "Insert",
              "Delete",
              "Upsert",
              "GetStatistics",
              "CreateIndex",
              "IndexDetail",
              "DropIndex",
              "Search",
              "Flush",
              "Query",
              "LoadBalance",
              "Import",
              "GetLoadingProgress",
              "GetLoadState",
              "CreatePartition",
              "DropPartition",
              "ShowPartitions",
              "HasPartition",
              "GetFlushState"),
          GLOBAL,
          List.of(
              "All",
              "CreateCollection",
              "DropCollection",
              "DescribeCollection",
              "ShowCollections",
              "RenameCollection",
              "CreateOwnership",
              "DropOwnership",
              "SelectOwnership",
              "ManageOwnership",
              "BackupRBAC",
              "RestoreRBAC",
              "CreateResourceGroup",
              "UpdateResourceGroups",
              "DropResourceGroup",
              "DescribeResourceGroup",
              "ListResourceGroups",
              "TransferReplica",
              "TransferNode",
              "FlushAll",
              "CreateDatabase",
              "DropDatabase",
              "ListDatabases",
              "AlterDatabase",
              "DescribeDatabase",
              "CreateAlias",
              "DropAlias",
              "DescribeAlias",
              "ListAliases",
              "CreatePrivilegeGroup",
              "DropPrivilegeGroup",
              "ListPrivilegeGroups",
              "OperatePrivilegeGroup"),
          USER,
          List.of("UpdateUser", "SelectUser"));

  private static final List<String> CLUSTER_READ_ONLY =
      List.of(
          "ListDatabases",
          "SelectOwnership",
          "SelectUser",
          "DescribeResourceGroup",
          "ListResourceGroups",
          "ListPrivilegeGroups");
  private static final List<String> CLUSTER_READ_WRITE =
      and(CLUSTER_READ_ONLY, "FlushAll", "TransferNode", "TransferReplica", "UpdateResourceGroups");
  private static final List<String> CLUSTER_ADMIN =
      and(
          CLUSTER_READ_WRITE,
          "BackupRBAC",
          "RestoreRBAC",
          "CreateDatabase",
          "DropDatabase",
          "CreateOwnership",
          "DropOwnership",
          "ManageOwnership",
          "CreateResourceGroup",
          "DropResourceGroup",
          "UpdateUser",
          "RenameCollection",
          "CreatePrivilegeGroup",
          "DropPrivilegeGroup",
          "OperatePrivilegeGroup");
  private static final List<String> DATABASE_READ_ONLY =
      List.of("ShowCollections", "DescribeDatabase");
  private static final List<String> DATABASE_READ_WRITE = and(DATABASE_READ_ONLY, "AlterDatabase");
  private static final List<String> DATABASE_ADMIN =
      and(DATABASE_READ_WRITE, "CreateCollection", "DropCollection");
  private static final List<String> COLLECTION_READ_ONLY =
      List.of(
          "Query",
          "Search",
          "IndexDetail",
          "GetFlushState",
          "GetLoadState",
          "GetLoadingProgress",
          "HasPartition",
          "ShowPartitions",
          "DescribeCollection",
          "DescribeAlias",
          "GetStatistics",
          "ListAliases");
  private static final List<String> COLLECTION_READ_WRITE =
      and(
          COLLECTION_READ_ONLY,
          "Load",
          "Release",
          "Insert",
          "Delete",
          "Upsert",
          "Import",
          "Flush",
          "Compaction",
          "LoadBalance",
          "CreateIndex",
          "DropIndex",
          "CreatePartition",
          "DropPartition");
  private static final List<String> COLLECTION_ADMIN =
      and(COLLECTION_READ_WRITE, "CreateAlias", "DropAlias");

  /** The built-in groups, in the server's order. */
  static final Map<String, List<String>> BUILT_IN_GROUPS = builtInGroups();

  private MilvusPrivileges() {}

  private static List<String> and(List<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }

  private static Map<String, List<String>> builtInGroups() {
    var groups = new LinkedHashMap<String, List<String>>();
    groups.put("ClusterReadOnly", CLUSTER_READ_ONLY);
    groups.put("ClusterReadWrite", CLUSTER_READ_WRITE);
    groups.put("ClusterAdmin", CLUSTER_ADMIN);
    groups.put("DatabaseReadOnly", DATABASE_READ_ONLY);
    groups.put("DatabaseReadWrite", DATABASE_READ_WRITE);
    groups.put("DatabaseAdmin", DATABASE_ADMIN);
    groups.put("CollectionReadOnly", COLLECTION_READ_ONLY);
    groups.put("CollectionReadWrite", COLLECTION_READ_WRITE);
    groups.put("CollectionAdmin", COLLECTION_ADMIN);
    return groups;
  }

  /** What the privileges of a group are for. */
  enum Level {
    CLUSTER,
    DATABASE,
    COLLECTION
  }

  /** Returns the level of a privilege; empty for a group, and for the few that have none. */
  static Optional<Level> levelOf(String privilege) {
    if (CLUSTER_ADMIN.contains(privilege)) {
      return Optional.of(Level.CLUSTER);
    }
    if (DATABASE_ADMIN.contains(privilege)) {
      return Optional.of(Level.DATABASE);
    }
    return COLLECTION_ADMIN.contains(privilege) ? Optional.of(Level.COLLECTION) : Optional.empty();
  }

  static boolean isObject(String type) {
    return BY_OBJECT.containsKey(type);
  }

  /** Returns whether a type of object has a privilege; every type has {@code *}, for all. */
  static boolean has(String type, String privilege) {
    return privilege.equals(ANY) || BY_OBJECT.getOrDefault(type, List.of()).contains(privilege);
  }

  static boolean isPrivilege(String name) {
    return BY_OBJECT.values().stream().anyMatch(all -> all.contains(name));
  }

  /** Returns the names of all privileges and built-in groups. */
  static Set<String> names() {
    var all = new TreeSet<>(BUILT_IN_GROUPS.keySet());
    BY_OBJECT.values().forEach(all::addAll);
    return all;
  }

  /** Returns the type of object of a privilege; groups count as global. */
  static String objectOf(String privilege) {
    return Stream.of(COLLECTION, USER)
        .filter(type -> BY_OBJECT.getOrDefault(type, List.of()).contains(privilege))
        .findFirst()
        .orElse(GLOBAL);
  }

  /** Returns a privilege and, if it is the name of a group, all privileges of the group, nested. */
  static Set<String> expanded(String privilege, Map<String, List<String>> customGroups) {
    var all = new LinkedHashSet<String>();
    var waiting = new ArrayDeque<>(List.of(privilege));
    while (!waiting.isEmpty()) {
      var next = waiting.remove();
      if (all.add(next)) { // groups may contain each other
        all.addAll(BUILT_IN_GROUPS.getOrDefault(next, List.of()));
        waiting.addAll(customGroups.getOrDefault(next, List.of()));
      }
    }
    return all;
  }
}
