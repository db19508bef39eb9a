package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Calls;
import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.JournalEntry;
import dev.doppel.Vendors;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Fidelity;
import dev.doppel.gateway.Http;
import dev.doppel.milvus.grpc.SelectUserRequest;
import dev.doppel.testkit.GrpcClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every difference between documentation and product, with a request whose answer it decides: the
 * journal names it if the answer is the documented one, and only then.
 */
class DifferencesTest {

  private static final String HEADER = "Doppel-Deviates";
  private static final String SETUP = "influx: response of POST /setup";
  private static final String ROLES_OF_ROOT = "milvus: roles of root before any is granted";
  private static final String PASSWORD = "P@ssw0rd1";
  private static final String[] ROOT = {"Authorization", basic("root", "Milvus")};
  private static final String[] MILVUS_ROOT = {"Authorization", "Bearer root:Milvus"};
  private static final String[] ACCEPT = {"Accept", "application/json;version=39.1"};
  private static final String[] TOKEN = {"Authorization", "Token doppel-operator-token"};

  /** A gateway in one fidelity, and a client of it. */
  private record Scene(Doppel doppel, Http http) {

    HttpResponse<String> milvus(String operation, JsonObject body) {
      return http.send("POST", "/v2/vectordb/" + operation, body.encode(), MILVUS_ROOT);
    }

    HttpResponse<String> influx(String method, String path, String body) {
      return http.send(method, "/api/v2/" + path, body, TOKEN);
    }

    /** Creates a user with a password in InfluxDB and returns its id. */
    String ann() {
      var id = id(influx("POST", "users", "{\"name\":\"ann\"}"));
      influx("POST", "users/" + id + "/password", password());
      return id;
    }

    /** Signs in to VCD. */
    HttpResponse<String> signIn(String user, String password, String... headers) {
      var all =
          Stream.concat(
              Stream.of("Authorization", basic(user + "@doppel", password)), Stream.of(headers));
      return http.send("POST", "/cloudapi/1.0.0/sessions", "", all.toArray(String[]::new));
    }
  }

  /** The request to send last, by the mark of the difference that decides its answer. */
  private static final Map<String, Function<Scene, HttpResponse<String>>> SAMPLES = new HashMap<>();

  static {
    SAMPLES.put(
        "milvus: user name",
        scene -> scene.milvus("users/create", user("a.b").put("password", PASSWORD)));
    SAMPLES.put(
        "milvus: password",
        scene -> scene.milvus("users/create", user("ann").put("password", "secret")));
    SAMPLES.put(
        "milvus: update_password without passwords",
        scene -> scene.milvus("users/update_password", user("root")));
    SAMPLES.put(
        "milvus: number of users",
        scene -> {
          IntStream.range(0, 99)
              .forEach(i -> scene.influx("POST", "users", "{\"name\":\"u" + i + "\"}"));
          return scene.milvus("users/create", user("ann").put("password", PASSWORD));
        });
    SAMPLES.put(
        "milvus: number of roles",
        scene -> {
          IntStream.range(0, 8).forEach(i -> scene.milvus("roles/create", role("role" + i)));
          return scene.milvus("roles/create", role("late"));
        });
    SAMPLES.put(ROLES_OF_ROOT, scene -> scene.milvus("users/describe", user("root")));
    SAMPLES.put(
        "milvus: privilege_groups/list",
        scene -> scene.milvus("privilege_groups/list", new JsonObject()));

    SAMPLES.put(
        "influx: PUT of a password by token",
        scene -> scene.influx("PUT", "users/" + scene.ann() + "/password", password()));
    SAMPLES.put(
        "influx: PUT of a password by Basic alone",
        scene -> scene.http.send("PUT", "/api/v2/me/password", password(), ROOT));
    SAMPLES.put(
        "influx: PUT of a password with a session but no Basic",
        scene -> {
          var id = scene.ann();
          var ann = new String[] {"Authorization", basic("ann", PASSWORD)};
          var signedIn = scene.http.send("POST", "/api/v2/signin", "", ann);
          var session = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
          return scene.http.send(
              "PUT", "/api/v2/users/" + id + "/password", password(), "Cookie", session);
        });
    SAMPLES.put("influx: a body that can't be read", scene -> scene.influx("POST", "users", "{"));
    SAMPLES.put(
        "influx: PUT /me/password or POST of a bucket's label with a body that can't be read",
        scene -> {
          var orgs = new JsonObject(scene.influx("GET", "orgs", "").body()).getJsonArray("orgs");
          var bucket =
              new JsonObject().put("name", "b").put("orgID", orgs.getJsonObject(0).getString("id"));
          var id = id(scene.influx("POST", "buckets", bucket.encode()));
          return scene.influx("POST", "buckets/" + id + "/labels", "{");
        });
    SAMPLES.put(
        "influx: a malformed id in the path of a password",
        scene -> scene.influx("POST", "users/ann/password", password()));
    SAMPLES.put("influx: POST /users without a name", scene -> scene.influx("POST", "users", "{}"));
    SAMPLES.put(
        "influx: POST /users with an unknown status",
        scene -> scene.influx("POST", "users", "{\"name\":\"ann\",\"status\":\"away\"}"));
    SAMPLES.put(
        "influx: POST /users with a malformed id",
        scene -> scene.influx("POST", "users", "{\"name\":\"ann\",\"id\":\"one\"}"));
    SAMPLES.put(
        SETUP,
        scene ->
            scene.http.send(
                "POST",
                "/api/v2/setup",
                "{\"username\":\"ann\",\"password\":\"%s\",\"org\":\"o\",\"bucket\":\"b\"}"
                    .formatted(PASSWORD)));
    SAMPLES.put(
        "influx: sign-in of an inactive user",
        scene -> {
          scene.influx("PATCH", "users/" + scene.ann(), "{\"status\":\"inactive\"}");
          return scene.http.send(
              "POST", "/api/v2/signin", "", "Authorization", basic("ann", PASSWORD));
        });

    SAMPLES.put(
        "vcloud: a request without a version in Accept", scene -> scene.signIn("root", "Milvus"));
    SAMPLES.put(
        "vcloud: PUT of the caller's own account without the right to manage users",
        DifferencesTest::changeOwnPassword);

    SAMPLES.put(
        "workspace: a refused token on POST /users/{userId}/change-password and DELETE"
            + " /users/{userId}",
        scene ->
            scene.http.send(
                "DELETE", "/v1/users/0123456789abcdef01234567", "", "Authorization", "Bearer no"));
    SAMPLES.put(
        "workspace: an expired token",
        scene -> {
          var login = new JsonObject().put("provider", "traditional");
          login.put("payload", new JsonObject().put("email", "root").put("password", "Milvus"));
          var answer =
              scene.http.send(
                  "POST", "/v1/auth/login", login.encode(), "Content-Type", "application/json");
          var tokens = new JsonObject(answer.body()).getJsonObject("data");
          scene.doppel.clock().advance(Duration.ofDays(400));
          return scene.http.send(
              "GET",
              "/v1/users/profile",
              "",
              "Authorization",
              "Bearer " + tokens.getJsonObject("accessToken").getString("token"));
        });
  }

  private static HttpResponse<String> changeOwnPassword(Scene scene) {
    scene.ann();
    return changeOwnAccount(
        scene, new JsonObject().put("username", "ann").put("password", "secret2"));
  }

  private static HttpResponse<String> changeOwnAccount(Scene scene, JsonObject body) {
    var session = scene.signIn("ann", PASSWORD, ACCEPT);
    var urn = new JsonObject(session.body()).getJsonObject("user").getString("id");
    return scene.http.send(
        "PUT",
        "/cloudapi/1.0.0/users/" + urn,
        body.encode(),
        Stream.concat(
                Stream.of(ACCEPT),
                Stream.of(
                    "Content-Type",
                    "application/json",
                    "Authorization",
                    "Bearer "
                        + session
                            .headers()
                            .firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN")
                            .orElseThrow()))
            .toArray(String[]::new));
  }

  private static String password() {
    return new JsonObject().put("password", PASSWORD).encode();
  }

  private static JsonObject user(String name) {
    return new JsonObject().put("userName", name);
  }

  private static JsonObject role(String name) {
    return new JsonObject().put("roleName", name);
  }

  private static String id(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("id");
  }

  private static Stream<Difference> differences() {
    return Vendors.builtIn().stream().flatMap(vendor -> vendor.differences().stream());
  }

  @Test
  void everyDifference_hasASample() {
    assertThat(SAMPLES.keySet())
        .containsExactlyInAnyOrderElementsOf(differences().map(Difference::mark).toList());
  }

  /** The marks are sent in headers, several of which a client may join with commas. */
  @ParameterizedTest
  @MethodSource("differences")
  void subject_isPrintableAsciiWithoutCommas(Difference difference) {
    assertThat(difference.description().subject()).matches("[ -~&&[^,]]+");
  }

  @ParameterizedTest
  @MethodSource("differences")
  void answer_isMarkedIfItDeviates(Difference difference) {
    var documented = new ArrayList<String>();
    var mark = difference.mark();
    run(
        mark,
        Fidelity.DOCUMENTED,
        (answer, calls) -> {
          documented.add(text(answer));
          var last = calls.list().get((int) calls.count() - 1);
          assertThat(last.deviates()).containsExactly(mark);
          assertThat(calls.deviating().list()).containsExactly(last);
          assertThat(answer.headers().allValues(HEADER)).containsExactly(mark);
        });
    run(
        mark,
        Fidelity.OBSERVED,
        (answer, calls) -> {
          calls.atLeast(1);
          calls.deviating().never();
          assertThat(answer.headers().allValues(HEADER)).isEmpty();
          assertThat(text(answer)).isNotEqualTo(documented.get(0));
        });
  }

  private static void run(
      String mark, Fidelity fidelity, BiConsumer<HttpResponse<String>, Calls> check) {
    var config = DoppelConfig.DEFAULT.toBuilder().port(0).fidelity(fidelity).markDeviations(true);
    if (mark.equals(SETUP)) {
      config.credentials(
          new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), true));
    }
    try (var doppel = Doppel.start(config.build())) {
      var scene = new Scene(doppel, new Http(doppel.uri()));
      var sample = Objects.requireNonNull(SAMPLES.get(mark), mark);
      check.accept(sample.apply(scene), doppel.calls());
    }
  }

  /** Returns what is the same whenever an answer is given: no ids and no times. */
  private static String text(HttpResponse<String> answer) {
    return answer.statusCode() + answer.body().replaceAll("[\\w=-]{16,}|[\\d.:-]{12,}", "…");
  }

  @ParameterizedTest
  @EnumSource
  void answer_isNotMarkedByDefault(Fidelity fidelity) {
    try (var doppel =
        Doppel.start(DoppelConfig.DEFAULT.toBuilder().port(0).fidelity(fidelity).build())) {
      var answer = new Scene(doppel, new Http(doppel.uri())).influx("POST", "users", "{");
      assertThat(answer.statusCode()).isEqualTo(fidelity == Fidelity.OBSERVED ? 500 : 400);
      assertThat(answer.headers().allValues(HEADER)).isEmpty();
    }
  }

  @Test
  void grpcCall_isMarkedInItsMetadata() {
    var vertx = Vertx.vertx();
    var config = DoppelConfig.DEFAULT.toBuilder().port(0).markDeviations(true);
    try (var doppel = Doppel.start(config.build());
        var client = new GrpcClient(vertx, doppel.uri().getPort())) {
      assertThat(selectUsers(client, true).metadata())
          .containsEntry("doppel-deviates", ROLES_OF_ROOT)
          .containsEntry("grpc-status", "0");
      assertThat(selectUsers(client, false).metadata()).doesNotContainKey("doppel-deviates");
      assertThat(doppel.calls().list())
          .extracting(JournalEntry::deviates)
          .containsExactly(List.of(ROLES_OF_ROOT), List.of());
    } finally {
      await(vertx.close());
    }
  }

  private static GrpcClient.Answer selectUsers(GrpcClient client, boolean withRoles) {
    return client.call(
        "/milvus.proto.milvus.MilvusService/SelectUser",
        SelectUserRequest.newBuilder().setIncludeRoleInfo(withRoles).build().toByteArray(),
        Map.of("authorization", Base64.getEncoder().encodeToString("root:Milvus".getBytes(UTF_8))));
  }

  @Test
  void sameAnswer_isNotMarked() {
    var config = DoppelConfig.DEFAULT.toBuilder().port(0);
    try (var doppel = Doppel.start(config.build())) {
      var scene = new Scene(doppel, new Http(doppel.uri()));
      var ann = new JsonObject().put("username", "ann");
      scene.ann();
      var before = doppel.calls().count();
      // Both refuse these, with the same error.
      scene.milvus("users/create", user("1ann").put("password", PASSWORD));
      scene.milvus("users/create", user("").put("password", PASSWORD));
      scene.influx("POST", "orgs", "{");
      scene.http.send(
          "PUT", "/api/v2/me/password", password(), "Authorization", basic("ann", "wrong"));
      scene.http.send("PUT", "/api/v2/me/password", password());
      changeOwnAccount(scene, ann.copy().put("fullName", "Ann"));
      // Both answer these in the same way.
      scene.milvus("users/create", user("bob_1").put("password", PASSWORD));
      scene.milvus("users/update_password", user("root").put("description", "the first"));
      scene.milvus("users/grant_role", user("root").put("roleName", "admin"));
      scene.milvus("users/describe", user("root"));
      var calls = doppel.calls().list().stream().skip(before).toList();
      assertThat(calls)
          .extracting(JournalEntry::status)
          .containsExactly(200, 200, 400, 401, 401, 200, 403, 200, 200, 200, 200);
      assertThat(calls).allSatisfy(call -> assertThat(call.deviates()).isEmpty());
    }
  }

  /** The table in the documents has the differences of the dialects, in the same order. */
  @Test
  void document_listsTheDifferences() throws IOException {
    var rows =
        Files.readAllLines(Path.of("..", "docs", "fidelity.md")).stream()
            .dropWhile(line -> !line.equals("## Documented or observed"))
            .filter(line -> line.startsWith("| "))
            .skip(1)
            .map(line -> line.replace("`", ""))
            .toList();
    assertThat(rows).containsExactlyElementsOf(differences().map(DifferencesTest::row).toList());
  }

  private static String row(Difference difference) {
    var one = difference.description();
    return "| %s | %s | %s | %s |"
        .formatted(one.dialect(), one.subject(), one.documented(), one.observed());
  }
}
