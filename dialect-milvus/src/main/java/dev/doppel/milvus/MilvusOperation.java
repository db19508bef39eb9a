package dev.doppel.milvus;

import dev.doppel.dialect.VendorOperation;

/**
 * Operations of Milvus, REST v2 and gRPC; one name is for both where they share it, in the order of
 * the vendor's reference.
 */
public enum MilvusOperation implements VendorOperation {
  CREATE_USER("CreateUser"),
  DESCRIBE_USER("DescribeUser"),
  DROP_USER("DropUser"),
  LIST_USERS("ListUsers"),
  UPDATE_USER_PASSWORD("UpdateUserPassword"),
  GRANT_ROLE_TO_USER("GrantRoleToUser"),
  REVOKE_ROLE_FROM_USER("RevokeRoleFromUser"),
  CREATE_ROLE("CreateRole"),
  DESCRIBE_ROLE("DescribeRole"),
  ALTER_ROLE("AlterRole"),
  DROP_ROLE("DropRole"),
  LIST_ROLES("ListRoles"),
  GRANT_PRIVILEGE_TO_ROLE("GrantPrivilegeToRole"),
  REVOKE_PRIVILEGE_FROM_ROLE("RevokePrivilegeFromRole"),
  GRANT_PRIVILEGE_TO_ROLE_V2("GrantPrivilegeToRoleV2"),
  REVOKE_PRIVILEGE_FROM_ROLE_V2("RevokePrivilegeFromRoleV2"),
  CREATE_PRIVILEGE_GROUP("CreatePrivilegeGroup"),
  DROP_PRIVILEGE_GROUP("DropPrivilegeGroup"),
  LIST_PRIVILEGE_GROUPS("ListPrivilegeGroups"),
  ADD_PRIVILEGES_TO_GROUP("AddPrivilegesToGroup"),
  REMOVE_PRIVILEGES_FROM_GROUP("RemovePrivilegesFromGroup"),
  LIST_COLLECTIONS("ListCollections"),
  HAS_COLLECTION("HasCollection"),
  DESCRIBE_COLLECTION("DescribeCollection"),
  GET_COLLECTION_STATS("GetCollectionStats"),
  GET_COLLECTION_LOAD_STATE("GetCollectionLoadState"),
  LIST_PARTITIONS("ListPartitions"),
  LIST_ALIASES("ListAliases"),
  DESCRIBE_ALIAS("DescribeAlias"),
  CREATE_DATABASE("CreateDatabase"),
  DROP_DATABASE("DropDatabase"),
  LIST_DATABASES("ListDatabases"),
  DESCRIBE_DATABASE("DescribeDatabase"),
  GET_COLLECTION_STATISTICS("GetCollectionStatistics"),
  SHOW_COLLECTIONS("ShowCollections"),
  HAS_PARTITION("HasPartition"),
  GET_PARTITION_STATISTICS("GetPartitionStatistics"),
  SHOW_PARTITIONS("ShowPartitions"),
  GET_LOADING_PROGRESS("GetLoadingProgress"),
  GET_LOAD_STATE("GetLoadState"),
  DESCRIBE_INDEX("DescribeIndex"),
  GET_INDEX_STATISTICS("GetIndexStatistics"),
  GET_INDEX_STATE("GetIndexState"),
  GET_INDEX_BUILD_PROGRESS("GetIndexBuildProgress"),
  GET_FLUSH_STATE("GetFlushState"),
  GET_PERSISTENT_SEGMENT_INFO("GetPersistentSegmentInfo"),
  GET_QUERY_SEGMENT_INFO("GetQuerySegmentInfo"),
  GET_REPLICAS("GetReplicas"),
  GET_METRICS("GetMetrics"),
  GET_COMPONENT_STATES("GetComponentStates"),
  CREATE_CREDENTIAL("CreateCredential"),
  UPDATE_CREDENTIAL("UpdateCredential"),
  DELETE_CREDENTIAL("DeleteCredential"),
  LIST_CRED_USERS("ListCredUsers"),
  OPERATE_USER_ROLE("OperateUserRole"),
  SELECT_ROLE("SelectRole"),
  SELECT_USER("SelectUser"),
  OPERATE_PRIVILEGE("OperatePrivilege"),
  OPERATE_PRIVILEGE_V2("OperatePrivilegeV2"),
  SELECT_GRANT("SelectGrant"),
  GET_VERSION("GetVersion"),
  CHECK_HEALTH("CheckHealth"),
  LIST_RESOURCE_GROUPS("ListResourceGroups"),
  DESCRIBE_RESOURCE_GROUP("DescribeResourceGroup"),
  LIST_INDEXED_SEGMENT("ListIndexedSegment"),
  CONNECT("Connect"),
  ALLOC_TIMESTAMP("AllocTimestamp"),
  ALTER_DATABASE("AlterDatabase"),
  BACKUP_RBAC("BackupRBAC"),
  RESTORE_RBAC("RestoreRBAC"),
  OPERATE_PRIVILEGE_GROUP("OperatePrivilegeGroup"),
  CHECK("Check");

  private final String operation;

  MilvusOperation(String operation) {
    this.operation = operation;
  }

  @Override
  public String dialect() {
    return MilvusExtras.DIALECT;
  }

  @Override
  public String operation() {
    return operation;
  }
}
