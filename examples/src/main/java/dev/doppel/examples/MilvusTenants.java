package dev.doppel.examples;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.rbac.request.CreateRoleReq;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.milvus.v2.service.rbac.request.DropUserReq;
import io.milvus.v2.service.rbac.request.GrantPrivilegeReqV2;
import io.milvus.v2.service.rbac.request.GrantRoleReq;

/** Gives each tenant of an application an account in Milvus that may do as little as it needs. */
public final class MilvusTenants {

  private final MilvusClientV2 client;

  public MilvusTenants(MilvusClientV2 client) {
    this.client = client;
  }

  /** Makes the account, and a role of its own that may only look at accounts. */
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

  /** Takes the account away. */
  public void close(String tenant) {
    client.dropUser(DropUserReq.builder().userName(tenant).build());
  }
}
