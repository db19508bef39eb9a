package dev.doppel.gateway;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is answered what: every operation, asked by every kind of caller, each time from the same
 * state. The tables are in {@code src/test/resources/authorization}; {@code -Ddoppel.write=true}
 * writes them anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizationTest {

  private static final String PASSWORD = "P@ssw0rd1";
  private static final String ACCEPT = VendorClient.Vcloud.ACCEPT;
  private static final Path TABLES = Path.of("src", "test", "resources", "authorization");
  private static final String NOBODYS = "0000000000000001";

  /** In the order of the columns. */
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
          "administrator");

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());
  private final MilvusCalls calls = new MilvusCalls(doppel.uri());
  private final VendorClient.Influx influx = new VendorClient.Influx(http);
  private final VendorClient.Workspace workspace = new VendorClient.Workspace(http);

  /** Dialect, then caller, then its header lines. */
  private final Map<String, Map<String, String[]>> credentials = new LinkedHashMap<>();

  /** Core's ids, by name. */
  private final Map<String, String> ids = new LinkedHashMap<>();

  private String organization = "";
  private String snapshot = "";

  @BeforeAll
  void people() {
    for (var name : List.of("late", "off", "gone", "plain", "other")) {
      influx.create(name, PASSWORD);
    }
    signIn("expired", "late");
    doppel.clock().advance(Duration.ofDays(400));
    signIn("deactivated", "off");
    signIn("deleted", "gone");
    signIn("on itself", "plain");
    signIn("on another", "plain");
    for (var dialect : List.of("milvus", "influx", "vcloud", "workspace")) {
      put(dialect, "nobody");
    }
    put("milvus", "garbage", "Authorization", "Bearer nobody:P@ssw0rd1");
    put("influx", "garbage", "Authorization", "Token nobodys");
    put("vcloud", "garbage", "Authorization", "Bearer nobodys", "Accept", ACCEPT);
    put("vcloud", "nobody", "Accept", ACCEPT);
    put("workspace", "garbage", "Authorization", "Bearer nobodys");
    put("milvus", "administrator", "Authorization", "Bearer root:Milvus");
    put("influx", "administrator", "Authorization", "Token doppel-operator-token");
    put("workspace", "administrator", "Authorization", "Bearer doppel-operator-token");
    var orgs =
        http.send(
            "GET", "/api/v2/orgs?org=doppel", "", "Authorization", "Token doppel-operator-token");
    organization =
        new JsonObject(orgs.body()).getJsonArray("orgs").getJsonObject(0).getString("id");
    put(
        "vcloud",
        "administrator",
        Stream.concat(
                Stream.of(vcloud("/provider", "root@System", "Milvus")),
                Stream.of("X-VMWARE-VCLOUD-TENANT-CONTEXT", urn("org", organization)))
            .toArray(String[]::new));
    scoped();
    new JsonObject(http.send("GET", "/_doppel/users?limit=100", "").body())
        .getJsonArray("users").stream()
            .map(JsonObject.class::cast)
            .forEach(user -> ids.put(user.getString("name"), user.getString("id")));
    influx.deactivate("off");
    influx.delete("gone");
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

  private void put(String dialect, String caller, String... headers) {
    credentials.computeIfAbsent(dialect, none -> new LinkedHashMap<>()).put(caller, headers);
  }

  private void signIn(String caller, String name) {
    if (!caller.equals("expired")) { // a password doesn't expire
      put("milvus", caller, "Authorization", "Bearer " + name + ":" + PASSWORD);
    }
    var session = http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, PASSWORD));
    put("influx", caller, "Cookie", session.headers().firstValue("Set-Cookie").orElseThrow());
    put("vcloud", caller, vcloud("", name + "@doppel", PASSWORD));
    put("workspace", caller, "Authorization", "Bearer " + workspace.token(name, PASSWORD));
  }

  private String[] vcloud(String path, String name, String password) {
    var bearer = new VendorClient.Vcloud(http).bearer(path, name, password);
    return new String[] {"Authorization", bearer, "Accept", ACCEPT};
  }

  /** A token that may read users and nothing else; only InfluxDB knows such. */
  private void scoped() {
    var body =
        "{\"orgID\":\"%s\",\"permissions\":[{\"action\":\"read\",\"resource\":{\"type\":\"users\"}}]}"
            .formatted(organization);
    var made =
        http.send(
            "POST", "/api/v2/authorizations", body, "Authorization", "Token doppel-operator-token");
    var token = new JsonObject(made.body()).getString("token");
    put("influx", "scoped", "Authorization", "Token " + token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"milvus", "influx", "vcloud", "workspace"})
  void everyCaller_getsTheAnswerInTheTable(String dialect) throws IOException {
    var table = table(dialect);
    var file = TABLES.resolve(dialect + ".md");
    if (Boolean.getBoolean("doppel.write")) {
      Files.createDirectories(TABLES);
      Files.writeString(file, table);
    }
    assertThat(table).isEqualTo(Files.readString(file));
  }

  private String table(String dialect) {
    var known = Objects.requireNonNull(credentials.get(dialect));
    var callers = CALLERS.stream().filter(known::containsKey).toList();
    var table = new StringBuilder("| |");
    callers.forEach(caller -> table.append(' ').append(caller).append(" |"));
    table.append("\n|---").append("|---".repeat(callers.size())).append("|\n");
    for (var operation : operations(dialect)) {
      var method = operation.getString("method");
      var path = operation.getString("path");
      var changes = !method.equals("GET");
      table.append("| `").append(method).append(' ').append(path).append("` |");
      for (var caller : callers) {
        var headers = Objects.requireNonNull(known.get(caller));
        table.append(cell(answer(dialect, method, path, subject(caller), headers), changes));
      }
      table.append('\n');
    }
    if (dialect.equals("milvus")) {
      for (var name : MilvusCalls.names()) {
        table.append("| gRPC `").append(name).append("` |");
        for (var caller : callers) {
          var headers = Objects.requireNonNull(known.get(caller));
          table.append(cell(grpcAnswer(name, subject(caller), headers), true));
        }
        table.append('\n');
      }
    }
    return table.toString();
  }

  private static String subject(String caller) {
    return caller.equals("on itself") ? "plain" : "other";
  }

  private String cell(String answer, boolean changes) {
    if (changes) {
      var back = http.control("POST", "snapshots/" + snapshot + "/restore", "");
      assertThat(back).startsWith("200 ");
    }
    return " " + answer + " |";
  }

  private String answer(String dialect, String method, String path, String on, String[] headers) {
    var hasBody = !method.equals("GET") && !method.equals("HEAD");
    return shown(
        http.send(
            method, filled(dialect, path, on), hasBody ? body(dialect, on) : "", with(headers)));
  }

  /**
   * @param headers as over REST, where the credentials of no one or of somebody are
   */
  private String grpcAnswer(String name, String on, String[] headers) {
    var metadata = new LinkedHashMap<String, String>();
    if (headers.length > 0) {
      metadata.put("authorization", base64(headers[1].replace("Bearer ", "")));
    }
    return MilvusCalls.shown(name, calls.call(name, field -> value(field, on), metadata));
  }

  private static String value(String field, String on) {
    return switch (field) {
      case "UserEntity.name" -> on;
      case "RoleEntity.name" -> "public";
      case "PrivilegeEntity.name" -> "SelectUser";
      case "ObjectEntity.name" -> "Global";
      default ->
          switch (field.substring(field.indexOf('.') + 1)) {
            case "username" -> on;
            case "role_name" -> "public";
            case "password", "oldPassword" -> base64(PASSWORD);
            case "newPassword" -> base64("N3w-P@ssw0rd");
            case "object_name", "db_name", "collection_name" -> "*";
            default -> "made";
          };
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
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

  private static String[] with(String[] headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    return all.toArray(String[]::new);
  }

  private String filled(String dialect, String path, String on) {
    var id = Objects.requireNonNull(ids.get(on));
    Function<String, String> user =
        switch (dialect) {
          case "vcloud" -> hex -> urn("user", hex);
          case "workspace" -> VendorClient.Workspace::objectId;
          default -> hex -> hex;
        };
    return path.replaceAll(":user(ID|Id|Urn)", user.apply(id))
        .replaceAll(":collaboratorId", user.apply(id))
        .replace(":orgID", organization)
        .replace(":organizationId", VendorClient.Workspace.objectId(organization))
        .replace(":orgUrn", urn("org", organization))
        .replace(":organization", "doppel")
        .replaceAll(":(group|role|token|session)Urn", "urn:vcloud:$1:" + uuid(NOBODYS))
        .replaceAll(":[a-zA-Z]+ID", NOBODYS)
        .replaceAll(":taskId", uuid(NOBODYS));
  }

  private static String urn(String type, String hex) {
    return "urn:vcloud:" + type + ":" + uuid(hex);
  }

  /** Version 8; the 64 bits, parted by version and variant. */
  private static String uuid(String hex) {
    var id = Long.parseUnsignedLong(hex, 16);
    return new UUID((id & ~0xFFFFL) | 0x8000L | ((id >>> 4) & 0xFFFL), Long.MIN_VALUE | (id & 0xFL))
        .toString();
  }

  private String body(String dialect, String on) {
    var body = new JsonObject();
    switch (dialect) {
      case "milvus" ->
          body.put("userName", on)
              .put("roleName", "public")
              .put("password", PASSWORD)
              .put("newPassword", "N3w-P@ssw0rd")
              .put("objectType", "Global")
              .put("objectName", "*")
              .put("privilege", "SelectUser")
              .put("dbName", "*")
              .put("collectionName", "*")
              .put("privilegeGroupName", "made");
      case "influx" ->
          body.put("name", "made")
              .put("password", "N3w-P@ssw0rd")
              .put("orgID", organization)
              .put("id", ids.get(on));
      case "vcloud" ->
          body.put("username", "made")
              .put("password", PASSWORD)
              .put(
                  "roleEntityRefs", new JsonArray().add(new JsonObject().put("name", "vApp User")));
      default -> body.put("oldPassword", PASSWORD).put("newPassword", "N3w-P@ssw0rd");
    }
    return body.encode();
  }

  /** The status, and the vendor's own code where there is one. */
  private static String shown(HttpResponse<String> answer) {
    return (answer.statusCode() + " " + code(answer.body()).orElse("")).strip();
  }

  private static Optional<String> code(String body) {
    try {
      var json = new JsonObject(body);
      var error = json.getValue("error") instanceof JsonObject inner ? inner : json;
      return Optional.ofNullable(error.getValue("minorErrorCode"))
          .or(() -> Optional.ofNullable(error.getValue("code")))
          .map(Object::toString);
    } catch (DecodeException | ClassCastException noObject) {
      return Optional.empty();
    }
  }
}
