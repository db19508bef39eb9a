package dev.doppel.milvus;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.doppel.dialect.CallServer;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusGrpcMethod.Action;
import dev.doppel.milvus.grpc.AllocTimestampRequest;
import dev.doppel.milvus.grpc.AllocTimestampResponse;
import dev.doppel.milvus.grpc.AlterDatabaseRequest;
import dev.doppel.milvus.grpc.AlterRoleRequest;
import dev.doppel.milvus.grpc.BackupRBACMetaRequest;
import dev.doppel.milvus.grpc.BackupRBACMetaResponse;
import dev.doppel.milvus.grpc.BoolResponse;
import dev.doppel.milvus.grpc.CheckHealthRequest;
import dev.doppel.milvus.grpc.CheckHealthResponse;
import dev.doppel.milvus.grpc.ComponentStates;
import dev.doppel.milvus.grpc.ConnectRequest;
import dev.doppel.milvus.grpc.ConnectResponse;
import dev.doppel.milvus.grpc.CreateCredentialRequest;
import dev.doppel.milvus.grpc.CreateDatabaseRequest;
import dev.doppel.milvus.grpc.CreatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.CreateRoleRequest;
import dev.doppel.milvus.grpc.DeleteCredentialRequest;
import dev.doppel.milvus.grpc.DescribeAliasRequest;
import dev.doppel.milvus.grpc.DescribeAliasResponse;
import dev.doppel.milvus.grpc.DescribeCollectionRequest;
import dev.doppel.milvus.grpc.DescribeDatabaseRequest;
import dev.doppel.milvus.grpc.DescribeDatabaseResponse;
import dev.doppel.milvus.grpc.DescribeIndexRequest;
import dev.doppel.milvus.grpc.DescribeIndexResponse;
import dev.doppel.milvus.grpc.DescribeResourceGroupRequest;
import dev.doppel.milvus.grpc.DescribeResourceGroupResponse;
import dev.doppel.milvus.grpc.DropDatabaseRequest;
import dev.doppel.milvus.grpc.DropPrivilegeGroupRequest;
import dev.doppel.milvus.grpc.DropRoleRequest;
import dev.doppel.milvus.grpc.GetCollectionStatisticsRequest;
import dev.doppel.milvus.grpc.GetCollectionStatisticsResponse;
import dev.doppel.milvus.grpc.GetComponentStatesRequest;
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
import dev.doppel.milvus.grpc.GetMetricsRequest;
import dev.doppel.milvus.grpc.GetMetricsResponse;
import dev.doppel.milvus.grpc.GetPartitionStatisticsRequest;
import dev.doppel.milvus.grpc.GetPartitionStatisticsResponse;
import dev.doppel.milvus.grpc.GetPersistentSegmentInfoRequest;
import dev.doppel.milvus.grpc.GetPersistentSegmentInfoResponse;
import dev.doppel.milvus.grpc.GetQuerySegmentInfoRequest;
import dev.doppel.milvus.grpc.GetQuerySegmentInfoResponse;
import dev.doppel.milvus.grpc.GetReplicasRequest;
import dev.doppel.milvus.grpc.GetReplicasResponse;
import dev.doppel.milvus.grpc.GetVersionRequest;
import dev.doppel.milvus.grpc.GetVersionResponse;
import dev.doppel.milvus.grpc.HasCollectionRequest;
import dev.doppel.milvus.grpc.HasPartitionRequest;
import dev.doppel.milvus.grpc.HealthCheckRequest;
import dev.doppel.milvus.grpc.HealthCheckResponse;
import dev.doppel.milvus.grpc.ListAliasesRequest;
import dev.doppel.milvus.grpc.ListAliasesResponse;
import dev.doppel.milvus.grpc.ListCredUsersRequest;
import dev.doppel.milvus.grpc.ListCredUsersResponse;
import dev.doppel.milvus.grpc.ListDatabasesRequest;
import dev.doppel.milvus.grpc.ListDatabasesResponse;
import dev.doppel.milvus.grpc.ListIndexedSegmentRequest;
import dev.doppel.milvus.grpc.ListIndexedSegmentResponse;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsRequest;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsResponse;
import dev.doppel.milvus.grpc.ListResourceGroupsRequest;
import dev.doppel.milvus.grpc.ListResourceGroupsResponse;
import dev.doppel.milvus.grpc.OperatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeV2Request;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.RestoreRBACMetaRequest;
import dev.doppel.milvus.grpc.SelectGrantRequest;
import dev.doppel.milvus.grpc.SelectGrantResponse;
import dev.doppel.milvus.grpc.SelectRoleRequest;
import dev.doppel.milvus.grpc.SelectRoleResponse;
import dev.doppel.milvus.grpc.SelectUserRequest;
import dev.doppel.milvus.grpc.SelectUserResponse;
import dev.doppel.milvus.grpc.ShowCollectionsRequest;
import dev.doppel.milvus.grpc.ShowCollectionsResponse;
import dev.doppel.milvus.grpc.ShowPartitionsRequest;
import dev.doppel.milvus.grpc.ShowPartitionsResponse;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.milvus.grpc.UpdateCredentialRequest;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Milvus over gRPC: the methods of its services, in their order. */
final class MilvusGrpc implements Handler<HttpServerRequest> {

  static final String SERVICE = "milvus.proto.milvus.MilvusService";
  static final String HEALTH = "grpc.health.v1.Health";

  /**
   * The service of 3.0 that clients since then call on every connection; it is unknown to the
   * releases that are served here.
   */
  static final String TELEMETRY = "milvus.proto.milvus.ClientTelemetryService";

  private static final ServiceName MILVUS = ServiceName.create(SERVICE);
  private static final String ENCODING = "grpc-encoding";
  private static final int SERVING = 1;

  private final MilvusGrpcCall.Services services;
  private final GrpcServer server;

  /**
   * @param version of the server, in its own form
   */
  MilvusGrpc(
      CallServer calls,
      Fidelity fidelity,
      MilvusGrpcAuth auth,
      MilvusOperations operations,
      String version) {
    var era = operations.era();
    services = new MilvusGrpcCall.Services(calls, fidelity, auth, new MilvusGrpcErrors(era));
    server =
        GrpcServer.server(
            calls.vertx(),
            new GrpcServerOptions()
                .setMaxMessageSize(calls.limits().maxBodyBytes())
                .setScheduleDeadlineAutomatically(true)
                .removeEnabledProtocol(GrpcProtocol.WEB)
                .removeEnabledProtocol(GrpcProtocol.WEB_TEXT));
    server.callHandler(this::unimplemented);
    serve(new MilvusCollectionService(operations.collections(), era));
    serve(new MilvusServerService(operations.server(), version));
    serve(new MilvusDatabaseService(operations.databases()));
    serve(new MilvusService(operations, version), era);
    serve(new MilvusBackupService(operations.backup()));
    serveHealth();
  }

  /** Returns the names of the methods of an era, and of the health check. */
  static List<String> operations(MilvusEra era) {
    var service =
        ConnectRequest.getDescriptor().getFile().findServiceByName("MilvusService").getMethods();
    return Stream.concat(
            service.stream()
                .map(MethodDescriptor::getName)
                .filter(
                    name ->
                        era == MilvusEra.THIRD
                            || !name.equals(MilvusOperation.ALTER_ROLE.operation())),
            Stream.of(MilvusOperation.CHECK.operation()))
        .toList();
  }

  private void serve(MilvusCollectionService service) {
    // spotless:off
    query(MilvusOperation.HAS_COLLECTION, HasCollectionRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::hasCollection, status -> BoolResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.DESCRIBE_COLLECTION, DescribeCollectionRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::describeCollection, service::notDescribed);
    query(MilvusOperation.GET_COLLECTION_STATISTICS, GetCollectionStatisticsRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getCollectionStatistics, status -> GetCollectionStatisticsResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.SHOW_COLLECTIONS, ShowCollectionsRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::showCollections, status -> ShowCollectionsResponse.newBuilder().setStatus(status).build());

    query(MilvusOperation.HAS_PARTITION, HasPartitionRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::hasPartition, status -> BoolResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_PARTITION_STATISTICS, GetPartitionStatisticsRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getPartitionStatistics, status -> GetPartitionStatisticsResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.SHOW_PARTITIONS, ShowPartitionsRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::showPartitions, status -> ShowPartitionsResponse.newBuilder().setStatus(status).build());

    query(MilvusOperation.GET_LOADING_PROGRESS, GetLoadingProgressRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getLoadingProgress, status -> GetLoadingProgressResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_LOAD_STATE, GetLoadStateRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getLoadState, status -> GetLoadStateResponse.newBuilder().setStatus(status).build());

    query(MilvusOperation.DESCRIBE_ALIAS, DescribeAliasRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::describeAlias, status -> DescribeAliasResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.LIST_ALIASES, ListAliasesRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::listAliases, status -> ListAliasesResponse.newBuilder().setStatus(status).build());

    query(MilvusOperation.DESCRIBE_INDEX, DescribeIndexRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::describeIndex, status -> DescribeIndexResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_INDEX_STATISTICS, GetIndexStatisticsRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getIndexStatistics, status -> GetIndexStatisticsResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_INDEX_STATE, GetIndexStateRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getIndexState, status -> GetIndexStateResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_INDEX_BUILD_PROGRESS, GetIndexBuildProgressRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getIndexBuildProgress, status -> GetIndexBuildProgressResponse.newBuilder().setStatus(status).build());

    query(MilvusOperation.GET_FLUSH_STATE, GetFlushStateRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getFlushState, status -> GetFlushStateResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_PERSISTENT_SEGMENT_INFO, GetPersistentSegmentInfoRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getPersistentSegmentInfo, status -> GetPersistentSegmentInfoResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_QUERY_SEGMENT_INFO, GetQuerySegmentInfoRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getQuerySegmentInfo, status -> GetQuerySegmentInfoResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_REPLICAS, GetReplicasRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getReplicas, status -> GetReplicasResponse.newBuilder().setStatus(status).build());
    // spotless:on
  }

  private void serve(MilvusServerService service) {
    // spotless:off
    query(MilvusOperation.GET_METRICS, GetMetricsRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getMetrics, status -> GetMetricsResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_COMPONENT_STATES, GetComponentStatesRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getComponentStates, status -> ComponentStates.newBuilder().setStatus(status).build());
    query(MilvusOperation.LIST_RESOURCE_GROUPS, ListResourceGroupsRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::listResourceGroups, status -> ListResourceGroupsResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.DESCRIBE_RESOURCE_GROUP, DescribeResourceGroupRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::describeResourceGroup, status -> DescribeResourceGroupResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.LIST_INDEXED_SEGMENT, ListIndexedSegmentRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::listIndexedSegment, status -> ListIndexedSegmentResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.ALLOC_TIMESTAMP, AllocTimestampRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::allocTimestamp, status -> AllocTimestampResponse.newBuilder().setStatus(status).build());
    // spotless:on
  }

  private void serve(MilvusDatabaseService service) {
    // spotless:off
    command(MilvusOperation.CREATE_DATABASE, CreateDatabaseRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::createDatabase);
    command(MilvusOperation.DROP_DATABASE, DropDatabaseRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::dropDatabase);
    query(MilvusOperation.LIST_DATABASES, ListDatabasesRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::listDatabases, status -> ListDatabasesResponse.newBuilder().setStatus(status).build());
    command(MilvusOperation.ALTER_DATABASE, AlterDatabaseRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::alterDatabase);
    query(MilvusOperation.DESCRIBE_DATABASE, DescribeDatabaseRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::describeDatabase, status -> DescribeDatabaseResponse.newBuilder().setStatus(status).build());
    // spotless:on
  }

  private void serve(MilvusBackupService service) {
    // spotless:off
    query(MilvusOperation.BACKUP_RBAC, BackupRBACMetaRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::backupRbac, status -> BackupRBACMetaResponse.newBuilder().setStatus(status).build());
    command(MilvusOperation.RESTORE_RBAC, RestoreRBACMetaRequest.parser(), 41, service::restoreRbac);
    // spotless:on
  }

  private void serve(MilvusService service, MilvusEra era) {
    // spotless:off
    query(MilvusOperation.CONNECT, ConnectRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::connect, status -> ConnectResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.GET_VERSION, GetVersionRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::getVersion, status -> GetVersionResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.CHECK_HEALTH, CheckHealthRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::checkHealth, status -> CheckHealthResponse.newBuilder().setStatus(status).build());

    command(MilvusOperation.CREATE_CREDENTIAL, CreateCredentialRequest.parser(), 29, service::createCredential);
    command(MilvusOperation.UPDATE_CREDENTIAL, UpdateCredentialRequest.parser(), 30, service::updateCredential);
    command(MilvusOperation.DELETE_CREDENTIAL, DeleteCredentialRequest.parser(), 31, service::deleteCredential);
    query(MilvusOperation.LIST_CRED_USERS, ListCredUsersRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::listCredUsers, status -> ListCredUsersResponse.newBuilder().setStatus(status).build());

    command(MilvusOperation.CREATE_ROLE, CreateRoleRequest.parser(), 35, service::createRole);
    if (era == MilvusEra.THIRD) {
      command(MilvusOperation.ALTER_ROLE, AlterRoleRequest.parser(), MilvusGrpcErrors.UNEXPECTED_ERROR, service::alterRole);
    }
    command(MilvusOperation.DROP_ROLE, DropRoleRequest.parser(), 36, service::dropRole);
    command(MilvusOperation.OPERATE_USER_ROLE, OperateUserRoleRequest.parser(), 37, service::operateUserRole);
    query(MilvusOperation.SELECT_ROLE, SelectRoleRequest.parser(), 38, service::selectRole, status -> SelectRoleResponse.newBuilder().setStatus(status).build());
    query(MilvusOperation.SELECT_USER, SelectUserRequest.parser(), 39, service::selectUser, status -> SelectUserResponse.newBuilder().setStatus(status).build());
    command(MilvusOperation.OPERATE_PRIVILEGE, OperatePrivilegeRequest.parser(), 41, service::operatePrivilege);
    command(MilvusOperation.OPERATE_PRIVILEGE_V2, OperatePrivilegeV2Request.parser(), 41, service::operatePrivilegeV2);
    query(MilvusOperation.SELECT_GRANT, SelectGrantRequest.parser(), 42, service::selectGrant, status -> SelectGrantResponse.newBuilder().setStatus(status).build());

    command(MilvusOperation.CREATE_PRIVILEGE_GROUP, CreatePrivilegeGroupRequest.parser(), 58, service::createPrivilegeGroup);
    command(MilvusOperation.DROP_PRIVILEGE_GROUP, DropPrivilegeGroupRequest.parser(), 59, service::dropPrivilegeGroup);
    query(MilvusOperation.LIST_PRIVILEGE_GROUPS, ListPrivilegeGroupsRequest.parser(), 60, service::listPrivilegeGroups, status -> ListPrivilegeGroupsResponse.newBuilder().setStatus(status).build());
    command(MilvusOperation.OPERATE_PRIVILEGE_GROUP, OperatePrivilegeGroupRequest.parser(), 61, service::operatePrivilegeGroup);
    // spotless:on
  }

  /** Serves a method whose response is nothing but a status. */
  private <Q extends Message> void command(
      MilvusOperation operation, Parser<Q> parser, int legacyCode, Action<Q, Status> action) {
    query(operation, parser, legacyCode, action, Function.identity());
  }

  /** Serves a method of Milvus; see {@link MilvusGrpcMethod}. */
  private <Q extends Message, A extends Message> void query(
      MilvusOperation operation,
      Parser<Q> parser,
      int legacyCode,
      Action<Q, A> action,
      Function<Status, A> failure) {
    serve(
        MILVUS,
        new MilvusGrpcMethod<>(
            operation.operation(), parser, legacyCode, action, Optional.of(failure), false));
  }

  /** Open, since probes have no credentials. */
  private void serveHealth() {
    serve(
        ServiceName.create(HEALTH),
        new MilvusGrpcMethod<>(
            MilvusOperation.CHECK.operation(),
            HealthCheckRequest.parser(),
            MilvusGrpcErrors.UNEXPECTED_ERROR,
            (caller, request) ->
                Future.succeededFuture(HealthCheckResponse.newBuilder().setStatus(SERVING).build()),
            Optional.empty(),
            true));
  }

  /** Messages are decoded by {@link MilvusGrpcPayload} and encoded by {@link MilvusGrpcCall}. */
  private <Q extends Message, A extends Message> void serve(
      ServiceName service, MilvusGrpcMethod<Q, A> method) {
    server.callHandler(
        ServiceMethod.server(
            service, method.name(), GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY),
        request ->
            MilvusGrpcPayload.receive(request, method.parser(), services.server())
                .onSuccess(message -> services.server().serve(call(request, method, message)))
                .onFailure(thrown -> refuse(call(request, method, null), thrown)));
  }

  private <Q extends Message, A extends Message> MilvusGrpcCall<Q, A> call(
      GrpcServerRequest<Buffer, Buffer> request,
      MilvusGrpcMethod<Q, A> method,
      @Nullable Q message) {
    return new MilvusGrpcCall<>(
        services, request, Optional.of(method), Optional.ofNullable(message));
  }

  private void refuse(MilvusGrpcCall<?, ?> call, Throwable thrown) {
    services.server().respond(call, call.refusal(thrown, false));
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.path().lastIndexOf('/') > 0) {
      serve(request);
    } else {
      var text = "malformed method name: \"" + request.path() + "\"";
      request
          .response()
          .putHeader("content-type", "application/grpc")
          .putHeader("grpc-status", Integer.toString(GrpcStatus.UNIMPLEMENTED.code))
          .putHeader("grpc-message", MilvusGrpcCall.percentEncode(text))
          .end();
    }
  }

  /** vertx-grpc can't read a compressed message if the call doesn't name the encoding. */
  private void serve(HttpServerRequest request) {
    var headers = request.headers();
    var sent = Optional.ofNullable(headers.get(ENCODING));
    headers.set(
        ENCODING,
        sent.filter(encoding -> !encoding.equals("identity"))
            .orElse(MilvusGrpcPayload.NO_ENCODING));
    server.handle(request);
    headers.remove(ENCODING);
    sent.ifPresent(encoding -> headers.set(ENCODING, encoding));
  }

  private void unimplemented(GrpcServerRequest<Buffer, Buffer> request) {
    var service = request.serviceName().fullyQualifiedName();
    var text =
        service.equals(SERVICE) || service.equals(HEALTH)
            ? "unknown method %s for service %s".formatted(request.methodName(), service)
            : "unknown service " + service;
    refuse(
        new MilvusGrpcCall<>(services, request, Optional.empty(), Optional.empty()),
        new MilvusGrpcDeniedException(GrpcStatus.UNIMPLEMENTED, text));
  }
}
