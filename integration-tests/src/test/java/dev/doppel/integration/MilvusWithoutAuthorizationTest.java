package dev.doppel.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.PlannedFault;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.milvus.MilvusOperation;
import dev.doppel.milvus.MilvusVendor;
import dev.doppel.milvus.grpc.CreateCredentialRequest;
import dev.doppel.milvus.grpc.CreateRoleRequest;
import dev.doppel.milvus.grpc.DeleteCredentialRequest;
import dev.doppel.milvus.grpc.DropRoleRequest;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Milvus with authorization off: anonymous callers can do everything within Milvus, and nothing
 * that affects other dialects.
 */
class MilvusWithoutAuthorizationTest {

  private static final String PASSWORD = "P@ssw0rd1";
  private static final int ADD = 0;
  private static final int REMOVE = 1;
  private static final String DONE = "{\"code\":0,\"data\":{}}";

  private final Vertx vertx = Vertx.vertx();

  @SuppressWarnings("NullAway.Init") // set before every test
  private Doppel doppel;

  @SuppressWarnings("NullAway.Init")
  private Http http;

  @SuppressWarnings("NullAway.Init")
  private GrpcClient grpc;

  /**
   * Creates {@code boss}, an administrator; {@code owner}, who owns an organization; {@code
   * tenant}, whose home it is; and {@code plain}, who has no rights outside of Milvus.
   */
  @BeforeEach
  void start() {
    doppel =
        Doppel.start(
            DoppelConfig.DEFAULT.toBuilder()
                .port(0)
                .vendor(
                    MilvusVendor.INSTANCE,
                    new MilvusDialect.Settings(MilvusDialect.Version.V2_6, false))
                .build());
    http = new Http(doppel.uri());
    grpc = new GrpcClient(vertx, doppel.uri().getPort());
    doppel
        .seed()
        .newRole("reader", "reads")
        .user("boss")
        .password(PASSWORD)
        .administrator()
        .user("owner")
        .password(PASSWORD)
        .ownerOf("acme")
        .user("plain")
        .password(PASSWORD)
        .put();
    var owner = new VendorClient.Vcloud(http).bearer("", "owner@acme", PASSWORD);
    new VendorClient.Vcloud.Tenant(http, owner)
        .create(
            new JsonObject()
                .put("username", "tenant")
                .put("password", PASSWORD)
                .put(
                    "roleEntityRefs",
                    new JsonArray().add(new JsonObject().put("name", "vApp User"))));
  }

  @AfterEach
  void close() {
    grpc.close();
    doppel.close();
    Await.await(vertx.close());
  }

  /** Calls share a connection, so the end of one must not be the end of others. */
  @Test
  void expiredCall_leavesOthersOfItsConnection() {
    doppel
        .faults()
        .inject(PlannedFault.delay(Duration.ofMillis(400)).on(MilvusOperation.LIST_CRED_USERS));
    doppel
        .faults()
        .inject(PlannedFault.delay(Duration.ofMillis(1500)).on(MilvusOperation.SELECT_USER));
    var service = "/milvus.proto.milvus.MilvusService/";
    var other =
        CompletableFuture.supplyAsync(
            () -> grpc.call(service + "SelectUser", new byte[0], Map.of()));
    var expired = grpc.call(service + "ListCredUsers", new byte[0], Map.of("grpc-timeout", "100m"));
    assertThat(expired.status()).isEqualTo("4");
    assertThat(other.join().status()).isEqualTo("0");
    assertThat(doppel.calls(MilvusOperation.LIST_CRED_USERS).count()).isEqualTo(1);
  }

  private String rest(String path, JsonObject body) {
    return http.send("POST", "/v2/vectordb/" + path, body.encode()).body();
  }

  private Answer grpc(String rpc, MessageLite request) {
    return grpc.call("/milvus.proto.milvus.MilvusService/" + rpc, request.toByteArray(), Map.of());
  }

  private static OperateUserRoleRequest binding(String user, String role, int type) {
    return OperateUserRoleRequest.newBuilder()
        .setUsername(user)
        .setRoleName(role)
        .setType(type)
        .build();
  }

  private String users() {
    return http.send("GET", "/_doppel/users", "").body();
  }

  @ParameterizedTest
  @CsvSource({
    "users/grant_role, plain, admin",
    "users/grant_role, boss, reader",
    "users/revoke_role, boss, admin",
    "users/drop, boss,",
    "users/drop, owner,",
    "users/drop, tenant,",
  })
  void rest_rejectsChangesBeyondMilvus(String path, String user, String role) {
    var before = users();
    var body = new JsonObject().put("userName", user);
    if (role != null) {
      body.put("roleName", role);
    }
    var refused = new JsonObject(rest(path, body));
    assertThat(refused.getInteger("code")).as(refused.encode()).isEqualTo(65535);
    assertThat(refused.getString("message"))
        .endsWith("permission deny to anonymous in the `default` database");
    assertThat(users()).isEqualTo(before);
  }

  /** The first column is {@link #ADD} or {@link #REMOVE}. */
  @ParameterizedTest
  @CsvSource({"0, plain, admin", "0, boss, reader", "1, boss, admin"})
  void grpc_rejectsRolesBeyondMilvus(int type, String user, String role) {
    assertRefusedByGrpc("OperateUserRole", binding(user, role, type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"boss", "owner", "tenant"})
  void grpc_rejectsDroppingUsersWithRightsBeyondMilvus(String user) {
    assertRefusedByGrpc(
        "DeleteCredential", DeleteCredentialRequest.newBuilder().setUsername(user).build());
  }

  private void assertRefusedByGrpc(String rpc, MessageLite request) {
    var before = users();
    var refused = grpc(rpc, request);
    assertThat(refused.status()).isEqualTo("7"); // PERMISSION_DENIED
    assertThat(refused.text()).endsWith("permission deny to anonymous in the `default` database");
    assertThat(users()).isEqualTo(before);
  }

  @Test
  void rest_allowsOrdinaryWork() {
    var dave = new JsonObject().put("userName", "dave");
    assertThat(rest("users/create", dave.copy().put("password", PASSWORD))).isEqualTo(DONE);
    var role = new JsonObject().put("roleName", "writer");
    assertThat(rest("roles/create", role)).isEqualTo(DONE);
    assertThat(rest("users/grant_role", dave.copy().mergeIn(role))).isEqualTo(DONE);
    assertThat(rest("users/describe", dave))
        .isEqualTo("{\"code\":0,\"data\":[\"writer\"],\"description\":\"\"}");
    assertThat(rest("users/revoke_role", dave.copy().mergeIn(role))).isEqualTo(DONE);
    assertThat(rest("roles/drop", role)).isEqualTo(DONE);
    assertThat(rest("users/drop", dave)).isEqualTo(DONE);
    assertThat(users()).doesNotContain("\"dave\"");
    assertThat(rest("users/drop", new JsonObject().put("userName", "plain"))).isEqualTo(DONE);
    assertThat(users()).doesNotContain("\"plain\"");
  }

  @Test
  void grpc_allowsOrdinaryWork() {
    var password = Base64.getEncoder().encodeToString(PASSWORD.getBytes(UTF_8));
    assertDone(
        "CreateCredential",
        CreateCredentialRequest.newBuilder().setUsername("dave").setPassword(password).build());
    assertDone(
        "CreateRole",
        CreateRoleRequest.newBuilder()
            .setEntity(RoleEntity.newBuilder().setName("writer"))
            .build());
    assertDone("OperateUserRole", binding("dave", "writer", ADD));
    assertThat(users()).contains("\"writer\"");
    assertDone("OperateUserRole", binding("dave", "writer", REMOVE));
    assertDone("DropRole", DropRoleRequest.newBuilder().setRoleName("writer").build());
    assertDone(
        "DeleteCredential", DeleteCredentialRequest.newBuilder().setUsername("dave").build());
    assertThat(users()).doesNotContain("\"dave\"");
  }

  private void assertDone(String rpc, MessageLite request) {
    Status status = grpc(rpc, request).message(Status::parseFrom);
    assertThat(status).as(rpc).isEqualTo(Status.getDefaultInstance());
  }
}
