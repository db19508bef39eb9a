package dev.doppel.milvus;

import dev.doppel.milvus.grpc.AlterDatabaseRequest;
import dev.doppel.milvus.grpc.CreateDatabaseRequest;
import dev.doppel.milvus.grpc.DescribeDatabaseRequest;
import dev.doppel.milvus.grpc.DescribeDatabaseResponse;
import dev.doppel.milvus.grpc.DropDatabaseRequest;
import dev.doppel.milvus.grpc.KeyValuePair;
import dev.doppel.milvus.grpc.ListDatabasesRequest;
import dev.doppel.milvus.grpc.ListDatabasesResponse;
import dev.doppel.milvus.grpc.Status;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods of gRPC about databases: reads the messages of requests, and writes the results of
 * {@link MilvusDatabases} (2.6.19: internal/proxy/task_database.go).
 */
final class MilvusDatabaseService {

  private final MilvusDatabases databases;

  MilvusDatabaseService(MilvusDatabases databases) {
    this.databases = databases;
  }

  private static Status ok(@Nullable Object done) {
    return Status.getDefaultInstance();
  }

  Future<Status> createDatabase(MilvusGrpcCaller caller, CreateDatabaseRequest request) {
    return databases
        .create(caller.caller(), request.getDbName(), properties(request.getPropertiesList()))
        .map(MilvusDatabaseService::ok);
  }

  private static Map<String, String> properties(List<KeyValuePair> pairs) {
    var properties = new LinkedHashMap<String, String>();
    pairs.forEach(pair -> properties.put(pair.getKey(), pair.getValue()));
    return properties;
  }

  Future<Status> dropDatabase(MilvusGrpcCaller caller, DropDatabaseRequest request) {
    return databases.drop(caller.caller(), request.getDbName()).map(MilvusDatabaseService::ok);
  }

  /** The server leaves the times of creation at 0. */
  Future<ListDatabasesResponse> listDatabases(
      MilvusGrpcCaller caller, ListDatabasesRequest request) {
    return databases
        .list(caller.caller())
        .map(
            all -> {
              var response =
                  ListDatabasesResponse.newBuilder().setStatus(Status.getDefaultInstance());
              for (var database : all) {
                response.addDbNames(database.name()).addCreatedTimestamp(0).addDbIds(database.id());
              }
              return response.build();
            });
  }

  Future<Status> alterDatabase(MilvusGrpcCaller caller, AlterDatabaseRequest request) {
    return databases
        .alter(
            caller.caller(),
            request.getDbName(),
            properties(request.getPropertiesList()),
            List.copyOf(request.getDeleteKeysList()))
        .map(MilvusDatabaseService::ok);
  }

  Future<DescribeDatabaseResponse> describeDatabase(
      MilvusGrpcCaller caller, DescribeDatabaseRequest request) {
    return databases
        .describe(caller.caller(), request.getDbName())
        .map(
            database -> {
              var response =
                  DescribeDatabaseResponse.newBuilder()
                      .setStatus(Status.getDefaultInstance())
                      .setDbName(database.name())
                      .setDbID(database.id());
              database
                  .properties()
                  .forEach(
                      (key, value) ->
                          response.addProperties(
                              KeyValuePair.newBuilder().setKey(key).setValue(value)));
              return response.build();
            });
  }
}
