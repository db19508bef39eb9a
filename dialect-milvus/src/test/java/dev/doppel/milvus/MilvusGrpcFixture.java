package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.grpc.CreateRoleRequest;
import dev.doppel.milvus.grpc.GrantorEntity;
import dev.doppel.milvus.grpc.MilvusProto;
import dev.doppel.milvus.grpc.OperatePrivilegeV2Request;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.PrivilegeEntity;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ObjectAssert;

/** A server of this dialect over a new realm, and a gRPC client that calls it as root or alice. */
final class MilvusGrpcFixture implements AutoCloseable {

  private static final String SERVICE = "/milvus.proto.milvus.MilvusService/";
  static final String ROOT = base64("root:" + TestRealm.ROOT_PASSWORD);
  static final String ALICE = base64("alice:" + TestRealm.PASSWORD);
  static final Status OK = Status.getDefaultInstance();

  private final Vertx vertx = Vertx.vertx();
  TestRealm realm;
  TestServer server;
  private GrpcClient client;

  MilvusGrpcFixture() {
    start(Settings.DEFAULT);
  }

  private void start(Settings settings) {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new MilvusDialect(realm.realm(), Fidelity.DOCUMENTED, settings));
    client = new GrpcClient(vertx, server.port());
  }

  /** Replaces the server by one with other settings and without data. */
  void restart(Settings settings) {
    client.close();
    server.close();
    realm.close();
    start(settings);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  Answer call(String rpc, MessageLite request) {
    return call(rpc, request, Map.of("authorization", ROOT));
  }

  Answer call(String rpc, MessageLite request, Map<String, String> metadata) {
    return client.call(SERVICE + rpc, request.toByteArray(), metadata);
  }

  Status status(String rpc, MessageLite request) {
    return call(rpc, request).message(Status::parseFrom);
  }

  /** Calls a method about a collection of a database, where its request has fields for them. */
  Answer callAbout(String rpc, String database, String collection, Map<String, String> metadata) {
    var type =
        Objects.requireNonNull(
                MilvusProto.getDescriptor()
                    .findServiceByName("MilvusService")
                    .findMethodByName(rpc))
            .getInputType();
    var request = DynamicMessage.newBuilder(type);
    for (var field : type.getFields()) {
      switch (field.getName()) {
        case "db_name", "dbName" -> request.setField(field, database);
        case "collection_name", "collectionName" -> request.setField(field, collection);
        case "partition_name" -> request.setField(field, "novels");
        default -> {}
      }
    }
    return call(rpc, request.build(), metadata);
  }

  /** Returns the status in the response to {@link #callAbout}. */
  Status statusAbout(String rpc, String database, String collection) {
    return statusAbout(rpc, database, collection, Map.of("authorization", ROOT));
  }

  Status statusAbout(String rpc, String database, String collection, Map<String, String> metadata) {
    var type =
        Objects.requireNonNull(
                MilvusProto.getDescriptor()
                    .findServiceByName("MilvusService")
                    .findMethodByName(rpc))
            .getOutputType();
    var answer = callAbout(rpc, database, collection, metadata);
    Message message = answer.message(bytes -> DynamicMessage.parseFrom(type, bytes));
    var status = (Message) message.getField(type.findFieldByName("status"));
    try {
      return Status.parseFrom(status.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns an assertion on an object: for a generic result, {@code assertThat} is ambiguous. */
  static ObjectAssert<Message> assertThatMessage(Message message) {
    return assertThatObject(message);
  }

  /** Returns an error of the request, with the codes of older clients and of 2.6. */
  static Status error(int legacy, int code, String text) {
    return Status.newBuilder()
        .setErrorCode(legacy)
        .setCode(code)
        .setReason(text)
        .setDetail(text)
        .putExtraInfo("is_input_error", "true")
        .build();
  }

  /** Returns a status without the information that 2.5 doesn't send. */
  static Status withoutExtraInfo(Status status) {
    return status.toBuilder().clearExtraInfo().build();
  }

  /** Grants alice a privilege through a new role. */
  void grantToAlice(String privilege, String database, String collection) {
    var role = RoleEntity.newBuilder().setName("reader");
    assertThat(status("CreateRole", CreateRoleRequest.newBuilder().setEntity(role).build()))
        .isEqualTo(OK);
    assertThat(
            status(
                "OperatePrivilegeV2",
                OperatePrivilegeV2Request.newBuilder()
                    .setRole(role)
                    .setGrantor(
                        GrantorEntity.newBuilder()
                            .setPrivilege(PrivilegeEntity.newBuilder().setName(privilege)))
                    .setDbName(database)
                    .setCollectionName(collection)
                    .build()))
        .isEqualTo(OK);
    assertThat(
            status(
                "OperateUserRole",
                OperateUserRoleRequest.newBuilder()
                    .setUsername("alice")
                    .setRoleName("reader")
                    .build()))
        .isEqualTo(OK);
  }

  @Override
  public void close() {
    client.close();
    server.close();
    realm.close();
    await(vertx.close());
  }
}
