package dev.doppel.milvus;

import dev.doppel.milvus.MilvusCollections.Collection;
import dev.doppel.milvus.grpc.BoolResponse;
import dev.doppel.milvus.grpc.DescribeAliasRequest;
import dev.doppel.milvus.grpc.DescribeAliasResponse;
import dev.doppel.milvus.grpc.DescribeCollectionRequest;
import dev.doppel.milvus.grpc.DescribeCollectionResponse;
import dev.doppel.milvus.grpc.DescribeIndexRequest;
import dev.doppel.milvus.grpc.DescribeIndexResponse;
import dev.doppel.milvus.grpc.GetCollectionStatisticsRequest;
import dev.doppel.milvus.grpc.GetCollectionStatisticsResponse;
import dev.doppel.milvus.grpc.GetFlushStateRequest;
import dev.doppel.milvus.grpc.GetFlushStateResponse;
import dev.doppel.milvus.grpc.GetIndexBuildProgressRequest;
import dev.doppel.milvus.grpc.GetIndexBuildProgressResponse;
import dev.doppel.milvus.grpc.GetIndexStateRequest;
import dev.doppel.milvus.grpc.GetIndexStateResponse;
import dev.doppel.milvus.grpc.GetIndexStatisticsRequest;
import dev.doppel.milvus.grpc.GetIndexStatisticsResponse;
import dev.doppel.milvus.grpc.GetLoadStateRequest;
import dev.doppel.milvus.grpc.GetLoadStateResponse;
import dev.doppel.milvus.grpc.GetLoadingProgressRequest;
import dev.doppel.milvus.grpc.GetLoadingProgressResponse;
import dev.doppel.milvus.grpc.GetPartitionStatisticsRequest;
import dev.doppel.milvus.grpc.GetPartitionStatisticsResponse;
import dev.doppel.milvus.grpc.GetPersistentSegmentInfoRequest;
import dev.doppel.milvus.grpc.GetPersistentSegmentInfoResponse;
import dev.doppel.milvus.grpc.GetQuerySegmentInfoRequest;
import dev.doppel.milvus.grpc.GetQuerySegmentInfoResponse;
import dev.doppel.milvus.grpc.GetReplicasRequest;
import dev.doppel.milvus.grpc.GetReplicasResponse;
import dev.doppel.milvus.grpc.HasCollectionRequest;
import dev.doppel.milvus.grpc.HasPartitionRequest;
import dev.doppel.milvus.grpc.ListAliasesRequest;
import dev.doppel.milvus.grpc.ListAliasesResponse;
import dev.doppel.milvus.grpc.ShowCollectionsRequest;
import dev.doppel.milvus.grpc.ShowCollectionsResponse;
import dev.doppel.milvus.grpc.ShowPartitionsRequest;
import dev.doppel.milvus.grpc.ShowPartitionsResponse;
import dev.doppel.milvus.grpc.Status;
import io.vertx.core.Future;

/**
 * The methods of gRPC that read collections: reads the messages of requests, and writes the results
 * of {@link MilvusCollections} (2.6.19: internal/proxy/impl.go).
 */
final class MilvusCollectionService {

  private static final int IN_MEMORY = 1;

  private final MilvusCollections collections;
  private final MilvusEra era;

  MilvusCollectionService(MilvusCollections collections, MilvusEra era) {
    this.collections = collections;
    this.era = era;
  }

  /** A request that names no database is about the caller's. */
  private static String database(MilvusGrpcCaller caller, String database) {
    return database.isEmpty() ? caller.caller().database() : database;
  }

  private static Collection collection(MilvusGrpcCaller caller, String database, String name) {
    return new Collection(database(caller, database), name);
  }

  // ---- collections

  Future<BoolResponse> hasCollection(MilvusGrpcCaller caller, HasCollectionRequest request) {
    return collections
        .has(collection(caller, request.getDbName(), request.getCollectionName()))
        .map(
            has ->
                BoolResponse.newBuilder()
                    .setStatus(Status.getDefaultInstance())
                    .setValue(has)
                    .build());
  }

  Future<DescribeCollectionResponse> describeCollection(
      MilvusGrpcCaller caller, DescribeCollectionRequest request) {
    return collections.describe(
        caller.caller(),
        collection(caller, request.getDbName(), request.getCollectionName()),
        request.getCollectionID());
  }

  /**
   * Returns the response to a collection that can't be described. If it doesn't exist, the server
   * writes a status of its own: with the older code alone, or until 2.6.4 with both codes
   * (internal/proxy/service_provider.go, task.go).
   */
  DescribeCollectionResponse notDescribed(Status status) {
    var shown = status.getCode() == MilvusErrors.NO_COLLECTION ? notFound(status).build() : status;
    return DescribeCollectionResponse.newBuilder().setStatus(shown).build();
  }

  private Status.Builder notFound(Status status) {
    var own =
        Status.newBuilder()
            .setReason(status.getReason())
            .putExtraInfo(MilvusGrpcErrors.INPUT_ERROR, "true");
    return era == MilvusEra.FIRST
        ? own.setErrorCode(MilvusGrpcErrors.UNEXPECTED_ERROR)
            .setCode(status.getCode())
            .setDetail(
                status.getReason().replaceFirst("can't find collection", "collection not found"))
        : own.setErrorCode(status.getErrorCode());
  }

  Future<GetCollectionStatisticsResponse> getCollectionStatistics(
      MilvusGrpcCaller caller, GetCollectionStatisticsRequest request) {
    return collections.statistics(
        caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<ShowCollectionsResponse> showCollections(
      MilvusGrpcCaller caller, ShowCollectionsRequest request) {
    var database = database(caller, request.getDbName());
    var names =
        request.getType() == IN_MEMORY
            ? collections.listLoaded(database, request.getCollectionNamesList())
            : collections.list(database);
    return names.map(
        none ->
            ShowCollectionsResponse.newBuilder().setStatus(Status.getDefaultInstance()).build());
  }

  // ---- partitions

  Future<BoolResponse> hasPartition(MilvusGrpcCaller caller, HasPartitionRequest request) {
    return collections.hasPartition(
        caller.caller(),
        collection(caller, request.getDbName(), request.getCollectionName()),
        request.getPartitionName());
  }

  Future<GetPartitionStatisticsResponse> getPartitionStatistics(
      MilvusGrpcCaller caller, GetPartitionStatisticsRequest request) {
    return collections.partitionStatistics(
        collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<ShowPartitionsResponse> showPartitions(
      MilvusGrpcCaller caller, ShowPartitionsRequest request) {
    return collections.partitions(
        caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()));
  }

  // ---- loading

  Future<GetLoadingProgressResponse> getLoadingProgress(
      MilvusGrpcCaller caller, GetLoadingProgressRequest request) {
    return collections.loadingProgress(
        caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<GetLoadStateResponse> getLoadState(MilvusGrpcCaller caller, GetLoadStateRequest request) {
    return collections
        .loadState(
            caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()))
        .map(
            none ->
                GetLoadStateResponse.newBuilder().setStatus(Status.getDefaultInstance()).build());
  }

  // ---- aliases

  Future<DescribeAliasResponse> describeAlias(
      MilvusGrpcCaller caller, DescribeAliasRequest request) {
    return collections.describeAlias(
        caller.caller(), database(caller, request.getDbName()), request.getAlias());
  }

  Future<ListAliasesResponse> listAliases(MilvusGrpcCaller caller, ListAliasesRequest request) {
    var collection = collection(caller, request.getDbName(), request.getCollectionName());
    return collections
        .aliases(caller.caller(), collection)
        .map(
            aliases ->
                ListAliasesResponse.newBuilder()
                    .setStatus(Status.getDefaultInstance())
                    .setDbName(collection.database())
                    .setCollectionName(collection.name())
                    .addAllAliases(aliases)
                    .build());
  }

  // ---- indexes

  Future<DescribeIndexResponse> describeIndex(
      MilvusGrpcCaller caller, DescribeIndexRequest request) {
    return collections.index(
        caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<GetIndexStatisticsResponse> getIndexStatistics(
      MilvusGrpcCaller caller, GetIndexStatisticsRequest request) {
    return collections.index(
        caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<GetIndexStateResponse> getIndexState(
      MilvusGrpcCaller caller, GetIndexStateRequest request) {
    return collections.index(
        caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<GetIndexBuildProgressResponse> getIndexBuildProgress(
      MilvusGrpcCaller caller, GetIndexBuildProgressRequest request) {
    return collections.index(
        caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()));
  }

  // ---- segments

  Future<GetFlushStateResponse> getFlushState(
      MilvusGrpcCaller caller, GetFlushStateRequest request) {
    return collections
        .flushed(
            caller.caller(), collection(caller, request.getDbName(), request.getCollectionName()))
        .map(
            flushed ->
                GetFlushStateResponse.newBuilder()
                    .setStatus(Status.getDefaultInstance())
                    .setFlushed(flushed)
                    .build());
  }

  Future<GetPersistentSegmentInfoResponse> getPersistentSegmentInfo(
      MilvusGrpcCaller caller, GetPersistentSegmentInfoRequest request) {
    return collections.segments(
        collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<GetQuerySegmentInfoResponse> getQuerySegmentInfo(
      MilvusGrpcCaller caller, GetQuerySegmentInfoRequest request) {
    return collections.segments(
        collection(caller, request.getDbName(), request.getCollectionName()));
  }

  Future<GetReplicasResponse> getReplicas(MilvusGrpcCaller caller, GetReplicasRequest request) {
    return collections
        .replicas(collection(caller, request.getDbName(), request.getCollectionName()))
        .map(
            none ->
                GetReplicasResponse.newBuilder().setStatus(Status.getDefaultInstance()).build());
  }
}
