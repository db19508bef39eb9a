package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.grpc.BackupRBACMetaResponse;
import dev.doppel.milvus.grpc.ConnectRequest;
import dev.doppel.milvus.grpc.ConnectResponse;
import dev.doppel.milvus.grpc.DescribeDatabaseResponse;
import dev.doppel.milvus.grpc.ListDatabasesResponse;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Password;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sends the calls of the vendor's clients, byte for byte and in their order, to an empty server.
 *
 * <p>The calls of the Node SDK and of pymilvus, and the responses, were recorded while these
 * clients ran against Doppel and every call had the result in the client that the source of Milvus
 * 2.6 gives it: a success, or the error that the call asks for. Those of the Go client are what its
 * source sends; it was not run.
 *
 * <p>A line of a recording has the request as bytes and, for its reader, as text; the response is
 * text only. Times, host names and ids of clients in requests are fixed. In metadata, {@code
 * <identifier>} is that of the latest connection and {@code <time>} is the time. In responses, the
 * identifier of a connection is 0, the id of a database other than the default one is 2, and a
 * password's hash is {@code <hash>}.
 */
class MilvusClientSequencesTest {

  private static final long DEFAULT_DATABASE_ID = 1;
  private static final long DATABASE_ID = 2;

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private GrpcClient client;
  private long identifier;

  @BeforeEach
  void start() {
    realm = TestRealm.blankOver(vertx, MvStorage.inMemory());
    await(realm.realm().createAdministrator(new Password(TestRealm.ROOT_PASSWORD)));
    server =
        new TestServer(
            vertx, new MilvusDialect(realm.realm(), Fidelity.OBSERVED, Settings.DEFAULT));
    client = new GrpcClient(vertx, server.port());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    realm.close();
    await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({
    // @zilliz/milvus2-sdk-node 3.0.6: the calls of its own User test, and a backup and its restore
    "clients-node.ndjson, 91",
    // pymilvus 2.6.17: MilvusClient
    "clients-pymilvus.ndjson, 80",
    // milvus-io/milvus client/milvusclient 2.6.1: client.go, rbac.go, rbac_options.go
    "clients-go.ndjson, 34"
  })
  void recordedCalls_areAnsweredAsRecorded(String file, int calls) throws IOException {
    var recorded = recorded(file);
    assertThat(recorded).hasSize(calls);
    for (var i = 0; i < calls; i++) {
      var call = recorded.get(i);
      var at = "%s, line %d: %s".formatted(file, i + 1, call.getString("path"));
      var request = Base64.getDecoder().decode(call.getString("bytes"));
      var answer = client.call(call.getString("path"), request, metadata(call));
      assertThat(answer.status()).as(at).isEqualTo(call.getInteger("status").toString());
      assertThat(answer.text()).as(at).isEqualTo(call.getString("statusMessage", ""));
      var method = method(call);
      if (method.isPresent()) {
        assertThat(DynamicMessage.parseFrom(method.get().getInputType(), request))
            .as(at)
            .isEqualTo(message(method.get().getInputType(), call.getString("message")));
      }
      if (answer.status().equals("0")) {
        var type = method.orElseThrow().getOutputType();
        assertThat(shown(type, answer)).as(at).isEqualTo(message(type, call.getString("response")));
      } else {
        assertThat(call.containsKey("response")).as(at).isFalse();
      }
    }
  }

  private static List<JsonObject> recorded(String file) throws IOException {
    try (var in = MilvusClientSequencesTest.class.getResourceAsStream("/recordings/" + file)) {
      return new String(in.readAllBytes(), UTF_8).lines().map(JsonObject::new).toList();
    }
  }

  private Map<String, String> metadata(JsonObject call) {
    var metadata = new HashMap<String, String>();
    call.getJsonObject("metadata")
        .forEach(
            one ->
                metadata.put(
                    one.getKey(),
                    one.getValue()
                        .toString()
                        .replace("<identifier>", Long.toString(identifier))
                        .replace("<time>", Long.toString(realm.clock().millis()))));
    return metadata;
  }

  private static Optional<MethodDescriptor> method(JsonObject call) {
    var service = ConnectRequest.getDescriptor().getFile().findServiceByName("MilvusService");
    var path = call.getString("path");
    var prefix = "/" + service.getFullName() + "/";
    return path.startsWith(prefix)
        ? Optional.of(service.findMethodByName(path.substring(prefix.length())))
        : Optional.empty();
  }

  private static DynamicMessage message(Descriptor type, String text)
      throws TextFormat.ParseException {
    var message = DynamicMessage.newBuilder(type);
    TextFormat.merge(text, message);
    return message.build();
  }

  /** Returns a response without its volatile values. */
  private DynamicMessage shown(Descriptor type, Answer answer)
      throws InvalidProtocolBufferException {
    return DynamicMessage.parseFrom(
        type,
        switch (type.getName()) {
          case "ConnectResponse" ->
              withoutIdentifier(answer.message(ConnectResponse::parseFrom)).toByteArray();
          case "BackupRBACMetaResponse" ->
              withoutHashes(answer.message(BackupRBACMetaResponse::parseFrom)).toByteArray();
          case "DescribeDatabaseResponse" ->
              withoutId(answer.message(DescribeDatabaseResponse::parseFrom)).toByteArray();
          case "ListDatabasesResponse" ->
              withoutIds(answer.message(ListDatabasesResponse::parseFrom)).toByteArray();
          default -> answer.message(message -> message);
        });
  }

  private ConnectResponse withoutIdentifier(ConnectResponse response) {
    assertThat(response.getIdentifier()).isPositive().isNotEqualTo(identifier);
    identifier = response.getIdentifier();
    return response.toBuilder().clearIdentifier().build();
  }

  private static BackupRBACMetaResponse withoutHashes(BackupRBACMetaResponse response) {
    var shown = response.toBuilder();
    for (var user : shown.getRBACMetaBuilder().getUsersBuilderList()) {
      assertThat(user.getPassword()).isNotEmpty();
      user.setPassword("<hash>");
    }
    return shown.build();
  }

  private static DescribeDatabaseResponse withoutId(DescribeDatabaseResponse response) {
    return response.toBuilder().setDbID(withoutId(response.getDbID())).build();
  }

  private static ListDatabasesResponse withoutIds(ListDatabasesResponse response) {
    var ids = response.getDbIdsList().stream().map(MilvusClientSequencesTest::withoutId).toList();
    return response.toBuilder().clearDbIds().addAllDbIds(ids).build();
  }

  private static long withoutId(long id) {
    return id > DEFAULT_DATABASE_ID ? DATABASE_ID : id;
  }
}
