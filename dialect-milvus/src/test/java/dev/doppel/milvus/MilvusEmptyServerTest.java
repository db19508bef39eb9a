package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.milvus.grpc.AllocTimestampRequest;
import dev.doppel.milvus.grpc.AllocTimestampResponse;
import dev.doppel.milvus.grpc.AlterDatabaseRequest;
import dev.doppel.milvus.grpc.BoolResponse;
import dev.doppel.milvus.grpc.ComponentInfo;
import dev.doppel.milvus.grpc.ComponentStates;
import dev.doppel.milvus.grpc.ConnectRequest;
import dev.doppel.milvus.grpc.ConnectResponse;
import dev.doppel.milvus.grpc.CreateDatabaseRequest;
import dev.doppel.milvus.grpc.CreatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.CreateRoleRequest;
import dev.doppel.milvus.grpc.DescribeAliasRequest;
import dev.doppel.milvus.grpc.DescribeAliasResponse;
import dev.doppel.milvus.grpc.DescribeCollectionRequest;
import dev.doppel.milvus.grpc.DescribeCollectionResponse;
import dev.doppel.milvus.grpc.DescribeDatabaseRequest;
import dev.doppel.milvus.grpc.DescribeDatabaseResponse;
import dev.doppel.milvus.grpc.DescribeResourceGroupRequest;
import dev.doppel.milvus.grpc.DescribeResourceGroupResponse;
import dev.doppel.milvus.grpc.DropDatabaseRequest;
import dev.doppel.milvus.grpc.GetComponentStatesRequest;
import dev.doppel.milvus.grpc.GetFlushStateRequest;
import dev.doppel.milvus.grpc.GetFlushStateResponse;
import dev.doppel.milvus.grpc.GetLoadStateRequest;
import dev.doppel.milvus.grpc.GetLoadStateResponse;
import dev.doppel.milvus.grpc.GetMetricsRequest;
import dev.doppel.milvus.grpc.GetMetricsResponse;
import dev.doppel.milvus.grpc.GetReplicasRequest;
import dev.doppel.milvus.grpc.GetReplicasResponse;
import dev.doppel.milvus.grpc.GrantorEntity;
import dev.doppel.milvus.grpc.HasCollectionRequest;
import dev.doppel.milvus.grpc.HasPartitionRequest;
import dev.doppel.milvus.grpc.KeyValuePair;
import dev.doppel.milvus.grpc.ListAliasesRequest;
import dev.doppel.milvus.grpc.ListAliasesResponse;
import dev.doppel.milvus.grpc.ListDatabasesRequest;
import dev.doppel.milvus.grpc.ListDatabasesResponse;
import dev.doppel.milvus.grpc.ListIndexedSegmentRequest;
import dev.doppel.milvus.grpc.ListIndexedSegmentResponse;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsRequest;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsResponse;
import dev.doppel.milvus.grpc.ListResourceGroupsRequest;
import dev.doppel.milvus.grpc.ListResourceGroupsResponse;
import dev.doppel.milvus.grpc.MilvusProto;
import dev.doppel.milvus.grpc.NodeInfo;
import dev.doppel.milvus.grpc.OperatePrivilegeV2Request;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.PrivilegeEntity;
import dev.doppel.milvus.grpc.ResourceGroup;
import dev.doppel.milvus.grpc.ResourceGroupConfig;
import dev.doppel.milvus.grpc.ResourceGroupLimit;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.ShowCollectionsRequest;
import dev.doppel.milvus.grpc.ShowCollectionsResponse;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The responses over gRPC of a server without collections. */
class MilvusEmptyServerTest {

  private static final String SERVICE = "/milvus.proto.milvus.MilvusService/";
  private static final String ROOT = base64("root:" + TestRealm.ROOT_PASSWORD);
  private static final String ALICE = base64("alice:" + TestRealm.PASSWORD);
  private static final Status OK = Status.getDefaultInstance();

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private GrpcClient client;

  @BeforeEach
  void start() {
    start(Settings.DEFAULT);
  }

  private void start(Settings settings) {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new MilvusDialect(realm.realm(), Fidelity.DOCUMENTED, settings));
    client = new GrpcClient(vertx, server.port());
  }

  private void restart(Settings settings) {
    client.close();
    server.close();
    realm.close();
    start(settings);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    realm.close();
    await(vertx.close());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Answer call(String rpc, MessageLite request) {
    return call(rpc, request, Map.of("authorization", ROOT));
  }

  private Answer call(String rpc, MessageLite request, Map<String, String> metadata) {
    return client.call(SERVICE + rpc, request.toByteArray(), metadata);
  }

  private Status status(String rpc, MessageLite request) {
    return call(rpc, request).message(Status::parseFrom);
  }

  /** Calls a method with a collection's name, and the database's unless it is empty. */
  private Answer callAbout(
      String rpc, String database, String collection, Map<String, String> metadata) {
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

  private Status statusAbout(String rpc, String database, String collection) {
    return statusAbout(rpc, database, collection, Map.of("authorization", ROOT));
  }

  private Status statusAbout(
      String rpc, String database, String collection, Map<String, String> metadata) {
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
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** Not one of AssertJ's other types, of which a generic result could be any. */
  private static ObjectAssert<Message> assertThatMessage(Message message) {
    return assertThatObject(message);
  }

  private static Status error(int legacy, int code, String text) {
    return Status.newBuilder()
        .setErrorCode(legacy)
        .setCode(code)
        .setReason(text)
        .setDetail(text)
        .putExtraInfo("is_input_error", "true")
        .build();
  }

  /** Without the information that 2.5 doesn't send. */
  private static Status first(Status status) {
    return status.toBuilder().clearExtraInfo().build();
  }

  // ---- collections

  @Test
  void showCollections_isEmpty() {
    var empty = ShowCollectionsResponse.newBuilder().setStatus(OK).build();
    assertThatMessage(
            call("ShowCollections", ShowCollectionsRequest.getDefaultInstance())
                .message(ShowCollectionsResponse::parseFrom))
        .isEqualTo(empty);
    assertThatMessage(
            call(
                    "ShowCollections",
                    ShowCollectionsRequest.newBuilder().setType(1).build(),
                    Map.of("authorization", ALICE))
                .message(ShowCollectionsResponse::parseFrom))
        .isEqualTo(empty);
    assertThat(
            call(
                    "ShowCollections",
                    ShowCollectionsRequest.newBuilder()
                        .setType(1)
                        .addCollectionNames("books")
                        .build())
                .message(ShowCollectionsResponse::parseFrom)
                .getStatus())
        .isEqualTo(error(4, 100, "collection not found[database=default][collection=books]"));
  }

  @Test
  void hasCollection_isFalse() {
    var request = HasCollectionRequest.newBuilder().setCollectionName("books");
    var no = BoolResponse.newBuilder().setStatus(OK).build();
    assertThatMessage(
            call("HasCollection", request.build(), Map.of("authorization", ALICE))
                .message(BoolResponse::parseFrom))
        .isEqualTo(no);
    var elsewhere = request.setDbName("x").build();
    assertThat(call("HasCollection", elsewhere).message(BoolResponse::parseFrom).getStatus())
        .isEqualTo(error(1, 800, "database not found[database=x]"));

    restart(new Settings(Version.V2_5, true));
    assertThatMessage(call("HasCollection", elsewhere).message(BoolResponse::parseFrom))
        .isEqualTo(no);
  }

  @Test
  void describeCollection_hasAStatusOfItsOwn() {
    var named = DescribeCollectionRequest.newBuilder().setCollectionName("books").build();
    var byId = DescribeCollectionRequest.newBuilder().setCollectionID(7).build();
    var text = "can't find collection[database=default][collection=%s]";
    assertThat(described(named))
        .isEqualTo(
            Status.newBuilder()
                .setErrorCode(4)
                .setReason(text.formatted("books"))
                .putExtraInfo("is_input_error", "true")
                .build());
    assertThat(described(byId).getReason()).isEqualTo(text.formatted(""));
    assertThat(described(DescribeCollectionRequest.getDefaultInstance()))
        .isEqualTo(error(5, 1100, "collection name should not be empty: invalid parameter"));

    restart(new Settings(Version.V2_5, true));
    assertThat(described(named))
        .isEqualTo(
            Status.newBuilder()
                .setErrorCode(1)
                .setCode(100)
                .setReason(text.formatted("books"))
                .setDetail("collection not found[database=default][collection=books]")
                .putExtraInfo("is_input_error", "true")
                .build());
  }

  private Status described(DescribeCollectionRequest request) {
    return call("DescribeCollection", request)
        .message(DescribeCollectionResponse::parseFrom)
        .getStatus();
  }

  @ParameterizedTest
  @CsvSource({
    "GetCollectionStatistics, false",
    "HasPartition, true",
    "GetPartitionStatistics, false",
    "ShowPartitions, true",
    "GetLoadingProgress, true",
    "ListAliases, true",
    "DescribeIndex, true",
    "GetIndexStatistics, true",
    "GetIndexState, true",
    "GetIndexBuildProgress, true",
    "GetFlushState, true",
    "GetPersistentSegmentInfo, false",
    "GetQuerySegmentInfo, false",
    "GetReplicas, false",
  })
  void otherReads_failSinceTheCollectionIsMissing(String rpc, boolean checksNames) {
    var missing = error(4, 100, "collection not found[database=default][collection=books]");
    assertThat(statusAbout(rpc, "", "books")).isEqualTo(missing);
    assertThat(statusAbout(rpc, "x", "books"))
        .isEqualTo(error(1, 800, "database not found[database=x]"));
    assertThat(
            statusAbout(rpc, "", "books", Map.of("authorization", ROOT, "dbname", "x")).getCode())
        .isEqualTo(800);
    assertThat(statusAbout(rpc, "", "1books"))
        .isEqualTo(
            checksNames
                ? error(
                    5,
                    1100,
                    "Invalid collection name: 1books.  the first character of a collection name must be an underscore or letter: invalid parameter")
                : error(4, 100, "collection not found[database=default][collection=1books]"));

    restart(new Settings(Version.V2_5, true));
    assertThat(statusAbout(rpc, "", "books")).isEqualTo(first(missing));
  }

  @Test
  void readsOfCollectionsWithoutAName_areOfTheIdZero() {
    for (var rpc :
        List.of(
            "GetCollectionStatistics",
            "GetPartitionStatistics",
            "GetPersistentSegmentInfo",
            "GetQuerySegmentInfo")) {
      assertThat(statusAbout(rpc, "x", ""))
          .as(rpc)
          .isEqualTo(error(4, 100, "collection not found[collection=0]"));
    }
  }

  @Test
  void hasPartition_checksTheNameFirst() {
    var texts =
        Map.of(
            "",
            "Invalid partition name: . Partition name should not be empty.",
            "$",
            "Invalid partition name: $. The first character of a partition name must be an underscore or letter.",
            "a b",
            "Invalid partition name: a b. Partition name can only contain numbers, letters and underscores.",
            "a".repeat(256),
            "Invalid partition name: "
                + "a".repeat(256)
                + ". The length of a partition name must be less than 255 characters.");
    texts.forEach(
        (name, text) ->
            assertThat(partition(name)).isEqualTo(error(5, 1100, text + ": invalid parameter")));
    assertThat(partition("a-b").getCode()).isEqualTo(100);

    restart(new Settings(Version.V2_5, true));
    texts.forEach(
        (name, text) -> assertThat(partition(name)).isEqualTo(first(error(1, 65_535, text))));
    assertThat(partition("a-b").getCode()).isEqualTo(65_535);
  }

  private Status partition(String name) {
    return call(
            "HasPartition",
            HasPartitionRequest.newBuilder()
                .setCollectionName("books")
                .setPartitionName(name)
                .build())
        .message(BoolResponse::parseFrom)
        .getStatus();
  }

  @Test
  void getLoadState_knowsCollectionsThatDontExist() {
    for (var database : List.of("", "x")) {
      assertThatMessage(
              call(
                      "GetLoadState",
                      GetLoadStateRequest.newBuilder()
                          .setDbName(database)
                          .setCollectionName("books")
                          .build())
                  .message(GetLoadStateResponse::parseFrom))
          .isEqualTo(GetLoadStateResponse.newBuilder().setStatus(OK).build());
    }
    assertThat(statusAbout("GetLoadState", "", "").getReason())
        .isEqualTo("collection name should not be empty: invalid parameter");
  }

  @Test
  void segmentsOfNoCollection_areFlushed_andHaveNoReplicas() {
    assertThatMessage(
            call("GetFlushState", GetFlushStateRequest.getDefaultInstance())
                .message(GetFlushStateResponse::parseFrom))
        .isEqualTo(GetFlushStateResponse.newBuilder().setStatus(OK).setFlushed(true).build());
    assertThatMessage(
            call("GetReplicas", GetReplicasRequest.getDefaultInstance())
                .message(GetReplicasResponse::parseFrom))
        .isEqualTo(GetReplicasResponse.newBuilder().setStatus(OK).build());
  }

  @Test
  void aliases_areNone() {
    assertThatMessage(
            call(
                    "ListAliases",
                    ListAliasesRequest.getDefaultInstance(),
                    Map.of("authorization", ALICE))
                .message(ListAliasesResponse::parseFrom))
        .isEqualTo(ListAliasesResponse.newBuilder().setStatus(OK).setDbName("default").build());
    assertThat(alias("default", "novels"))
        .isEqualTo(error(1, 1600, "alias not found[database=default][alias=novels]"));
    assertThat(alias("x", "novels")).isEqualTo(error(1, 800, "database not found[database=x]"));
    assertThat(alias("x", ""))
        .isEqualTo(error(5, 1100, "collection alias should not be empty: invalid parameter"));
  }

  private Status alias(String database, String name) {
    return call(
            "DescribeAlias",
            DescribeAliasRequest.newBuilder().setDbName(database).setAlias(name).build())
        .message(DescribeAliasResponse::parseFrom)
        .getStatus();
  }

  @ParameterizedTest
  @CsvSource({
    "GetCollectionStatistics, GetStatistics",
    "HasPartition, HasPartition",
    "ShowPartitions, ShowPartitions",
    "GetLoadingProgress, GetLoadState",
    "GetLoadState, GetLoadState",
    "DescribeAlias, DescribeAlias",
    "GetFlushState, GetFlushState",
    "ListResourceGroups, ListResourceGroups",
    "DescribeResourceGroup, DescribeResourceGroup",
    "CreateDatabase, CreateDatabase",
    "DropDatabase, DropDatabase",
    "AlterDatabase, AlterDatabase",
    "DescribeDatabase, DescribeDatabase",
  })
  void privileges_areCheckedFirst_inTheDatabaseOfTheConnection(String rpc, String privilege) {
    var answer = callAbout(rpc, "x", "", Map.of("authorization", ALICE, "dbname", "books"));
    assertThat(answer.status()).isEqualTo("7");
    assertThat(answer.text())
        .isEqualTo("Privilege%s: permission deny to alice in the `books` database", privilege);
    grantToAlice(privilege, "books", "*");
    assertThat(callAbout(rpc, "x", "", Map.of("authorization", ALICE, "dbname", "books")).status())
        .isEqualTo("0");
  }

  private void grantToAlice(String privilege, String database, String collection) {
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

  // ---- databases

  @Test
  void databases_areCreated_listed_described_altered_dropped() {
    assertThat(create("books", "timezone", "UTC")).isEqualTo(OK);
    assertThat(create("books", "a", "b"))
        .isEqualTo(error(5, 1100, "database already exist: books: invalid parameter"));
    assertThat(names(ROOT)).containsExactly("default", "books");
    var described = describe("books");
    assertThat(described.getStatus()).isEqualTo(OK);
    assertThat(described.getDbName()).isEqualTo("books");
    assertThat(described.getPropertiesList()).containsExactly(property("timezone", "UTC"));
    assertThat(described.getDbID()).isGreaterThan(1).isEqualTo(listed(ROOT).getDbIds(1));

    var alter = AlterDatabaseRequest.newBuilder().setDbName("books");
    assertThat(status("AlterDatabase", alter.clone().addProperties(property("a", "b")).build()))
        .isEqualTo(OK);
    assertThat(describe("books").getPropertiesList())
        .containsExactly(property("timezone", "UTC"), property("a", "b"));
    assertThat(status("AlterDatabase", alter.clone().addDeleteKeys("timezone").build()))
        .isEqualTo(OK);
    assertThat(describe("books").getPropertiesList()).containsExactly(property("a", "b"));

    assertThat(status("DropDatabase", drop("books"))).isEqualTo(OK);
    assertThat(status("DropDatabase", drop("books"))).isEqualTo(OK);
    assertThat(describe("books").getStatus())
        .isEqualTo(error(1, 800, "database not found[database=books]"));
    assertThat(describe(""))
        .isEqualTo(
            DescribeDatabaseResponse.newBuilder()
                .setStatus(OK)
                .setDbName("default")
                .setDbID(1)
                .build());
  }

  @Test
  void propertiesOfTheDefaultDatabase_areKept() {
    var alter = AlterDatabaseRequest.newBuilder().setDbName("default");
    assertThat(status("AlterDatabase", alter.clone().addProperties(property("a", "b")).build()))
        .isEqualTo(OK);
    assertThat(describe("").getPropertiesList()).containsExactly(property("a", "b"));
    assertThat(describe("default").getDbID()).isEqualTo(1);
    assertThat(create("books", "a", "c")).isEqualTo(OK);
    assertThat(listed(ROOT).getDbNamesList()).containsExactly("default", "books");
    assertThat(status("DropDatabase", drop("default")).getReason())
        .startsWith("can not drop default database");
    assertThat(status("AlterDatabase", alter.clone().addDeleteKeys("a").build())).isEqualTo(OK);
    assertThat(describe("").getPropertiesList()).isEmpty();
  }

  /** They are read with every check of a privilege. */
  @Test
  void propertiesOfADatabase_areLimited() {
    var limit = "a database can have 64 properties of 16384 bytes in all: invalid parameter";
    assertThat(create("books", "a", "x".repeat(16_384)).getReason()).isEqualTo(limit);
    assertThat(create("books", "a", "x".repeat(16_383))).isEqualTo(OK);
    var alter = AlterDatabaseRequest.newBuilder().setDbName("default");
    for (int i = 0; i < 64; i++) {
      alter.addProperties(property("k" + i, ""));
    }
    assertThat(status("AlterDatabase", alter.build())).isEqualTo(OK);
    assertThat(status("AlterDatabase", alter.addProperties(property("one", "")).build()))
        .returns(limit, Status::getReason);
    assertThat(describe("default").getPropertiesCount()).isEqualTo(64);
  }

  @Test
  void propertiesOfAnyType_areKeptAsGoPrintsThem() {
    var created =
        server.send(
            "POST",
            "/v2/vectordb/databases/create",
            List.of(Map.entry("Authorization", "Bearer root:" + TestRealm.ROOT_PASSWORD)),
            """
            {"dbName": "books", "properties":
              {"a": "x", "b": 2, "c": 2.5e7, "d": true, "e": null, "f": [1, "y"], "g": {"h": 1}}}
            """);
    assertThat(created.body()).isEqualTo("{\"code\":0,\"data\":{}}");
    assertThat(describe("books").getPropertiesList())
        .containsExactly(
            property("a", "x"),
            property("b", "2"),
            property("c", "2.5e+07"),
            property("d", "true"),
            property("e", "<nil>"),
            property("f", "[1 y]"),
            property("g", "map[h:1]"));
    var described =
        server.send(
            "POST",
            "/v2/vectordb/databases/describe",
            List.of(Map.entry("Authorization", "Bearer root:" + TestRealm.ROOT_PASSWORD)),
            "{\"dbName\": \"books\"}");
    assertThat(described.body())
        .matches(
            "\\{\"code\":0,\"data\":\\{\"dbID\":\\d+,\"dbName\":\"books\",\"properties\":\\[\\{\"key\":\"a\",\"value\":\"x\"},.*");
  }

  @Test
  void changesOfDatabases_areRefused_withTheServersTexts() {
    assertRefused(5, 1100, ": invalid parameter");
    restart(new Settings(Version.V2_5, true));
    assertRefused(1, 65_535, "");
  }

  private void assertRefused(int legacy, int code, String kind) {
    create("books", "a", "b");
    var refusals =
        Map.of(
            status(
                "CreateDatabase", CreateDatabaseRequest.newBuilder().setDbName("default").build()),
            "database already exist: default",
            status("DropDatabase", drop("default")),
            "can not drop default database",
            status("AlterDatabase", AlterDatabaseRequest.getDefaultInstance()),
            "alter database failed, database name does not exists",
            status("AlterDatabase", AlterDatabaseRequest.newBuilder().setDbName("books").build()),
            "alter database with empty properties and delete keys, expected to set either properties or delete keys",
            status(
                "AlterDatabase",
                AlterDatabaseRequest.newBuilder()
                    .setDbName("books")
                    .addProperties(property("a", "b"))
                    .addDeleteKeys("a")
                    .build()),
            "alter database cannot modify properties and delete keys at the same time");
    refusals.forEach(
        (status, text) -> {
          assertThat(status.getReason()).isEqualTo(text + kind);
          assertThat(status.getCode()).as(text).isEqualTo(code);
          assertThat(status.getErrorCode()).as(text).isEqualTo(legacy);
        });
    assertThat(
            status(
                    "AlterDatabase",
                    AlterDatabaseRequest.newBuilder().setDbName("x").addDeleteKeys("a").build())
                .getReason())
        .isEqualTo("database not found[database=x]");
    assertThat(create("", "a", "b").getReason())
        .isEqualTo("database name couldn't be empty: invalid database name[database=]");
  }

  @Test
  void create_takesNoMoreThan64_whichVersionsCheckInAnotherOrder() {
    createAll();
    assertThat(create("d64", "a", "b"))
        .isEqualTo(error(1, 801, "exceeded the limit number of database[limit=64]"));
    assertThat(create("d0", "a", "b").getReason()).startsWith("database already exist: d0");

    restart(new Settings(Version.V2_5, true));
    createAll();
    assertThat(create("d0", "a", "b"))
        .isEqualTo(first(error(1, 801, "exceeded the limit number of database[limit=64]")));
  }

  private void createAll() {
    IntStream.range(0, 64)
        .forEach(i -> assertThat(create("d" + i, "a", "b").getCode()).as("d" + i).isZero());
  }

  @Test
  void listDatabases_showsTheOnesOfGrants() {
    create("books", "a", "b");
    assertThat(listed(ALICE)).isEqualTo(ListDatabasesResponse.newBuilder().setStatus(OK).build());
    grantToAlice("Search", "books", "*");
    assertThat(names(ALICE)).containsExactly("books");
    assertThat(names(ROOT)).containsExactly("default", "books");
    assertThat(listed(ROOT).getCreatedTimestampList()).containsExactly(0L, 0L);
    assertThat(listed(ROOT).getDbIds(0)).isEqualTo(1);

    restart(new Settings(Version.V2_6, false));
    assertThat(names(ALICE)).containsExactly("default");
  }

  @Test
  void grantInAllDatabases_showsAll() {
    create("books", "a", "b");
    grantToAlice("Search", "*", "*");
    assertThat(names(ALICE)).containsExactly("default", "books");
  }

  @Test
  void connect_needsADatabaseThatExists_visibleOrNot() {
    create("books", "a", "b");
    assertThat(connected("books").getStatus()).isEqualTo(OK);
    assertThat(connected("films").getStatus())
        .isEqualTo(error(1, 800, "database not found[database=films]"));
    assertThat(connected("films").getIdentifier()).isZero();

    restart(new Settings(Version.V2_5, true));
    assertThat(connected("films").getStatus())
        .isEqualTo(first(error(1, 800, "database not found[database=films]")));
  }

  private ConnectResponse connected(String database) {
    return call(
            "Connect",
            ConnectRequest.getDefaultInstance(),
            Map.of("authorization", ALICE, "dbname", database))
        .message(ConnectResponse::parseFrom);
  }

  /** Neither overwrites the other, although both are stored in one place. */
  @Test
  void databases_andPrivilegeGroups_areKeptTogether() {
    create("books", "a", "b");
    assertThat(
            status(
                "CreatePrivilegeGroup",
                CreatePrivilegeGroupRequest.newBuilder().setGroupName("mine").build()))
        .isEqualTo(OK);
    create("films", "a", "b");
    assertThat(names(ROOT)).containsExactly("default", "books", "films");
    assertThat(groups()).contains("mine");
  }

  private List<String> groups() {
    return call("ListPrivilegeGroups", ListPrivilegeGroupsRequest.getDefaultInstance())
        .message(ListPrivilegeGroupsResponse::parseFrom)
        .getPrivilegeGroupsList()
        .stream()
        .map(group -> group.getGroupName())
        .toList();
  }

  @Test
  void storeFromBeforeThereWereDatabases_isRead() {
    var organizations = realm.realm().organizations();
    var system = await(organizations.system());
    await(organizations.updateExtras(system.id(), "milvus", old -> "{\"groups\":{\"old\":[]}}"));
    assertThat(names(ROOT)).containsExactly("default");
    create("books", "a", "b");
    assertThat(groups()).contains("old");
  }

  private Status create(String name, String key, String value) {
    return status(
        "CreateDatabase",
        CreateDatabaseRequest.newBuilder()
            .setDbName(name)
            .addProperties(property(key, value))
            .build());
  }

  private static KeyValuePair property(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  private static DropDatabaseRequest drop(String name) {
    return DropDatabaseRequest.newBuilder().setDbName(name).build();
  }

  private DescribeDatabaseResponse describe(String name) {
    return call("DescribeDatabase", DescribeDatabaseRequest.newBuilder().setDbName(name).build())
        .message(DescribeDatabaseResponse::parseFrom);
  }

  private ListDatabasesResponse listed(String authorization) {
    return call(
            "ListDatabases",
            ListDatabasesRequest.getDefaultInstance(),
            Map.of("authorization", authorization))
        .message(ListDatabasesResponse::parseFrom);
  }

  private List<String> names(String authorization) {
    return listed(authorization).getDbNamesList();
  }

  // ---- the server

  @Test
  void resourceGroups_areTheDefaultOne() {
    assertThatMessage(
            call("ListResourceGroups", ListResourceGroupsRequest.getDefaultInstance())
                .message(ListResourceGroupsResponse::parseFrom))
        .isEqualTo(
            ListResourceGroupsResponse.newBuilder()
                .setStatus(OK)
                .addResourceGroups("__default_resource_group")
                .build());
    assertThat(resourceGroup("__default_resource_group"))
        .isEqualTo(
            DescribeResourceGroupResponse.newBuilder()
                .setStatus(OK)
                .setResourceGroup(
                    ResourceGroup.newBuilder()
                        .setName("__default_resource_group")
                        .setCapacity(1_000_000)
                        .setNumAvailableNode(1)
                        .setConfig(
                            ResourceGroupConfig.newBuilder()
                                .setRequests(ResourceGroupLimit.getDefaultInstance())
                                .setLimits(ResourceGroupLimit.newBuilder().setNodeNum(1_000_000)))
                        .addNodes(
                            NodeInfo.newBuilder()
                                .setNodeId(1)
                                .setAddress("localhost")
                                .setHostname("localhost")))
                .build());
    assertThat(resourceGroup("x").getStatus())
        .isEqualTo(error(1, 300, "resource group not found[rg=x]"));
  }

  private DescribeResourceGroupResponse resourceGroup(String name) {
    return call(
            "DescribeResourceGroup",
            DescribeResourceGroupRequest.newBuilder().setResourceGroup(name).build())
        .message(DescribeResourceGroupResponse::parseFrom);
  }

  @Test
  void metrics_areTheTopologyOfOneNode() {
    var answer = metrics("{\"metric_type\": \"system_info\"}");
    assertThat(answer.getStatus()).isEqualTo(OK);
    assertThat(answer.getComponentName()).isEqualTo("proxy1");
    var nodes = new JsonObject(answer.getResponse()).getJsonArray("nodes_info");
    assertThat(nodes).hasSize(6);
    var proxy = nodes.getJsonObject(0);
    assertThat(proxy.getInteger("identifier")).isEqualTo(1);
    assertThat(proxy.getJsonObject("infos").getString("type")).isEqualTo("proxy");
    assertThat(proxy.getJsonObject("infos").getJsonObject("system_info").getString("deploy_mode"))
        .isEqualTo("STANDALONE");
    assertThat(metrics("{\"metric_type\": \"x\"}").getStatus())
        .isEqualTo(error(1, 1200, "metric not found[metric=x]"));
    for (var request : List.of("", "{}", "{")) {
      assertThat(metrics(request).getStatus().getReason())
          .isEqualTo("metric_type or req_type not found in request");
    }
  }

  private GetMetricsResponse metrics(String request) {
    return call("GetMetrics", GetMetricsRequest.newBuilder().setRequest(request).build())
        .message(GetMetricsResponse::parseFrom);
  }

  @Test
  void components_areHealthy() {
    assertThatMessage(
            call("GetComponentStates", GetComponentStatesRequest.getDefaultInstance())
                .message(ComponentStates::parseFrom))
        .isEqualTo(
            ComponentStates.newBuilder()
                .setState(ComponentInfo.newBuilder().setNodeID(1).setRole("proxy").setStateCode(1))
                .setStatus(OK)
                .build());
  }

  @Test
  void timestamps_increase_andCountMilliseconds() {
    var one = timestamp();
    var other = timestamp();
    assertThat(other).isGreaterThan(one);
    assertThat(one >> 18).isEqualTo(realm.clock().millis());
  }

  private long timestamp() {
    return call("AllocTimestamp", AllocTimestampRequest.getDefaultInstance())
        .message(AllocTimestampResponse::parseFrom)
        .getTimestamp();
  }

  @Test
  void listIndexedSegment_isUnimplementedByTheServer() {
    var text = "service unavailable: ListIndexedSegment unimplemented";
    assertThat(
            call("ListIndexedSegment", ListIndexedSegmentRequest.getDefaultInstance())
                .message(ListIndexedSegmentResponse::parseFrom)
                .getStatus())
        .isEqualTo(
            Status.newBuilder()
                .setErrorCode(1)
                .setCode(2)
                .setRetriable(true)
                .setReason(text)
                .setDetail(text)
                .build());
  }

  /** What would hold data is refused by name. */
  @Test
  void changesOfData_areUnimplemented() {
    for (var rpc :
        List.of(
            "CreateCollection",
            "DropCollection",
            "LoadCollection",
            "CreatePartition",
            "CreateAlias",
            "CreateIndex",
            "Insert",
            "Upsert",
            "Delete",
            "Search",
            "Query",
            "Flush",
            "CreateResourceGroup")) {
      var answer = call(rpc, ListDatabasesRequest.getDefaultInstance());
      assertThat(answer.status()).isEqualTo("12");
      assertThat(answer.text())
          .isEqualTo("unknown method " + rpc + " for service milvus.proto.milvus.MilvusService");
    }
  }

  @Test
  void withAuthorizationOff_everybodyReads() {
    restart(new Settings(Version.V2_6, false));
    var anyone = new HashMap<String, String>();
    for (var rpc :
        List.of("GetCollectionStatistics", "ShowPartitions", "DescribeIndex", "HasPartition")) {
      assertThat(statusAbout(rpc, "", "books", anyone).getCode()).as(rpc).isEqualTo(100);
    }
    assertThatMessage(callAbout("CreateDatabase", "books", "", anyone).message(Status::parseFrom))
        .isEqualTo(OK);
  }
}
