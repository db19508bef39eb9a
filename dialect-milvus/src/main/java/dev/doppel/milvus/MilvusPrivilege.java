package dev.doppel.milvus;

/** A privilege that an operation requires (2.6.19: internal/proxy/privilege_interceptor.go). */
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
  OPERATE_PRIVILEGE_GROUP("PrivilegeOperatePrivilegeGroup"),
  DESCRIBE_COLLECTION("PrivilegeDescribeCollection"),
  GET_STATISTICS("PrivilegeGetStatistics"),
  GET_LOAD_STATE("PrivilegeGetLoadState"),
  HAS_PARTITION("PrivilegeHasPartition"),
  SHOW_PARTITIONS("PrivilegeShowPartitions"),
  DESCRIBE_ALIAS("PrivilegeDescribeAlias"),
  LIST_ALIASES("PrivilegeListAliases"),
  INDEX_DETAIL("PrivilegeIndexDetail"),
  GET_FLUSH_STATE("PrivilegeGetFlushState"),
  LIST_RESOURCE_GROUPS("PrivilegeListResourceGroups"),
  DESCRIBE_RESOURCE_GROUP("PrivilegeDescribeResourceGroup"),
  CREATE_DATABASE("PrivilegeCreateDatabase"),
  DROP_DATABASE("PrivilegeDropDatabase"),
  ALTER_DATABASE("PrivilegeAlterDatabase"),
  DESCRIBE_DATABASE("PrivilegeDescribeDatabase"),
  BACKUP_RBAC("PrivilegeBackupRBAC"),
  RESTORE_RBAC("PrivilegeRestoreRBAC");

  private final String word;

  MilvusPrivilege(String word) {
    this.word = word;
  }

  /** The name in messages. */
  String word() {
    return word;
  }

  /** The name in grants: without the prefix that all of them share. */
  String privilege() {
    return word.substring("Privilege".length());
  }

  String object() {
    return MilvusPrivileges.objectOf(privilege());
  }
}
