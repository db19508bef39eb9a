package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import dev.doppel.dialect.Fidelity;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.GrpcClient;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fuzz target that sends bytes to a gateway as a gRPC call and checks the response. An input is a
 * line with the call's name, lines of metadata, an empty line and a message; {@code framed} before
 * the name means that the message includes its prefix. The fuzzer runs it, and {@link
 * FuzzCorpusTest} with all inputs that were found.
 */
public final class GrpcFuzz {

  /** OK, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNAUTHENTICATED. */
  private static final Set<String> STATUSES = Set.of("0", "7", "8", "12", "16");

  /** gRPC's error for a message that can't be parsed. */
  private static final String UNREADABLE =
      "EOF|grpc: (error unmarshalling|failed to decompress|compressed flag set).*";

  static final String FRAMED = "framed ";
  private static final String HEADER_NAME = "[a-z0-9_.-]+";
  private static final String HEADER_VALUE = "[!-~]([ -~]*[!-~])?";

  private static List<AutoCloseable> started = List.of();
  private static FuzzedGateway gateway;
  private static GrpcClient client;

  private GrpcFuzz() {}

  /** Starts the gateway. */
  public static void fuzzerInitialize() {
    var vertx = Vertx.vertx();
    gateway = new FuzzedGateway(Fidelity.DOCUMENTED);
    client = new GrpcClient(vertx, gateway.doppel().uri().getPort());
    started = List.of(client, gateway, () -> Await.await(vertx.close()));
  }

  /** Closes the gateway. */
  public static void fuzzerTearDown() throws Exception {
    for (var one : started) {
      one.close();
    }
  }

  /** Fails if the response isn't a Milvus response. */
  public static void fuzzerTestOneInput(byte[] input) {
    gateway.next();
    var text = new String(input, StandardCharsets.ISO_8859_1);
    var end = text.indexOf("\n\n");
    var head = (end < 0 ? text : text.substring(0, end)).split("\n", -1);
    var body = end < 0 ? new byte[0] : Arrays.copyOfRange(input, end + 2, input.length);
    var framed = head[0].startsWith(FRAMED);
    var name = framed ? head[0].substring(FRAMED.length()) : head[0];
    var method = MilvusCalls.METHODS.get(name);
    if (method == null) {
      return;
    }
    var answer =
        client.callFramed(
            method.path(), framed ? Buffer.buffer(body) : GrpcClient.frame(body), metadata(head));
    gateway.assertSound(text, answer.toString());
    if (!answer.text().matches(UNREADABLE)) {
      assertThat(answer.status()).as(answer.toString()).isIn(STATUSES);
    }
    if (answer.status().equals("0")) {
      var message = answer.message(bytes -> DynamicMessage.parseFrom(method.answered(), bytes));
      assertThat(message.getUnknownFields().asMap()).as("unknown fields").isEmpty();
    }
  }

  /** Returns the metadata that is valid in HTTP/2. */
  private static Map<String, String> metadata(String[] head) {
    var metadata = new LinkedHashMap<String, String>();
    for (int i = 1; i < head.length; i++) {
      var colon = head[i].indexOf(": ");
      if (colon > 0) {
        var name = head[i].substring(0, colon);
        var value = head[i].substring(colon + 2);
        if (name.matches(HEADER_NAME) && value.matches(HEADER_VALUE)) {
          metadata.put(name, value);
        }
      }
    }
    return metadata;
  }
}
