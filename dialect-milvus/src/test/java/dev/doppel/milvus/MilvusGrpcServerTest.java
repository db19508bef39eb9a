package dev.doppel.milvus;

import static dev.doppel.milvus.MilvusGrpcFixture.ALICE;
import static dev.doppel.milvus.MilvusGrpcFixture.OK;
import static dev.doppel.milvus.MilvusGrpcFixture.assertThatMessage;
import static dev.doppel.milvus.MilvusGrpcFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.milvus.grpc.AllocTimestampRequest;
import dev.doppel.milvus.grpc.AllocTimestampResponse;
import dev.doppel.milvus.grpc.ComponentInfo;
import dev.doppel.milvus.grpc.ComponentStates;
import dev.doppel.milvus.grpc.DescribeResourceGroupRequest;
import dev.doppel.milvus.grpc.DescribeResourceGroupResponse;
import dev.doppel.milvus.grpc.GetComponentStatesRequest;
import dev.doppel.milvus.grpc.GetMetricsRequest;
import dev.doppel.milvus.grpc.GetMetricsResponse;
import dev.doppel.milvus.grpc.ListIndexedSegmentRequest;
import dev.doppel.milvus.grpc.ListIndexedSegmentResponse;
import dev.doppel.milvus.grpc.ListResourceGroupsRequest;
import dev.doppel.milvus.grpc.ListResourceGroupsResponse;
import dev.doppel.milvus.grpc.NodeInfo;
import dev.doppel.milvus.grpc.ResourceGroup;
import dev.doppel.milvus.grpc.ResourceGroupConfig;
import dev.doppel.milvus.grpc.ResourceGroupLimit;
import dev.doppel.milvus.grpc.Status;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resource groups, metrics and components over gRPC, and the privileges that methods require. */
class MilvusGrpcServerTest {

  private final MilvusGrpcFixture api = new MilvusGrpcFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void resourceGroups_areTheDefaultOne() {
    assertThatMessage(
            api.call("ListResourceGroups", ListResourceGroupsRequest.getDefaultInstance())
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
    return api.call(
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
    return api.call("GetMetrics", GetMetricsRequest.newBuilder().setRequest(request).build())
        .message(GetMetricsResponse::parseFrom);
  }

  @Test
  void components_areHealthy() {
    assertThatMessage(
            api.call("GetComponentStates", GetComponentStatesRequest.getDefaultInstance())
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
    assertThat(one >> 18).isEqualTo(api.realm.clock().millis());
  }

  private long timestamp() {
    return api.call("AllocTimestamp", AllocTimestampRequest.getDefaultInstance())
        .message(AllocTimestampResponse::parseFrom)
        .getTimestamp();
  }

  @Test
  void listIndexedSegment_isUnimplementedByTheServer() {
    var text = "service unavailable: ListIndexedSegment unimplemented";
    assertThat(
            api.call("ListIndexedSegment", ListIndexedSegmentRequest.getDefaultInstance())
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
    var answer = api.callAbout(rpc, "x", "", Map.of("authorization", ALICE, "dbname", "books"));
    assertThat(answer.status()).isEqualTo("7");
    assertThat(answer.text())
        .isEqualTo("Privilege%s: permission deny to alice in the `books` database", privilege);
    api.grantToAlice(privilege, "books", "*");
    assertThat(
            api.callAbout(rpc, "x", "", Map.of("authorization", ALICE, "dbname", "books")).status())
        .isEqualTo("0");
  }

  @Test
  void withAuthorizationOff_everybodyReads() {
    api.restart(new Settings(Version.V2_6, false));
    var anyone = new HashMap<String, String>();
    for (var rpc :
        List.of("GetCollectionStatistics", "ShowPartitions", "DescribeIndex", "HasPartition")) {
      assertThat(api.statusAbout(rpc, "", "books", anyone).getCode()).as(rpc).isEqualTo(100);
    }
    assertThatMessage(
            api.callAbout("CreateDatabase", "books", "", anyone).message(Status::parseFrom))
        .isEqualTo(OK);
  }
}
