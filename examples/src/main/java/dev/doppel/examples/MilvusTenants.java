package dev.doppel.examples;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.rbac.request.CreateRoleReq;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.milvus.v2.service.rbac.request.DropUserReq;
import io.milvus.v2.service.rbac.request.GrantPrivilegeReqV2;
import io.milvus.v2.service.rbac.request.GrantRoleReq;

/** Manages a Milvus account with minimal privileges for each tenant of an application. */
public final class MilvusTenants {

  private final MilvusClientV2 client;

  public MilvusTenants(MilvusClientV2 client) {
    this.client = client;
  }

  /** Creates the tenant's account, with a role that can only read accounts. */
  public void open(String tenant, String password) {
    var role = tenant + "_role";
    client.createUser(CreateUserReq.builder().userName(tenant).password(password).build());
    client.createRole(CreateRoleReq.builder().roleName(role).build());
    client.grantPrivilegeV2(
        GrantPrivilegeReqV2.builder()
            .roleName(role)
            .privilege("SelectUser")
            .dbName("*")
            .collectionName("*")
            .build());
    client.grantRole(GrantRoleReq.builder().userName(tenant).roleName(role).build());
  }

  /** Deletes the tenant's account. */
  public void close(String tenant) {
    client.dropUser(DropUserReq.builder().userName(tenant).build());
  }
}
