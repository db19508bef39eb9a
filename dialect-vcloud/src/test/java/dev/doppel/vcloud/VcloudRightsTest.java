package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What each predefined role, and a role with each right that decides something, may do in a tenant,
 * by the table {@code rights/table.md}; {@code -Ddoppel.write=true} rewrites it. Every request is
 * valid, and its target exists: only a missing right makes it fail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VcloudRightsTest {

  private static final Path TABLE = Path.of("src", "test", "resources", "rights", "table.md");
  private static final String API = "/cloudapi/1.0.0";
  private static final String ACCEPT = "application/json;version=39.1";
  private static final String VAPP_USER = "vApp User";

  /** The roles, by the right that alone they have, or their own names. */
  private static final Map<String, List<String>> ROLES = roles();

  private static Map<String, List<String>> roles() {
    var roles = new LinkedHashMap<String, List<String>>();
    VcloudRole.OF_TENANTS.forEach(role -> roles.put(role.name(), List.of()));
    for (var right :
        List.of(
            VcloudRight.GROUP_USER_VIEW,
            VcloudRight.ROLE_MANAGE,
            VcloudRight.ADMINISTRATOR_VIEW,
            VcloudRight.ORGANIZATION_EDIT,
            VcloudRight.API_TOKENS_MANAGE,
            VcloudRight.API_TOKENS_MANAGE_ALL,
            VcloudRight.SERVICE_ACCOUNT_VIEW,
            VcloudRight.SERVICE_ACCOUNT_MANAGE)) {
      roles.put(right.name(), List.of(right.name()));
    }
    roles.put(
        VcloudRight.GROUP_USER_MANAGE.name(),
        List.of(VcloudRight.GROUP_USER_MANAGE.name(), VcloudRight.GROUP_USER_VIEW.name()));
    return roles;
  }

  private final Vertx vertx = Vertx.vertx();
  private final TestRealm realm = TestRealm.over(vertx, MvStorage.inMemory());
  private final TestServer server =
      new TestServer(vertx, new VcloudDialect(realm.realm(), Fidelity.DOCUMENTED));
  private final Map<String, String> sessions = new LinkedHashMap<>();
  private String administrator = "";
  private String organization = "";
  private int made;

  @BeforeAll
  void signIn() {
    var provider = session("/sessions/provider", "administrator@System", TestRealm.ROOT_PASSWORD);
    var created =
        ok(
            send(
                provider,
                "POST",
                API + "/orgs",
                "{\"name\":\"acme\",\"displayName\":\"Acme\",\"isEnabled\":true}"));
    organization = new JsonObject(created.body()).getString("id");
    var first =
        user("boss", "Organization Administrator").put("orgEntityRef", reference(organization));
    ok(
        server.send(
            "POST",
            API + "/users",
            List.of(
                Map.entry("Accept", ACCEPT),
                Map.entry("Content-Type", "application/json"),
                Map.entry("Authorization", "Bearer " + provider),
                Map.entry("X-VMWARE-VCLOUD-TENANT-CONTEXT", organization)),
            first.encode()));
    administrator = session("/sessions", "boss@acme", TestRealm.PASSWORD);
    ROLES.forEach((role, rights) -> sessions.put(role, sessionOf(role, rights)));
    sessions.put("API token of an administrator", limited());
  }

  @AfterAll
  void stop() {
    server.close();
    realm.close();
    await(vertx.close());
  }

  private String session(String path, String name, String password) {
    var pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    var answer =
        server.send(
            "POST",
            API + path,
            List.of(
                Map.entry("Accept", ACCEPT),
                Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))),
            "");
    return ok(answer).headers().get("x-vmware-vcloud-access-token");
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer;
  }

  private Answer send(String session, String method, String path, String body) {
    var type = body.startsWith("grant") ? "application/x-www-form-urlencoded" : "application/json";
    return server.send(
        method,
        path,
        List.of(
            Map.entry("Accept", ACCEPT),
            Map.entry("Content-Type", type),
            Map.entry("Authorization", "Bearer " + session)),
        body);
  }

  private String sessionOf(String role, List<String> rights) {
    if (!rights.isEmpty()) {
      var id = id(post("/roles", new JsonObject().put("name", role)));
      ok(send(administrator, "PUT", API + "/roles/" + id + "/rights", references(rights).encode()));
    }
    var name = "user" + made++;
    post("/users", user(name, role));
    return session("/sessions", name + "@acme", TestRealm.PASSWORD);
  }

  private static JsonObject references(List<String> names) {
    var values = new JsonArray();
    names.forEach(name -> values.add(new JsonObject().put("name", name)));
    return new JsonObject().put("values", values);
  }

  private static JsonObject reference(String id) {
    return new JsonObject().put("id", id);
  }

  private Answer post(String path, JsonObject body) {
    return ok(send(administrator, "POST", API + path, body.encode()));
  }

  private static String id(Answer answer) {
    return new JsonObject(answer.body()).getString("id");
  }

  private static JsonObject user(String name, String role) {
    return new JsonObject()
        .put("username", name)
        .put("password", TestRealm.PASSWORD)
        .put("roleEntityRefs", new JsonArray().add(new JsonObject().put("name", role)));
  }

  private String register(String session) {
    var registered =
        ok(send(session, "POST", "/oauth/tenant/acme/register", "{\"client_name\":\"x\"}"));
    return new JsonObject(registered.body()).getString("client_id");
  }

  private String limited() {
    var form =
        "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=%s&client_id=%s"
            .formatted(administrator, register(administrator));
    var granted = ok(send(administrator, "POST", "/oauth/tenant/acme/token", form));
    return new JsonObject(granted.body()).getString("access_token");
  }

  @Test
  void everyRole_mayDoAsInTable() throws IOException {
    var columns = new ArrayList<>(sessions.keySet());
    var table = new StringBuilder("| |");
    columns.forEach(column -> table.append(' ').append(column).append(" |"));
    table.append("\n|---").append("|---".repeat(columns.size())).append("|\n");
    for (var call : Calls.values()) {
      table.append("| ").append(call.title).append(" |");
      columns.forEach(
          column -> table.append(' ').append(status(call, sessions.get(column))).append(" |"));
      table.append('\n');
    }
    if (Boolean.getBoolean("doppel.write")) {
      Files.writeString(TABLE, table);
    }
    assertThat(table.toString()).isEqualTo(Files.readString(TABLE));
  }

  private int status(Calls call, String session) {
    var target = call.target.of(this);
    var answer =
        send(session, call.method, call.path.replace("{}", target), call.body(target, made++));
    assertThat(answer.status()).as(call + answer.body()).isNotEqualTo(500);
    if (answer.status() >= 400) {
      assertThat(answer.status()).as(call.title + answer.body()).isEqualTo(403);
    }
    return answer.status();
  }

  private String spareUser() {
    return id(post("/users", user("spare" + made++, VAPP_USER)));
  }

  private String spareRole() {
    return id(post("/roles", new JsonObject().put("name", "spare" + made++)));
  }

  private String spareAccount() {
    var registered =
        ok(
            send(
                administrator,
                "POST",
                "/oauth/tenant/acme/register",
                accountMetadata("robot", VcloudRole.VAPP_USER).encode()));
    return new JsonObject(registered.body()).getString("client_id");
  }

  private static JsonObject accountMetadata(String name, VcloudRole role) {
    return new JsonObject()
        .put("client_name", name)
        .put("software_id", new UUID(1, 2).toString())
        .put("scope", "urn:vcloud:role:" + role.name().replace(" ", "%20"));
  }

  /** Creates what a call is about, and returns its id. */
  private enum Target {
    NOTHING,
    USER,
    ROLE,
    ORGANIZATION,
    TOKEN,
    ACCOUNT;

    private String of(VcloudRightsTest test) {
      return switch (this) {
        case NOTHING -> "";
        case USER -> test.spareUser().replace("urn:vcloud:user:", "");
        case ROLE -> test.spareRole().replace("urn:vcloud:role:", "");
        case ORGANIZATION -> test.organization.replace("urn:vcloud:org:", "");
        case TOKEN -> test.register(test.sessions.get(VAPP_USER));
        case ACCOUNT -> test.spareAccount();
      };
    }
  }

  /** The calls: {@code {}} in a path stands for the target's UUID. */
  private enum Calls {
    QUERY_USERS("see users", "GET", API + "/users", Target.NOTHING),
    GET_USER("see a user", "GET", API + "/users/urn:vcloud:user:{}", Target.USER),
    CREATE_USER("create a user", "POST", API + "/users", Target.NOTHING),
    CREATE_ADMINISTRATOR("create an administrator", "POST", API + "/users", Target.NOTHING),
    UPDATE_USER("change a user", "PUT", API + "/users/urn:vcloud:user:{}", Target.USER),
    PROMOTE("make an administrator", "PUT", API + "/users/urn:vcloud:user:{}", Target.USER),
    DELETE_USER("delete a user", "DELETE", API + "/users/urn:vcloud:user:{}", Target.USER),
    TAKE_OWNERSHIP(
        "take ownership", "POST", API + "/users/urn:vcloud:user:{}/takeOwnership", Target.USER),
    OLDER_GET_USER("older API: see a user", "GET", "/api/admin/user/{}", Target.USER),
    OLDER_QUERY("older API: query users", "GET", "/api/query?type=user", Target.NOTHING),
    OLDER_CREATE_USER(
        "older API: create a user", "POST", "/api/admin/org/{}/users", Target.ORGANIZATION),
    OLDER_UPDATE_USER("older API: change a user", "PUT", "/api/admin/user/{}", Target.USER),
    OLDER_DELETE_USER("older API: delete a user", "DELETE", "/api/admin/user/{}", Target.USER),
    OLDER_ADMIN("older API: administration", "GET", "/api/admin", Target.NOTHING),
    OLDER_ADMIN_ORG(
        "older API: administer the organization", "GET", "/api/admin/org/{}", Target.ORGANIZATION),
    OLDER_ORG("older API: see the organization", "GET", "/api/org/{}", Target.ORGANIZATION),
    QUERY_ROLES("see roles", "GET", API + "/roles", Target.NOTHING),
    CREATE_ROLE("create a role", "POST", API + "/roles", Target.NOTHING),
    UPDATE_ROLE("change a role", "PUT", API + "/roles/urn:vcloud:role:{}", Target.ROLE),
    ADD_RIGHTS(
        "give a role a right of others",
        "POST",
        API + "/roles/urn:vcloud:role:{}/rights",
        Target.ROLE),
    ADD_OWN_RIGHTS(
        "give a role the right to change roles",
        "POST",
        API + "/roles/urn:vcloud:role:{}/rights",
        Target.ROLE),
    DELETE_ROLE("delete a role", "DELETE", API + "/roles/urn:vcloud:role:{}", Target.ROLE),
    OLDER_CREATE_ROLE(
        "older API: create a role", "POST", "/api/admin/org/{}/roles", Target.ORGANIZATION),
    UPDATE_ORG(
        "change the organization", "PUT", API + "/orgs/urn:vcloud:org:{}", Target.ORGANIZATION),
    CREATE_ORG("create an organization", "POST", API + "/orgs", Target.NOTHING),
    DELETE_ORG(
        "delete the organization",
        "DELETE",
        API + "/orgs/urn:vcloud:org:{}?force=true",
        Target.ORGANIZATION),
    QUERY_GLOBAL_ROLES("see global roles", "GET", API + "/globalRoles", Target.NOTHING),
    QUERY_BUNDLES("see rights bundles", "GET", API + "/rightsBundles", Target.NOTHING),
    QUERY_ALL_USERS("query all users", "GET", "/api/query?type=adminUser", Target.NOTHING),
    CREATE_TOKEN("create an API token", "POST", "/oauth/tenant/acme/register", Target.NOTHING),
    GET_TOKEN(
        "see the API token of a vApp User",
        "GET",
        API + "/tokens/urn:vcloud:token:{}",
        Target.TOKEN),
    DELETE_TOKEN(
        "revoke the API token of a vApp User",
        "DELETE",
        API + "/tokens/urn:vcloud:token:{}",
        Target.TOKEN),
    QUERY_ACCOUNTS("see service accounts", "GET", API + "/serviceAccounts", Target.NOTHING),
    CREATE_ACCOUNT(
        "create a service account without rights",
        "POST",
        "/oauth/tenant/acme/register",
        Target.NOTHING),
    CREATE_ACCOUNT_WITH_RIGHTS(
        "create a service account that is a vApp User",
        "POST",
        "/oauth/tenant/acme/register",
        Target.NOTHING),
    REVOKE_ACCOUNT(
        "revoke a service account",
        "POST",
        API + "/serviceAccounts/urn:vcloud:serviceAccount:{}/revoke",
        Target.ACCOUNT);

    private final String title;
    private final String method;
    private final String path;
    private final Target target;

    Calls(String title, String method, String path, Target target) {
      this.title = title;
      this.method = method;
      this.path = path;
      this.target = target;
    }

    private String body(String target, int number) {
      var name = "made" + number;
      var href = "https://localhost/api/admin/role/" + VcloudRole.VAPP_USER.urn().uuid();
      return switch (this) {
        case CREATE_USER -> user(name, VAPP_USER).encode();
        case CREATE_ADMINISTRATOR -> user(name, "Organization Administrator").encode();
        case UPDATE_USER -> user("changed" + number, VAPP_USER).encode();
        case PROMOTE -> user("promoted" + number, "Organization Administrator").encode();
        case OLDER_CREATE_USER, OLDER_UPDATE_USER ->
            new JsonObject()
                .put("name", name)
                .put("isEnabled", true)
                .put("role", new JsonObject().put("href", href))
                .put("password", TestRealm.PASSWORD)
                .encode();
        case ADD_RIGHTS -> references(List.of("UI Plugins: View")).encode();
        case ADD_OWN_RIGHTS -> references(List.of(VcloudRight.ROLE_MANAGE.name())).encode();
        case UPDATE_ORG ->
            new JsonObject()
                .put("name", "acme")
                .put("displayName", name)
                .put("isEnabled", true)
                .encode();
        case CREATE_ACCOUNT ->
            accountMetadata(name, VcloudRole.DEFER_TO_IDENTITY_PROVIDER).encode();
        case CREATE_ACCOUNT_WITH_RIGHTS -> accountMetadata(name, VcloudRole.VAPP_USER).encode();
        default ->
            method.equals("GET") || method.equals("DELETE")
                ? ""
                : new JsonObject()
                    .put("name", name)
                    .put("displayName", name)
                    .put("client_name", name)
                    .encode();
      };
    }
  }

  /** The table names all roles, so that a new one can't be left out. */
  @Test
  void table_hasAllRoles() throws IOException {
    var header = Files.readAllLines(TABLE).get(0).split("\\|");
    assertThat(Arrays.stream(header).map(String::strip).filter(name -> !name.isEmpty()))
        .containsExactlyElementsOf(sessions.keySet());
  }
}
