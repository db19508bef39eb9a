package dev.doppel.vcloud;

import dev.doppel.dialect.VendorOperation;

/**
 * Operations of VMware Cloud Director CloudAPI, and what is served of the older API, in the order
 * of the vendor's reference.
 */
public enum VcloudOperation implements VendorOperation {
  GET_VERSIONS("Get Versions"),
  LOGIN_OLDER_API("Login (older API)"),
  GET_SESSION_OLDER_API("Get Session (older API)"),
  LOGOUT_OLDER_API("Logout (older API)"),
  GET_TASK_OLDER_API("Get Task (older API)"),
  LOGIN("Login"),
  PROVIDER_LOGIN("Provider Login"),
  QUERY_SESSIONS("Query Sessions"),
  GET_CURRENT_SESSION("Get Current Session"),
  LOGOUT_CURRENT_SESSION("Logout Current Session"),
  GET_SESSION("Get Session"),
  LOGOUT_SESSION("Logout Session"),
  QUERY_USERS("Query Users"),
  CREATE_USER("Create User"),
  GET_USER("Get User"),
  UPDATE_USER("Update User"),
  DELETE_USER("Delete User"),
  QUERY_USER_GROUPS("Query User Groups"),
  CHANGE_PASSWORD("Change Password"),
  TAKE_OWNERSHIP("Take Ownership"),
  QUERY_GROUPS("Query Groups"),
  GET_GROUP("Get Group"),
  QUERY_GROUP_USERS("Query Group Users"),
  QUERY_ORGS("Query Orgs"),
  GET_ORG("Get Org"),
  QUERY_ROLES("Query Roles"),
  GET_ROLE("Get Role"),
  QUERY_TOKENS("Query Tokens"),
  GET_TOKEN("Get Token"),
  DELETE_TOKEN("Delete Token"),
  REGISTER_PROVIDER_CLIENT("Register Provider Client"),
  REGISTER_TENANT_CLIENT("Register Tenant Client"),
  PROVIDER_TOKEN("Provider Token"),
  TENANT_TOKEN("Tenant Token");

  private final String operation;

  VcloudOperation(String operation) {
    this.operation = operation;
  }

  @Override
  public String dialect() {
    return VcloudApi.NAME;
  }

  @Override
  public String operation() {
    return operation;
  }
}
