package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.ACCOUNTS;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.CLOUDAPI;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.SOFTWARE;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.code;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.error;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.metadata;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.path;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.Status;
import dev.doppel.vcloud.VcloudServiceAccountFixture.Account;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rights of service accounts' sessions, and of the users who manage and grant the accounts. */
class VcloudServiceAccountRightsTest {

  private final VcloudServiceAccountFixture api = new VcloudServiceAccountFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void session_showsAccountAsItsUser() {
    var account = api.activate("vApp Author");
    var session = api.send(account.getString("access_token"), "GET", sessions(), "");
    assertThat(session.body())
        .contains(
            "\"user\":{\"name\":\"backup\",\"id\":\"urn:vcloud:serviceAccount:"
                + account.getString("id")
                + "\"}",
            "\"roles\":[\"vApp Author\"]");
    var older =
        api.server.send(
            "GET",
            "/api/session",
            List.of(
                Map.entry("Accept", "application/*+xml;version=37.0"),
                Map.entry("Authorization", "Bearer " + account.getString("access_token"))),
            "");
    assertThat(older.body()).contains("user=\"backup\"", "roles=\"vApp Author\"");
    var own = api.send(account.getString("access_token"), "GET", CLOUDAPI + "/sessions", "");
    assertThat(new JsonObject(own.body()).getInteger("resultTotal")).isEqualTo(1);
    var users = api.send(api.admin(), "GET", CLOUDAPI + "/sessions", "");
    assertThat(new JsonObject(users.body()).getInteger("resultTotal")).isEqualTo(1);
    assertThat(users.body()).contains("\"name\":\"carol\"").doesNotContain("backup");
  }

  /** What an API token's session may do (vendor's guide 10.6), with the rights of a role. */
  @ParameterizedTest
  @CsvSource({
    "vApp Author, GET, /users, 403",
    "vApp Author, GET, /roles, 200",
    "vApp Author, GET, /orgs, 200",
    "Organization Administrator, GET, /users, 200",
    "Organization Administrator, GET, /users/CAROL, 200",
    "Organization Administrator, POST, /users, 403",
    "Organization Administrator, PUT, /users/CAROL, 403",
    "Organization Administrator, DELETE, /users/ALICE, 403",
    "Organization Administrator, POST, /users/CAROL/changePassword, 403",
    "Organization Administrator, POST, /users/ALICE/takeOwnership, 403",
    "Organization Administrator, GET, /tokens, 403",
    "Organization Administrator, GET, /serviceAccounts, 403",
    "Organization Administrator, POST, /deviceLookup/grant, 403",
    "Organization Administrator, POST, /oauth/tenant/doppel/register, 403",
    "vApp Author, GET, /users/CAROL, 403",
  })
  void session_hasRightsOfRoleWithoutManagement(
      String role, String method, String path, int status) {
    var token = api.activate(role).getString("access_token");
    var body =
        path.endsWith("register")
            ? metadata("vApp Author")
            : new JsonObject()
                .put("username", "carol")
                .put("password", "secret1")
                .put("userCode", "x")
                .put("currentPassword", TestRealm.PASSWORD)
                .put("newPassword", "secret1")
                .encode();
    var full = path.startsWith("/oauth") ? path : CLOUDAPI + path;
    var answer =
        api.send(
            token,
            method,
            full.replace("CAROL", urn("carol")).replace("ALICE", urn("alice")),
            method.equals("GET") || method.equals("DELETE") ? "" : body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  private String urn(String name) {
    return VcloudUrn.of(await(api.realm.realm().users().find(name)));
  }

  @Test
  void session_losesRightsWithItsOwner() {
    var account = api.activate("Organization Administrator");
    var token = account.getString("access_token");
    assertThat(api.send(token, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(200);
    var doppel = await(api.realm.realm().organizations().defaultOrganization());
    var carol = await(api.realm.realm().users().find("carol"));
    var users = api.realm.realm().users().by(Authority.SERVER);
    await(users.update(carol.id(), one -> one.withMembership(doppel.id(), Membership.MEMBER)));
    assertThat(api.send(token, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(403);
    await(users.update(carol.id(), one -> one.withStatus(Status.INACTIVE)));
    assertThat(api.send(token, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(error(api.refresh(account.getString("refresh_token")))).isEqualTo("invalid_grant");
    await(users.delete(carol.id()));
    assertThat(error(api.refresh(account.getString("refresh_token")))).isEqualTo("invalid_grant");
  }

  @Test
  void update_changesRoleOfSessions() {
    var account = api.activate("vApp Author");
    var path = path(account.getString("id"));
    var body =
        new JsonObject()
            .put("id", "urn:vcloud:serviceAccount:" + account.getString("id"))
            .put("name", "restore")
            .put("softwareId", SOFTWARE)
            .put("status", "CREATED")
            .put("role", new JsonObject().put("name", "Organization Administrator"));
    var updated = api.send(api.admin(), "PUT", path, body.encode());
    assertThat(updated.status()).as(updated.body()).isEqualTo(200);
    assertThat(new JsonObject(updated.body()).getString("status")).isEqualTo("ACTIVE");
    assertThat(updated.body()).contains("\"name\":\"restore\"", "\"uri\":null");
    var session = api.send(account.getString("access_token"), "GET", sessions(), "");
    assertThat(session.body())
        .contains("\"name\":\"restore\"", "\"roles\":[\"Organization Administrator\"]");
    for (var wrong :
        List.of(
            body.copy().putNull("name"),
            body.copy().put("name", "n".repeat(129)),
            body.copy().put("softwareId", "x"),
            body.copy().put("softwareVersion", "v".repeat(129)),
            body.copy().put("uri", "u".repeat(2049)),
            body.copy().putNull("role"),
            body.copy().put("role", new JsonObject().put("name", "System Administrator")),
            body.copy().put("id", "urn:vcloud:serviceAccount:" + SOFTWARE))) {
      var refused = api.send(api.admin(), "PUT", path, wrong.encode());
      assertThat(refused.status()).as(wrong.encode()).isEqualTo(400);
      assertThat(refused.body()).contains("\"minorErrorCode\"");
    }
    assertThat(api.send(account.getString("access_token"), "GET", sessions(), "").body())
        .isEqualTo(session.body());
  }

  @Test
  void register_rejectsIncompleteMetadata_andCallersWithoutRight() {
    var whole = new JsonObject(metadata("vApp Author"));
    for (var wrong :
        List.of(
            whole.copy().put("software_id", "no-uuid"),
            whole.copy().put("software_id", ""),
            whole.copy().putNull("scope"),
            whole.copy().put("scope", "urn:vcloud:role:System%20Administrator"),
            whole.copy().put("scope", "urn:vcloud:role:%zz"),
            whole.copy().putNull("client_name"),
            whole.copy().put("software_version", "v".repeat(129)))) {
      var refused = api.send(api.admin(), "POST", "/oauth/tenant/doppel/register", wrong.encode());
      assertThat(error(refused)).as(wrong.encode()).isEqualTo("invalid_client_metadata");
    }
    var alice = api.signIn("alice@doppel", TestRealm.PASSWORD);
    for (var path : List.of("tenant/doppel", "tenant/nope", "provider")) {
      var refused = api.send(alice, "POST", "/oauth/" + path + "/register", whole.encode());
      assertThat(refused.status()).as(path).isEqualTo(403);
    }
    assertThat(api.send(alice, "GET", ACCOUNTS, "").status()).isEqualTo(403);
    var id = api.register("vApp Author");
    assertThat(api.send(alice, "GET", path(id), "").status()).isEqualTo(403);
    assertThat(api.send(alice, "DELETE", path(id), "").status()).isEqualTo(403);
    var account = api.authorize(id);
    assertThat(
            api.send(alice, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode()))
                .status())
        .isEqualTo(403);
  }

  /** Creates a user with the rights to view and manage service accounts only, and signs it in. */
  private String signInManager(String by, String name, String organization) {
    var role = created(by, "/roles", new JsonObject().put("name", "accounts of " + name));
    var rights =
        new JsonArray()
            .add(new JsonObject().put("name", "Service Account: View"))
            .add(new JsonObject().put("name", "Service Account: Manage"));
    var given =
        api.send(
            by,
            "PUT",
            CLOUDAPI + "/roles/" + role + "/rights",
            new JsonObject().put("values", rights).encode());
    assertThat(given.status()).as(given.body()).isEqualTo(200);
    created(
        by,
        "/users",
        new JsonObject()
            .put("username", name)
            .put("password", TestRealm.PASSWORD)
            .put("roleEntityRefs", new JsonArray().add(new JsonObject().put("id", role))));
    return api.signIn(name + "@" + organization, TestRealm.PASSWORD);
  }

  private String created(String by, String path, JsonObject body) {
    var created = api.send(by, "POST", CLOUDAPI + path, body.encode());
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return new JsonObject(created.body()).getString("id");
  }

  private TestServer.Answer changeRole(String by, String id, String role) {
    var body =
        new JsonObject()
            .put("name", "backup")
            .put("softwareId", SOFTWARE)
            .put("role", new JsonObject().put("name", role));
    return api.send(by, "PUT", path(id), body.encode());
  }

  @Test
  void manager_givesNoAccountMoreThanItsOwnRights() {
    var sam = signInManager(api.admin(), "sam", "doppel");
    for (var role : List.of("Organization Administrator", "vApp User")) {
      var refused = api.send(sam, "POST", "/oauth/tenant/doppel/register", metadata(role));
      assertThat(refused.status()).as(refused.body()).isEqualTo(403);
      assertThat(refused.body()).contains("The role \\\"" + role + "\\\" has rights");
    }
    var account = api.activate("Organization Administrator");
    var id = account.getString("id");
    assertThat(changeRole(sam, id, "Organization Administrator").status()).isEqualTo(403);
    assertThat(changeRole(sam, id, "vApp User").status()).isEqualTo(403);
    assertThat(api.send(sam, "POST", path(id) + "/revoke", "").status()).isEqualTo(204);
    var again = api.authorize(id);
    assertThat(api.grant(sam, again).status()).isEqualTo(403);
    assertThat(api.status(id)).isEqualTo("REQUESTED");
    assertThat(error(api.poll(again))).isEqualTo("authorization_pending");
    assertThat(changeRole(sam, id, "Defer to Identity Provider").status()).isEqualTo(200);
    assertThat(api.grant(sam, again).status()).isEqualTo(204);
  }

  /** The role of an account that is active already gives no more than its granter has. */
  @Test
  void session_hasNoMoreRightsThanItsGranter() {
    var sam = signInManager(api.admin(), "sam", "doppel");
    var account = api.authorize(api.register("Defer to Identity Provider"));
    assertThat(api.grant(sam, account).status()).isEqualTo(204);
    api.realm.clock().advance(Duration.ofSeconds(5));
    var token = new JsonObject(api.poll(account).body());
    assertThat(changeRole(api.admin(), account.id(), "Organization Administrator").status())
        .isEqualTo(200);
    var session = token.getString("access_token");
    assertThat(api.send(session, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(403);
    assertThat(api.send(session, "GET", sessions(), "").status()).isEqualTo(200);

    var users = api.realm.realm().users().by(Authority.SERVER);
    var found = await(api.realm.realm().users().find("sam"));
    await(users.update(found.id(), one -> one.withStatus(Status.INACTIVE)));
    assertThat(api.send(session, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(error(api.refresh(token.getString("refresh_token")))).isEqualTo("invalid_grant");
    await(users.update(found.id(), one -> one.withStatus(Status.ACTIVE)));
    var next = api.refresh(token.getString("refresh_token"));
    assertThat(next.status()).as(next.body()).isEqualTo(200);
    await(users.delete(found.id()));
    assertThat(api.send(session, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(error(api.refresh(new JsonObject(next.body()).getString("refresh_token"))))
        .isEqualTo("invalid_grant");

    assertThat(api.send(api.admin(), "POST", path(account.id()) + "/revoke", "").status())
        .isEqualTo(204);
    var again = api.authorize(account.id());
    assertThat(api.grant(api.admin(), again).status()).isEqualTo(204);
    var granted = new JsonObject(api.poll(again).body()).getString("access_token");
    assertThat(api.send(granted, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(200);
  }

  @Test
  void manager_isNoProvider() {
    var provider = api.signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var sam = signInManager(provider, "sam", "System");
    var registered =
        api.send(
            provider, "POST", "/oauth/provider/register", metadata("Defer to Identity Provider"));
    var id = new JsonObject(registered.body()).getString("client_id");
    assertThat(changeRole(sam, id, "System Administrator").status()).isEqualTo(403);
    var account = authorizeProvider(id);
    assertThat(api.grant(sam, account).status()).isEqualTo(204);
    var token = new JsonObject(pollProvider(account).body());
    assertThat(changeRole(provider, id, "System Administrator").status()).isEqualTo(200);
    var session = token.getString("access_token");
    assertThat(createOrganization(session).status()).isEqualTo(403);
    assertThat(api.send(session, "GET", sessions(), "").body()).contains("\"roles\":[]");

    assertThat(api.send(sam, "POST", path(id) + "/revoke", "").status()).isEqualTo(204);
    var again = authorizeProvider(id);
    assertThat(api.grant(sam, again).status()).isEqualTo(403);
    assertThat(api.grant(provider, again).status()).isEqualTo(204);
    var granted = new JsonObject(pollProvider(again).body()).getString("access_token");
    assertThat(createOrganization(granted).status()).isEqualTo(201);
  }

  /** A role with all rights of a System Administrator makes nobody an administrator. */
  @Test
  void provider_isAnAdministrator() {
    var provider = api.signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var sam = signInManager(provider, "sam", "System");
    var system = await(api.realm.realm().organizations().system());
    var role = VcloudOrganizationExtras.of(system).rolesOf().get(0).id();
    var all = new JsonArray();
    VcloudRight.all().forEach(right -> all.add(new JsonObject().put("name", right.name())));
    var given =
        api.send(
            provider,
            "PUT",
            CLOUDAPI + "/roles/urn:vcloud:role:" + role + "/rights",
            new JsonObject().put("values", all).encode());
    assertThat(given.status()).as(given.body()).isEqualTo(200);
    var refused =
        api.send(sam, "POST", "/oauth/provider/register", metadata("System Administrator"));
    assertThat(refused.status()).isEqualTo(403);
    var registered =
        api.send(provider, "POST", "/oauth/provider/register", metadata("System Administrator"));
    var id = new JsonObject(registered.body()).getString("client_id");
    assertThat(api.grant(sam, authorizeProvider(id)).status()).isEqualTo(403);
  }

  private Account authorizeProvider(String id) {
    var authorized = api.post("provider/device_authorization", "client_id", id);
    assertThat(authorized.status()).as(authorized.body()).isEqualTo(200);
    var codes = new JsonObject(authorized.body());
    return new Account(id, codes.getString("device_code"), codes.getString("user_code"));
  }

  private TestServer.Answer pollProvider(Account account) {
    var token =
        api.post(
            "provider/token",
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code",
            "client_id",
            account.id(),
            "device_code",
            account.deviceCode());
    assertThat(token.status()).as(token.body()).isEqualTo(200);
    return token;
  }

  private TestServer.Answer createOrganization(String token) {
    return api.send(
        token,
        "POST",
        CLOUDAPI + "/orgs",
        new JsonObject().put("name", "acme").put("displayName", "Acme").encode());
  }
}
