package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.milvus.grpc.ConnectRequest;
import dev.doppel.milvus.grpc.ConnectResponse;
import dev.doppel.milvus.grpc.CreateCredentialRequest;
import dev.doppel.milvus.grpc.CreateRoleRequest;
import dev.doppel.milvus.grpc.GrantEntity;
import dev.doppel.milvus.grpc.HealthCheckRequest;
import dev.doppel.milvus.grpc.HealthCheckResponse;
import dev.doppel.milvus.grpc.ListCredUsersRequest;
import dev.doppel.milvus.grpc.MilvusProto;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.SelectGrantRequest;
import dev.doppel.milvus.grpc.SelectGrantResponse;
import dev.doppel.milvus.grpc.SelectRoleRequest;
import dev.doppel.milvus.grpc.SelectRoleResponse;
import dev.doppel.milvus.grpc.SelectUserRequest;
import dev.doppel.milvus.grpc.SelectUserResponse;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.milvus.grpc.UpdateCredentialRequest;
import dev.doppel.milvus.grpc.UserEntity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Authority;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the vendor's client hides: whole answers, metadata, and what it would never send. */
class MilvusGrpcTest {

  private static final String SERVICE = "/milvus.proto.milvus.MilvusService/";
  private static final String ROOT = base64("root:" + TestRealm.ROOT_PASSWORD);

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private GrpcClient client;

  @BeforeEach
  void start() {
    start(Fidelity.DOCUMENTED, Settings.DEFAULT);
  }

  private void start(Fidelity fidelity, Settings settings) {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new MilvusDialect(realm.realm(), fidelity, settings));
    client = new GrpcClient(vertx, server.port());
  }

  private void restart(Fidelity fidelity, Settings settings) {
    client.close();
    server.close();
    realm.close();
    start(fidelity, settings);
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

  private static UserEntity user(String name) {
    return UserEntity.newBuilder().setName(name).build();
  }

  private static RoleEntity role(String name) {
    return RoleEntity.newBuilder().setName(name).build();
  }

  private static CreateCredentialRequest create(String name, String base64) {
    return CreateCredentialRequest.newBuilder().setUsername(name).setPassword(base64).build();
  }

  @Test
  void connect_introducesTheServer() {
    var answer = call("Connect", ConnectRequest.getDefaultInstance());
    var connected = answer.message(ConnectResponse::parseFrom);
    assertThat(connected.hasStatus()).isTrue();
    assertThat(connected.getStatus()).isEqualTo(Status.getDefaultInstance());
    assertThat(connected.getServerInfo().getBuildTags()).isEqualTo("2.6.19");
    assertThat(connected.getServerInfo().getDeployMode()).isEqualTo("STANDALONE");
    assertThat(connected.getIdentifier()).isPositive();
    assertThat(
            call("Connect", ConnectRequest.getDefaultInstance())
                .message(ConnectResponse::parseFrom)
                .getIdentifier())
        .isNotEqualTo(connected.getIdentifier());
    assertThat(
            call(
                    "Connect",
                    ConnectRequest.getDefaultInstance(),
                    Map.of("authorization", ROOT, "dbname", ""))
                .message(ConnectResponse::parseFrom)
                .getStatus()
                .getCode())
        .isZero();
  }

  @Test
  void credentials_thatAreNone_areToldByGrpcItself() {
    var texts =
        Map.of(
            "not base64!",
            "invalid token format",
            "cm9vdA",
            "invalid token format",
            base64("root"),
            "auth check failure, please check api key is correct",
            base64("root:wrong"),
            "auth check failure, please check username and password are correct",
            base64("bob:P@ssw0rd"),
            "auth check failure, please check username and password are correct",
            base64(":"),
            "auth check failure, please check username and password are correct");
    texts.forEach(
        (token, text) -> {
          var answer =
              call(
                  "ListCredUsers",
                  ListCredUsersRequest.getDefaultInstance(),
                  Map.of("authorization", token));
          assertThat(answer.status()).as(token).isEqualTo("16");
          assertThat(answer.text()).as(token).isEqualTo(text);
        });
    var none = call("ListCredUsers", ListCredUsersRequest.getDefaultInstance(), Map.of());
    assertThat(none.status()).isEqualTo("16");
    assertThat(none.text()).isEqualTo("missing authorization in header");
  }

  @Test
  void privilege_thatIsMissing_isToldByGrpcItself_withTheDatabase() {
    var answer =
        call(
            "ListCredUsers",
            ListCredUsersRequest.getDefaultInstance(),
            Map.of("authorization", base64("alice:P@ssw0rd"), "dbname", "books"));
    assertThat(answer.status()).isEqualTo("7");
    assertThat(answer.text())
        .isEqualTo("PrivilegeSelectOwnership: permission deny to alice in the `books` database");
  }

  @Test
  void unknownCalls_areUnimplemented_byName() {
    for (var name : List.of("CreateCollection", "Search", "AlterUser")) {
      var answer = call(name, ListCredUsersRequest.getDefaultInstance());
      assertThat(answer.status()).isEqualTo("12");
      assertThat(answer.text())
          .isEqualTo("unknown method " + name + " for service milvus.proto.milvus.MilvusService");
    }
    restart(Fidelity.DOCUMENTED, new Settings(Version.V2_5, true));
    assertThat(call("AlterRole", ListCredUsersRequest.getDefaultInstance()).status())
        .isEqualTo("12");
  }

  @Test
  void unknownServices_areUnimplemented_byName() {
    var service = "milvus.proto.milvus.ClientTelemetryService";
    var answer = client.call("/" + service + "/ClientHeartbeat", new byte[0], Map.of());
    assertThat(answer)
        .returns("12", Answer::status)
        .returns("unknown service " + service, Answer::text);
  }

  @Test
  void pathWithoutACall_isUnimplemented() {
    var answer =
        client.call(
            "/milvus.proto.milvus.MilvusService", new byte[0], Map.of("authorization", ROOT));
    assertThat(answer.status()).isEqualTo("12");
    assertThat(answer.text())
        .isEqualTo("malformed method name: \"/milvus.proto.milvus.MilvusService\"");
  }

  @Test
  void passwordThatIsNoText_isRefused() {
    var bytes = Base64.getEncoder().encodeToString(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
    assertThat(status("CreateCredential", create("carol", bytes)).getReason())
        .isEqualTo("the password must be valid UTF-8: invalid parameter");
  }

  private Answer framed(Map<String, String> metadata, int flag, byte[] message) {
    var frame = GrpcClient.frame(message).setByte(0, (byte) flag);
    var all = new HashMap<>(metadata);
    all.put("authorization", ROOT);
    return client.callFramed(SERVICE + "ListCredUsers", frame, all);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  @Test
  void whatIsNoMessage_isRefusedAsGrpcDoes() {
    var garbage = new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff};
    assertThat(client.call(SERVICE + "CreateCredential", garbage, Map.of("authorization", ROOT)))
        .returns("13", Answer::status)
        .returns(
            "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data",
            Answer::text);
    var noText = new byte[] {0x12, 2, (byte) 0xc3, 0x28};
    assertThat(client.call(SERVICE + "CreateCredential", noText, Map.of("authorization", ROOT)))
        .returns("13", Answer::status)
        .returns(
            "grpc: error unmarshalling request: string field contains invalid UTF-8", Answer::text);
  }

  @Test
  void callWithoutAMessage_isRefused() {
    assertThat(
            client.callFramed(
                SERVICE + "ListCredUsers", Buffer.buffer(), Map.of("authorization", ROOT)))
        .returns("2", Answer::status)
        .returns("EOF", Answer::text);
  }

  @Test
  void compressedMessages_areRead() throws IOException {
    var zipped = gzip(ListCredUsersRequest.getDefaultInstance().toByteArray());
    assertThat(framed(Map.of("grpc-encoding", "gzip"), 1, zipped).status()).isEqualTo("0");
    assertThat(framed(Map.of("grpc-encoding", "gzip"), 0, new byte[0]).status()).isEqualTo("0");
  }

  @Test
  void messagesCompressedByNothingKnown_areRefused() throws IOException {
    for (var metadata : List.of(Map.<String, String>of(), Map.of("grpc-encoding", "identity"))) {
      assertThat(framed(metadata, 1, new byte[0]))
          .returns("13", Answer::status)
          .returns("grpc: compressed flag set with identity or empty encoding", Answer::text);
    }
    assertThat(framed(Map.of("grpc-encoding", "br"), 1, new byte[0]))
        .returns("12", Answer::status)
        .returns("grpc: Decompressor is not installed for grpc-encoding \"br\"", Answer::text);
    assertThat(framed(Map.of("grpc-encoding", "gzip"), 1, "no gzip".getBytes(UTF_8)))
        .returns("13", Answer::status)
        .returns(
            "grpc: failed to decompress the received message: gzip: invalid header", Answer::text);
    var cut = Arrays.copyOf(gzip(new byte[100]), 15);
    assertThat(framed(Map.of("grpc-encoding", "gzip"), 1, cut))
        .returns("13", Answer::status)
        .returns("grpc: failed to decompress the received message: unexpected EOF", Answer::text);
  }

  /** A thousand times smaller than what it would take. */
  @Test
  void messageThatGrowsOverTheLimit_isRefused() throws IOException {
    var bomb = gzip(new byte[64 << 20]);
    assertThat(framed(Map.of("grpc-encoding", "gzip"), 1, bomb))
        .returns("8", Answer::status)
        .returns(
            "grpc: received message after decompression larger than max (1048577 vs. 1048576)",
            Answer::text);
  }

  @Test
  void messageOverTheLimit_isRefused() {
    var answer =
        client.call(
            SERVICE + "CreateCredential", new byte[(1 << 20) + 1], Map.of("authorization", ROOT));
    assertThat(answer.status()).isEqualTo("8");
    assertThat(answer.text())
        .isEqualTo("grpc: received message larger than max (1048577 vs. 1048576)");
  }

  /** What happens to be a message gets an answer, what is none is refused; nothing breaks. */
  @Test
  void noise_isAnsweredOrRefused() {
    var random = new Random(20260304);
    var seen = new TreeSet<String>();
    for (var method : MilvusProto.getDescriptor().findServiceByName("MilvusService").getMethods()) {
      for (int i = 0; i < 50; i++) {
        var noise = new byte[random.nextInt(24)];
        random.nextBytes(noise);
        if (noise.length > 1 && i % 2 == 0) {
          // As a field of the message it is read further than as bytes of any kind.
          noise[0] = (byte) ((2 + random.nextInt(4)) << 3 | 2);
          noise[1] = (byte) (noise.length - 2);
        }
        seen.add(
            client.call(SERVICE + method.getName(), noise, Map.of("authorization", ROOT)).status());
      }
    }
    assertThat(seen).containsExactly("0", "13");
  }

  @Test
  void statusOfAnError_isWhole() {
    assertThat(status("CreateCredential", create("1st", base64("P@ssw0rd"))))
        .isEqualTo(
            Status.newBuilder()
                .setErrorCode(5)
                .setCode(1100)
                .setReason(
                    "invalid user name 1st, the first character must be a letter, but got 1:"
                        + " invalid parameter")
                .setDetail(
                    "invalid user name 1st, the first character must be a letter, but got 1:"
                        + " invalid parameter")
                .putExtraInfo("is_input_error", "true")
                .build());
    assertThat(status("CreateCredential", create("alice", base64("P@ssw0rd"))))
        .isEqualTo(
            Status.newBuilder()
                .setErrorCode(29)
                .setCode(1100)
                .setReason("user already exists: alice: invalid parameter")
                .setDetail("user already exists: alice: invalid parameter")
                .putExtraInfo("is_input_error", "true")
                .build());

    restart(Fidelity.DOCUMENTED, new Settings(Version.V2_5, true));
    assertThat(status("CreateCredential", create("alice", base64("P@ssw0rd"))))
        .isEqualTo(
            Status.newBuilder()
                .setErrorCode(29)
                .setCode(65_535)
                .setReason("user already exists: alice")
                .build());
  }

  @Test
  void emptyNames_areRefusedByTheServer() {
    assertThat(status("CreateCredential", create("", base64("P@ssw0rd"))).getReason())
        .isEqualTo("username must be not empty: invalid parameter");
    assertThat(status("CreateRole", CreateRoleRequest.getDefaultInstance()).getReason())
        .isEqualTo("role name should be not empty: invalid parameter[expected=not empty][actual=]");
    assertThat(status("OperateUserRole", OperateUserRoleRequest.getDefaultInstance()).getReason())
        .isEqualTo("username must be not empty: invalid parameter");
    assertThat(status("UpdateCredential", UpdateCredentialRequest.getDefaultInstance()).getReason())
        .isEqualTo("must update either password or description: invalid parameter");
  }

  @Test
  void passwords_comeInBase64_withGosComplaints() {
    var places = new ArrayList<Integer>();
    for (var wrong :
        List.of(
            "P@ss",
            "UEBzc3cwcmQ",
            "UEBzc3cwcmQ=x",
            "UEBzc3cwcg=",
            "=",
            "A===",
            "AA=A",
            "AA==A",
            "AAA=AAAA")) {
      var reason = status("CreateCredential", create("carol", wrong)).getReason();
      assertThat(reason).startsWith("decode password fail: illegal base64 data at input byte ");
      places.add(Integer.parseInt(reason.replaceAll("\\D", "").substring("64".length())));
    }
    assertThat(places).containsExactly(1, 8, 12, 11, 0, 1, 2, 4, 4);
    assertThat(
            status(
                    "UpdateCredential",
                    UpdateCredentialRequest.newBuilder()
                        .setUsername("alice")
                        .setOldPassword("!")
                        .setNewPassword("!")
                        .build())
                .getReason())
        .isEqualTo("decode old password failed: illegal base64 data at input byte 0");
    assertThat(
            status(
                    "UpdateCredential",
                    UpdateCredentialRequest.newBuilder()
                        .setUsername("alice")
                        .setOldPassword(base64("P@ssw0rd"))
                        .setNewPassword("!")
                        .build())
                .getReason())
        .isEqualTo("decode password failed: illegal base64 data at input byte 0");
    assertThat(status("CreateCredential", create("carol", "UEBzc3cw\r\ncmQ=")).getCode()).isZero();
  }

  @Test
  void selections_ofWhatIsntThere_areEmpty_andOfNothing_areAll() {
    assertThat(
            call("SelectUser", SelectUserRequest.newBuilder().setUser(user("none")).build())
                .message(SelectUserResponse::parseFrom)
                .getResultsList())
        .isEmpty();
    assertThat(
            call("SelectUser", SelectUserRequest.newBuilder().setIncludeRoleInfo(true).build())
                .message(SelectUserResponse::parseFrom)
                .getResultsList())
        .extracting(result -> result.getUser().getName())
        .containsExactly("alice", "bob", "root");
    assertThat(
            call("SelectRole", SelectRoleRequest.newBuilder().setRole(role("none")).build())
                .message(SelectRoleResponse::parseFrom)
                .getResultsList())
        .isEmpty();
    var admins =
        call(
                "SelectRole",
                SelectRoleRequest.newBuilder()
                    .setRole(role("admin"))
                    .setIncludeUserInfo(true)
                    .build())
            .message(SelectRoleResponse::parseFrom);
    assertThat(admins.getResults(0).getUsersList()).containsExactly(user("root"));
  }

  @Test
  void grants_ofOnesOwnRole_canBeSeen_andNarrowed() {
    var mine =
        call(
                "SelectGrant",
                SelectGrantRequest.newBuilder()
                    .setEntity(GrantEntity.newBuilder().setRole(role("public")))
                    .build(),
                Map.of("authorization", base64("alice:P@ssw0rd")))
            .message(SelectGrantResponse::parseFrom);
    assertThat(mine.getEntitiesList())
        .extracting(grant -> grant.getGrantor().getPrivilege().getName())
        .containsExactly("IndexDetail", "DescribeCollection", "ListAliases");
    var narrowed =
        call(
                "SelectGrant",
                SelectGrantRequest.newBuilder()
                    .setEntity(
                        GrantEntity.newBuilder()
                            .setRole(role("public"))
                            .setObject(
                                dev.doppel.milvus.grpc.ObjectEntity.newBuilder()
                                    .setName("Collection"))
                            .setObjectName("*"))
                    .build())
            .message(SelectGrantResponse::parseFrom);
    assertThat(narrowed.getEntitiesList()).hasSize(1);
  }

  @Test
  void health_isServedToEveryone() {
    var answer =
        client.call(
            "/grpc.health.v1.Health/Check",
            HealthCheckRequest.getDefaultInstance().toByteArray(),
            Map.of());
    assertThat(answer.message(HealthCheckResponse::parseFrom).getStatus()).isEqualTo(1);
  }

  @Test
  void messages_areEncodedNoMoreThanTheyMustBe() {
    var name = "100% \u00e9";
    await(
        realm
            .realm()
            .users()
            .by(Authority.SERVER)
            .create(NewUser.named(name).withPassword(new Password(TestRealm.PASSWORD))));
    var answer =
        call(
            "ListCredUsers",
            ListCredUsersRequest.getDefaultInstance(),
            Map.of("authorization", base64(name + ":" + TestRealm.PASSWORD)));
    assertThat(answer.text())
        .isEqualTo(
            "PrivilegeSelectOwnership: permission deny to 100%25 %C3%A9 in the `default` database");
  }

  /** From 2.6.18 on, both are served on all of HTTP/2. */
  @Test
  void rest_isServedOverHttp2Too() {
    var answer =
        client.post(
            "/v2/vectordb/users/list",
            Buffer.buffer("{}"),
            Map.of("Authorization", "Bearer root:Milvus"));
    assertThat(answer.body()).hasToString("{\"code\":0,\"data\":[\"alice\",\"bob\",\"root\"]}");
  }

  /** Only HTTP/2 carries gRPC; over HTTP/1.1 it is a path like any other. */
  @Test
  void grpc_overHttp1_isNoSuchPath() {
    var answer =
        server.send(
            "POST",
            "/milvus.proto.milvus.MilvusService/Connect",
            List.of(
                Map.entry("Content-Type", "application/grpc"),
                Map.entry("Authorization", "Bearer root:Milvus")),
            "");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("404 page not found");
  }
}
