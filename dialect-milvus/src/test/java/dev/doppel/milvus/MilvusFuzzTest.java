package dev.doppel.milvus;

import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.FuzzContract;
import java.util.List;

class MilvusFuzzTest extends FuzzContract {

  static final List<String> WORDS =
      List.of(
          "root",
          "alice",
          "bob",
          "admin",
          "public",
          "default",
          "*",
          "Collection",
          "Global",
          "User",
          "Search",
          "All",
          "CreateOwnership",
          "ClusterReadOnly",
          "CollectionAdmin",
          "N3w-P@ss",
          "Milvus",
          "Role.1",
          "_group",
          "$role",
          "1st",
          "0",
          "-1",
          "true");

  @Override
  protected DialectContract contract() {
    return new MilvusDialectTest();
  }

  @Override
  protected List<String> names() {
    return List.of(
        "userName",
        "password",
        "newPassword",
        "roleName",
        "description",
        "dbName",
        "objectType",
        "objectName",
        "privilege",
        "collectionName",
        "privilegeGroupName",
        "privileges",
        "username",
        "force",
        "Request-Timeout",
        "DB-Name");
  }

  @Override
  protected List<String> values() {
    return WORDS;
  }
}
