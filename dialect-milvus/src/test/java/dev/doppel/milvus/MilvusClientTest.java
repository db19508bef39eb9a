package dev.doppel.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.database.request.CreateDatabaseReq;
import io.milvus.v2.service.database.request.DescribeDatabaseReq;
import io.milvus.v2.service.database.request.DropDatabaseReq;
import io.milvus.v2.service.partition.request.ListPartitionsReq;
import io.milvus.v2.service.rbac.PrivilegeGroup;
import io.milvus.v2.service.rbac.request.AddPrivilegesToGroupReq;
import io.milvus.v2.service.rbac.request.AlterRoleReq;
import io.milvus.v2.service.rbac.request.CreatePrivilegeGroupReq;
import io.milvus.v2.service.rbac.request.CreateRoleReq;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.milvus.v2.service.rbac.request.DescribeRoleReq;
import io.milvus.v2.service.rbac.request.DescribeUserReq;
import io.milvus.v2.service.rbac.request.DropPrivilegeGroupReq;
import io.milvus.v2.service.rbac.request.DropRoleReq;
import io.milvus.v2.service.rbac.request.DropUserReq;
import io.milvus.v2.service.rbac.request.GrantPrivilegeReq;
import io.milvus.v2.service.rbac.request.GrantPrivilegeReqV2;
import io.milvus.v2.service.rbac.request.GrantRoleReq;
import io.milvus.v2.service.rbac.request.ListPrivilegeGroupsReq;
import io.milvus.v2.service.rbac.request.RemovePrivilegesFromGroupReq;
import io.milvus.v2.service.rbac.request.RevokePrivilegeReq;
import io.milvus.v2.service.rbac.request.RevokePrivilegeReqV2;
import io.milvus.v2.service.rbac.request.RevokeRoleReq;
import io.milvus.v2.service.rbac.request.UpdatePasswordReq;
import io.milvus.v2.service.rbac.request.UpdateUserReq;
import io.milvus.v2.service.rbac.response.DescribeRoleResp.GrantInfo;
import io.milvus.v2.service.utility.request.DescribeAliasReq;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vendor's own Java client, unmodified, over gRPC on the port that REST is on. */
class MilvusClientTest {

  private static final String SECOND = "N3w-P@ssw0rd";

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private MilvusClientV2 root;

  @BeforeEach
  void start() {
    start(Fidelity.DOCUMENTED, Settings.DEFAULT);
  }

  private void start(Fidelity fidelity, Settings settings) {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new MilvusDialect(realm.realm(), fidelity, settings));
    root = client("root:" + TestRealm.ROOT_PASSWORD);
  }

  /** As above, instead of what is started for every test. */
  private void restart(Fidelity fidelity, Settings settings) {
    root.close();
    server.close();
    realm.close();
    start(fidelity, settings);
  }

  @AfterEach
  void stop() {
    root.close();
    server.close();
    realm.close();
    Await.await(vertx.close());
  }

  private MilvusClientV2 client(String token) {
    return new MilvusClientV2(config().token(token).build());
  }

  private ConnectConfig.ConnectConfigBuilder config() {
    return ConnectConfig.builder().uri("http://127.0.0.1:" + server.port());
  }

  private void as(String token, Consumer<MilvusClientV2> does) {
    var client = client(token);
    try {
      does.accept(client);
    } finally {
      client.close();
    }
  }

  private static void refused(Runnable call, int code, int legacy, String text) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            MilvusClientException.class,
            thrown -> {
              assertThat(thrown).hasMessageContaining(text);
              assertThat(thrown.getServerErrCode()).isEqualTo(code);
              assertThat(thrown.getLegacyServerCode()).isEqualTo(legacy);
            });
  }

  private String rest(String path, String token, String body) {
    return server
        .send(
            "POST",
            "/v2/vectordb" + path,
            List.of(Map.entry("Authorization", "Bearer " + token)),
            body)
        .body();
  }

  private void createUser(String name) {
    root.createUser(CreateUserReq.builder().userName(name).password(TestRealm.PASSWORD).build());
  }

  private void createRole(String name) {
    root.createRole(CreateRoleReq.builder().roleName(name).build());
  }

  @Test
  void connecting_versionDatabasesHealth() {
    assertThat(root.getServerVersion()).isEqualTo("2.6.19");
    assertThat(root.listDatabases().getDatabaseNames()).containsExactly("default");
    assertThat(root.checkHealth().getIsHealthy()).isTrue();
    var named =
        config().username("root").password(TestRealm.ROOT_PASSWORD).dbName("default").build();
    new MilvusClientV2(named).close();
  }

  @Test
  void collections_areNone() {
    assertThat(root.listCollections().getCollectionNames()).isEmpty();
    assertThat(root.hasCollection(HasCollectionReq.builder().collectionName("books").build()))
        .isFalse();
    assertThatThrownBy(
            () -> root.getLoadState(GetLoadStateReq.builder().collectionName("books").build()))
        .hasMessageContaining("'books' doesn't exist");
    refused(
        () ->
            root.describeCollection(
                DescribeCollectionReq.builder().collectionName("books").build()),
        4,
        4,
        "can't find collection[database=default][collection=books]");
    refused(
        () -> root.listPartitions(ListPartitionsReq.builder().collectionName("books").build()),
        100,
        4,
        "collection not found[database=default][collection=books]");
    refused(
        () -> root.describeAlias(DescribeAliasReq.builder().alias("novels").build()),
        1600,
        1,
        "alias not found[database=default][alias=novels]");
  }

  @Test
  void databases_areCreated_used_dropped() throws InterruptedException {
    root.createDatabase(
        CreateDatabaseReq.builder()
            .databaseName("books")
            .properties(Map.of("database.replica.number", "1"))
            .build());
    assertThat(root.listDatabases().getDatabaseNames()).containsExactly("default", "books");
    assertThat(
            root.describeDatabase(DescribeDatabaseReq.builder().databaseName("books").build())
                .getProperties())
        .containsExactly(Map.entry("database.replica.number", "1"));
    root.useDatabase("books");
    assertThat(root.listCollections().getCollectionNames()).isEmpty();
    root.dropDatabase(DropDatabaseReq.builder().databaseName("books").build());
    refused(() -> root.listCollections(), 800, 1, "database not found[database=books]");
  }

  @Test
  void connecting_withWrongCredentials_failsAtOnce() {
    assertThatThrownBy(() -> client("root:wrong"))
        .hasStackTraceContaining(
            "UNAUTHENTICATED: auth check failure, please check username and password are correct");
    assertThatThrownBy(() -> client("no-such-key"))
        .hasStackTraceContaining(
            "UNAUTHENTICATED: auth check failure, please check api key is correct");
    assertThatThrownBy(() -> new MilvusClientV2(config().build()))
        .hasStackTraceContaining("UNAUTHENTICATED: missing authorization in header");
    assertThatThrownBy(() -> client("bob:" + TestRealm.PASSWORD))
        .hasStackTraceContaining("UNAUTHENTICATED: auth check failure");
  }

  @Test
  void connecting_toAnUnknownDatabase_isRefused() {
    assertThatThrownBy(
            () -> new MilvusClientV2(config().token("root:Milvus").dbName("nowhere").build()))
        .hasStackTraceContaining("database not found[database=nowhere]");
  }

  @Test
  void users_createDescribeListUpdateDrop() {
    root.createUser(
        CreateUserReq.builder()
            .userName("carol")
            .password(TestRealm.PASSWORD)
            .description("counts")
            .build());
    assertThat(root.listUsers()).containsExactly("alice", "bob", "carol", "root");
    var carol = root.describeUser(DescribeUserReq.builder().userName("carol").build());
    assertThat(carol.getUserName()).isEqualTo("carol");
    assertThat(carol.getDescription()).isEqualTo("counts");
    assertThat(carol.getRoles()).isEmpty();
    assertThat(rest("/users/describe", "root:Milvus", "{\"userName\":\"carol\"}"))
        .isEqualTo("{\"code\":0,\"data\":[],\"description\":\"counts\"}");

    root.updateUser(UpdateUserReq.builder().userName("carol").description("adds up").build());
    root.updatePassword(
        UpdatePasswordReq.builder()
            .userName("carol")
            .password(TestRealm.PASSWORD)
            .newPassword(SECOND)
            .build());
    assertThatThrownBy(() -> client("carol:" + TestRealm.PASSWORD))
        .hasStackTraceContaining("UNAUTHENTICATED");
    as(
        "carol:" + SECOND,
        own ->
            assertThat(
                    own.describeUser(DescribeUserReq.builder().userName("carol").build())
                        .getDescription())
                .isEqualTo("adds up"));

    root.dropUser(DropUserReq.builder().userName("carol").build());
    root.dropUser(DropUserReq.builder().userName("carol").build());
    assertThat(root.listUsers()).containsExactly("alice", "bob", "root");
    assertThat(root.describeUser(DescribeUserReq.builder().userName("carol").build()).getRoles())
        .isEmpty();
  }

  @Test
  void users_refusals() {
    refused(() -> createUser("alice"), 1100, 29, "user already exists: alice: invalid parameter");
    refused(
        () -> createUser("1st"),
        1100,
        5,
        "invalid user name 1st, the first character must be a letter, but got 1");
    refused(
        () -> root.createUser(CreateUserReq.builder().userName("carol").password("short").build()),
        1100,
        5,
        "invalid password length: invalid parameter[5 out of range 8 <= value <= 64]");
    refused(
        () ->
            root.updatePassword(
                UpdatePasswordReq.builder()
                    .userName("alice")
                    .password("wr0ng-P@ss")
                    .newPassword(SECOND)
                    .build()),
        1400,
        1,
        "old password not correct for alice: not authenticated");
    refused(
        () -> root.updateUser(UpdateUserReq.builder().userName("nobody").description("x").build()),
        65_535,
        30,
        "failed to check if update credential: user not found");
    refused(
        () -> root.dropUser(DropUserReq.builder().userName("root").build()),
        1401,
        1,
        "root user cannot be deleted: privilege not permitted");
  }

  @Test
  void roles_createAlterGrantRevokeDescribeDrop() {
    root.createRole(CreateRoleReq.builder().roleName("reader").description("reads").build());
    assertThat(root.listRoles()).containsExactly("admin", "public", "reader");
    root.alterRole(AlterRoleReq.builder().roleName("reader").description("reads much").build());
    root.grantRole(GrantRoleReq.builder().userName("alice").roleName("reader").build());
    assertThat(root.describeUser(DescribeUserReq.builder().userName("alice").build()).getRoles())
        .containsExactly("reader");
    assertThat(rest("/users/describe", "root:Milvus", "{\"userName\":\"alice\"}"))
        .startsWith("{\"code\":0,\"data\":[\"reader\"]");

    root.grantPrivilege(
        GrantPrivilegeReq.builder()
            .roleName("reader")
            .objectType("Collection")
            .objectName("books")
            .privilege("Search")
            .build());
    root.grantPrivilegeV2(
        GrantPrivilegeReqV2.builder()
            .roleName("reader")
            .privilege("ClusterReadOnly")
            .dbName("*")
            .collectionName("*")
            .build());
    var reader = root.describeRole(DescribeRoleReq.builder().roleName("reader").build());
    assertThat(reader.getDescription()).isEqualTo("reads much");
    assertThat(reader.getGrantInfos())
        .extracting(
            GrantInfo::getObjectType,
            GrantInfo::getObjectName,
            GrantInfo::getPrivilege,
            GrantInfo::getGrantor,
            GrantInfo::getDbName)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Collection", "books", "Search", "root", "default"),
            org.assertj.core.groups.Tuple.tuple("Global", "*", "ClusterReadOnly", "root", "*"));

    refused(
        () -> root.dropRole(DropRoleReq.builder().roleName("reader").build()),
        1100,
        36,
        "fail to drop the role that it has privileges");
    root.revokePrivilege(
        RevokePrivilegeReq.builder()
            .roleName("reader")
            .objectType("Collection")
            .objectName("books")
            .privilege("Search")
            .build());
    root.revokePrivilegeV2(
        RevokePrivilegeReqV2.builder()
            .roleName("reader")
            .privilege("ClusterReadOnly")
            .dbName("*")
            .collectionName("*")
            .build());
    root.revokeRole(RevokeRoleReq.builder().userName("alice").roleName("reader").build());
    root.dropRole(DropRoleReq.builder().roleName("reader").build());
    assertThat(root.listRoles()).containsExactly("admin", "public");
  }

  @Test
  void roles_refusals() {
    createRole("reader");
    refused(
        () -> createRole("reader"),
        1100,
        35,
        "role [name:\"reader\"] already exists: invalid parameter");
    refused(
        () -> createRole("1st"),
        1100,
        5,
        "the first character of role name must be an underscore or letter");
    refused(
        () -> root.alterRole(AlterRoleReq.builder().roleName("none").description("x").build()),
        65_535,
        1,
        "failed to check if alter role: role not exists");
    refused(
        () -> root.dropRole(DropRoleReq.builder().roleName("none").build()),
        1100,
        36,
        "not found the role");
    refused(
        () -> root.dropRole(DropRoleReq.builder().roleName("admin").build()),
        1401,
        1,
        "the role[admin] is a default role, which can't be dropped: privilege not permitted");
    refused(
        () -> root.grantRole(GrantRoleReq.builder().userName("nobody").roleName("reader").build()),
        1100,
        37,
        "failed to check if operate user role: user \"nobody\" not found: invalid parameter");
    refused(
        () -> root.describeRole(DescribeRoleReq.builder().roleName("none").build()),
        1100,
        42,
        "the role \"none\" does not exist: invalid parameter");
    refused(
        () ->
            root.grantPrivilege(
                GrantPrivilegeReq.builder()
                    .roleName("reader")
                    .objectType("Collection")
                    .objectName("*")
                    .privilege("Fly")
                    .build()),
        1100,
        41,
        "not found the privilege name[Fly] in object[Collection]: invalid parameter");
    refused(
        () ->
            root.grantPrivilegeV2(
                GrantPrivilegeReqV2.builder()
                    .roleName("none")
                    .privilege("Search")
                    .dbName("*")
                    .collectionName("*")
                    .build()),
        1100,
        41,
        "failed to operate privilege common check: the role \"none\" does not exist");
  }

  @Test
  void privilegeGroups_createFillListEmptyDrop() {
    root.createPrivilegeGroup(CreatePrivilegeGroupReq.builder().groupName("lookers").build());
    root.addPrivilegesToGroup(
        AddPrivilegesToGroupReq.builder()
            .groupName("lookers")
            .privileges(List.of("Search", "Query"))
            .build());
    root.removePrivilegesFromGroup(
        RemovePrivilegesFromGroupReq.builder()
            .groupName("lookers")
            .privileges(List.of("Search"))
            .build());
    var groups =
        root.listPrivilegeGroups(ListPrivilegeGroupsReq.builder().build()).getPrivilegeGroups();
    assertThat(groups).hasSize(10);
    assertThat(groups.get(0).getGroupName()).isEqualTo("lookers");
    assertThat(groups.get(0).getPrivileges()).containsExactly("Query");
    assertThat(groups).extracting(PrivilegeGroup::getGroupName).contains("CollectionAdmin");
    refused(
        () ->
            root.createPrivilegeGroup(
                CreatePrivilegeGroupReq.builder().groupName("lookers").build()),
        1100,
        58,
        "privilege group name [lookers] is defined by users: invalid parameter");
    refused(
        () ->
            root.addPrivilegesToGroup(
                AddPrivilegesToGroupReq.builder()
                    .groupName("none")
                    .privileges(List.of("Search"))
                    .build()),
        1100,
        61,
        "there is no privilege group name [none] defined in system to operate");
    root.dropPrivilegeGroup(DropPrivilegeGroupReq.builder().groupName("lookers").build());
    assertThat(
            root.listPrivilegeGroups(ListPrivilegeGroupsReq.builder().build()).getPrivilegeGroups())
        .hasSize(9);
  }

  @Test
  void withoutThePrivilege_everyCallIsDenied_butAboutOneself() {
    createRole("watcher");
    root.grantRole(GrantRoleReq.builder().userName("alice").roleName("watcher").build());
    as(
        "alice:" + TestRealm.PASSWORD,
        alice -> {
          assertDenied(alice::listUsers, "PrivilegeSelectOwnership");
          assertDenied(alice::listRoles, "PrivilegeSelectOwnership");
          assertDenied(
              () -> alice.describeUser(DescribeUserReq.builder().userName("root").build()),
              "PrivilegeSelectUser");
          assertDenied(
              () ->
                  alice.createUser(
                      CreateUserReq.builder()
                          .userName("carol")
                          .password(TestRealm.PASSWORD)
                          .build()),
              "PrivilegeCreateOwnership");
          assertThat(
                  alice
                      .describeUser(DescribeUserReq.builder().userName("alice").build())
                      .getRoles())
              .containsExactly("watcher");

          root.grantPrivilegeV2(
              GrantPrivilegeReqV2.builder()
                  .roleName("watcher")
                  .privilege("SelectOwnership")
                  .dbName("*")
                  .collectionName("*")
                  .build());
          assertThat(alice.listUsers()).contains("alice", "root");
        });
  }

  private static void assertDenied(Runnable call, String privilege) {
    assertThatThrownBy(call::run)
        .hasStackTraceContaining(
            "PERMISSION_DENIED: "
                + privilege
                + ": permission deny to alice in the `default` database");
  }

  @Test
  void observed_2_5_tellsEverythingWithOneCode() {
    restart(Fidelity.OBSERVED, new Settings(Version.V2_5, true));
    assertThat(root.getServerVersion()).isEqualTo("2.5.27");
    refused(() -> createUser("alice"), 65_535, 29, "user already exists: alice");
    refused(
        () -> root.dropRole(DropRoleReq.builder().roleName("none").build()),
        65_535,
        36,
        "not found the role, maybe the role isn't existed or internal system error");
    assertThat(root.describeUser(DescribeUserReq.builder().userName("root").build()).getRoles())
        .isEmpty();
  }

  @Test
  void withoutAuthorization_nobodyNeedsCredentials_butWhoGrantsMustBeSomebody() {
    restart(Fidelity.DOCUMENTED, new Settings(Version.V2_6, false));
    var anyone = new MilvusClientV2(config().build());
    try {
      assertThat(anyone.listUsers()).containsExactly("alice", "bob", "root");
      createRole("reader");
      var grant =
          GrantPrivilegeReqV2.builder()
              .roleName("reader")
              .privilege("Search")
              .dbName("*")
              .collectionName("*")
              .build();
      refused(
          () -> anyone.grantPrivilegeV2(grant),
          1100,
          5,
          "fail to get authorization from the md, authorization:[token]: invalid parameter");
      as(
          "alice:any",
          alice -> {
            alice.grantPrivilegeV2(grant);
            assertThat(
                    Stream.of(
                            alice.describeRole(
                                DescribeRoleReq.builder().roleName("reader").build()))
                        .flatMap(role -> role.getGrantInfos().stream())
                        .map(GrantInfo::getGrantor))
                .containsExactly("alice");
          });
      as(
          "nobody:any",
          nobody ->
              assertThatThrownBy(() -> nobody.grantPrivilegeV2(grant))
                  .hasMessageContaining("user \"nobody\" not found"));
    } finally {
      anyone.close();
    }
  }
}
