package dev.doppel.milvus;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Comparator;
import java.util.List;

/** A privilege that a role was granted, as it is kept and shown. */
@JsonPropertyOrder({"dbName", "grantor", "objectName", "objectType", "privilege"})
record MilvusGrant(
    String dbName, String grantor, String objectName, String objectType, String privilege) {

  /** By type, then by {@code database.object}, then by privilege. */
  static final Comparator<MilvusGrant> ORDER =
      Comparator.comparing(MilvusGrant::objectType)
          .thenComparing(grant -> grant.dbName() + "." + grant.objectName())
          .thenComparing(MilvusGrant::privilege);

  /** What every user may do on a fresh server. */
  static final List<MilvusGrant> OF_PUBLIC =
      List.of(
          publicly(MilvusPrivileges.COLLECTION, "IndexDetail"),
          publicly(MilvusPrivileges.GLOBAL, "DescribeCollection"),
          publicly(MilvusPrivileges.GLOBAL, "ListAliases"));

  private static MilvusGrant publicly(String type, String privilege) {
    return new MilvusGrant(
        MilvusPrivileges.ANY, MilvusAccounts.ROOT, MilvusPrivileges.ANY, type, privilege);
  }

  /** As it is asked for, before it is known who grants. */
  static MilvusGrant wanted(String dbName, String objectName, String objectType, String privilege) {
    return new MilvusGrant(dbName, "", objectName, objectType, privilege);
  }

  MilvusGrant of(String type) {
    return new MilvusGrant(dbName, grantor, objectName, type, privilege);
  }

  MilvusGrant by(String name) {
    return new MilvusGrant(dbName, name, objectName, objectType, privilege);
  }

  /** Whether it is about the same, whoever granted it. */
  boolean sameAs(MilvusGrant other) {
    return dbName.equals(other.dbName)
        && objectName.equals(other.objectName)
        && objectType.equals(other.objectType)
        && privilege.equals(other.privilege);
  }

  boolean isOf(String database) {
    return database.equals(MilvusPrivileges.ANY)
        || dbName.equals(MilvusPrivileges.ANY)
        || dbName.equals(database);
  }
}
