package dev.doppel.milvus;

import static dev.doppel.milvus.MilvusGrpcFixture.ALICE;
import static dev.doppel.milvus.MilvusGrpcFixture.OK;
import static dev.doppel.milvus.MilvusGrpcFixture.ROOT;
import static dev.doppel.milvus.MilvusGrpcFixture.error;
import static dev.doppel.milvus.MilvusGrpcFixture.withoutExtraInfo;
import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.milvus.grpc.AlterDatabaseRequest;
import dev.doppel.milvus.grpc.ConnectRequest;
import dev.doppel.milvus.grpc.ConnectResponse;
import dev.doppel.milvus.grpc.CreateDatabaseRequest;
import dev.doppel.milvus.grpc.CreatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.DescribeDatabaseRequest;
import dev.doppel.milvus.grpc.DescribeDatabaseResponse;
import dev.doppel.milvus.grpc.DropDatabaseRequest;
import dev.doppel.milvus.grpc.KeyValuePair;
import dev.doppel.milvus.grpc.ListDatabasesRequest;
import dev.doppel.milvus.grpc.ListDatabasesResponse;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsRequest;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsResponse;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.testkit.TestRealm;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Databases over gRPC, their properties, and which of them a user sees. */
class MilvusGrpcDatabaseTest {

  private final MilvusGrpcFixture api = new MilvusGrpcFixture();

  @AfterEach
  void close() {
    api.close();
  }

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
    assertThat(api.status("AlterDatabase", alter.clone().addProperties(property("a", "b")).build()))
        .isEqualTo(OK);
    assertThat(describe("books").getPropertiesList())
        .containsExactly(property("timezone", "UTC"), property("a", "b"));
    assertThat(api.status("AlterDatabase", alter.clone().addDeleteKeys("timezone").build()))
        .isEqualTo(OK);
    assertThat(describe("books").getPropertiesList()).containsExactly(property("a", "b"));

    assertThat(api.status("DropDatabase", drop("books"))).isEqualTo(OK);
    assertThat(api.status("DropDatabase", drop("books"))).isEqualTo(OK);
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
    assertThat(api.status("AlterDatabase", alter.clone().addProperties(property("a", "b")).build()))
        .isEqualTo(OK);
    assertThat(describe("").getPropertiesList()).containsExactly(property("a", "b"));
    assertThat(describe("default").getDbID()).isEqualTo(1);
    assertThat(create("books", "a", "c")).isEqualTo(OK);
    assertThat(listed(ROOT).getDbNamesList()).containsExactly("default", "books");
    assertThat(api.status("DropDatabase", drop("default")).getReason())
        .startsWith("can not drop default database");
    assertThat(api.status("AlterDatabase", alter.clone().addDeleteKeys("a").build())).isEqualTo(OK);
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
    assertThat(api.status("AlterDatabase", alter.build())).isEqualTo(OK);
    assertThat(api.status("AlterDatabase", alter.addProperties(property("one", "")).build()))
        .returns(limit, Status::getReason);
    assertThat(describe("default").getPropertiesCount()).isEqualTo(64);
  }

  @Test
  void propertiesOfAnyType_areKeptAsGoPrintsThem() {
    var created =
        api.server.send(
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
        api.server.send(
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
    api.restart(new Settings(Version.V2_5, true));
    assertRefused(1, 65_535, "");
  }

  private void assertRefused(int legacy, int code, String kind) {
    create("books", "a", "b");
    var refusals =
        Map.of(
            api.status(
                "CreateDatabase", CreateDatabaseRequest.newBuilder().setDbName("default").build()),
            "database already exist: default",
            api.status("DropDatabase", drop("default")),
            "can not drop default database",
            api.status("AlterDatabase", AlterDatabaseRequest.getDefaultInstance()),
            "alter database failed, database name does not exists",
            api.status(
                "AlterDatabase", AlterDatabaseRequest.newBuilder().setDbName("books").build()),
            "alter database with empty properties and delete keys, expected to set either properties or delete keys",
            api.status(
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
            api.status(
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

    api.restart(new Settings(Version.V2_5, true));
    createAll();
    assertThat(create("d0", "a", "b"))
        .isEqualTo(
            withoutExtraInfo(error(1, 801, "exceeded the limit number of database[limit=64]")));
  }

  private void createAll() {
    IntStream.range(0, 64)
        .forEach(i -> assertThat(create("d" + i, "a", "b").getCode()).as("d" + i).isZero());
  }

  @Test
  void listDatabases_showsTheOnesOfGrants() {
    create("books", "a", "b");
    assertThat(listed(ALICE)).isEqualTo(ListDatabasesResponse.newBuilder().setStatus(OK).build());
    api.grantToAlice("Search", "books", "*");
    assertThat(names(ALICE)).containsExactly("books");
    assertThat(names(ROOT)).containsExactly("default", "books");
    assertThat(listed(ROOT).getCreatedTimestampList()).containsExactly(0L, 0L);
    assertThat(listed(ROOT).getDbIds(0)).isEqualTo(1);

    api.restart(new Settings(Version.V2_6, false));
    assertThat(names(ALICE)).containsExactly("default");
  }

  @Test
  void grantInAllDatabases_showsAll() {
    create("books", "a", "b");
    api.grantToAlice("Search", "*", "*");
    assertThat(names(ALICE)).containsExactly("default", "books");
  }

  @Test
  void connect_needsADatabaseThatExists_visibleOrNot() {
    create("books", "a", "b");
    assertThat(connected("books").getStatus()).isEqualTo(OK);
    assertThat(connected("films").getStatus())
        .isEqualTo(error(1, 800, "database not found[database=films]"));
    assertThat(connected("films").getIdentifier()).isZero();

    api.restart(new Settings(Version.V2_5, true));
    assertThat(connected("films").getStatus())
        .isEqualTo(withoutExtraInfo(error(1, 800, "database not found[database=films]")));
  }

  private ConnectResponse connected(String database) {
    return api.call(
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
            api.status(
                "CreatePrivilegeGroup",
                CreatePrivilegeGroupRequest.newBuilder().setGroupName("mine").build()))
        .isEqualTo(OK);
    create("films", "a", "b");
    assertThat(names(ROOT)).containsExactly("default", "books", "films");
    assertThat(groups()).contains("mine");
  }

  private List<String> groups() {
    return api
        .call("ListPrivilegeGroups", ListPrivilegeGroupsRequest.getDefaultInstance())
        .message(ListPrivilegeGroupsResponse::parseFrom)
        .getPrivilegeGroupsList()
        .stream()
        .map(group -> group.getGroupName())
        .toList();
  }

  @Test
  void storeFromBeforeThereWereDatabases_isRead() {
    var organizations = api.realm.realm().organizations();
    var system = await(organizations.system());
    await(organizations.updateExtras(system.id(), "milvus", old -> "{\"groups\":{\"old\":[]}}"));
    assertThat(names(ROOT)).containsExactly("default");
    create("books", "a", "b");
    assertThat(groups()).contains("old");
  }

  private Status create(String name, String key, String value) {
    return api.status(
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
    return api.call(
            "DescribeDatabase", DescribeDatabaseRequest.newBuilder().setDbName(name).build())
        .message(DescribeDatabaseResponse::parseFrom);
  }

  private ListDatabasesResponse listed(String authorization) {
    return api.call(
            "ListDatabases",
            ListDatabasesRequest.getDefaultInstance(),
            Map.of("authorization", authorization))
        .message(ListDatabasesResponse::parseFrom);
  }

  private List<String> names(String authorization) {
    return listed(authorization).getDbNamesList();
  }
}
