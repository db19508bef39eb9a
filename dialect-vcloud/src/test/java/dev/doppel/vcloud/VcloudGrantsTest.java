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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What callers can give to roles and users, in a tenant with an administrator and holders of custom
 * roles, and what remains when a role or a right is taken away.
 */
class VcloudGrantsTest {

  private static final String API = "/cloudapi/1.0.0";
  private static final String JSON = "application/json";
  private static final String XML = "application/*+xml";

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private String provider = "";
  private String organization = "";
  private String administrator = "";

  @BeforeEach
  void start() {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new VcloudDialect(realm.realm(), Fidelity.DOCUMENTED));
    provider = signIn("/sessions/provider", "administrator@System", TestRealm.ROOT_PASSWORD);
    organization =
        id(
            post(
                provider,
                "/orgs",
                new JsonObject()
                    .put("name", "acme")
                    .put("displayName", "Acme")
                    .put("isEnabled", true)));
    createUser(provider, "boss", "Organization Administrator");
    administrator = signIn("boss");
  }

  @AfterEach
  void stop() {
    server.close();
    realm.close();
    await(vertx.close());
  }

  private String signIn(String name) {
    return signIn("/sessions", name + "@acme", TestRealm.PASSWORD);
  }

  private String signIn(String path, String name, String password) {
    var pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    var answer =
        server.send(
            "POST",
            API + path,
            List.of(
                Map.entry("Accept", JSON + ";version=39.1"),
                Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))),
            "");
    return ok(answer).headers().get("x-vmware-vcloud-access-token");
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer;
  }

  private static String id(Answer answer) {
    return new JsonObject(ok(answer).body()).getString("id");
  }

  private Answer post(String session, String path, JsonObject body) {
    return send(session, "POST", API + path, JSON, body.encode());
  }

  private Answer get(String session, String path) {
    return send(session, "GET", path, path.startsWith(API) ? JSON : XML, "");
  }

  private Answer send(String session, String method, String path, String type, String body) {
    var headers = new ArrayList<Map.Entry<String, String>>();
    headers.add(Map.entry("Accept", type + ";version=39.1"));
    headers.add(Map.entry("Content-Type", type));
    headers.add(Map.entry("Authorization", "Bearer " + session));
    if (session.equals(provider) && !organization.isEmpty() && !path.contains("obal")) {
      headers.add(Map.entry("X-VMWARE-VCLOUD-TENANT-CONTEXT", organization));
    }
    return server.send(method, path, headers, body);
  }

  /** Creates a user and returns the URN. */
  private String createUser(String session, String name, String role) {
    return id(tryCreateUser(session, name, role));
  }

  private Answer tryCreateUser(String session, String name, String role) {
    return post(
        session,
        "/users",
        new JsonObject()
            .put("username", name)
            .put("password", TestRealm.PASSWORD)
            .put("roleEntityRefs", references(role))
            .put("enabled", true)
            .put("providerType", "LOCAL"));
  }

  private static JsonArray references(String... names) {
    var all = new JsonArray();
    for (var name : names) {
      all.add(new JsonObject().put("name", name));
    }
    return all;
  }

  /** Creates a role with rights and returns the URN. */
  private String createRole(String name, VcloudRight... rights) {
    var role = id(post(administrator, "/roles", new JsonObject().put("name", name)));
    ok(addRights(administrator, role, rights));
    return role;
  }

  private Answer addRights(String session, String role, VcloudRight... rights) {
    var names = Arrays.stream(rights).map(VcloudRight::name).toArray(String[]::new);
    return post(
        session, "/roles/" + role + "/rights", new JsonObject().put("values", references(names)));
  }

  private String holderOf(String name, VcloudRight... rights) {
    createRole(name + " role", rights);
    createUser(administrator, name, name + " role");
    return signIn(name);
  }

  private String roleOf(String urn) {
    return new JsonObject(ok(get(administrator, API + "/users/" + urn)).body())
        .getJsonArray("roleEntityRefs")
        .getJsonObject(0)
        .getString("name");
  }

  @Test
  void rightThatTheCallerLacks_cannotBeAddedToARole() {
    var role = createRole("mine", VcloudRight.ROLE_MANAGE);
    createUser(administrator, "rolf", "mine");
    var rolf = signIn("rolf");
    assertThat(addRights(rolf, role, VcloudRight.GROUP_USER_MANAGE).status()).isEqualTo(403);
    assertThat(addRights(rolf, role, VcloudRight.ROLE_MANAGE).status()).isEqualTo(200);
    var older = "/api/admin/org/" + VcloudUrn.require(organization, "org").uuid() + "/roles";
    assertThat(
            send(rolf, "POST", older, XML, olderRole("other", VcloudRight.GROUP_USER_MANAGE))
                .status())
        .isEqualTo(403);
    assertThat(send(rolf, "POST", older, XML, olderRole("other", VcloudRight.ROLE_MANAGE)).status())
        .isEqualTo(201);
    assertThat(addRights(administrator, role, VcloudRight.GROUP_USER_MANAGE).status())
        .isEqualTo(200);
  }

  private static String olderRole(String name, VcloudRight right) {
    return "<Role xmlns=\"%s\" name=\"%s\"><Description/><RightReferences><RightReference href=\"https://localhost/api/admin/right/%s\"/></RightReferences></Role>"
        .formatted(VcloudXml.NAMESPACE, name, right.urn().uuid());
  }

  @Test
  void roleWithRightsThatTheCallerLacks_cannotBeGivenToAUser() {
    createRole("roles", VcloudRight.ROLE_MANAGE);
    var manager = holderOf("mia", VcloudRight.GROUP_USER_MANAGE, VcloudRight.GROUP_USER_VIEW);
    assertThat(tryCreateUser(manager, "one", "roles").status()).isEqualTo(403);
    assertThat(tryCreateUser(manager, "two", "mia role").status()).isEqualTo(201);
    assertThat(tryCreateUser(manager, "three", "vApp Author").status()).isEqualTo(201);
    assertThat(tryCreateUser(administrator, "four", "roles").status()).isEqualTo(201);
  }

  @Test
  void rightsOfAnUnpublishedBundle_areTakenFromRolesOfTenants() {
    var bundle =
        id(post(provider, "/rightsBundles", new JsonObject().put("name", "globally editable")));
    ok(
        post(
            provider,
            "/rightsBundles/" + bundle + "/rights",
            new JsonObject().put("values", references(VcloudRight.ORGANIZATION_EDIT_NAME.name()))));
    var tenants = new JsonObject().put("values", references("acme"));
    ok(post(provider, "/rightsBundles/" + bundle + "/tenants/publish", tenants));
    var role = createRole("editors", VcloudRight.ORGANIZATION_EDIT_NAME);
    var rights = API + "/roles/" + role + "/rights";
    assertThat(get(administrator, rights).body()).contains("\"resultTotal\":1");
    ok(post(provider, "/rightsBundles/" + bundle + "/tenants/unpublish", tenants));
    assertThat(get(administrator, rights).body()).contains("\"resultTotal\":0");
    var older =
        "/api/admin/org/%s/role/%s"
            .formatted(
                VcloudUrn.require(organization, "org").uuid(),
                VcloudUrn.require(role, "role").uuid());
    assertThat(ok(get(administrator, older)).body()).doesNotContain("<RightReference ");
  }

  @Test
  void userWhoseGlobalRoleIsDeleted_hasNoRights() {
    var role = id(post(provider, "/globalRoles", new JsonObject().put("name", "nothing")));
    ok(post(provider, "/globalRoles/" + role + "/tenants/publishAll", new JsonObject()));
    var user = createUser(administrator, "nob", "nothing");
    assertThat(roleOf(user)).isEqualTo("nothing");
    ok(send(provider, "DELETE", API + "/globalRoles/" + role, JSON, ""));
    assertThat(roleOf(user)).isEqualTo("Defer to Identity Provider");
  }

  @Test
  void roleNamedLikeAUrl_isFoundByItsNameOnly() {
    createRole("x/api/y");
    assertThat(get(administrator, API + "/roles?filter=name==zzz").body())
        .contains("\"resultTotal\":0");
    assertThat(get(administrator, "/api/query?type=role&filter=name==zzz").body())
        .contains("total=\"0\"");
    var found = get(administrator, "/api/query?type=role&filter=name==x/api/y").body();
    assertThat(found).contains("total=\"1\"");
    var href = found.replaceAll("(?s).*RoleRecord [^>]*href=\"([^\"]+)\".*", "$1");
    assertThat(get(administrator, "/api/query?type=role&filter=href==" + href).body())
        .contains("total=\"1\"", "x/api/y");
  }

  @Test
  void administrator_isTheSameInBothApis() {
    var system = new JsonObject(get(provider, API + "/sessions/current").body());
    var user = system.getJsonObject("user").getString("id");
    var path = "/api/admin/user/" + VcloudUrn.parse(user).orElseThrow().uuid();
    var shown = ok(get(provider, path)).body();
    assertThat(shown).contains("name=\"administrator\"", "name=\"System Administrator\"");
    var updated =
        send(
            provider,
            "PUT",
            path,
            XML,
            shown
                .replaceAll("<Link [^>]*/>", "")
                .replace("<IsEnabled>", "<FullName>The First</FullName><IsEnabled>"));
    assertThat(ok(updated).body()).contains("<FullName>The First</FullName>");
  }

  @Test
  void name_isTextInJson_whateverItSays() {
    createUser(administrator, "true", "vApp User");
    var answer =
        send(
            administrator,
            "GET",
            "/api/query?type=user&filter=name==true",
            "application/*+json",
            "");
    assertThat(new JsonObject(ok(answer).body()).getJsonArray("record").getJsonObject(0).getMap())
        .containsEntry("name", "true")
        .containsEntry("isEnabled", true);
  }

  @Test
  void unrepresentableName_isRefused() {
    assertThat(tryCreateUser(administrator, "x\uffff", "vApp User").status()).isEqualTo(400);
    assertThat(tryCreateUser(administrator, "x\ufffd", "vApp User").status()).isEqualTo(201);
  }

  @Test
  void linkToARoleTemplate_isNotSupported() {
    var role = VcloudUrn.require(createRole("alone"), "role").uuid();
    var answer =
        send(
            administrator,
            "POST",
            "/api/admin/role/" + role + "/action/unlinkFromTemplate",
            XML,
            "");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("is not supported.");
  }
}
