package dev.doppel.milvus;

/**
 * A right that a call asks for (2.6.19: internal/proxy/privilege_interceptor.go).
 *
 * <p>A constant's privilege is its word without what all of them begin with.
 */
enum MilvusPrivilege {
  CREATE_OWNERSHIP("PrivilegeCreateOwnership"),
  DROP_OWNERSHIP("PrivilegeDropOwnership"),
  SELECT_OWNERSHIP("PrivilegeSelectOwnership"),
  MANAGE_OWNERSHIP("PrivilegeManageOwnership"),
  SELECT_USER("PrivilegeSelectUser"),
  UPDATE_USER("PrivilegeUpdateUser"),
  CREATE_PRIVILEGE_GROUP("PrivilegeCreatePrivilegeGroup"),
  DROP_PRIVILEGE_GROUP("PrivilegeDropPrivilegeGroup"),
  LIST_PRIVILEGE_GROUPS("PrivilegeListPrivilegeGroups"),
  OPERATE_PRIVILEGE_GROUP("PrivilegeOperatePrivilegeGroup");

  private final String word;

  MilvusPrivilege(String word) {
    this.word = word;
  }

  /** As messages have it. */
  String word() {
    return word;
  }

  /** As grants have it. */
  String privilege() {
    return word.substring("Privilege".length());
  }

  String object() {
    return MilvusPrivileges.objectOf(privilege());
  }
}
