package dev.doppel.milvus;

import static dev.doppel.milvus.MilvusGrpcFixture.ALICE;
import static dev.doppel.milvus.MilvusGrpcFixture.OK;
import static dev.doppel.milvus.MilvusGrpcFixture.ROOT;
import static dev.doppel.milvus.MilvusGrpcFixture.assertThatMessage;
import static dev.doppel.milvus.MilvusGrpcFixture.error;
import static dev.doppel.milvus.MilvusGrpcFixture.withoutExtraInfo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.milvus.grpc.BoolResponse;
import dev.doppel.milvus.grpc.DescribeAliasRequest;
import dev.doppel.milvus.grpc.DescribeAliasResponse;
import dev.doppel.milvus.grpc.DescribeCollectionRequest;
import dev.doppel.milvus.grpc.DescribeCollectionResponse;
import dev.doppel.milvus.grpc.GetFlushStateRequest;
import dev.doppel.milvus.grpc.GetFlushStateResponse;
import dev.doppel.milvus.grpc.GetLoadStateRequest;
import dev.doppel.milvus.grpc.GetLoadStateResponse;
import dev.doppel.milvus.grpc.GetReplicasRequest;
import dev.doppel.milvus.grpc.GetReplicasResponse;
import dev.doppel.milvus.grpc.HasCollectionRequest;
import dev.doppel.milvus.grpc.HasPartitionRequest;
import dev.doppel.milvus.grpc.ListAliasesRequest;
import dev.doppel.milvus.grpc.ListAliasesResponse;
import dev.doppel.milvus.grpc.ListDatabasesRequest;
import dev.doppel.milvus.grpc.ShowCollectionsRequest;
import dev.doppel.milvus.grpc.ShowCollectionsResponse;
import dev.doppel.milvus.grpc.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Collections, partitions and aliases over gRPC, of a server that has none. */
class MilvusGrpcCollectionTest {

  private final MilvusGrpcFixture api = new MilvusGrpcFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void showCollections_isEmpty() {
    var empty = ShowCollectionsResponse.newBuilder().setStatus(OK).build();
    assertThatMessage(
            api.call("ShowCollections", ShowCollectionsRequest.getDefaultInstance())
                .message(ShowCollectionsResponse::parseFrom))
        .isEqualTo(empty);
    assertThatMessage(
            api.call(
                    "ShowCollections",
                    ShowCollectionsRequest.newBuilder().setType(1).build(),
                    Map.of("authorization", ALICE))
                .message(ShowCollectionsResponse::parseFrom))
        .isEqualTo(empty);
    assertThat(
            api.call(
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
            api.call("HasCollection", request.build(), Map.of("authorization", ALICE))
                .message(BoolResponse::parseFrom))
        .isEqualTo(no);
    var elsewhere = request.setDbName("x").build();
    assertThat(api.call("HasCollection", elsewhere).message(BoolResponse::parseFrom).getStatus())
        .isEqualTo(error(1, 800, "database not found[database=x]"));

    api.restart(new Settings(Version.V2_5, true));
    assertThatMessage(api.call("HasCollection", elsewhere).message(BoolResponse::parseFrom))
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

    api.restart(new Settings(Version.V2_5, true));
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
    return api.call("DescribeCollection", request)
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
    assertThat(api.statusAbout(rpc, "", "books")).isEqualTo(missing);
    assertThat(api.statusAbout(rpc, "x", "books"))
        .isEqualTo(error(1, 800, "database not found[database=x]"));
    assertThat(
            api.statusAbout(rpc, "", "books", Map.of("authorization", ROOT, "dbname", "x"))
                .getCode())
        .isEqualTo(800);
    assertThat(api.statusAbout(rpc, "", "1books"))
        .isEqualTo(
            checksNames
                ? error(
                    5,
                    1100,
                    "Invalid collection name: 1books.  the first character of a collection name must be an underscore or letter: invalid parameter")
                : error(4, 100, "collection not found[database=default][collection=1books]"));

    api.restart(new Settings(Version.V2_5, true));
    assertThat(api.statusAbout(rpc, "", "books")).isEqualTo(withoutExtraInfo(missing));
  }

  @Test
  void readsOfCollectionsWithoutAName_areOfTheIdZero() {
    for (var rpc :
        List.of(
            "GetCollectionStatistics",
            "GetPartitionStatistics",
            "GetPersistentSegmentInfo",
            "GetQuerySegmentInfo")) {
      assertThat(api.statusAbout(rpc, "x", ""))
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

    api.restart(new Settings(Version.V2_5, true));
    texts.forEach(
        (name, text) ->
            assertThat(partition(name)).isEqualTo(withoutExtraInfo(error(1, 65_535, text))));
    assertThat(partition("a-b").getCode()).isEqualTo(65_535);
  }

  private Status partition(String name) {
    return api.call(
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
              api.call(
                      "GetLoadState",
                      GetLoadStateRequest.newBuilder()
                          .setDbName(database)
                          .setCollectionName("books")
                          .build())
                  .message(GetLoadStateResponse::parseFrom))
          .isEqualTo(GetLoadStateResponse.newBuilder().setStatus(OK).build());
    }
    assertThat(api.statusAbout("GetLoadState", "", "").getReason())
        .isEqualTo("collection name should not be empty: invalid parameter");
  }

  @Test
  void segmentsOfNoCollection_areFlushed_andHaveNoReplicas() {
    assertThatMessage(
            api.call("GetFlushState", GetFlushStateRequest.getDefaultInstance())
                .message(GetFlushStateResponse::parseFrom))
        .isEqualTo(GetFlushStateResponse.newBuilder().setStatus(OK).setFlushed(true).build());
    assertThatMessage(
            api.call("GetReplicas", GetReplicasRequest.getDefaultInstance())
                .message(GetReplicasResponse::parseFrom))
        .isEqualTo(GetReplicasResponse.newBuilder().setStatus(OK).build());
  }

  @Test
  void aliases_areNone() {
    assertThatMessage(
            api.call(
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
    return api.call(
            "DescribeAlias",
            DescribeAliasRequest.newBuilder().setDbName(database).setAlias(name).build())
        .message(DescribeAliasResponse::parseFrom)
        .getStatus();
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
      var answer = api.call(rpc, ListDatabasesRequest.getDefaultInstance());
      assertThat(answer.status()).isEqualTo("12");
      assertThat(answer.text())
          .isEqualTo("unknown method " + rpc + " for service milvus.proto.milvus.MilvusService");
    }
  }
}
