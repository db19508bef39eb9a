package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.grpc.BackupRBACMetaRequest;
import dev.doppel.milvus.grpc.BackupRBACMetaResponse;
import dev.doppel.milvus.grpc.GrantEntity;
import dev.doppel.milvus.grpc.GrantorEntity;
import dev.doppel.milvus.grpc.ObjectEntity;
import dev.doppel.milvus.grpc.PrivilegeEntity;
import dev.doppel.milvus.grpc.PrivilegeGroupInfo;
import dev.doppel.milvus.grpc.RBACMeta;
import dev.doppel.milvus.grpc.RestoreRBACMetaRequest;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.SelectUserRequest;
import dev.doppel.milvus.grpc.SelectUserResponse;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.milvus.grpc.UserEntity;
import dev.doppel.milvus.grpc.UserInfo;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Authority;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Users, roles and grants that are copied from server to server, as milvus-backup does. */
class MilvusBackupTest {

  private static final String SERVICE = "/milvus.proto.milvus.MilvusService/";

  private final Vertx vertx = Vertx.vertx();
  private final Server first = new Server(vertx);
  private final Server second = new Server(vertx);

  /** A server over a store of its own. */
  private static final class Server implements AutoCloseable {
    private final TestRealm realm;
    private final TestServer server;
    private final GrpcClient client;

    Server(Vertx vertx) {
      realm = TestRealm.over(vertx, MvStorage.inMemory());
      server =
          new TestServer(
              vertx, new MilvusDialect(realm.realm(), Fidelity.OBSERVED, Settings.DEFAULT));
      client = new GrpcClient(vertx, server.port());
    }

    Answer call(String rpc, MessageLite request, String name, String password) {
      var token = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
      return client.call(SERVICE + rpc, request.toByteArray(), Map.of("authorization", token));
    }

    RBACMeta backUp() {
      var response =
          call("BackupRBAC", BackupRBACMetaRequest.getDefaultInstance(), "root", root())
              .message(BackupRBACMetaResponse::parseFrom);
      assertThat(response.getStatus()).isEqualTo(Status.getDefaultInstance());
      return response.getRBACMeta();
    }

    Status restore(RBACMeta meta) {
      return call("RestoreRBAC", request(meta), "root", root()).message(Status::parseFrom);
    }

    boolean letsIn(String name, String password) {
      var self =
          SelectUserRequest.newBuilder().setUser(UserEntity.newBuilder().setName(name)).build();
      var answer = call("SelectUser", self, name, password);
      return answer.status().equals("0")
          && answer.message(SelectUserResponse::parseFrom).getResultsCount() == 1;
    }

    void create(NewUser user) {
      await(realm.realm().users().by(Authority.SERVER).create(user));
    }

    @Override
    public void close() {
      client.close();
      server.close();
      realm.close();
    }
  }

  private static String root() {
    return TestRealm.ROOT_PASSWORD;
  }

  private static RestoreRBACMetaRequest request(RBACMeta meta) {
    return RestoreRBACMetaRequest.newBuilder().setRBACMeta(meta).build();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    await(vertx.close());
  }

  private static JsonObject recorded() throws IOException {
    try (var file = MilvusBackupTest.class.getResourceAsStream("/recordings/milvus-backup.json")) {
      return new JsonObject(new String(file.readAllBytes(), UTF_8));
    }
  }

  private static RBACMeta meta(JsonObject recorded) {
    var meta = RBACMeta.newBuilder();
    for (var user : objects(recorded, "users")) {
      var info =
          UserInfo.newBuilder()
              .setUser(user.getString("user"))
              .setPassword(user.getString("password"));
      objects(user, "roles").forEach(one -> info.addRoles(role(one.getString("name"))));
      meta.addUsers(info);
    }
    objects(recorded, "roles").forEach(one -> meta.addRoles(role(one.getString("name"))));
    for (var grant : objects(recorded, "grants")) {
      meta.addGrants(
          grant(
              name(grant, "role"),
              name(grant, "object"),
              grant.getString("object_name"),
              name(grant.getJsonObject("grantor"), "privilege")));
    }
    return meta.build();
  }

  private static List<JsonObject> objects(JsonObject from, String member) {
    return from.getJsonArray(member, new JsonArray()).stream().map(JsonObject.class::cast).toList();
  }

  private static String name(JsonObject from, String member) {
    return from.getJsonObject(member).getString("name");
  }

  private static RoleEntity role(String name) {
    return RoleEntity.newBuilder().setName(name).build();
  }

  private static GrantEntity grant(String role, String type, String object, String privilege) {
    return GrantEntity.newBuilder()
        .setRole(role(role))
        .setObject(ObjectEntity.newBuilder().setName(type))
        .setObjectName(object)
        .setGrantor(
            GrantorEntity.newBuilder()
                .setUser(UserEntity.newBuilder().setName("root"))
                .setPrivilege(PrivilegeEntity.newBuilder().setName(privilege)))
        .setDbName("default")
        .build();
  }

  @Test
  void usersOfMilvusBackup_signIn_hereAndWhereTheyAreCopiedFromHere() throws IOException {
    var recorded = recorded();
    var meta = meta(recorded.getJsonObject("rbac_meta"));
    assertThat(meta.getUsersCount()).isEqualTo(50);
    assertThat(first.restore(meta)).isEqualTo(Status.getDefaultInstance());
    var copied = first.backUp();
    assertThat(copied.getUsersList().stream().filter(user -> recorded(recorded, user)))
        .containsExactlyInAnyOrderElementsOf(meta.getUsersList());
    assertThat(copied.getRolesList()).containsAll(meta.getRolesList());
    assertThat(copied.getGrantsList()).containsAll(meta.getGrantsList());
    var sample = withoutUsersOf(second, copied);
    assertThat(second.restore(sample)).isEqualTo(Status.getDefaultInstance());
    var passwords = recorded.getJsonObject("passwords");
    for (var user : meta.getUsersList()) {
      for (var server : List.of(first, second)) {
        assertThat(server.letsIn(user.getUser(), passwords.getString(user.getUser())))
            .as(user.getUser())
            .isEqualTo(!user.getPassword().isEmpty());
        assertThat(server.letsIn(user.getUser(), "Wr0ng-passw0rd")).isFalse();
      }
    }
  }

  private static boolean recorded(JsonObject recorded, UserInfo user) {
    return recorded.getJsonObject("passwords").containsKey(user.getUser());
  }

  /** Every test realm begins with the same few users. */
  private static RBACMeta withoutUsersOf(Server server, RBACMeta meta) {
    var there =
        server.backUp().getUsersList().stream().map(UserInfo::getUser).collect(Collectors.toSet());
    var users = meta.getUsersList().stream().filter(user -> !there.contains(user.getUser()));
    return meta.toBuilder().clearUsers().addAllUsers(users.toList()).build();
  }

  @Test
  void copy_holdsRolesGrantsAndGroups_butNothingBuiltIn() {
    var meta =
        RBACMeta.newBuilder()
            .addRoles(RoleEntity.newBuilder().setName("writer").setDescription("writes"))
            .addGrants(grant("writer", "Collection", "docs", "Insert"))
            .addGrants(grant("writer", "Global", "*", "mine"))
            .addPrivilegeGroups(
                PrivilegeGroupInfo.newBuilder()
                    .setGroupName("mine")
                    .addPrivileges(PrivilegeEntity.newBuilder().setName("Query")))
            .addUsers(UserInfo.newBuilder().setUser("nobody").addRoles(role("writer")))
            .addUsers(UserInfo.newBuilder().setUser("boss").addRoles(role("admin")))
            .build();
    assertThat(first.restore(meta)).isEqualTo(Status.getDefaultInstance());
    var copied = first.backUp();
    assertThat(copied.getRolesList()).isEqualTo(meta.getRolesList());
    assertThat(copied.getGrantsList()).containsExactlyInAnyOrderElementsOf(meta.getGrantsList());
    assertThat(copied.getPrivilegeGroupsList()).isEqualTo(meta.getPrivilegeGroupsList());
    assertThat(copied.getUsersList()).containsAll(meta.getUsersList());
    assertThat(copied.getUsersList()).extracting(UserInfo::getUser).doesNotContain("root");
  }

  /** The hash of a user of this server isn't bcrypt, and is copied all the same. */
  @Test
  void userCreatedHere_signsInWhereCopied() {
    first.create(NewUser.named("vera").withPassword(new Password("P\u00e4ssw0rd")));
    assertThat(second.restore(withoutUsersOf(second, first.backUp())))
        .isEqualTo(Status.getDefaultInstance());
    assertThat(second.letsIn("vera", "P\u00e4ssw0rd")).isTrue();
  }

  @Test
  void whatCannotBeRestored_isRefusedAsAWhole() {
    var prefix = "failed to check if rbac restorable: ";
    var end = ": invalid parameter";
    var before = first.backUp();
    var ann = UserInfo.newBuilder().setUser("ann");
    refused(RBACMeta.getDefaultInstance(), 65_535, prefix + "rbac meta is empty");
    refused(meta(ann, "public"), 1_100, prefix + "role [public] already exists" + end);
    refused(
        meta(ann.clone().addRoles(role("x")), "y"),
        1_100,
        prefix + "role [x] does not exist" + end);
    refused(
        meta(UserInfo.newBuilder().setUser("root"), "y"),
        1_100,
        prefix + "user [root] already exists" + end);
    refused(
        meta(ann, "y").toBuilder().addGrants(grant("y", "Global", "*", "Eat")).build(),
        1_100,
        prefix + "privilege [Eat] does not exist" + end);
    refused(
        meta(ann, "y").toBuilder().addGrants(grant("z", "Global", "*", "All")).build(),
        1_100,
        prefix + "role [z] does not exist" + end);
    refused(
        meta(ann.clone().setPassword("secret"), "y"),
        1_100,
        prefix + "password of user [ann] is no hash that is known" + end);
    assertThat(first.backUp()).isEqualTo(before);
  }

  private static RBACMeta meta(UserInfo.Builder user, String role) {
    return RBACMeta.newBuilder().addUsers(user).addRoles(role(role)).build();
  }

  private void refused(RBACMeta meta, int code, String text) {
    assertThat(first.restore(meta)).returns(code, Status::getCode).returns(text, Status::getReason);
  }

  /** The privileges alone don't let a user read the hashes of all, or make an administrator. */
  @Test
  void copying_needsAnAdministrator() {
    var meta =
        RBACMeta.newBuilder()
            .addRoles(role("copier"))
            .addGrants(grant("copier", "Global", "*", "BackupRBAC"))
            .addGrants(grant("copier", "Global", "*", "RestoreRBAC"))
            .build();
    first.restore(meta);
    first.create(NewUser.named("carla").withPassword(new Password("P@ssw0rd")).withRole("copier"));
    var backup =
        first.call("BackupRBAC", BackupRBACMetaRequest.getDefaultInstance(), "carla", "P@ssw0rd");
    assertThat(backup)
        .returns("7", Answer::status)
        .returns(
            "PrivilegeBackupRBAC: permission deny to carla in the `default` database",
            Answer::text);
    var administrator = UserInfo.newBuilder().setUser("eve").addRoles(role("admin"));
    var restored =
        first.call("RestoreRBAC", request(meta(administrator, "new")), "carla", "P@ssw0rd");
    assertThat(restored).returns("7", Answer::status);
    assertThat(first.letsIn("eve", "")).isFalse();
    assertThat(first.backUp().getRolesList()).extracting(RoleEntity::getName).doesNotContain("new");
  }
}
