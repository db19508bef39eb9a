package dev.doppel.milvus;

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
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;

/**
 * The methods of gRPC about the server itself: reads the messages of requests, and writes the
 * results of {@link MilvusServerInfo} (2.6.19: internal/proxy/impl.go).
 */
final class MilvusServerService {

  private static final int HEALTHY = 1;

  private final MilvusServerInfo server;
  private final String version;

  /**
   * @param version of the server, in its own form
   */
  MilvusServerService(MilvusServerInfo server, String version) {
    this.server = server;
    this.version = version;
  }

  Future<GetMetricsResponse> getMetrics(MilvusGrpcCaller caller, GetMetricsRequest request) {
    return Future.succeededFuture(
        GetMetricsResponse.newBuilder()
            .setStatus(Status.getDefaultInstance())
            .setResponse(server.metrics(request.getRequest(), version))
            .setComponentName(MilvusServerInfo.PROXY + MilvusServerInfo.NODE)
            .build());
  }

  Future<ComponentStates> getComponentStates(
      MilvusGrpcCaller caller, GetComponentStatesRequest request) {
    return Future.succeededFuture(
        ComponentStates.newBuilder()
            .setState(
                ComponentInfo.newBuilder()
                    .setNodeID(MilvusServerInfo.NODE)
                    .setRole(MilvusServerInfo.PROXY)
                    .setStateCode(HEALTHY))
            .setStatus(Status.getDefaultInstance())
            .build());
  }

  Future<ListResourceGroupsResponse> listResourceGroups(
      MilvusGrpcCaller caller, ListResourceGroupsRequest request) {
    return server
        .resourceGroups(caller.caller())
        .map(
            names ->
                ListResourceGroupsResponse.newBuilder()
                    .setStatus(Status.getDefaultInstance())
                    .addAllResourceGroups(names)
                    .build());
  }

  Future<DescribeResourceGroupResponse> describeResourceGroup(
      MilvusGrpcCaller caller, DescribeResourceGroupRequest request) {
    return server
        .requireResourceGroup(caller.caller(), request.getResourceGroup())
        .map(
            found ->
                DescribeResourceGroupResponse.newBuilder()
                    .setStatus(Status.getDefaultInstance())
                    .setResourceGroup(defaultGroup())
                    .build());
  }

  private static ResourceGroup defaultGroup() {
    return ResourceGroup.newBuilder()
        .setName(MilvusServerInfo.DEFAULT_RESOURCE_GROUP)
        .setCapacity(MilvusServerInfo.CAPACITY)
        .setNumAvailableNode(1)
        .setConfig(
            ResourceGroupConfig.newBuilder()
                .setRequests(ResourceGroupLimit.getDefaultInstance())
                .setLimits(ResourceGroupLimit.newBuilder().setNodeNum(MilvusServerInfo.CAPACITY)))
        .addNodes(
            NodeInfo.newBuilder()
                .setNodeId(MilvusServerInfo.NODE)
                .setAddress("localhost")
                .setHostname("localhost"))
        .build();
  }

  /** The server never implemented it. */
  Future<ListIndexedSegmentResponse> listIndexedSegment(
      MilvusGrpcCaller caller, ListIndexedSegmentRequest request) {
    return Future.failedFuture(
        MilvusError.proxy(
                MilvusErrors.UNAVAILABLE, "service unavailable: ListIndexedSegment unimplemented")
            .newException(Reason.NOT_SUPPORTED));
  }

  Future<AllocTimestampResponse> allocTimestamp(
      MilvusGrpcCaller caller, AllocTimestampRequest request) {
    return Future.succeededFuture(
        AllocTimestampResponse.newBuilder()
            .setStatus(Status.getDefaultInstance())
            .setTimestamp(server.allocateTimestamp())
            .build());
  }
}
