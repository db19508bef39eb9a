package dev.doppel.workspace;

import dev.doppel.dialect.VendorOperation;

/** Operations of Applivery Workspace, in the order of the vendor's reference. */
public enum WorkspaceOperation implements VendorOperation {
  POST_AUTH_LOGIN("post-auth-login"),
  POST_AUTH_REFRESH("post-auth-refresh"),
  POST_AUTH_REGISTER("post-auth-register"),
  POST_AUTH_REGISTER_FORGOT_PASSWORD("post-auth-register-forgot-password"),
  POST_AUTH_REGISTER_CHANGE_PASSWORD("post-auth-register-change-password"),
  POST_AUTH_REGISTER_VERIFY("post-auth-register-verify"),
  POST_AUTH_REGISTER_VERIFY_RESEND("post-auth-register-verify-resend"),
  POST_AUTH_REGISTER_UPDATE_PASSWORD("post-auth-register-update-password"),
  GET_AUTH_TWO_FACTOR("get-auth-two-factor"),
  POST_AUTH_TWO_FACTOR("post-auth-two-factor"),
  DELETE_AUTH_TWO_FACTOR("delete-auth-two-factor"),
  POST_AUTH_SSO_ORGANIZATIONSLUG_TYPE_CALLBACK("post-auth-sso-organizationslug-type-callback"),
  GET_USERS_PROFILE("get-users-profile"),
  POST_USERS_PROFILE_CHANGE_PASSWORD("post-users-profile-change-password"),
  GET_USERS_USERID("get-users-userid"),
  PUT_USERS_USERID("put-users-userid"),
  DELETE_USERS_USERID("delete-users-userid"),
  POST_USERS_USERID_CHANGE_PASSWORD("post-users-userid-change-password"),
  GET_ORGANIZATIONS("get-organizations"),
  POST_ORGANIZATIONS("post-organizations"),
  GET_ORGANIZATIONS_CHECK_SLUG_SLUG("get-organizations-check-slug-slug"),
  GET_ORGANIZATIONS_ORGANIZATIONID("get-organizations-organizationid"),
  PUT_ORGANIZATIONS_ORGANIZATIONID("put-organizations-organizationid"),
  DELETE_ORGANIZATIONS_ORGANIZATIONID("delete-organizations-organizationid"),
  GET_ORGANIZATIONS_ORGANIZATIONID_ACTIONS("get-organizations-organizationid-actions"),
  GET_ORGANIZATIONS_ORGANIZATIONID_WORKSPACE("get-organizations-organizationid-workspace"),
  POST_ORGANIZATIONS_ORGANIZATIONID_CHANGE_OWNER("post-organizations-organizationid-change-owner"),
  GET_ORGANIZATIONS_ORGANIZATIONID_PROVIDERS("get-organizations-organizationid-providers"),
  POST_ORGANIZATIONS_ORGANIZATIONID_PROVIDERS("post-organizations-organizationid-providers"),
  GET_ORGANIZATIONS_ORGANIZATIONID_SEGMENTS("get-organizations-organizationid-segments"),
  GET_ORGANIZATIONS_ORGANIZATIONID_SEGMENT_ROLES("get-organizations-organizationid-segment-roles"),
  GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS("get-organizations-organizationid-collaborators"),
  POST_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS(
      "post-organizations-organizationid-collaborators"),
  GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_GROUPS(
      "get-organizations-organizationid-collaborators-groups"),
  GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_APPS(
      "get-organizations-organizationid-collaborators-apps"),
  GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS(
      "get-organizations-organizationid-collaborators-invitations"),
  POST_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS(
      "post-organizations-organizationid-collaborators-invitations"),
  POST_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS_INVITATIONID_RESEND(
      "post-organizations-organizationid-collaborators-invitations-invitationid-resend"),
  DELETE_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS_INVITATIONID(
      "delete-organizations-organizationid-collaborators-invitations-invitationid"),
  GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_COLLABORATORID(
      "get-organizations-organizationid-collaborators-collaboratorid"),
  PUT_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_COLLABORATORID(
      "put-organizations-organizationid-collaborators-collaboratorid"),
  DELETE_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_COLLABORATORID(
      "delete-organizations-organizationid-collaborators-collaboratorid"),
  GET_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS(
      "get-organizations-organizationid-service-accounts"),
  POST_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS(
      "post-organizations-organizationid-service-accounts"),
  PUT_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS_SERVICEACCOUNTID(
      "put-organizations-organizationid-service-accounts-serviceaccountid"),
  DELETE_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS_SERVICEACCOUNTID(
      "delete-organizations-organizationid-service-accounts-serviceaccountid"),
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
