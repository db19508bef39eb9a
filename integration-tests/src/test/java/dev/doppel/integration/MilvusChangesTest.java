package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.rbac.request.CreateRoleReq;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.milvus.v2.service.rbac.request.DescribeUserReq;
import io.milvus.v2.service.rbac.request.DropRoleReq;
import io.milvus.v2.service.rbac.request.DropUserReq;
import io.milvus.v2.service.rbac.request.GrantRoleReq;
import io.milvus.v2.service.rbac.request.RevokeRoleReq;
import io.milvus.v2.service.rbac.request.UpdatePasswordReq;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Changes of a user by Milvus's own client over gRPC on the shared port, observed through the three
 * other dialects.
 */
class MilvusChangesTest {

  private static final String FIRST = "P@ssw0rd1";
  private static final String SECOND = "N3w-P@ssw0rd";
  private static final String THIRD = "3rd-P@ssw0rd";

  private Doppel doppel;
  private Http http;
  private MilvusClientV2 root;

  @BeforeEach
  void start() {
    doppel = Doppel.start();
    http = new Http(doppel.uri());
    root = client("root", "Milvus");
  }

  @AfterEach
  void stop() {
    root.close();
    doppel.close();
  }

  private MilvusClientV2 client(String name, String password) {
    return new MilvusClientV2(
        ConnectConfig.builder()
            .uri(doppel.uri().toString())
            .username(name)
            .password(password)
            .build());
  }

  private List<VendorClient> others() {
    return List.of(
        new VendorClient.Influx(http),
        new VendorClient.Vcloud(http),
        new VendorClient.Workspace(http));
  }

  private void createAnn() {
    root.createUser(CreateUserReq.builder().userName("ann").password(FIRST).build());
  }

  @Test
  void everyChange_isVisibleAtOnce() {
    createAnn();
    assertThat(others()).allMatch(other -> other.finds("ann"));
    assertThat(others()).allMatch(other -> other.signsIn("ann", FIRST));

    root.updatePassword(
        UpdatePasswordReq.builder().userName("ann").password(FIRST).newPassword(SECOND).build());
    assertThat(others()).noneMatch(other -> other.signsIn("ann", FIRST));
    assertThat(others()).allMatch(other -> other.signsIn("ann", SECOND));

    root.dropUser(DropUserReq.builder().userName("ann").build());
    assertThat(others()).noneMatch(other -> other.signsIn("ann", SECOND));
    assertThat(others()).noneMatch(other -> other.finds("ann"));
  }

  /** Every call verifies the password, so that a change elsewhere takes effect at once. */
  @Test
  void passwordChangedElsewhere_takesEffectOnOpenConnection() {
    createAnn();
    var own = client("ann", FIRST);
    var self = DescribeUserReq.builder().userName("ann").build();
    assertThat(own.describeUser(self).getUserName()).isEqualTo("ann");
    new VendorClient.Influx(http).changePassword("ann", FIRST, SECOND);
    assertThatThrownBy(() -> own.describeUser(self))
        .hasStackTraceContaining("UNAUTHENTICATED: auth check failure");
    own.close();

    new VendorClient.Vcloud(http).changePassword("ann", SECOND, THIRD);
    var again = client("ann", THIRD);
    assertThat(again.describeUser(self).getUserName()).isEqualTo("ann");
    again.close();
  }

  @Test
  void administratorRole_isSharedByAllDialects() {
    createAnn();
    var influx = new VendorClient.Influx(http);
    assertThat(influx.sees("ann", FIRST)).isEqualTo(1);

    root.grantRole(GrantRoleReq.builder().userName("ann").roleName("admin").build());
    assertThat(influx.sees("ann", FIRST)).isEqualTo(2);
    var ann = client("ann", FIRST);
    assertThat(ann.listUsers()).containsExactly("ann", "root");
    ann.close();

    root.revokeRole(RevokeRoleReq.builder().userName("ann").roleName("admin").build());
    assertThat(influx.sees("ann", FIRST)).isEqualTo(1);
  }

  @Test
  void userCreatedElsewhere_canBeGrantedRoles_andLosesDroppedRole() {
    new VendorClient.Influx(http).create("ann", FIRST);
    root.createRole(CreateRoleReq.builder().roleName("reader").build());
    root.grantRole(GrantRoleReq.builder().userName("ann").roleName("reader").build());
    var self = DescribeUserReq.builder().userName("ann").build();
    assertThat(root.describeUser(self).getRoles()).containsExactly("reader");
    root.dropRole(DropRoleReq.builder().roleName("reader").build());
    assertThat(root.describeUser(self).getRoles()).isEmpty();
    assertThat(others()).allMatch(other -> other.signsIn("ann", FIRST));
  }
}
