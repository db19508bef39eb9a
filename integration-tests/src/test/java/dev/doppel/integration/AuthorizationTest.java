package dev.doppel.integration;

import static dev.doppel.integration.AuthorizationRequests.base64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.Vendors;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import dev.doppel.integration.AuthorizationScene.Credentials;
import dev.doppel.integration.AuthorizationScene.Subject;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Responses to every operation for every kind of caller, each time in the same state. The expected
 * tables are in {@code src/test/resources/authorization}; {@code -Ddoppel.write=true} rewrites
 * them.
 *
 * <p>An administrator succeeds in every row except {@link #REFUSED_TO_ADMINISTRATORS}: a row in
 * which all callers fail couldn't reveal a missing check.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizationTest {

  private static final Path TABLES = Path.of("src", "test", "resources", "authorization");
  private static final String ADMINISTRATOR = "administrator";
  private static final Pattern SUCCESS = Pattern.compile("(20\\d|303|0)( 0)?( \\(\\d+\\))?");

  /** Members of responses in which the vendors return lists. */
  private static final List<String> LISTS =
      List.of(
          "users",
          "authorizations",
          "orgs",
          "buckets",
          "labels",
          "secrets",
          "values",
          "items",
          "data",
          "privilegeGroups");

  /** The columns of the tables. */
  private static final List<String> CALLERS =
      List.of(
          "nobody",
          "garbage",
          "expired",
          "deactivated",
          "deleted",
          "on itself",
          "on another",
          "scoped",
          "outsider",
          "org admin",
          "org admin on a guest",
          "org admin on an administrator",
          "cluster admin",
          "cluster admin on an administrator",
          "api token session",
          "operator token",
          ADMINISTRATOR);

  /** Operations that can't succeed for an administrator, and the reason. */
  private static final Map<String, Map<String, String>> REFUSED_TO_ADMINISTRATORS =
      Map.of(
          "milvus",
          Map.ofEntries(
              Map.entry("`POST /v2/vectordb/collections/describe`", "there are no collections"),
              Map.entry("`POST /v2/vectordb/collections/get_stats`", "there are no collections"),
              Map.entry(
                  "`POST /v2/vectordb/collections/get_load_state`", "there are no collections"),
              Map.entry("`POST /v2/vectordb/partitions/list`", "there are no collections"),
              Map.entry("`POST /v2/vectordb/aliases/describe`", "there are no aliases"),
              Map.entry("gRPC `GetCollectionStatistics`", "there are no collections"),
              Map.entry("gRPC `HasPartition`", "there are no collections"),
              Map.entry("gRPC `GetPartitionStatistics`", "there are no collections"),
              Map.entry("gRPC `ShowPartitions`", "there are no collections"),
              Map.entry("gRPC `GetLoadingProgress`", "there are no collections"),
              Map.entry("gRPC `DescribeAlias`", "there are no aliases"),
              Map.entry("gRPC `DescribeIndex`", "there are no collections"),
              Map.entry("gRPC `GetIndexStatistics`", "there are no collections"),
              Map.entry("gRPC `GetIndexState`", "there are no collections"),
              Map.entry("gRPC `GetIndexBuildProgress`", "there are no collections"),
              Map.entry("gRPC `GetPersistentSegmentInfo`", "there are no collections"),
              Map.entry("gRPC `GetQuerySegmentInfo`", "there are no collections"),
              Map.entry("gRPC `ListIndexedSegment`", "is unimplemented there, too"),
              Map.entry("gRPC `AlterDatabase`", "both sets and removes properties")),
          "influx",
          Map.of(
              "`POST /api/v2/setup`", "is for a server that has no users yet",
              "`PUT /api/v2/users/password`", "names no user, whoever asks"),
          "vcloud",
          Map.of(
              "`GET /api/admin/group/:groupUrn`", "there are no groups",
              "`POST /cloudapi/1.0.0/users/:userUrn/changePassword`",
                  "is for one's own password; administrators reset others' with PUT",
              "`GET /cloudapi/1.0.0/groups/:groupUrn`", "there are no groups",
              "`GET /cloudapi/1.0.0/groups/:groupUrn/users`", "there are no groups",
              "`GET /cloudapi/1.0.0/groups/:groupUrn/quotas`", "there are no groups",
              "`PUT /cloudapi/1.0.0/groups/:groupUrn/quotas`", "there are no groups",
              "`GET /cloudapi/1.0.0/groups/:groupUrn/quotaPolicy`", "there are no groups",
              "`PUT /cloudapi/1.0.0/groups/:groupUrn/quotaPolicy`", "there are no groups"),
          "workspace",
          Map.of(
              "`DELETE /v1/auth/two-factor`", "nobody has a second factor",
              "`POST /v1/auth/sso/:organizationSlug/:type/callback`",
                  "single sign-on is refused to everybody",
              "`POST /v1/organizations/:organizationId/providers`",
                  "single sign-on is refused to everybody"));

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());
  private final MilvusCalls calls = new MilvusCalls(doppel.uri());
  private final AuthorizationScene scene = new AuthorizationScene(doppel);
  private final AuthorizationRequests requests = new AuthorizationRequests(scene);

  private String snapshot = "";

  @BeforeAll
  void takeSnapshot() {
    snapshot =
        Integer.toString(
            new JsonObject(http.send("POST", "/_doppel/snapshots", "").body())
                .getInteger("snapshot"));
  }

  @AfterAll
  void close() {
    calls.close();
    doppel.close();
  }

  private static Stream<String> dialects() {
    return Vendors.builtIn().stream().map(Vendor::name);
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void everyOperation_respondsAsInTable(String dialect) throws IOException {
    var rows = rows(dialect);
    var table = table(dialect, rows);
    var file = TABLES.resolve(dialect + ".md");
    if (Boolean.getBoolean("doppel.write")) {
      Files.createDirectories(TABLES);
      Files.writeString(file, table);
    }
    assertThat(table).isEqualTo(Files.readString(file));
    assertThat(refusedToAdministrators(rows))
        .isEqualTo(
            new TreeSet<>(Objects.requireNonNull(REFUSED_TO_ADMINISTRATORS.get(dialect)).keySet()));
  }

  private static TreeSet<String> refusedToAdministrators(Map<String, Map<String, String>> rows) {
    return rows.entrySet().stream()
        .filter(
            row ->
                !SUCCESS
                    .matcher(Objects.requireNonNull(row.getValue().get(ADMINISTRATOR)))
                    .matches())
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<String> callers(String dialect) {
    return CALLERS.stream().filter(scene.callers(dialect)::containsKey).toList();
  }

  private String table(String dialect, Map<String, Map<String, String>> rows) {
    var callers = callers(dialect);
    var table = new StringBuilder("| |");
    callers.forEach(caller -> table.append(' ').append(caller).append(" |"));
    table.append("\n|---").append("|---".repeat(callers.size())).append("|\n");
    rows.forEach(
        (operation, cells) -> {
          table.append("| ").append(operation).append(" |");
          cells.values().forEach(cell -> table.append(' ').append(cell).append(" |"));
          table.append('\n');
        });
    return table.toString();
  }

  /** Returns the cells of each row, by caller. */
  private Map<String, Map<String, String>> rows(String dialect) {
    var rows = new LinkedHashMap<String, Map<String, String>>();
    for (var operation : operations(dialect)) {
      var method = operation.getString("method");
      var path = operation.getString("path");
      var row = new LinkedHashMap<String, String>();
      for (var caller : callers(dialect)) {
        row.put(caller, answer(dialect, method, path, caller));
      }
      rows.put("`" + method + " " + path + "`", row);
    }
    if (dialect.equals("milvus")) {
      for (var name : MilvusCalls.names()) {
        var row = new LinkedHashMap<String, String>();
        for (var caller : callers(dialect)) {
          row.put(caller, grpcAnswer(name, caller));
        }
        rows.put("gRPC `" + name + "`", row);
      }
    }
    return rows;
  }

  private String answer(String dialect, String method, String path, String caller) {
    var request =
        requests.request(
            dialect, method, path, scene.subject(caller), credentials(dialect, caller));
    var answer = http.send(method, request.path(), request.body(), request.headers());
    if (!method.equals("GET")) {
      restore();
    }
    return shown(answer);
  }

  private String grpcAnswer(String name, String caller) {
    Subject subject = scene.subject(caller);
    var headers = credentials("milvus", caller).headers();
    var metadata = new LinkedHashMap<String, String>();
    if (headers.length > 0) {
      metadata.put("authorization", base64(headers[1].replace("Bearer ", "")));
    }
    var answer =
        calls.call(name, field -> AuthorizationRequests.field(name, field, subject), metadata);
    restore();
    return MilvusCalls.shown(name, answer);
  }

  private Credentials credentials(String dialect, String caller) {
    return Objects.requireNonNull(scene.callers(dialect).get(caller));
  }

  private void restore() {
    var restored = http.control("POST", "snapshots/" + snapshot + "/restore", "");
    assertThat(restored).startsWith("200 ");
  }

  private List<JsonObject> operations(String dialect) {
    return new JsonObject(http.send("GET", "/_doppel/operations", "").body())
        .getJsonArray("dialects").stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("dialect").equals(dialect))
            .flatMap(one -> one.getJsonArray("operations").stream())
            .map(JsonObject.class::cast)
            .filter(operation -> !operation.getString("method").equals("GRPC"))
            .toList();
  }

  /**
   * Formats a response: its status, the vendor's own code if there is one, and the length of its
   * list, which reveals a list with too many entries.
   */
  private static String shown(HttpResponse<String> answer) {
    var json = json(answer.body());
    var code = code(json).map(text -> " " + text).orElse("");
    return answer.statusCode() + code + list(json).map(list -> " (" + list.size() + ")").orElse("");
  }

  private static Optional<Object> json(String body) {
    try {
      return Optional.ofNullable(Json.decodeValue(body));
    } catch (DecodeException noJson) {
      return Optional.empty();
    }
  }

  private static Optional<String> code(Optional<Object> json) {
    return object(json)
        .map(all -> all.getValue("error") instanceof JsonObject error ? error : all)
        .flatMap(
            error ->
                Optional.ofNullable(error.getValue("minorErrorCode"))
                    .or(() -> Optional.ofNullable(error.getValue("code"))))
        .map(Object::toString);
  }

  private static Optional<JsonObject> object(Optional<Object> json) {
    return json.filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
  }

  private static Optional<JsonArray> list(Optional<Object> json) {
    if (json.isPresent() && json.get() instanceof JsonArray list) {
      return Optional.of(list);
    }
    return object(json)
        .map(all -> all.getValue("data") instanceof JsonObject data ? data : all)
        .filter(all -> !all.containsKey("id"))
        .flatMap(
            all ->
                LISTS.stream()
                    .map(all::getValue)
                    .filter(JsonArray.class::isInstance)
                    .map(JsonArray.class::cast)
                    .findFirst());
  }
}
