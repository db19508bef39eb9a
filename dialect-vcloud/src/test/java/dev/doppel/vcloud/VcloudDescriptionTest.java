package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Operation;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the members of every answer, and the versions in which every operation exists, with the
 * vendor's own description: {@code description/facts.tsv}.
 */
class VcloudDescriptionTest {

  private static final Path FACTS = Path.of("src", "test", "resources", "description", "facts.tsv");
  private static final String CLOUDAPI = "/cloudapi/1.0.0";

  private static final List<String> VERSIONS =
      List.of("35.0", "35.2", "36.0", "36.1", "36.3", "37.0", "37.2", "38.1", "39.1");

  private static final String RIGHT = "urn:vcloud:right:4886663f-ae31-37fc-9a70-3dbe2f24a8c5";

  /** The models of properties that are objects or lists of objects. */
  private static final Map<String, String> NESTED =
      Map.ofEntries(
          Map.entry("roleEntityRefs", "EntityReference"),
          Map.entry("orgEntityRef", "EntityReference"),
          Map.entry("managedBy", "EntityReference"),
          Map.entry("owner", "EntityReference"),
          Map.entry("org", "EntityReference"),
          Map.entry("role", "EntityReference"),
          Map.entry("site", "EntityReference"),
          Map.entry("user", "EntityReference"),
          Map.entry("roleRefs", "EntityReference"),
          Map.entry("impliedRights", "EntityReference"),
          Map.entry("rightsCount", "RightsCount"),
          Map.entry("quotaPools", "QuotaPoolDefinition"),
          Map.entry("quotaPolicyReference", "EntityReference"));

  /** Operations whose answers have members, and the model of the answer or of a page's items. */
  private static final Map<String, String> MODELS =
      Map.ofEntries(
          Map.entry("POST /cloudapi/1.0.0/sessions", "Session"),
          Map.entry("POST /cloudapi/1.0.0/sessions/provider", "Session"),
          Map.entry("GET /cloudapi/1.0.0/sessions", "Page of Session"),
          Map.entry("GET /cloudapi/1.0.0/sessions/current", "Session"),
          Map.entry("GET /cloudapi/1.0.0/sessions/:sessionUrn", "Session"),
          Map.entry(
              "GET /cloudapi/1.0.0/sessions/:sessionUrn/accessibleLocations",
              "Page of AccessibleLocation"),
          Map.entry("GET /cloudapi/1.0.0/users", "Page of VcdUser"),
          Map.entry("POST /cloudapi/1.0.0/users", "VcdUser"),
          Map.entry("GET /cloudapi/1.0.0/users/:userUrn", "VcdUser"),
          Map.entry("PUT /cloudapi/1.0.0/users/:userUrn", "VcdUser"),
          Map.entry("GET /cloudapi/1.0.0/users/:userUrn/groups", "Page of EntityReference"),
          Map.entry("GET /cloudapi/1.0.0/users/:userUrn/quotas", "Quotas"),
          Map.entry("GET /cloudapi/1.0.0/users/:userUrn/quotaPolicy", "AssignedQuotaPolicy"),
          Map.entry("GET /cloudapi/1.0.0/groups", "Page of UserGroup"),
          Map.entry("GET /cloudapi/1.0.0/groups/:groupUrn", "Error"),
          Map.entry("GET /cloudapi/1.0.0/groups/:groupUrn/users", "Error"),
          Map.entry("GET /cloudapi/1.0.0/groups/:groupUrn/quotas", "Error"),
          Map.entry("GET /cloudapi/1.0.0/groups/:groupUrn/quotaPolicy", "Error"),
          Map.entry("GET /cloudapi/1.0.0/orgs", "Page of Org"),
          Map.entry("GET /cloudapi/1.0.0/orgs/:orgUrn", "Org"),
          Map.entry("GET /cloudapi/1.0.0/orgs/:orgUrn/quotas", "Quotas"),
          Map.entry("GET /cloudapi/1.0.0/orgs/:orgUrn/quotaPolicy", "AssignedQuotaPolicy"),
          Map.entry("GET /cloudapi/1.0.0/roles", "Page of Role"),
          Map.entry("GET /cloudapi/1.0.0/roles/:roleUrn", "Role"),
          Map.entry("POST /cloudapi/1.0.0/orgs", "Org"),
          Map.entry("PUT /cloudapi/1.0.0/orgs/:orgUrn", "Org"),
          Map.entry("POST /cloudapi/1.0.0/roles", "Role"),
          Map.entry("PUT /cloudapi/1.0.0/roles/:roleUrn", "Role"),
          Map.entry("GET /cloudapi/1.0.0/roles/:roleUrn/rights", "Page of Right"),
          Map.entry("POST /cloudapi/1.0.0/roles/:roleUrn/rights", "Page of EntityReference"),
          Map.entry("PUT /cloudapi/1.0.0/roles/:roleUrn/rights", "Page of EntityReference"),
          Map.entry("GET /cloudapi/1.0.0/rights", "Page of Right"),
          Map.entry("GET /cloudapi/1.0.0/rights/:rightUrn", "Right"),
          Map.entry("GET /cloudapi/1.0.0/rightsCategories", "Page of RightsCategoryNode"),
          Map.entry("GET /cloudapi/1.0.0/rightsCategories/:categoryUrn", "RightsCategoryNode"),
          Map.entry("GET /cloudapi/1.0.0/globalRoles", "Page of GlobalRole"),
          Map.entry("POST /cloudapi/1.0.0/globalRoles", "GlobalRole"),
          Map.entry("GET /cloudapi/1.0.0/globalRoles/:urn", "GlobalRole"),
          Map.entry("PUT /cloudapi/1.0.0/globalRoles/:urn", "GlobalRole"),
          Map.entry("GET /cloudapi/1.0.0/globalRoles/:urn/rights", "Page of Right"),
          Map.entry("POST /cloudapi/1.0.0/globalRoles/:urn/rights", "Page of EntityReference"),
          Map.entry("PUT /cloudapi/1.0.0/globalRoles/:urn/rights", "Page of EntityReference"),
          Map.entry("GET /cloudapi/1.0.0/globalRoles/:urn/tenants", "Page of EntityReference"),
          Map.entry("PUT /cloudapi/1.0.0/globalRoles/:urn/tenants", "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/globalRoles/:urn/tenants/publish", "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/globalRoles/:urn/tenants/unpublish", "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/globalRoles/:urn/tenants/publishAll",
              "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/globalRoles/:urn/tenants/unpublishAll",
              "Page of EntityReference"),
          Map.entry("GET /cloudapi/1.0.0/rightsBundles", "Page of RightsBundle"),
          Map.entry("POST /cloudapi/1.0.0/rightsBundles", "RightsBundle"),
          Map.entry("GET /cloudapi/1.0.0/rightsBundles/:urn", "RightsBundle"),
          Map.entry("PUT /cloudapi/1.0.0/rightsBundles/:urn", "RightsBundle"),
          Map.entry("GET /cloudapi/1.0.0/rightsBundles/:urn/rights", "Page of Right"),
          Map.entry("POST /cloudapi/1.0.0/rightsBundles/:urn/rights", "Page of EntityReference"),
          Map.entry("PUT /cloudapi/1.0.0/rightsBundles/:urn/rights", "Page of EntityReference"),
          Map.entry("GET /cloudapi/1.0.0/rightsBundles/:urn/tenants", "Page of EntityReference"),
          Map.entry("PUT /cloudapi/1.0.0/rightsBundles/:urn/tenants", "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/rightsBundles/:urn/tenants/publish", "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/rightsBundles/:urn/tenants/unpublish",
              "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/rightsBundles/:urn/tenants/publishAll",
              "Page of EntityReference"),
          Map.entry(
              "POST /cloudapi/1.0.0/rightsBundles/:urn/tenants/unpublishAll",
              "Page of EntityReference"),
          Map.entry("GET /cloudapi/1.0.0/tokens", "Page of Token"),
          Map.entry("GET /cloudapi/1.0.0/tokens/:tokenUrn", "Token"),
          Map.entry("GET /cloudapi/1.0.0/serviceAccounts", "Page of ServiceAccount"),
          Map.entry("GET /cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn", "ServiceAccount"),
          Map.entry("PUT /cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn", "ServiceAccount"),
          Map.entry("GET /cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/quotas", "Quotas"),
          Map.entry(
              "GET /cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/quotaPolicy",
              "AssignedQuotaPolicy"),
          Map.entry("POST /cloudapi/1.0.0/deviceLookup", "DeviceInfo"));

  /** A property and the versions that have it, from the first and before the last. */
  private record Property(String name, String since, String until, boolean restricted) {

    boolean existsIn(String version) {
      return (since.equals("-") || compare(version, since) >= 0)
          && (until.equals("-") || compare(version, until) < 0);
    }
  }

  /** What the vendor states, by model and by operation ({@code GET /path/{}}). */
  private record Facts(Map<String, List<Property>> models, Map<String, String> operations) {

    static Facts read() throws IOException {
      var models = new HashMap<String, List<Property>>();
      var operations = new HashMap<String, String>();
      for (var line : Files.readAllLines(FACTS)) {
        var row = line.split("\t");
        switch (row[0]) {
          case "model" ->
              models
                  .computeIfAbsent(row[1], name -> new ArrayList<>())
                  .add(new Property(row[2], row[3], row[4], row[5].contains("restricted")));
          case "operation" -> operations.put(row[1] + " " + row[2], row[3]);
          case "later" -> {
            var all = models.get(row[1]);
            all.add(
                all.stream().map(Property::name).toList().indexOf(row[4]) + 1,
                new Property(row[2], row[3], "-", true));
          }
          case "earlier" ->
              models
                  .get(row[1])
                  .replaceAll(
                      one ->
                          one.name.equals(row[2])
                              ? new Property(one.name, row[3], one.until, one.restricted)
                              : one);
          default -> assertThat(line).startsWith("#");
        }
      }
      return new Facts(models, operations);
    }

    List<String> members(String model, String version) {
      return models.get(model).stream()
          .filter(property -> property.existsIn(version))
          .map(Property::name)
          .toList();
    }
  }

  private static int compare(String one, String other) {
    var a = one.split("\\.");
    var b = other.split("\\.");
    var major = Integer.compare(Integer.parseInt(a[0]), Integer.parseInt(b[0]));
    return major == 0 ? Integer.compare(Integer.parseInt(a[1]), Integer.parseInt(b[1])) : major;
  }

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private VcloudDialect dialect;
  private TestServer server;
  private Facts facts;

  /** Values of the parameters in paths. */
  private final Map<String, String> things = new LinkedHashMap<>();

  private String token = "";
  private String provider = "";
  private String userCode = "";

  @BeforeEach
  void start() throws IOException {
    facts = Facts.read();
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    dialect = new VcloudDialect(realm.realm(), Fidelity.DOCUMENTED);
    server = new TestServer(vertx, dialect);
    var session = send("39.1", "POST", CLOUDAPI + "/sessions", "", basic("root@doppel"));
    token = session.headers().get("x-vmware-vcloud-access-token");
    var alice = await(realm.realm().users().find("alice"));
    things.put("sessionUrn", new JsonObject(session.body()).getString("id"));
    things.put("userUrn", VcloudUrn.of(alice));
    things.put("groupUrn", "urn:vcloud:group:00000000-0000-0000-0000-000000000000");
    things.put("orgUrn", new JsonObject(session.body()).getJsonObject("org").getString("id"));
    provider =
        send("39.1", "POST", CLOUDAPI + "/sessions/provider", "", basic("administrator@System"))
            .headers()
            .get("x-vmware-vcloud-access-token");
    things.put("roleUrn", create("roles"));
    things.put("rightUrn", RIGHT);
    things.put("categoryUrn", VcloudRight.categoryUrn("Catalog").toString());
    things.put("globalRoles", create("globalRoles"));
    things.put("rightsBundles", create("rightsBundles"));
    things.put("tokenUrn", "urn:vcloud:token:" + register("{\"client_name\":\"laptop\"}"));
    var account =
        register(
            "{\"client_name\":\"robot\",\"software_id\":\"12345678-1234-1234-1234-1234567890ab\","
                + "\"scope\":\"urn:vcloud:role:vApp%20Author\"}");
    things.put("serviceAccountUrn", "urn:vcloud:serviceAccount:" + account);
    var codes =
        send(
            "39.1",
            "POST",
            "/oauth/tenant/doppel/device_authorization?client_id=" + account,
            "",
            Map.entry("X-Nothing", "x"));
    userCode = new JsonObject(codes.body()).getString("user_code");
  }

  @AfterEach
  void stop() {
    server.close();
    realm.close();
    await(vertx.close());
  }

  private String register(String metadata) {
    var registered = send("39.1", "POST", "/oauth/tenant/doppel/register", metadata, bearer());
    assertThat(registered.status()).as(registered.body()).isEqualTo(201);
    return new JsonObject(registered.body()).getString("client_id");
  }

  /** Creates a role, a global role or a rights bundle. */
  private String create(String type) {
    var credentials = type.equals("roles") ? bearer() : provider();
    var created = send("39.1", "POST", CLOUDAPI + "/" + type, "{\"name\":\"mine\"}", credentials);
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return new JsonObject(created.body()).getString("id");
  }

  private Map.Entry<String, String> provider() {
    return Map.entry("Authorization", "Bearer " + provider);
  }

  private static Map.Entry<String, String> basic(String name) {
    var pair = (name + ":" + TestRealm.ROOT_PASSWORD).getBytes(StandardCharsets.UTF_8);
    return Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  private Map.Entry<String, String> bearer() {
    return Map.entry("Authorization", "Bearer " + token);
  }

  private TestServer.Answer send(
      String version,
      String method,
      String path,
      String body,
      Map.Entry<String, String> credentials) {
    return server.send(
        method,
        path,
        List.of(
            Map.entry("Accept", "application/json;version=" + version),
            Map.entry("Content-Type", "application/json"),
            credentials),
        body);
  }

  private static Stream<String> versions() {
    return VERSIONS.stream();
  }

  private Stream<Operation> cloudApi() {
    return dialect.operations().stream().filter(one -> one.path().startsWith(CLOUDAPI));
  }

  private static String key(Operation operation) {
    return operation.method() + " " + operation.path();
  }

  /** An operation that reads must have an entry in the table, so that its answers are compared. */
  @Test
  void everyReadOperation_isCompared() {
    var reading =
        cloudApi()
            .map(VcloudDescriptionTest::key)
            .filter(key -> key.startsWith("GET ") || MODELS.containsKey(key));
    assertThat(new TreeSet<>(MODELS.keySet())).isEqualTo(new TreeSet<>(reading.toList()));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void operation_existsInItsVersions(String version) {
    cloudApi()
        .forEach(
            operation -> {
              var described =
                  operation.method() + " " + operation.path().replaceAll(":[A-Za-z]+", "{}");
              assertThat(facts.operations).containsKey(described);
              var since = facts.operations.get(described);
              var exists = since.equals("-") || compare(version, since) >= 0;
              var answer = send(version, operation);
              assertThat(answer.status() != 405)
                  .as("%s in %s: %s", described, version, answer.body())
                  .isEqualTo(exists);
            });
  }

  @ParameterizedTest
  @MethodSource("versions")
  void answer_hasMembersOfItsVersion(String version) {
    cloudApi()
        .filter(operation -> MODELS.containsKey(key(operation)))
        .filter(operation -> !operation.path().endsWith("deviceLookup") || isSince(version, "37.0"))
        .forEach(
            operation -> {
              var answer = send(version, operation);
              if (answer.status() != 405) {
                var model = MODELS.get(key(operation));
                var failed = answer.status() >= 400;
                assertMembers(
                    key(operation) + " in " + version,
                    failed && isEmptyBefore(operation, version) ? "Error" : model,
                    version,
                    new JsonObject(answer.body()));
                assertThat(failed)
                    .as(key(operation) + answer.body())
                    .isEqualTo(model.equals("Error") || isEmptyBefore(operation, version));
              }
            });
  }

  /** Returns whether an operation finds nothing, since API tokens are newer than itself. */
  private static boolean isEmptyBefore(Operation operation, String version) {
    return operation.path().endsWith("/:tokenUrn") && !isSince(version, "36.1");
  }

  private static boolean isSince(String version, String first) {
    return compare(version, first) >= 0;
  }

  /** Restricted properties are there, but null. */
  @ParameterizedTest
  @MethodSource("versions")
  void answerToUserWithoutRights_hasMembersOfItsVersion(String version) {
    var alice = ("alice@doppel:" + TestRealm.PASSWORD).getBytes(StandardCharsets.UTF_8);
    var session =
        send(
            version,
            "POST",
            CLOUDAPI + "/sessions",
            "",
            Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(alice)));
    var own =
        Map.entry(
            "Authorization", "Bearer " + session.headers().get("x-vmware-vcloud-access-token"));
    for (var target : Map.of("/orgs/:orgUrn", "Org", "/users/:userUrn", "VcdUser").entrySet()) {
      var answer = send(version, "GET", CLOUDAPI + path(target.getKey()), "", own);
      assertThat(answer.status()).isEqualTo(200);
      var body = new JsonObject(answer.body());
      assertMembers(target.getKey(), target.getValue(), version, body);
      facts.models.get(target.getValue()).stream()
          .filter(property -> property.restricted && property.existsIn(version))
          .forEach(property -> assertThat(body.getValue(property.name)).isNull());
    }
  }

  private String path(String template) {
    var path =
        template
            .replace("globalRoles/:urn", "globalRoles/" + things.get("globalRoles"))
            .replace("rightsBundles/:urn", "rightsBundles/" + things.get("rightsBundles"));
    for (var thing : things.entrySet()) {
      path = path.replace(":" + thing.getKey(), thing.getValue());
    }
    return path;
  }

  private TestServer.Answer send(String version, Operation operation) {
    var credentials =
        switch (key(operation)) {
          case "POST /cloudapi/1.0.0/sessions" -> basic("root@doppel");
          case "POST /cloudapi/1.0.0/sessions/provider" -> basic("administrator@System");
          case "POST /cloudapi/1.0.0/orgs" -> provider();
          default -> isOfProviders(operation) ? provider() : bearer();
        };
    var path = path(operation.path());
    return operation.method().name().equals("DELETE")
        ? send(version, "DELETE", CLOUDAPI + missing(operation), "", credentials)
        : send(version, operation.method().name(), path, body(operation), credentials);
  }

  private static boolean isOfProviders(Operation operation) {
    return operation.path().startsWith(CLOUDAPI + "/globalRoles")
        || operation.path().startsWith(CLOUDAPI + "/rightsBundles");
  }

  /** Returns the path of an entity that doesn't exist, so that nothing is deleted. */
  private static String missing(Operation operation) {
    var path = operation.path().substring(CLOUDAPI.length());
    return path.equals("/sessions/current")
        ? "/sessions/current"
        : path.replaceAll(":([A-Za-z]+)Urn", "urn:vcloud:$1:00000000-0000-0000-0000-000000000000")
            .replaceAll("/(\\w+)s/:urn", "/$1s/urn:vcloud:$1:00000000-0000-0000-0000-000000000000");
  }

  private String body(Operation operation) {
    var role = new JsonObject().put("id", things.get("roleUrn"));
    return switch (key(operation)) {
      case "POST /cloudapi/1.0.0/users" ->
          new JsonObject()
              .put("username", "carol")
              .put("password", "secret1")
              .put("roleEntityRefs", new JsonArray().add(role))
              .encode();
      case "PUT /cloudapi/1.0.0/users/:userUrn" ->
          new JsonObject()
              .put("username", "alice")
              .put("roleEntityRefs", new JsonArray().add(role))
              .encode();
      case "PUT /cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn" ->
          new JsonObject()
              .put("name", "robot")
              .put("softwareId", "12345678-1234-1234-1234-1234567890ab")
              .put("role", role)
              .encode();
      case "POST /cloudapi/1.0.0/deviceLookup" ->
          new JsonObject().put("userCode", userCode).encode();
      case "POST /cloudapi/1.0.0/orgs" ->
          new JsonObject().put("name", "acme").put("displayName", "Acme").encode();
      case "PUT /cloudapi/1.0.0/orgs/:orgUrn" ->
          new JsonObject().put("displayName", "Doppel").encode();
      default -> bodyByPath(operation);
    };
  }

  private static String bodyByPath(Operation operation) {
    var path = operation.path();
    if (operation.method().name().equals("GET")) {
      return "";
    }
    if (path.endsWith("/rights")) {
      return new JsonObject()
          .put("values", new JsonArray().add(new JsonObject().put("id", RIGHT)))
          .encode();
    }
    return path.contains("/tenants")
        ? new JsonObject()
            .put("values", new JsonArray().add(new JsonObject().put("name", "doppel")))
            .encode()
        : new JsonObject().put("name", "made by " + operation.method()).encode();
  }

  private void assertMembers(String what, String model, String version, JsonObject body) {
    if (model.startsWith("Page of ")) {
      assertMembers(what, "Page", version, body);
      var item = model.substring("Page of ".length());
      body.getJsonArray("values")
          .forEach(one -> assertMembers(what, item, version, (JsonObject) one));
      return;
    }
    assertThat(body.fieldNames()).as(what).containsExactlyElementsOf(facts.members(model, version));
    for (var name : body.fieldNames()) {
      assertNested(what + ", " + name, NESTED.get(name), version, body.getValue(name));
    }
  }

  private void assertNested(
      String what, @Nullable String model, String version, @Nullable Object value) {
    if (value instanceof JsonArray array && model != null) {
      array.forEach(one -> assertNested(what, model, version, one));
    } else if (value instanceof JsonObject object) {
      assertThat(model).as(what).isNotNull();
      assertMembers(what, String.valueOf(model), version, object);
    }
  }
}
