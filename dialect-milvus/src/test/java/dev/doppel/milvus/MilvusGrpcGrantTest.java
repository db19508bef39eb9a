package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.milvus.grpc.GrantEntity;
import dev.doppel.milvus.grpc.GrantorEntity;
import dev.doppel.milvus.grpc.ObjectEntity;
import dev.doppel.milvus.grpc.OperatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeV2Request;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.PrivilegeEntity;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.SelectGrantRequest;
import dev.doppel.milvus.grpc.SelectGrantResponse;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.milvus.grpc.UserEntity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the server checks before it grants a privilege: that a message has all its parts, the names
 * in it, and what the privilege may be granted for, in this order.
 */
class MilvusGrpcGrantTest {

  private static final String SERVICE = "/milvus.proto.milvus.MilvusService/";
  private static final int UNEXPECTED = 65_535;
  private static final int INVALID = 1_100;
  private static final int ILLEGAL_ARGUMENT = 5;
  private static final int OPERATE_PRIVILEGE_FAILURE = 41;

  private final Vertx vertx = Vertx.vertx();
  private final TestRealm realm = TestRealm.over(vertx, MvStorage.inMemory());
  private Version version;
  private TestServer server;
  private GrpcClient client;

  private void start(Version version) {
    this.version = version;
    var settings = new Settings(version, true);
    server = new TestServer(vertx, new MilvusDialect(realm.realm(), Fidelity.OBSERVED, settings));
    client = new GrpcClient(vertx, server.port());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    realm.close();
    await(vertx.close());
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void missingParts_areNamed(Version version) {
    start(version);
    refusesPart("the entity in the request is nil", OperatePrivilegeRequest.newBuilder());
    refusesPart("the grantor entity in the grant entity is nil", request(GrantEntity.newBuilder()));
    refusesPart(
        "the privilege entity in the grantor entity is nil",
        request(GrantEntity.newBuilder().setGrantor(GrantorEntity.getDefaultInstance())));
    refusesPart(
        "the resource entity in the grant entity is nil",
        request(GrantEntity.newBuilder().setGrantor(grantor("Search"))));
    refusesPart(
        "the object entity in the grant entity is nil",
        request(
            GrantEntity.newBuilder()
                .setGrantor(grantor("Search"))
                .setObject(object("Collection"))
                .setObjectName("*")));
    assertThat(status("OperatePrivilegeV2", OperatePrivilegeV2Request.getDefaultInstance()))
        .isEqualTo(inputError("the role in the request is nil: invalid parameter"));
    assertThat(select(SelectGrantRequest.getDefaultInstance()))
        .isEqualTo(inputError("the grant entity in the request is nil: invalid parameter"));
    assertThat(select(SelectGrantRequest.newBuilder().setEntity(GrantEntity.newBuilder()).build()))
        .isEqualTo(inputError("the role entity in the grant entity is nil: invalid parameter"));
  }

  /** Earlier versions refuse these without a code of their own. */
  private void refusesPart(String text, OperatePrivilegeRequest.Builder request) {
    var expected =
        version == Version.V2_6
            ? inputError(text + ": invalid parameter")
            : Status.newBuilder()
                .setCode(UNEXPECTED)
                .setErrorCode(MilvusGrpcErrors.UNEXPECTED_ERROR)
                .setReason(text)
                .setDetail(text)
                .build();
    assertThat(status("OperatePrivilege", request.build())).isEqualTo(expected);
  }

  private static OperatePrivilegeRequest.Builder request(GrantEntity.Builder entity) {
    return OperatePrivilegeRequest.newBuilder().setEntity(entity);
  }

  private Status inputError(String text) {
    var status =
        Status.newBuilder()
            .setCode(INVALID)
            .setErrorCode(ILLEGAL_ARGUMENT)
            .setReason(text)
            .setDetail(text);
    return version == Version.V2_6
        ? status.putExtraInfo("is_input_error", "true").build()
        : status.build();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void wrongNames_areRefusedInTheOrderOfTheChecks(Version version) {
    start(version);
    var first = "the first character of %s must be an underscore or letter: invalid parameter%s";
    var digit = "[expected=95][actual=49]";
    assertThat(status("OperatePrivilege", grant("1", "1", "1", "1")).getReason())
        .isEqualTo(first.formatted("Privilege", digit));
    assertThat(status("OperatePrivilege", grant("", "1", "1", "1")).getReason())
        .isEqualTo("Privilege should be not empty: invalid parameter[expected=not empty][actual=]");
    assertThat(status("OperatePrivilege", grant("Search", "1", "1", "1")).getReason())
        .isEqualTo(first.formatted("ObjectType", digit));
    assertThat(status("OperatePrivilege", grant("Search", "Collection", "1", "1")).getReason())
        .isEqualTo(first.formatted("object name", digit));
    assertThat(status("OperatePrivilege", grant("Search", "Collection", "c", "1")))
        .isEqualTo(inputError(first.formatted("role name", digit)));
    assertThat(status("OperatePrivilegeV2", grantV2("1", "1", "1", "1")).getReason())
        .isEqualTo(first.formatted("role name", digit));
    assertThat(status("OperatePrivilegeV2", grantV2("public", "1", "1", "1")).getReason())
        .isEqualTo(first.formatted("Privilege", digit));
    assertThat(status("OperatePrivilegeV2", grantV2("public", "Query", "n%$#@!", "1")))
        .returns(802, Status::getCode)
        .returns(
            "database name can only contain numbers, letters and underscores: invalid database"
                + " name[database=n%$#@!]",
            Status::getReason);
    assertThat(status("OperatePrivilegeV2", grantV2("public", "Query", "default", "1")).getReason())
        .isEqualTo(first.formatted("collection name", digit));
    var entity =
        GrantEntity.newBuilder().setObject(object("1")).setObjectName("1").setRole(role("1"));
    assertThat(select(SelectGrantRequest.newBuilder().setEntity(entity).build()).getReason())
        .isEqualTo(first.formatted("ObjectType", digit));
    entity.setObject(object("bogus")).setObjectName("*").setRole(role("public"));
    assertThat(select(SelectGrantRequest.newBuilder().setEntity(entity).build()).getReason())
        .startsWith("not found the object type[name: bogus], supported the object types: [");
    assertThat(
            status(
                    "OperateUserRole",
                    OperateUserRoleRequest.newBuilder()
                        .setUsername("1abc")
                        .setRoleName("1")
                        .build())
                .getReason())
        .isEqualTo(
            "invalid user name 1abc, the first character must be a letter, but got 1: invalid"
                + " parameter");
    assertThat(
            status(
                    "OperatePrivilegeGroup",
                    OperatePrivilegeGroupRequest.newBuilder()
                        .setGroupName("")
                        .addPrivileges(PrivilegeEntity.newBuilder().setName("Query"))
                        .build())
                .getReason())
        .isEqualTo(
            "invalid privilege group name[privilegeGroup=privilege group name should not be"
                + " empty]");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void refusalsOfTheCoordinator_haveTheCodeOfTheirVersion(Version version) {
    start(version);
    var later = version == Version.V2_6;
    var check = later ? "failed to operate privilege common check: " : "";
    var end = later ? ": invalid parameter" : "";
    coordinatorRefuses(
        grant("Search", "bogus", "*", "nobody"),
        check + "the object entity in the request is nil or invalid" + end);
    coordinatorRefuses(
        grant("ClusterAdmin", "Global", "*", "public"),
        "can not operate the built-in privilege group [ClusterAdmin]" + end);
    coordinatorRefuses(
        grant("Search", "Collection", "*", "public").toBuilder().setType(7).build(),
        check
            + "invalid operate privilege type, current type: 7, valid value: [Grant, Revoke]"
            + end);
    var level = status("OperatePrivilegeV2", grantV2("public", "ClusterAdmin", "default", "*"));
    assertThat(level.getCode()).isEqualTo(INVALID);
    assertThat(level.getErrorCode()).isEqualTo(OPERATE_PRIVILEGE_FAILURE);
    assertThat(level.getReason())
        .isEqualTo(
            "dbName and collectionName should be * for the cluster level privilege: ClusterAdmin:"
                + " invalid parameter");
  }

  private void coordinatorRefuses(OperatePrivilegeRequest request, String text) {
    var status = status("OperatePrivilege", request);
    assertThat(status.getReason()).isEqualTo(text);
    assertThat(status.getCode()).isEqualTo(version == Version.V2_6 ? INVALID : UNEXPECTED);
    assertThat(status.getErrorCode()).isEqualTo(OPERATE_PRIVILEGE_FAILURE);
  }

  private Status status(String rpc, MessageLite request) {
    return client.call(SERVICE + rpc, request.toByteArray(), root()).message(Status::parseFrom);
  }

  private Status select(SelectGrantRequest request) {
    return client
        .call(SERVICE + "SelectGrant", request.toByteArray(), root())
        .message(SelectGrantResponse::parseFrom)
        .getStatus();
  }

  private static Map<String, String> root() {
    var pair = "root:" + TestRealm.ROOT_PASSWORD;
    return Map.of("authorization", Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }

  private static OperatePrivilegeRequest grant(
      String privilege, String type, String name, String role) {
    return request(
            GrantEntity.newBuilder()
                .setGrantor(grantor(privilege))
                .setObject(object(type))
                .setObjectName(name)
                .setRole(role(role)))
        .build();
  }

  private static OperatePrivilegeV2Request grantV2(
      String role, String privilege, String database, String collection) {
    return OperatePrivilegeV2Request.newBuilder()
        .setRole(role(role))
        .setGrantor(grantor(privilege).setUser(UserEntity.getDefaultInstance()))
        .setDbName(database)
        .setCollectionName(collection)
        .build();
  }

  private static GrantorEntity.Builder grantor(String privilege) {
    return GrantorEntity.newBuilder().setPrivilege(PrivilegeEntity.newBuilder().setName(privilege));
  }

  private static ObjectEntity object(String type) {
    return ObjectEntity.newBuilder().setName(type).build();
  }

  private static RoleEntity role(String name) {
    return RoleEntity.newBuilder().setName(name).build();
  }
}
