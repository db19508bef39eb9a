package dev.doppel.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.JournalEntry;
import dev.doppel.PlannedFault;
import dev.doppel.Vendors;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.milvus.MilvusOperation;
import dev.doppel.users.Failure.Reason;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.client.RetryConfig;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ControlFaultsTest {

  private static final String NAMES =
      Suggestions.either(Vendors.all().stream().map(Vendor::name).toList());

  private Doppel doppel;
  private Http http;

  @BeforeEach
  void start() {
    doppel = Doppel.start();
    http = new Http(doppel.uri());
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  private void inject(String fault) {
    assertThat(http.control("POST", "faults", fault)).startsWith("200 ");
  }

  private HttpResponse<String> influx(String method, String path, String body) {
    return http.send(method, path, body, "Authorization", "Token doppel-operator-token");
  }

  private int create(String name) {
    return influx("POST", "/api/v2/users", "{\"name\":\"" + name + "\"}").statusCode();
  }

  private int me() {
    return influx("GET", "/api/v2/me", "").statusCode();
  }

  private List<Integer> statuses(int calls) {
    return IntStream.range(0, calls).mapToObj(call -> me()).toList();
  }

  @Nested
  class Reasons {

    @Test
    void reason_isSentAsVendorError() {
      inject("{\"reason\":\"unavailable\"}");
      var influx = influx("GET", "/api/v2/users", "");
      assertThat(influx.statusCode() + " " + influx.body())
          .isEqualTo(
              "503 {\n\t\"code\": \"unavailable\",\n\t\"message\": \"store unavailable\"\n}");
      var milvus =
          http.send("POST", "/v2/vectordb/users/list", "{}", "Authorization", "Bearer root:Milvus");
      assertThat(milvus.statusCode() + " " + milvus.body())
          .isEqualTo("200 {\"code\":1,\"message\":\"state code: Abnormal: service not ready\"}");
      var vcloud =
          http.send("GET", "/cloudapi/1.0.0/users", "", "Accept", "application/json;version=39.1");
      assertThat(vcloud.statusCode()).isEqualTo(503);
      assertThat(vcloud.body()).contains("\"minorErrorCode\":\"");
      var workspace = http.send("GET", "/v1/users/profile", "");
      assertThat(workspace.statusCode()).isEqualTo(503);
      assertThat(workspace.body()).startsWith("{\"status\":false,\"error\":{\"code\":");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReason_isSentByEveryDialect(Reason reason) {
      doppel.faults().inject(PlannedFault.of(reason));
      assertThat(influx("GET", "/api/v2/users", "").body()).doesNotContain("Exception", "\tat ");
      assertThat(http.send("POST", "/v2/vectordb/users/list", "{}").body())
          .doesNotContain("Exception", "\tat ");
      assertThat(http.send("GET", "/cloudapi/1.0.0/users", "").body())
          .doesNotContain("Exception\"", "\tat ");
      assertThat(http.send("GET", "/v1/users/profile", "").body())
          .doesNotContain("Exception", "\tat ");
      assertThat(doppel.calls().list())
          .hasSize(4)
          .extracting(JournalEntry::reason)
          .containsOnly(Optional.of(reason));
    }

    @Test
    void vendorError_namesUserOfCall() {
      inject("{\"reason\":\"user_exists\",\"operation\":\"PostUsers\"}");
      assertThat(influx("POST", "/api/v2/users", "{\"name\":\"zoe\"}").body())
          .contains("user with name zoe already exists");
    }
  }

  @Nested
  class Effect {

    @Test
    void before_changesNothing() {
      inject("{\"reason\":\"unavailable\",\"operation\":\"PostUsers\",\"times\":1}");
      assertThat(create("alice")).isEqualTo(503);
      assertThat(create("alice")).isEqualTo(201);
      doppel
          .calls(InfluxOperation.POST_USERS)
          .withStatus(503)
          .withUser("root")
          .withUser("alice")
          .once();
      assertThat(doppel.calls().withUser("root").count()).isEqualTo(2);
    }

    @Test
    void after_keepsChange() {
      inject(
          "{\"reason\":\"unavailable\",\"operation\":\"PostUsers\",\"times\":1,\"when\":\"after\"}");
      assertThat(create("alice")).isEqualTo(503);
      assertThat(create("alice")).isEqualTo(422);
    }

    @Test
    void droppedConnection_sendsNoResponse() throws IOException {
      inject("{\"connection\":\"dropped\",\"times\":1}");
      assertThat(raw()).isEmpty();
      assertThat(raw()).startsWith("HTTP/1.1 401 ");
      assertThat(doppel.calls().withStatus(0).count()).isEqualTo(1);
    }

    @Test
    void truncatedBody_sendsHalf() throws IOException {
      var whole = raw();
      inject("{\"body\":\"truncated\",\"times\":1}");
      var half = raw();
      var length = whole.length() - whole.indexOf("\r\n\r\n") - 4;
      assertThat(half).contains("Content-Length: " + length);
      assertThat(half.length() - half.indexOf("\r\n\r\n") - 4).isEqualTo(length / 2);
    }

    @Test
    void garbageBody_hasLengthOfResponse() {
      var whole = influx("GET", "/api/v2/me", "");
      inject("{\"body\":\"garbage\",\"times\":1}");
      var garbage = influx("GET", "/api/v2/me", "");
      assertThat(garbage.statusCode()).isEqualTo(200);
      assertThat(garbage.headers().firstValue("content-length"))
          .isEqualTo(whole.headers().firstValue("content-length"));
      assertThat(garbage.body()).doesNotContain("root", "{");
    }

    @Test
    void delay_delaysResponse() {
      inject("{\"delay\":\"PT0.3S\",\"times\":1}");
      var began = System.nanoTime();
      assertThat(me()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(299));
    }

    private String raw() throws IOException {
      try (var socket = new Socket("127.0.0.1", doppel.uri().getPort())) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(
                "GET /api/v2/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  @Nested
  class Scope {

    @Test
    void operation_limitsFault() {
      inject("{\"operation\":\"GetMe\",\"reason\":\"internal\"}");
      assertThat(me()).isEqualTo(500);
      assertThat(create("alice")).isEqualTo(201);
    }

    @Test
    void dialect_limitsFault() {
      inject("{\"dialect\":\"workspace\",\"reason\":\"internal\"}");
      assertThat(http.send("GET", "/v1/users/profile", "").statusCode()).isEqualTo(500);
      assertThat(me()).isEqualTo(200);
    }

    @Test
    void path_limitsFaultWithWildcards() {
      inject("{\"path\":\"/api/v2/m*\",\"reason\":\"internal\"}");
      assertThat(me()).isEqualTo(500);
      assertThat(create("alice")).isEqualTo(201);
    }

    @Test
    void user_matchesCaller() {
      doppel.seed().user("ann").token("ann-token").user("bob").token("bob-token").put();
      inject("{\"user\":\"ann\",\"reason\":\"internal\"}");
      assertThat(me()).isEqualTo(200);
      assertThat(
              http.send("GET", "/api/v2/me", "", "Authorization", "Token ann-token").statusCode())
          .isEqualTo(500);
      assertThat(
              http.send("GET", "/api/v2/me", "", "Authorization", "Token bob-token").statusCode())
          .isEqualTo(200);
    }

    @Test
    void user_matchesSubject() {
      create("alice");
      var id =
          new JsonObject(http.send("GET", "/_doppel/users?limit=10", "").body())
              .getJsonArray("users")
              .getJsonObject(1)
              .getString("id");
      inject("{\"user\":\"alice\",\"reason\":\"internal\"}");
      assertThat(influx("GET", "/api/v2/users/" + id, "").statusCode()).isEqualTo(500);
      assertThat(influx("GET", "/api/v2/users", "").statusCode()).isEqualTo(200);
      assertThat(create("alice")).isEqualTo(500);
    }

    @Test
    void dialect_matchesUnknownPath() {
      inject("{\"dialect\":\"influx\",\"reason\":\"unavailable\"}");
      assertThat(influx("GET", "/api/v2/nowhere", "").statusCode()).isEqualTo(503);
    }
  }

  @Nested
  class Frequency {

    @Test
    void times_limitsNumber() {
      inject("{\"reason\":\"unavailable\",\"times\":2}");
      assertThat(statuses(4)).containsExactly(503, 503, 200, 200);
    }

    @Test
    void every_selectsEveryThirdCall() {
      inject("{\"reason\":\"unavailable\",\"every\":3}");
      assertThat(statuses(6)).containsExactly(200, 200, 503, 200, 200, 503);
    }

    @Test
    void faults_applyInOrder() {
      inject("{\"reason\":\"unavailable\",\"times\":1}");
      inject("{\"reason\":\"internal\",\"times\":1}");
      assertThat(statuses(3)).containsExactly(503, 500, 200);
    }

    @Test
    void probability_isReproducibleBySeed() {
      var fault = "{\"reason\":\"unavailable\",\"probability\":0.5,\"seed\":42}";
      inject(fault);
      var first = statuses(40);
      http.control("DELETE", "faults", "");
      inject(fault);
      assertThat(statuses(40)).isEqualTo(first).contains(200, 503);
      http.control("DELETE", "faults", "");
      inject(fault.replace("42", "43"));
      assertThat(statuses(40)).isNotEqualTo(first);
    }
  }

  @Nested
  class Rpc {

    private MilvusClientV2 client;

    @BeforeEach
    void connect() {
      client =
          new MilvusClientV2(
              ConnectConfig.builder()
                  .uri(doppel.uri().toString())
                  .token("root:Milvus")
                  .rpcDeadlineMs(3000)
                  .build());
      client.retryConfig(RetryConfig.builder().maxRetryTimes(1).build());
    }

    @AfterEach
    void disconnect() {
      client.close();
    }

    private void createUser(String name) {
      client.createUser(CreateUserReq.builder().userName(name).password("P@ssw0rd").build());
    }

    @Test
    void reason_isSentAsServiceError() {
      inject("{\"operation\":\"CreateCredential\",\"reason\":\"user_exists\",\"times\":1}");
      assertThatThrownBy(() -> createUser("alice")).hasMessageContaining("user already exists");
      createUser("alice");
    }

    @Test
    void after_keepsChange() {
      inject(
          "{\"operation\":\"CreateCredential\",\"reason\":\"forbidden\",\"times\":1,\"when\":\"after\"}");
      assertThatThrownBy(() -> createUser("alice")).hasMessageContaining("PERMISSION_DENIED");
      assertThat(client.listUsers()).contains("alice");
    }

    @ParameterizedTest
    @CsvSource({"body,truncated", "body,garbage", "connection,dropped"})
    void brokenResponse_failsCall(String part, String how) {
      inject(
          "{\"operation\":\"CreateCredential\",\"%s\":\"%s\",\"when\":\"after\"}"
              .formatted(part, how));
      assertThatThrownBy(() -> createUser("alice")).isInstanceOf(RuntimeException.class);
      assertThat(http.control("DELETE", "faults", "")).isEqualTo("200 {\"removed\":1}\n");
      doppel.calls(MilvusOperation.CREATE_CREDENTIAL).withUser("alice").atLeast(1);
    }
  }

  @Nested
  class Planning {

    @Test
    void faults_areListedWithCounts() {
      assertThat(http.control("POST", "faults", "{\"reason\":\"Unavailable\",\"times\":2}"))
          .isEqualTo(
              "200 {\"id\":1,\"reason\":\"unavailable\",\"when\":\"before\",\"times\":2,\"seen\":0,\"struck\":0}\n");
      assertThat(
              http.control(
                  "POST",
                  "faults",
                  "{\"dialect\":\"influx\",\"delay\":{\"from\":\"PT0S\",\"to\":\"PT0.01S\"},\"probability\":0.5,\"seed\":7,\"every\":2,\"path\":\"/x\",\"user\":\"u\"}"))
          .isEqualTo(
              "200 {\"id\":2,\"dialect\":\"influx\",\"user\":\"u\",\"path\":\"/x\",\"delay\":{\"from\":\"PT0S\",\"to\":\"PT0.01S\"},\"when\":\"before\",\"every\":2,\"probability\":0.5,\"seed\":7,\"seen\":0,\"struck\":0}\n");
      me();
      assertThat(http.control("GET", "faults", ""))
          .contains("\"times\":2,\"seen\":1,\"struck\":1}");
      assertThat(http.control("GET", "faults/2", "")).startsWith("200 {\"id\":2,");
      assertThat(http.control("GET", "faults/3", ""))
          .isEqualTo("404 {\"error\":\"no fault of this number: 3\"}\n");
      assertThat(http.control("DELETE", "faults/1", ""))
          .isEqualTo(
              "200 {\"removed\":1,\"fault\":{\"id\":1,\"reason\":\"unavailable\",\"when\":\"before\",\"times\":2,\"seen\":1,\"struck\":1}}\n");
      assertThat(http.control("DELETE", "faults/1", ""))
          .isEqualTo("404 {\"error\":\"no fault of this number: 1\"}\n");
      assertThat(http.control("DELETE", "faults/x", ""))
          .isEqualTo("400 {\"error\":\"fault: 'x' is not allowed; use a number from 1 on\"}\n");
      assertThat(me()).isEqualTo(200);
    }

    @Test
    void reset_removesAllFaults() {
      inject("{\"reason\":\"unavailable\"}");
      doppel.reset();
      assertThat(me()).isEqualTo(200);
    }

    @Test
    void faults_areLimited() {
      for (int i = 0; i < 1000; i++) {
        doppel.faults().inject(PlannedFault.of(Reason.INTERNAL).forUser("nobody"));
      }
      assertThat(http.control("POST", "faults", "{\"reason\":\"internal\"}"))
          .isEqualTo("409 {\"error\":\"1000 faults at most\"}\n");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{}|one of reason, delay, connection, body is needed",
          "x|not JSON from line 1, column 1 on",
          "[]|this is not allowed; use an object with members",
          "{\"resaon\":1}|resaon: not known; use body, connection, delay, dialect, every, operation, path, probability, reason, seed, times, user, when; did you mean 'reason'?",
          "{\"connection\":\"slow\"}|connection: 'slow' is not allowed; use dropped",
          "{\"body\":\"half\"}|body: 'half' is not allowed; use truncated or garbage",
          "{\"when\":\"later\"}|when: 'later' is not allowed; use before or after; did you mean 'after'?",
          "{\"body\":\"garbage\",\"when\":\"before\"}|when: a body goes wrong after the change",
          "{\"body\":\"garbage\",\"reason\":\"internal\"}|reason, connection, body: one of them is allowed",
          "{\"body\":\"garbage\",\"connection\":\"dropped\"}|connection, body: one of them is allowed",
          "{\"delay\":\"soon\"}|delay: 'soon' is not allowed; use \"PT0.5S\" or {\"from\":\"PT0.1S\",\"to\":\"PT2S\"}, up to an hour",
          "{\"delay\":\"PT2H\"}|delay: 'PT2H' is not allowed; use \"PT0.5S\" or {\"from\":\"PT0.1S\",\"to\":\"PT2S\"}, up to an hour",
          "{\"delay\":{\"from\":\"PT2S\",\"to\":\"PT1S\"}}|delay: 'PT2S to PT1S' is not allowed; use \"PT0.5S\" or {\"from\":\"PT0.1S\",\"to\":\"PT2S\"}, up to an hour",
          "{\"reason\":\"internal\",\"times\":0}|times: '0' is not allowed; use a number from 1 on",
          "{\"reason\":\"internal\",\"times\":1.5}|times: '1.5' is not allowed; use a number",
          "{\"reason\":\"internal\",\"every\":-1}|every: '-1' is not allowed; use a number from 1 on",
          "{\"reason\":\"internal\",\"probability\":0}|probability: '0.0' is not allowed; use a number above 0 and up to 1",
          "{\"reason\":\"internal\",\"dialect\":\"x\"}|dialect: 'x' is not allowed; use VENDORS",
          "{\"reason\":\"internal\",\"operation\":\"x\"}|operation: 'x' is not an operation of any dialect; use one that GET /_doppel/operations names",
        })
    void invalidFault_isRejected(String fault, String line) {
      var named = line.replace("VENDORS", NAMES);
      assertThat(http.control("POST", "faults", fault))
          .isEqualTo("400 {\"error\":\"" + named.replace("\"", "\\\"") + "\"}\n");
    }
  }
}
