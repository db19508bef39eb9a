package dev.doppel.milvus;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.doppel.dialect.Suggestions;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A privilege that a role was granted, as it is stored and shown. */
@JsonPropertyOrder({"dbName", "grantor", "objectName", "objectType", "privilege"})
record MilvusGrant(
    String dbName, String grantor, String objectName, String objectType, String privilege) {

  /** By type, then by {@code database.object}, then by privilege. */
  static final Comparator<MilvusGrant> ORDER =
      Comparator.comparing(MilvusGrant::objectType)
          .thenComparing(grant -> grant.dbName() + "." + grant.objectName())
          .thenComparing(MilvusGrant::privilege);

  /** The grants of every user on a new server. */
  static final List<MilvusGrant> OF_PUBLIC =
      List.of(
          publicly(MilvusPrivileges.COLLECTION, "IndexDetail"),
          publicly(MilvusPrivileges.GLOBAL, "DescribeCollection"),
          publicly(MilvusPrivileges.GLOBAL, "ListAliases"));

  private static MilvusGrant publicly(String type, String privilege) {
    return new MilvusGrant(
        MilvusPrivileges.ANY, MilvusNames.ROOT, MilvusPrivileges.ANY, type, privilege);
  }

  /**
   * Returns a grant that was written elsewhere, with defaults for missing members.
   *
   * @throws IllegalArgumentException if it names a type or a privilege that Milvus doesn't have
   */
  MilvusGrant checked() {
    var isGroup = MilvusPrivileges.BUILT_IN_GROUPS.containsKey(orElse(privilege, ""));
    if (!isGroup
        && !MilvusPrivileges.ANY.equals(privilege)
        && !MilvusPrivileges.isPrivilege(orElse(privilege, ""))) {
      throw new IllegalArgumentException(
          "grants: privilege '%s' is not known%s"
              .formatted(
                  privilege,
                  Suggestions.didYouMean(orElse(privilege, ""), MilvusPrivileges.names())));
    }
    var type = orElse(objectType, MilvusPrivileges.objectOf(privilege));
    if (!MilvusPrivileges.isObject(type) || !(isGroup || MilvusPrivileges.has(type, privilege))) {
      throw new IllegalArgumentException(
          "grants: objectType '%s' has no privilege '%s'".formatted(type, privilege));
    }
    return new MilvusGrant(
        orElse(dbName, MilvusPrivileges.ANY),
        orElse(grantor, MilvusNames.ROOT),
        type.equals(MilvusPrivileges.GLOBAL) && !isGroup
            ? MilvusPrivileges.ANY
            : orElse(objectName, MilvusPrivileges.ANY),
        type,
        privilege);
  }

  private static String orElse(@Nullable String text, String other) {
    return text == null ? other : text;
  }

  MilvusGrant by(String name) {
    return new MilvusGrant(dbName, name, objectName, objectType, privilege);
  }

  /** Returns whether both grant the same, by any grantor. */
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
