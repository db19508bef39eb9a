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
import dev.doppel.milvus.grpc.ListCredUsersRequest;
import dev.doppel.milvus.grpc.ListCredUsersResponse;
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
    var before = first.backUp();
    var ann = UserInfo.newBuilder().setUser("ann");
    assertThat(first.restore(RBACMeta.getDefaultInstance()))
        .returns(65_535, Status::getCode)
        .returns("failed to check if rbac restorable: rbac meta is empty", Status::getReason);
    refused(meta(ann, "public"), "role [public] already exists");
    refused(meta(ann.clone().addRoles(role("x")), "y"), "role [x] does not exist");
    refused(meta(named("root"), "y"), "user [root] already exists");
    refused(meta(named("Administrator"), "y"), "user [Administrator] already exists");
    refused(meta(ann, "y").toBuilder().addUsers(ann).build(), "user [ann] already exists");
    refused(meta(named(" "), "y"), "username must be not empty");
    refused(
        meta(ann.clone().setPassword("secret"), "y"),
        "password of user [ann]: not a known form of hash, such as $2b$10$\u2026 or"
            + " $argon2id$\u2026; a clear password is given as a password");
    refused(
        meta(ann.clone().setPassword("$2a$31$" + "a".repeat(53)), "y"),
        "password of user [ann]: bcrypt cost 31 is not allowed; 4 to 15 are");
    refused(granting(grant("y", "Global", "*", "Eat")), "privilege [Eat] does not exist");
    refused(granting(grant("z", "Global", "*", "All")), "role [z] does not exist");
    refused(granting(grant("y", "Bogus", "*", "All")), "object type [Bogus] does not exist");
    refused(holding("Query", "Search"), "privilege group [Query] already exists");
    refused(holding("ClusterAdmin", "Search"), "privilege group [ClusterAdmin] already exists");
    refused(holding("mine", "Bogus"), "privilege [Bogus] does not exist");
    assertThat(first.backUp()).isEqualTo(before);
  }

  /** Milvus couldn't be asked to drop what has such a name. */
  @Test
  void namesThatNoOtherCallTakes_areRefused() {
    var before = first.backUp();
    var prefix = "failed to check if rbac restorable: ";
    for (var meta :
        List.of(
            meta(named("ann"), ""),
            meta(named("ann"), "a b"),
            meta(named("ann"), "n".repeat(256)),
            holding("", "Search"),
            holding("1g", "Search"),
            granting(grant("y", "Collection", "a b", "Query")),
            granting(grant("y", "Collection", "*", "Query").toBuilder().setDbName("n%").build()))) {
      assertThat(first.restore(meta).getReason()).startsWith(prefix);
    }
    assertThat(first.backUp()).isEqualTo(before);
  }

  private static UserInfo.Builder named(String name) {
    return UserInfo.newBuilder().setUser(name);
  }

  private static RBACMeta meta(UserInfo.Builder user, String role) {
    return RBACMeta.newBuilder().addUsers(user).addRoles(role(role)).build();
  }

  private static RBACMeta granting(GrantEntity grant) {
    return RBACMeta.newBuilder().addRoles(role("y")).addGrants(grant).build();
  }

  private static RBACMeta holding(String group, String privilege) {
    return RBACMeta.newBuilder().addPrivilegeGroups(group(group, privilege)).build();
  }

  private static PrivilegeGroupInfo group(String name, String privilege) {
    return PrivilegeGroupInfo.newBuilder()
        .setGroupName(name)
        .addPrivileges(PrivilegeEntity.newBuilder().setName(privilege))
        .build();
  }

  private void refused(RBACMeta meta, String text) {
    assertThat(first.restore(meta))
        .returns(1_100, Status::getCode)
        .returns(41, Status::getErrorCode)
        .returns(
            "failed to check if rbac restorable: " + text + ": invalid parameter",
            Status::getReason);
  }

  /** The hashes read, and the users written, are those of every dialect. */
  @Test
  void copying_needsAnAdministrator() {
    var meta =
        RBACMeta.newBuilder()
            .addRoles(role("copier"))
            .addGrants(grant("copier", "Global", "*", "BackupRBAC"))
            .addGrants(grant("copier", "Global", "*", "RestoreRBAC"))
            .build();
    assertThat(first.restore(meta)).isEqualTo(Status.getDefaultInstance());
    first.create(NewUser.named("carla").withPassword(new Password("P@ssw0rd")).withRole("copier"));
    first.create(
        NewUser.named("boss").withPassword(new Password("P@ssw0rd")).withAdministrator(true));
    var backup = BackupRBACMetaRequest.getDefaultInstance();
    assertThat(first.call("BackupRBAC", backup, "carla", "P@ssw0rd"))
        .returns("7", Answer::status)
        .returns(
            "PrivilegeBackupRBAC: permission deny to carla in the `default` database",
            Answer::text);
    var restore = request(meta(named("chef@corp.example"), "new"));
    assertThat(first.call("RestoreRBAC", restore, "carla", "P@ssw0rd"))
        .returns("7", Answer::status);
    assertThat(first.backUp().getRolesList()).extracting(RoleEntity::getName).doesNotContain("new");
    assertThat(first.call("BackupRBAC", backup, "boss", "P@ssw0rd")).returns("0", Answer::status);
    Status restored =
        first.call("RestoreRBAC", restore, "boss", "P@ssw0rd").message(Status::parseFrom);
    assertThat(restored).isEqualTo(Status.getDefaultInstance());
    assertThat(first.backUp().getUsersList())
        .extracting(UserInfo::getUser)
        .contains("chef@corp.example");
  }

  /** Milvus has no inactive users. */
  @Test
  void inactiveUser_isCopiedWithoutThePassword() {
    first.create(
        NewUser.named("dora")
            .withPassword(new Password("P@ssw0rd"))
            .withStatus(dev.doppel.users.Status.INACTIVE));
    assertThat(first.backUp().getUsersList()).contains(named("dora").build());
  }

  /** Each was a change of its own, and each change wrote all grants of the role. */
  @Test
  void thousandsOfGrantsOfARole_areOneChange() {
    var meta = RBACMeta.newBuilder().addRoles(role("reader"));
    for (int i = 0; i < 8_000; i++) {
      meta.addGrants(grant("reader", "Collection", "c" + i, "Query"));
    }
    assertThat(first.restore(meta.build())).isEqualTo(Status.getDefaultInstance());
    assertThat(first.backUp().getGrantsCount()).isEqualTo(8_000);
  }

  @Test
  void groupsNestedThousandsDeep_areLookedThrough() {
    var meta = RBACMeta.newBuilder().addRoles(role("reader"));
    var depth = 20_000;
    for (int i = 0; i < depth; i++) {
      meta.addPrivilegeGroups(group("k" + i, i + 1 < depth ? "k" + (i + 1) : "SelectOwnership"));
    }
    meta.addGrants(grant("reader", "Global", "*", "k0"));
    assertThat(first.restore(meta.build())).isEqualTo(Status.getDefaultInstance());
    first.create(NewUser.named("vera").withPassword(new Password("P@ssw0rd")).withRole("reader"));
    var users =
        first
            .call("ListCredUsers", ListCredUsersRequest.getDefaultInstance(), "vera", "P@ssw0rd")
            .message(ListCredUsersResponse::parseFrom);
    assertThat(users.getUsernamesList()).contains("vera");
  }
}
