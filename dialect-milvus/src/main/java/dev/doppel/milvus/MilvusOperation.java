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
  CONNECT("Connect"),
  GET_VERSION("GetVersion"),
  CHECK_HEALTH("CheckHealth"),
  LIST_DATABASES("ListDatabases"),
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
