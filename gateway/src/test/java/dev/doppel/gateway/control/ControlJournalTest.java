package dev.doppel.gateway.control;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.Vendors;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.MvStore;
import dev.doppel.testkit.Await;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlJournalTest {

  private static final String NAMES =
      Suggestions.either(Vendors.all().stream().map(Vendor::name).toList());

  private static final String TOKEN = "doppel-operator-token";

  private Doppel doppel;
  private Http http;

  @BeforeEach
  void start() {
    start(DoppelConfig.DEFAULT);
  }

  private void start(DoppelConfig config) {
    doppel = Doppel.start(config.toBuilder().port(0).build());
    http = new Http(doppel.uri());
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  private void restart(DoppelConfig config) {
    stop();
    start(config);
  }

  private String influx(String method, String path, String body) {
    return http.send(method, path, body, "Authorization", "Token " + TOKEN).body();
  }

  private String create(String name) {
    var created = influx("POST", "/api/v2/users", "{\"name\":\"" + name + "\"}");
    return new JsonObject(created).getString("id");
  }

  private List<JsonObject> requests(String query) {
    var answer = new JsonObject(http.send("GET", "/_doppel/requests" + query, "").body());
    return answer.getJsonArray("requests").stream().map(JsonObject.class::cast).toList();
  }

  private String count(String query) {
    return http.control("GET", "requests/count" + query, "");
  }

  @Nested
  class Entries {

    @Test
    void call_isRecordedCompletely() {
      doppel.clock().set(java.time.Instant.parse("2031-02-03T04:05:06Z"));
      var answer = influx("POST", "/api/v2/users?x=1", "{\"name\":\"alice\"}");
      var entry = requests("").get(0);
      assertThat(entry.remove("micros")).isInstanceOf(Integer.class);
      assertThat((String) entry.remove("time")).startsWith("2031-02-03T04:05:06");
      var request = entry.getJsonObject("request");
      assertThat(request.getJsonObject("headers").getString("Authorization"))
          .isEqualTo("Token ***");
      request.remove("headers");
      entry.getJsonObject("response").getJsonObject("headers").remove("Date");
      assertThat(entry)
          .isEqualTo(
              new JsonObject()
                  .put("id", 1)
                  .put("dialect", "influx")
                  .put("fidelity", "documented")
                  .put("operation", "PostUsers")
                  .put("address", "127.0.0.1")
                  .put("caller", "root")
                  .put("user", "alice")
                  .put("status", 201)
                  .put(
                      "request",
                      new JsonObject()
                          .put("method", "POST")
                          .put("uri", "/api/v2/users?x=1")
                          .put("body", "{\"name\":\"alice\"}"))
                  .put(
                      "response",
                      new JsonObject()
                          .put(
                              "headers",
                              new JsonObject()
                                  .put("Content-Type", "application/json; charset=utf-8")
                                  .put("X-Influxdb-Build", "OSS")
                                  .put("X-Influxdb-Version", "v2.9.1"))
                          .put("body", answer)));
    }

    @Test
    void deviatingCall_namesTheDifference() {
      create("alice");
      influx("POST", "/api/v2/users", "{}");
      var all = requests("");
      assertThat(all.get(0).containsKey("deviates")).isFalse();
      assertThat(all.get(1).getJsonArray("deviates"))
          .isEqualTo(JsonArray.of("influx: POST /users without a name"));
      assertThat(requests("?deviates=true")).isEqualTo(all.subList(1, 2));
      assertThat(requests("?deviates=false")).isEqualTo(all.subList(0, 1));
      assertThat(count("?deviates=true&operation=PostUsers")).startsWith("200 {\"count\":1}");
    }

    @Test
    void markedResponse_isShownWithItsMark() {
      restart(DoppelConfig.DEFAULT.toBuilder().markDeviations(true).build());
      influx("POST", "/api/v2/users", "{}");
      var response = requests("").get(0).getJsonObject("response");
      assertThat(response.getJsonObject("headers").getString("Doppel-Deviates"))
          .isEqualTo("influx: POST /users without a name");
    }

    @Test
    void rejectedCall_hasReason() {
      influx("GET", "/api/v2/users/0000000000000001", "");
      http.send("GET", "/v1/nowhere", "");
      http.send("GET", "/v1/users/profile", "");
      var all = requests("");
      assertThat(all.get(0).getString("reason")).isEqualTo("no_such_user");
      assertThat(all.get(1).getString("reason")).isEqualTo("no_such_path");
      assertThat(all.get(1).containsKey("operation")).isFalse();
      assertThat(all.get(2).getString("reason")).isEqualTo("no_credentials");
      assertThat(all.get(2).containsKey("caller")).isFalse();
    }

    @Test
    void deletedUser_isNamed() {
      var id = create("alice");
      influx("DELETE", "/api/v2/users/" + id, "");
      assertThat(requests("?operation=DeleteUsersID").get(0).getString("user")).isEqualTo("alice");
    }

    @Test
    void user_isRecordedByEveryDialect() {
      for (var client : VendorClient.all(http)) {
        doppel.seed().user("ann").password("P@ssw0rd1").put();
        assertThat(client.signsIn("ann", "P@ssw0rd1")).isTrue();
        assertThat(doppel.calls().withUser("ann").count()).isPositive();
        doppel.reset();
      }
    }

    @Test
    void grpcCall_isRecordedAsJson() throws Exception {
      var client =
          new MilvusClientV2(
              ConnectConfig.builder().uri(doppel.uri().toString()).token("root:Milvus").build());
      try {
        client.createUser(CreateUserReq.builder().userName("alice").password("P@ssw0rd").build());
        assertThatThrownBy(
                () ->
                    client.createUser(
                        CreateUserReq.builder().userName("alice").password("P@ssw0rd").build()))
            .hasMessageContaining("user already exists");
      } finally {
        client.close();
      }
      var all = requests("?operation=CreateCredential");
      assertThat(all).hasSize(2);
      assertThat(all.get(0).getString("caller")).isEqualTo("root");
      assertThat(all.get(0).getString("user")).isEqualTo("alice");
      assertThat(all.get(0).getJsonObject("request").getString("body"))
          .contains("\"username\":\"alice\",\"password\":\"***\"");
      assertThat(all.get(0).getJsonObject("request").getString("uri"))
          .isEqualTo("/milvus.proto.milvus.MilvusService/CreateCredential");
      assertThat(all.get(0).getJsonObject("response").getJsonObject("headers"))
          .contains(java.util.Map.entry("grpc-status", "0"));
      assertThat(all.get(1).getString("reason")).isEqualTo("user_exists");
      assertThat(all.get(1).getJsonObject("response").getString("body")).contains("alice");
    }
  }

  @Nested
  class Secrets {

    private static final String MARKER = "Zq7!marker";

    /** Bodies in UTF-16 and UTF-32 can't be masked. */
    @Test
    void otherEncodings_areNotRecorded() throws IOException, InterruptedException {
      for (var charset : List.of("UTF-16", "UTF-16LE", "UTF-32BE")) {
        var body = ("{\"password\":\"" + MARKER + "\"}").getBytes(Charset.forName(charset));
        var request =
            HttpRequest.newBuilder(doppel.uri().resolve("/api/v2/users"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(5))
                .build();
        HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
        var kept = http.send("GET", "/_doppel/requests", "").body();
        assertThat(kept.replace("\\u0000", "")).as(charset).doesNotContain(MARKER);
      }
      assertThat(requests("")).hasSize(3);
    }

    /** The client gets a response to each of these. */
    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"%s\"",
          "\"{\"%s\"}",
          "[\"%s\"]",
          "{\"password\":[[\"%s\"]]}",
          "{\"password\":{\"value\":\"%s\"}}",
          "{\"credentials\":[{\"value\":\"%s\",\"of\":{\"a\":\"%s\"}}]}"
        })
    void misplacedSecrets_areMasked(String body) {
      influx("POST", "/api/v2/users", body.replace("%s", MARKER));
      assertThat(requests("")).hasSize(1);
      assertThat(http.send("GET", "/_doppel/requests", "").body()).doesNotContain(MARKER);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"author\":\"ann\",\"tokenType\":\"user\"}",
          "{ \"description\" : \"Token for CI, see http://host/path?page=2\" }",
          "{\"email\":\"ann@example.com\",\"size\":1e3,\"on\":[true,null]}"
        })
    void bodyWithoutSecrets_isRecordedUnchanged(String body) {
      influx("POST", "/api/v2/users", body);
      assertThat(requests("").get(0).getJsonObject("request").getString("body")).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/api/v2/users?name=ann&limit=17&after=",
          "/cloudapi/1.0.0/users?filter=username==ann;isGroupRole==false&page=2",
          "/cloudapi/1.0.0/tokens/urn:vcloud:token:0dc3a7a4-8f4e-4b6f-9c7d-0123456789ab",
          "/cloudapi/1.0.0/sessions/current",
          "/oauth/provider/token",
          "/v1/auth/nowhere"
        })
    void targetWithoutSecrets_isRecordedUnchanged(String target) {
      http.send("GET", target, "");
      assertThat(requests("").get(0).getJsonObject("request").getString("uri"))
          .isEqualTo(target.replace("after=", "***"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "Referer|http://host:8080/page?x=1|http://host:8080/***",
          "Origin|https://host|https://host",
          "Cookie|theme=dark; influxdb-oss-session=abc|***; influxdb-oss-session=***",
          "Authorization|Bearer abc|Bearer ***",
          "X-Unknown|abc|***",
          "Accept|application/*+json;version=39.1|application/*+json;version=39.1",
          "X-VMWARE-VCLOUD-TENANT-CONTEXT|acme|acme",
          "User-Agent|agent/1.0 (+http://host/about)|agent/1.0 (+http://host/about)"
        })
    void headers_areMaskedUnlessKnown(String name, String value, String kept) {
      http.send("GET", "/api/v2/me", "", name, value);
      assertThat(
              requests("").get(0).getJsonObject("request").getJsonObject("headers").getString(name))
          .isEqualTo(kept);
    }

    @Test
    void otherBodies_areRecordedAsLengthAndType() {
      http.send("POST", "/api/v2/users", "name: ann", "Content-Type", "text/plain; charset=utf-8");
      http.send("POST", "/api/v2/users", "{\"name\":\"ann\"");
      assertThat(requests(""))
          .extracting(one -> one.getJsonObject("request").getString("body"))
          .containsExactly("(9 bytes of text/plain)", "(13 bytes)");
    }

    /** Secrets in requests and responses of every dialect and form. */
    @Test
    void secrets_areMaskedInEveryDialect() {
      var id = create("alice");
      influx("POST", "/api/v2/users/" + id + "/password", "{\"password\":\"" + MARKER + "1\"}");
      var signIn =
          http.send("POST", "/api/v2/signin", "", "Authorization", basic("alice", MARKER + "1"));
      var cookie = signIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
      http.send("GET", "/api/v2/me", "", "Cookie", cookie);
      var made =
          new JsonObject(
              influx(
                  "POST",
                  "/api/v2/authorizations",
                  new JsonObject()
                      .put("userID", id)
                      .put("orgID", orgId())
                      .put(
                          "permissions",
                          new JsonArray()
                              .add(
                                  new JsonObject()
                                      .put("action", "read")
                                      .put("resource", new JsonObject().put("type", "users"))))
                      .encode()));
      http.send(
          "POST",
          "/v2/vectordb/users/create",
          "{\"userName\":\"bob\",\"password\":\"" + MARKER + "2\"}",
          "Authorization",
          "Bearer root:Milvus");
      http.send(
          "POST",
          "/v2/vectordb/users/update_password",
          "{\"userName\":\"bob\",\"password\":\"" + MARKER + "2\",\"newPassword\":\"" + MARKER,
          "Authorization",
          "Bearer bob:" + MARKER + "2");
      var session =
          http.send(
              "POST",
              "/cloudapi/1.0.0/sessions/provider",
              "",
              "Authorization",
              basic("root@System", "Milvus"),
              "Accept",
              "application/json;version=39.1");
      http.send(
          "POST",
          "/oauth/provider/token",
          "grant_type=refresh_token&refresh_token=" + MARKER,
          "Content-Type",
          "application/x-www-form-urlencoded",
          "Accept",
          "application/json;version=39.1");
      http.send("POST", "/api/admin/users", "<User><Password>" + MARKER + "</Password></User>");
      var login =
          new JsonObject(
              http.send(
                      "POST",
                      "/v1/auth/login",
                      "{\"provider\":\"traditional\",\"payload\":{\"email\":\"alice\",\"password\":\""
                          + MARKER
                          + "1\"}}",
                      "Content-Type",
                      "application/json")
                  .body());
      http.send("GET", "/api/v2/users?token=" + MARKER + "&p=" + MARKER + "&limit=1", "");
      http.send("POST", "/api/v2/users", MARKER, "Authorization", "Bearer " + MARKER);

      var journal = http.send("GET", "/_doppel/requests?limit=1000", "").body();
      assertThat(journal).contains("\\\"password\\\": \\\"***\\\"".replace(" ", ""));
      assertThat(journal).contains("influxdb-oss-session=***; ", "Bearer ***", "Basic ***");
      assertThat(journal).contains("refresh_token=***", "?token=***&p=***&limit=1");
      assertThat(journal)
          .doesNotContain(
              MARKER,
              basic("alice", MARKER + "1").substring(6),
              cookie.substring(cookie.indexOf('=') + 1),
              made.getString("token"),
              session.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow(),
              login.getJsonObject("data").getJsonObject("accessToken").getString("token"),
              TOKEN);
      assertThat(doppel.calls().list().toString()).doesNotContain(MARKER, TOKEN);
    }

    private String orgId() {
      return new JsonObject(influx("GET", "/api/v2/orgs?org=doppel", ""))
          .getJsonArray("orgs")
          .getJsonObject(0)
          .getString("id");
    }
  }

  @Nested
  class Filters {

    @BeforeEach
    void fill() {
      create("alice");
      create("bob");
      influx("GET", "/api/v2/users/0000000000000001", "");
      http.send("POST", "/v2/vectordb/users/list", "{}", "Authorization", "Bearer root:Milvus");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "''|4",
          "?dialect=influx|3",
          "?operation=PostUsers|2",
          "?operation=PostUsers&user=alice|1",
          "?user=root|4",
          "?user=nobody|0",
          "?status=201|2",
          "?status=4xx|1",
          "?status=0|0",
          "?path=/api/v2/users|2",
          "?path=/api/v2/users/*|1",
          "?path=*users*|4",
          "?since=2020-01-01T00:00:00Z|4",
          "?since=2100-01-01T00:00:00Z|0",
        })
    void filter_selectsMatchingCalls(String query, int expected) {
      assertThat(count(query)).isEqualTo("200 {\"count\":" + expected + "}\n");
      assertThat(requests(query)).hasSize(expected);
    }

    @Test
    void page_continuesAfterLast() {
      var page = new JsonObject(http.send("GET", "/_doppel/requests?limit=3", "").body());
      assertThat(page.getJsonArray("requests")).hasSize(3);
      assertThat(page.getInteger("next")).isEqualTo(3);
      assertThat(requests("?after=3")).hasSize(1);
    }

    @Test
    void delete_removesAllCalls() {
      assertThat(http.control("DELETE", "requests", "")).isEqualTo("200 {\"removed\":4}\n");
      assertThat(count("")).isEqualTo("200 {\"count\":0}\n");
      create("carl");
      assertThat(requests("").get(0).getInteger("id")).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "?dialect=x|dialect: 'x' is not allowed; use VENDORS",
          "?operation=x|operation: 'x' is not an operation of any dialect; use one that GET /_doppel/operations names",
          "?dialect=milvus&operation=GetMe|operation: 'GetMe' is not an operation of milvus; use one that GET /_doppel/operations names",
          "?status=9|status: '9' is not allowed; use one such as 404, a class such as 4xx, or 0 for no answer",
          "?since=yesterday|since: 'yesterday' is not allowed; use a time such as 2026-01-31T12:00:00Z",
          "?deviates=yes|deviates: 'yes' is not allowed; use true or false",
          "?name=x|?name: not known; use deviates, dialect, operation, path, since, status, user",
        })
    void unknownValues_areRejected(String query, String line) {
      var named = line.replace("VENDORS", NAMES);
      assertThat(count(query)).isEqualTo("400 {\"error\":\"" + named + "\"}\n");
    }

    @Test
    void invalidPage_isRejected() {
      assertThat(http.control("GET", "requests?limit=1001", ""))
          .isEqualTo(
              "400 {\"error\":\"limit: '1001' is not allowed; use a number from 0 to 1000\"}\n");
    }
  }

  @Nested
  class Bounds {

    @Test
    void oldestCalls_areDropped() {
      restart(DoppelConfig.DEFAULT.toBuilder().journal(3).build());
      for (int i = 0; i < 5; i++) {
        create("user" + i);
      }
      var page = new JsonObject(http.send("GET", "/_doppel/requests", "").body());
      assertThat(page.getInteger("oldest")).isEqualTo(3);
      assertThat(page.getJsonArray("requests")).hasSize(3);
    }

    @Test
    void longBodies_areTruncated() {
      influx("POST", "/api/v2/users", "{\"name\":\"" + "x".repeat(100_000) + "\"}");
      var body = requests("").get(0).getJsonObject("request").getString("body");
      assertThat(body).hasSizeLessThan(17_000).endsWith("… (83627 characters more)");
    }

    @Test
    void bytes_areLimited() {
      for (int i = 0; i < 600; i++) {
        http.send("GET", "/api/v2/me", "", "User-Agent", "y".repeat(31_000));
      }
      assertThat(doppel.calls().count()).isBetween(400L, 560L);
    }

    @Test
    void journalOff_isReported() {
      restart(DoppelConfig.DEFAULT.toBuilder().journal(0).build());
      create("alice");
      assertThat(count("")).isEqualTo("409 {\"error\":\"the journal is off (--journal 0)\"}\n");
      assertThatThrownBy(() -> doppel.calls()).hasMessageStartingWith("the journal is off");
    }

    @Test
    void persistentStore_hasNoJournalByDefault(@TempDir Path folder) {
      stop();
      doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")));
      http = PersistentGateways.client(doppel);
      assertThat(count("")).startsWith("409 ");
    }
  }

  @Nested
  class Stream {

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private void follow(String query, String... headers) {
      var builder =
          HttpRequest.newBuilder(doppel.uri().resolve("/_doppel/requests/stream" + query));
      var request = (headers.length == 0 ? builder : builder.headers(headers)).build();
      HttpClient.newHttpClient()
          .sendAsync(request, BodyHandlers.ofLines())
          .thenAccept(answer -> answer.body().forEach(lines::add));
      Await.until("the stream has started", () -> !lines.isEmpty());
    }

    @Test
    void stream_sendsEachCall() {
      create("before");
      follow("?operation=PostUsers");
      create("alice");
      influx("GET", "/api/v2/me", "");
      create("bob");
      Await.until("two calls are received", () -> lines.size() >= 10);
      assertThat(lines.get(0)).isEqualTo(": the calls from now on");
      assertThat(lines.get(2)).isEqualTo("id: 2");
      assertThat(lines.get(3)).isEqualTo("event: request");
      assertThat(lines.get(4)).startsWith("data: {\"id\":2,").contains("\"user\":\"alice\"");
      assertThat(lines.get(6)).isEqualTo("id: 4");
    }

    private List<Long> ids() {
      return new ArrayList<>(lines)
          .stream()
              .filter(line -> line.startsWith("id: "))
              .map(line -> Long.valueOf(line.substring(4)))
              .toList();
    }

    /** A client that reconnects sends the ID of its last event, as EventSource does. */
    @Test
    void stream_resumesAfterLastEventId() {
      for (int i = 1; i <= 300; i++) {
        influx("GET", "/api/v2/me", "");
      }
      follow("", "Last-Event-ID", "100");
      Await.until("missed calls are received", () -> ids().size() >= 200);
      influx("GET", "/api/v2/me", "");
      Await.until("the next call is received", () -> ids().size() >= 201);
      assertThat(ids()).isEqualTo(LongStream.rangeClosed(101, 301).boxed().toList());
      assertThat(lines).noneMatch(line -> line.startsWith("event: missed"));
    }

    @Test
    void stream_reportsNumberOfDroppedCalls() {
      restart(DoppelConfig.DEFAULT.toBuilder().journal(50).build());
      for (int i = 1; i <= 80; i++) {
        influx("GET", "/api/v2/me", "");
      }
      follow("", "Last-Event-ID", "10");
      Await.until("the remaining calls are received", () -> ids().size() >= 50);
      assertThat(lines).contains("event: missed", "data: {\"count\":20}");
      assertThat(ids()).isEqualTo(LongStream.rangeClosed(31, 80).boxed().toList());
    }

    @Test
    void stream_sendsConcurrentCallsInOrder() throws InterruptedException {
      follow("");
      var callers =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      new Thread(
                          () -> {
                            for (int n = 0; n < 100; n++) {
                              influx("GET", "/api/v2/me", "");
                            }
                          }))
              .toList();
      callers.forEach(Thread::start);
      for (var caller : callers) {
        caller.join();
      }
      Await.until("all calls are received", () -> ids().size() >= 800);
      assertThat(ids()).isEqualTo(LongStream.rangeClosed(1, 800).boxed().toList());
    }

    @Test
    void stream_rejectsInvalidLastEventId() throws IOException, InterruptedException {
      var request =
          HttpRequest.newBuilder(doppel.uri().resolve("/_doppel/requests/stream"))
              .header("Last-Event-ID", "x")
              .build();
      var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains("Last-Event-ID: 'x' is not allowed; use the id of an event");
    }

    @Test
    void stream_rejectsInvalidFilter() throws IOException {
      assertThat(http.control("GET", "requests/stream?status=x", "")).startsWith("400 ");
    }
  }
}
