package dev.doppel.workspace;

import dev.doppel.dialect.VendorOperation;

/** Operations of Applivery Workspace, in the order of the vendor's reference. */
public enum WorkspaceOperation implements VendorOperation {
  POST_AUTH_LOGIN("post-auth-login"),
  POST_AUTH_REFRESH("post-auth-refresh"),
  POST_AUTH_REGISTER("post-auth-register"),
  POST_AUTH_REGISTER_UPDATE_PASSWORD("post-auth-register-update-password"),
  GET_USERS_PROFILE("get-users-profile"),
  POST_USERS_PROFILE_CHANGE_PASSWORD("post-users-profile-change-password"),
  GET_USERS_USERID("get-users-userid"),
  PUT_USERS_USERID("put-users-userid"),
  DELETE_USERS_USERID("delete-users-userid"),
  POST_USERS_USERID_CHANGE_PASSWORD("post-users-userid-change-password"),
  GET_ORGANIZATIONS("get-organizations"),
  GET_ORGANIZATIONS_ORGANIZATIONID("get-organizations-organizationid"),
  POST_ORGANIZATIONS_ORGANIZATIONID_CHANGE_OWNER("post-organizations-organizationid-change-owner"),
  GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS("get-organizations-organizationid-collaborators"),
  GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_GROUPS(
      "get-organizations-organizationid-collaborators-groups"),
  PUT_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_COLLABORATORID(
      "put-organizations-organizationid-collaborators-collaboratorid"),
  POST_ORGANIZATIONS_ORGANIZATIONID_OEM_USERS("post-organizations-organizationid-oem-users");

  private final String operation;

  WorkspaceOperation(String operation) {
    this.operation = operation;
  }

  @Override
  public String dialect() {
    return WorkspaceApi.NAME;
  }

  @Override
  public String operation() {
    return operation;
  }
}
