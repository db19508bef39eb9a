package dev.doppel.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.doppel.dialect.Fidelity;
import dev.doppel.milvus.grpc.MilvusProto;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Storage.Snapshot;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * No call whatever is answered but by a message of its type or by gRPC's own status, and by none
 * that tells of a defect: messages of every shape, and bytes that are none.
 */
class MilvusGrpcFuzzTest {

  /**
   * One call, ready to be sent.
   *
   * @param frames the body as it is sent
   */
  record Shot(MethodDescriptor method, Buffer frames, Map<String, String> metadata) {

    @Override
    public String toString() {
      var bytes = HexFormat.of().formatHex(frames.getBytes());
      return method.getName() + " " + metadata + " " + bytes;
    }
  }

  private static final String SERVICE = "/milvus.proto.milvus.MilvusService/";
  private static final List<MethodDescriptor> METHODS =
      MilvusProto.getDescriptor().findServiceByName("MilvusService").getMethods();
  private static final int SHOTS_BETWEEN_RESETS = 2_000;

  /** OK, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNAUTHENTICATED. */
  private static final Set<String> STATUSES = Set.of("0", "7", "8", "12", "16");

  /** How gRPC says that there is no message that can be read. */
  private static final String UNREADABLE =
      "EOF|grpc: (error unmarshalling|failed to decompress|compressed flag set).*";

  /** Passwords come in Base64. */
  private static final List<String> WORDS =
      Stream.concat(
              MilvusFuzzTest.WORDS.stream(),
              Stream.of(base64("P@ssw0rd"), base64("Milvus"), "UEBzc3cwcmQ", "="))
          .toList();

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private GrpcClient client;
  private Snapshot start;
  private int shots;

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeProperty
  void start() {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server =
        new TestServer(
            vertx,
            new MilvusDialect(realm.realm(), Fidelity.DOCUMENTED, MilvusDialect.Settings.DEFAULT));
    client = new GrpcClient(vertx, server.port());
    start = Await.await(realm.realm().storage().snapshot());
  }

  @AfterProperty
  void stop() {
    client.close();
    server.close();
    realm.close();
    Await.await(vertx.close());
  }

  @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void noCall_getsAStrangersAnswer(@ForAll("shots") Shot shot) {
    if (++shots % SHOTS_BETWEEN_RESETS == 0) {
      Await.await(realm.realm().storage().restore(start));
    }
    var answer = client.callFramed(SERVICE + shot.method.getName(), shot.frames, shot.metadata);
    if (!answer.text().matches(UNREADABLE)) {
      assertThat(answer.status()).as(answer + " to " + shot).isIn(STATUSES);
    }
    assertThat(answer.text()).doesNotContain("Exception", "dev.doppel", "io.vertx");
    if (answer.status().equals("0")) {
      assertOwn(shot, answer);
    }
  }

  /** One message of the call's type and nothing else, whose texts tell of no defect. */
  private static void assertOwn(Shot shot, Answer answer) {
    var type = shot.method.getOutputType();
    var message = answer.message(bytes -> DynamicMessage.parseFrom(type, bytes));
    assertThat(message.getUnknownFields().asMap()).as("unknown fields").isEmpty();
    assertThat(message.toString())
        .as("the answer to " + shot)
        .doesNotContain("Exception", "dev.doppel", "io.vertx", TestRealm.PASSWORD);
  }

  @Provide
  Arbitrary<Shot> shots() {
    return Arbitraries.of(METHODS)
        .flatMap(
            method ->
                Combinators.combine(frames(method.getInputType()), metadata())
                    .as((frames, metadata) -> new Shot(method, frames, metadata)));
  }

  private static Arbitrary<Buffer> frames(Descriptor type) {
    var messages = messages(type).map(DynamicMessage::toByteArray);
    var noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
    var changed =
        Combinators.combine(messages, Arbitraries.integers(), Arbitraries.bytes())
            .as(MilvusGrpcFuzzTest::withAnotherByte);
    return Arbitraries.frequencyOf(
        Tuple.of(12, messages.map(GrpcClient::frame)),
        Tuple.of(4, changed.map(GrpcClient::frame)),
        Tuple.of(2, noise.map(GrpcClient::frame)),
        Tuple.of(1, Combinators.combine(messages, messages).as(MilvusGrpcFuzzTest::two)),
        Tuple.of(1, Arbitraries.just(Buffer.buffer())));
  }

  private static byte[] withAnotherByte(byte[] message, int at, byte other) {
    if (message.length > 0) {
      message[Math.floorMod(at, message.length)] = other;
    }
    return message;
  }

  private static Buffer two(byte[] one, byte[] other) {
    return GrpcClient.frame(one).appendBuffer(GrpcClient.frame(other));
  }

  private static Arbitrary<DynamicMessage> messages(Descriptor type) {
    Arbitrary<DynamicMessage.Builder> message =
        Arbitraries.create(() -> DynamicMessage.newBuilder(type));
    for (var field : type.getFields()) {
      if (!field.isMapField()) {
        message =
            Combinators.combine(message, values(field).optional(0.7), Arbitraries.of(true, false))
                .as(
                    (built, value, again) -> {
                      value.ifPresent(one -> put(built, field, one, again));
                      return built;
                    });
      }
    }
    return message.map(DynamicMessage.Builder::build);
  }

  private static void put(
      DynamicMessage.Builder message, FieldDescriptor field, Object value, boolean again) {
    if (!field.isRepeated()) {
      message.setField(field, value);
      return;
    }
    message.addRepeatedField(field, value);
    if (again) {
      message.addRepeatedField(field, value);
    }
  }

  private static Arbitrary<Object> values(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> messages(field.getMessageType()).map(message -> message);
      case STRING ->
          Arbitraries.frequencyOf(
              Tuple.of(6, Arbitraries.of(WORDS)),
              Tuple.of(2, Arbitraries.strings().ascii().ofMaxLength(20)),
              Tuple.of(1, Arbitraries.strings().ofMaxLength(20).filter(MilvusGrpcFuzzTest::isUtf8)),
              Tuple.of(1, Arbitraries.of("x".repeat(300), "\u0000", "\u202e", " ", "'")));
      case INT -> Arbitraries.of(0, 1, 2, -1, Integer.MAX_VALUE).map(number -> number);
      case LONG -> Arbitraries.longs().map(number -> number);
      case BOOLEAN -> Arbitraries.of(true, false).map(flag -> flag);
      default -> throw new IllegalStateException("no values for " + field);
    };
  }

  private static boolean isUtf8(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static Arbitrary<Map<String, String>> metadata() {
    var administrator = Map.of("authorization", base64("root:" + TestRealm.ROOT_PASSWORD));
    var printable = Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(40);
    var words = Arbitraries.of("1n", "0S", "99999999H", "1", "gzip", "identity", base64("alice:x"));
    return Arbitraries.frequencyOf(
        Tuple.of(10, Arbitraries.just(administrator)),
        Tuple.of(1, Arbitraries.just(Map.of())),
        Tuple.of(
            2,
            Combinators.combine(
                    Arbitraries.of("authorization", "dbname", "grpc-timeout", "grpc-encoding"),
                    Arbitraries.oneOf(printable, words))
                .as(
                    (name, value) -> {
                      var all = new HashMap<>(administrator);
                      all.put(name, value);
                      return all;
                    })));
  }
}
