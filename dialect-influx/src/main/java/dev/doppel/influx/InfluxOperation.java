package dev.doppel.influx;

import dev.doppel.dialect.VendorOperation;

/** Operations of InfluxDB OSS v2, in the order of the vendor's reference. */
public enum InfluxOperation implements VendorOperation {
  GET_HEALTH("GetHealth"),
  GET_READY("GetReady"),
  GET_PING("GetPing"),
  HEAD_PING("HeadPing"),
  GET_ROUTES("GetRoutes"),
  GET_RESOURCES("GetResources"),
  GET_FLAGS("GetFlags"),
  GET_CONFIG("GetConfig"),
  GET_SETUP("GetSetup"),
  POST_SETUP("PostSetup"),
  POST_SIGNIN("PostSignin"),
  POST_SIGNOUT("PostSignout"),
  GET_ME("GetMe"),
  PUT_ME_PASSWORD("PutMePassword"),
  GET_USERS("GetUsers"),
  POST_USERS("PostUsers"),
  GET_USERS_ID("GetUsersID"),
  PATCH_USERS_ID("PatchUsersID"),
  DELETE_USERS_ID("DeleteUsersID"),
  POST_USERS_ID_PASSWORD("PostUsersIDPassword"),
  PUT_USERS_ID_PASSWORD("PutUsersIDPassword"),
  PUT_USERS_PASSWORD("PutUsersPassword"),
  GET_USERS_ID_PERMISSIONS("GetUsersIDPermissions"),
  GET_AUTHORIZATIONS("GetAuthorizations"),
  POST_AUTHORIZATIONS("PostAuthorizations"),
  GET_AUTHORIZATIONS_ID("GetAuthorizationsID"),
  PATCH_AUTHORIZATIONS_ID("PatchAuthorizationsID"),
  DELETE_AUTHORIZATIONS_ID("DeleteAuthorizationsID"),
  GET_ORGS("GetOrgs"),
  POST_ORGS("PostOrgs"),
  GET_ORGS_ID("GetOrgsID"),
  PATCH_ORGS_ID("PatchOrgsID"),
  DELETE_ORGS_ID("DeleteOrgsID"),
  GET_ORGS_ID_MEMBERS("GetOrgsIDMembers"),
  POST_ORGS_ID_MEMBERS("PostOrgsIDMembers"),
  DELETE_ORGS_ID_MEMBERS_ID("DeleteOrgsIDMembersID"),
  GET_ORGS_ID_OWNERS("GetOrgsIDOwners"),
  POST_ORGS_ID_OWNERS("PostOrgsIDOwners"),
  DELETE_ORGS_ID_OWNERS_ID("DeleteOrgsIDOwnersID"),
  GET_ORGS_ID_SECRETS("GetOrgsIDSecrets"),
  PATCH_ORGS_ID_SECRETS("PatchOrgsIDSecrets"),
  POST_ORGS_ID_SECRETS("PostOrgsIDSecrets"),
  DELETE_ORGS_ID_SECRETS_ID("DeleteOrgsIDSecretsID"),
  GET_BUCKETS("GetBuckets"),
  POST_BUCKETS("PostBuckets"),
  GET_BUCKETS_ID("GetBucketsID"),
  PATCH_BUCKETS_ID("PatchBucketsID"),
  DELETE_BUCKETS_ID("DeleteBucketsID"),
  GET_BUCKETS_ID_MEMBERS("GetBucketsIDMembers"),
  POST_BUCKETS_ID_MEMBERS("PostBucketsIDMembers"),
  DELETE_BUCKETS_ID_MEMBERS_ID("DeleteBucketsIDMembersID"),
  GET_BUCKETS_ID_OWNERS("GetBucketsIDOwners"),
  POST_BUCKETS_ID_OWNERS("PostBucketsIDOwners"),
  DELETE_BUCKETS_ID_OWNERS_ID("DeleteBucketsIDOwnersID"),
  GET_BUCKETS_ID_LABELS("GetBucketsIDLabels"),
  POST_BUCKETS_ID_LABELS("PostBucketsIDLabels"),
  DELETE_BUCKETS_ID_LABELS_ID("DeleteBucketsIDLabelsID"),
  GET_LABELS("GetLabels"),
  POST_LABELS("PostLabels"),
  GET_LABELS_ID("GetLabelsID"),
  PATCH_LABELS_ID("PatchLabelsID"),
  DELETE_LABELS_ID("DeleteLabelsID");

  private final String operation;

  InfluxOperation(String operation) {
    this.operation = operation;
  }

  @Override
  public String dialect() {
    return InfluxDialect.NAME;
  }

  @Override
  public String operation() {
    return operation;
  }
}
