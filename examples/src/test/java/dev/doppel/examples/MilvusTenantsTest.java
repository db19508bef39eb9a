package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.PlannedFault;
import dev.doppel.junit5.BaseUrl;
import dev.doppel.junit5.DoppelExtension;
import dev.doppel.milvus.MilvusOperation;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.milvus.v2.service.rbac.request.DescribeUserReq;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DoppelExtension.class)
class MilvusTenantsTest {

  private MilvusClientV2 client;
  private MilvusTenants tenants;

  @BeforeEach
  void connect(@BaseUrl String url, Doppel.Administrator administrator) {
    client = client(url, administrator.user(), administrator.password());
    tenants = new MilvusTenants(client);
  }

  private static MilvusClientV2 client(String url, String user, String password) {
    return new MilvusClientV2(
        ConnectConfig.builder().uri(url).username(user).password(password).build());
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void tenant_canReadButNotCreateAccounts(@BaseUrl String url) {
    tenants.open("acme", "P@ssw0rd1");
    var theirs = client(url, "acme", "P@ssw0rd1");
    try {
      assertThat(theirs.describeUser(DescribeUserReq.builder().userName("acme").build()).getRoles())
          .containsExactly("acme_role");
      assertThatThrownBy(
              () ->
                  theirs.createUser(
                      CreateUserReq.builder().userName("mole").password("P@ssw0rd1").build()))
          .hasMessageContaining("permission deny");
    } finally {
      theirs.close();
    }
  }

  /** Milvus's client retries when a connection breaks. */
  @Test
  void open_survivesBrokenConnection(Doppel doppel) {
    doppel
        .faults()
        .inject(PlannedFault.droppedConnection().on(MilvusOperation.CREATE_CREDENTIAL).times(1));
    tenants.open("acme", "P@ssw0rd1");
    doppel.calls(MilvusOperation.CREATE_CREDENTIAL).withUser("acme").times(2);
    doppel.calls(MilvusOperation.OPERATE_USER_ROLE).withUser("acme").once();
  }

  @Test
  void close_deletesAccount(Doppel doppel) {
    tenants.open("acme", "P@ssw0rd1");
    tenants.close("acme");
    doppel.calls(MilvusOperation.DELETE_CREDENTIAL).withUser("acme").once();
    assertThat(client.listUsers()).containsExactly("root");
  }
}
