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
  GET_TASKS_OLDER_API("Get Tasks (older API)"),
  GET_ORGS_OLDER_API("Get Organizations (older API)"),
  GET_ORG_OLDER_API("Get Organization (older API)"),
  GET_ORG_METADATA_OLDER_API("Get Organization Metadata (older API)"),
  GET_ADMIN_OLDER_API("Get Administration (older API)"),
  CREATE_ORG_OLDER_API("Create Organization (older API)"),
  GET_ADMIN_ORG_OLDER_API("Get Organization As Administrator (older API)"),
  UPDATE_ORG_OLDER_API("Update Organization (older API)"),
  DELETE_ORG_OLDER_API("Delete Organization (older API)"),
  ENABLE_ORG_OLDER_API("Enable Organization (older API)"),
  DISABLE_ORG_OLDER_API("Disable Organization (older API)"),
  GET_ADMIN_ORG_METADATA_OLDER_API("Get Organization Metadata As Administrator (older API)"),
  CREATE_USER_OLDER_API("Create User (older API)"),
  GET_USER_OLDER_API("Get User (older API)"),
  UPDATE_USER_OLDER_API("Update User (older API)"),
  DELETE_USER_OLDER_API("Delete User (older API)"),
  TAKE_OWNERSHIP_OLDER_API("Take Ownership (older API)"),
  GET_GROUP_OLDER_API("Get Group (older API)"),
  GET_ORG_RIGHTS_OLDER_API("Get Organization Rights (older API)"),
  CREATE_ROLE_OLDER_API("Create Role (older API)"),
  GET_ORG_ROLE_OLDER_API("Get Organization Role (older API)"),
  UPDATE_ORG_ROLE_OLDER_API("Update Organization Role (older API)"),
  DELETE_ORG_ROLE_OLDER_API("Delete Organization Role (older API)"),
  GET_ROLE_OLDER_API("Get Role (older API)"),
  UPDATE_ROLE_OLDER_API("Update Role (older API)"),
  DELETE_ROLE_OLDER_API("Delete Role (older API)"),
  GET_RIGHT_OLDER_API("Get Right (older API)"),
  QUERY_OLDER_API("Query (older API)"),
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
  CREATE_ORG("Create Org"),
  UPDATE_ORG("Update Org"),
  DELETE_ORG("Delete Org"),
  QUERY_ROLES("Query Roles"),
  CREATE_ROLE("Create Role"),
  GET_ROLE("Get Role"),
  UPDATE_ROLE("Update Role"),
  DELETE_ROLE("Delete Role"),
  QUERY_ROLE_RIGHTS("Query Role Rights"),
  ADD_ROLE_RIGHTS("Add Role Rights"),
  UPDATE_ROLE_RIGHTS("Update Role Rights"),
  QUERY_RIGHTS("Query Rights"),
  GET_RIGHT("Get Right"),
  QUERY_RIGHTS_CATEGORIES("Query Rights Categories"),
  GET_RIGHTS_CATEGORY("Get Rights Category"),
  QUERY_GLOBAL_ROLES("Query Global Roles"),
  CREATE_GLOBAL_ROLE("Create Global Role"),
  GET_GLOBAL_ROLE("Get Global Role"),
  UPDATE_GLOBAL_ROLE("Update Global Role"),
  DELETE_GLOBAL_ROLE("Delete Global Role"),
  QUERY_GLOBAL_ROLE_RIGHTS("Query Global Role Rights"),
  ADD_GLOBAL_ROLE_RIGHTS("Add Global Role Rights"),
  UPDATE_GLOBAL_ROLE_RIGHTS("Update Global Role Rights"),
  QUERY_GLOBAL_ROLE_TENANTS("Query Global Role Tenants"),
  UPDATE_GLOBAL_ROLE_TENANTS("Update Global Role Tenants"),
  PUBLISH_GLOBAL_ROLE("Publish Global Role"),
  UNPUBLISH_GLOBAL_ROLE("Unpublish Global Role"),
  PUBLISH_GLOBAL_ROLE_TO_ALL("Publish Global Role To All Tenants"),
  UNPUBLISH_GLOBAL_ROLE_FROM_ALL("Unpublish Global Role From All Tenants"),
  QUERY_RIGHTS_BUNDLES("Query Rights Bundles"),
  CREATE_RIGHTS_BUNDLE("Create Rights Bundle"),
  GET_RIGHTS_BUNDLE("Get Rights Bundle"),
  UPDATE_RIGHTS_BUNDLE("Update Rights Bundle"),
  DELETE_RIGHTS_BUNDLE("Delete Rights Bundle"),
  QUERY_RIGHTS_BUNDLE_RIGHTS("Query Rights Bundle Rights"),
  ADD_RIGHTS_BUNDLE_RIGHTS("Add Rights Bundle Rights"),
  UPDATE_RIGHTS_BUNDLE_RIGHTS("Update Rights Bundle Rights"),
  QUERY_RIGHTS_BUNDLE_TENANTS("Query Rights Bundle Tenants"),
  UPDATE_RIGHTS_BUNDLE_TENANTS("Update Rights Bundle Tenants"),
  PUBLISH_RIGHTS_BUNDLE("Publish Rights Bundle"),
  UNPUBLISH_RIGHTS_BUNDLE("Unpublish Rights Bundle"),
  PUBLISH_RIGHTS_BUNDLE_TO_ALL("Publish Rights Bundle To All Tenants"),
  UNPUBLISH_RIGHTS_BUNDLE_FROM_ALL("Unpublish Rights Bundle From All Tenants"),
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
