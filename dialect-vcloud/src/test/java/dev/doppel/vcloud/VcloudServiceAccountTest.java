package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The life of a service account in the order of go-vcloud-director's test, and what its sessions
 * may do.
 */
class VcloudServiceAccountTest {

  private static final String CLOUDAPI = "/cloudapi/1.0.0";
  private static final String ACCOUNTS = CLOUDAPI + "/serviceAccounts";
  private static final String SOFTWARE = "12345678-1234-1234-1234-1234567890ab";

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private String admin;

  /** An account, by the id of its client, and the codes of its last authorization. */
  private record Account(String id, String deviceCode, String userCode) {}

  @BeforeEach
  void start() {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new VcloudDialect(realm.realm(), Fidelity.DOCUMENTED));
    var doppel = await(realm.realm().organizations().defaultOrganization());
    await(
        realm
            .realm()
            .users()
            .by(Authority.SERVER)
            .create(
                NewUser.named("carol")
                    .withPassword(new Password(TestRealm.PASSWORD))
                    .withMembership(doppel.id(), Membership.OWNER)));
    admin = signIn("carol@doppel", TestRealm.PASSWORD);
  }

  @AfterEach
  void stop() {
    server.close();
    realm.close();
    await(vertx.close());
  }

  private String signIn(String name, String password) {
    var pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    var path = name.endsWith("@System") ? "/sessions/provider" : "/sessions";
    var session =
        server.send(
            "POST",
            CLOUDAPI + path,
            List.of(
                Map.entry("Accept", "application/json;version=39.1"),
                Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))),
            "");
    assertThat(session.status()).isEqualTo(200);
    return session.headers().get("x-vmware-vcloud-access-token");
  }

  private TestServer.Answer send(
      String token, String method, String path, String body, String... headers) {
    var all = new ArrayList<Map.Entry<String, String>>();
    all.add(Map.entry("Accept", "application/json;version=39.1"));
    all.add(Map.entry("Content-Type", "application/json"));
    all.add(Map.entry("Authorization", "Bearer " + token));
    for (int i = 0; i < headers.length; i += 2) {
      all.add(Map.entry(headers[i], headers[i + 1]));
    }
    return server.send(method, path, all, body);
  }

  private TestServer.Answer post(String path, String... form) {
    var body = new StringBuilder();
    for (int i = 0; i < form.length; i += 2) {
      body.append(form[i])
          .append('=')
          .append(URLEncoder.encode(form[i + 1], StandardCharsets.UTF_8))
          .append('&');
    }
    return server.send(
        "POST",
        "/oauth/" + path,
        List.of(
            Map.entry("Accept", "application/*;version=37.0"),
            Map.entry("Content-Type", "application/x-www-form-urlencoded")),
        body.toString());
  }

  private static String metadata(String role) {
    return new JsonObject()
        .put("client_name", "backup")
        .put("client_uri", "https://example.com")
        .put("software_id", SOFTWARE)
        .put("software_version", "1.0")
        .put("scope", "urn:vcloud:role:" + role.replace(" ", "%20"))
        .encode();
  }

  private String register(String role) {
    var registered = send(admin, "POST", "/oauth/tenant/doppel/register", metadata(role));
    assertThat(registered.status()).as(registered.body()).isEqualTo(201);
    return new JsonObject(registered.body()).getString("client_id");
  }

  private Account authorize(String id) {
    var authorized = post("tenant/doppel/device_authorization", "client_id", id);
    assertThat(authorized.status()).as(authorized.body()).isEqualTo(200);
    var codes = new JsonObject(authorized.body());
    return new Account(id, codes.getString("device_code"), codes.getString("user_code"));
  }

  private static String code(String userCode) {
    return new JsonObject().put("userCode", userCode).encode();
  }

  private void grant(Account account) {
    var granted = send(admin, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode));
    assertThat(granted.status()).as(granted.body()).isEqualTo(204);
  }

  private TestServer.Answer poll(Account account) {
    return post(
        "tenant/doppel/token",
        "grant_type",
        "urn:ietf:params:oauth:grant-type:device_code",
        "client_id",
        account.id,
        "device_code",
        account.deviceCode);
  }

  private TestServer.Answer refresh(String token) {
    return post("tenant/doppel/token", "grant_type", "refresh_token", "refresh_token", token);
  }

  private JsonObject activate(String role) {
    var account = authorize(register(role));
    grant(account);
    var token = poll(account);
    assertThat(token.status()).as(token.body()).isEqualTo(200);
    return new JsonObject(token.body()).put("id", account.id);
  }

  private static String path(String id) {
    return ACCOUNTS + "/urn:vcloud:serviceAccount:" + id;
  }

  private String status(String id) {
    var account = send(admin, "GET", path(id), "");
    assertThat(account.status()).as(account.body()).isEqualTo(200);
    return new JsonObject(account.body()).getString("status");
  }

  private static String error(TestServer.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    return new JsonObject(answer.body()).getString("error");
  }

  @Test
  void account_livesAsInVendorsTest() {
    var id = register("vApp Author");
    assertThat(status(id)).isEqualTo("CREATED");
    var account = authorize(id);
    assertThat(account.userCode).matches("[B-T]{4}-[B-T]{4}");
    assertThat(status(id)).isEqualTo("REQUESTED");
    var found = send(admin, "POST", CLOUDAPI + "/deviceLookup", code(account.userCode));
    assertThat(found.status()).isEqualTo(303);
    assertThat(found.headers().get("location")).endsWith(path(id));
    grant(account);
    assertThat(status(id)).isEqualTo("GRANTED");
    var token = new JsonObject(poll(account).body());
    assertThat(token.fieldNames())
        .containsExactly("access_token", "token_type", "expires_in", "refresh_token");
    assertThat(status(id)).isEqualTo("ACTIVE");
    assertThat(error(poll(account))).isEqualTo("invalid_grant");

    var revoked = send(admin, "POST", path(id) + "/revoke", "");
    assertThat(revoked.status()).isEqualTo(204);
    assertThat(status(id)).isEqualTo("CREATED");
    assertThat(error(refresh(token.getString("refresh_token")))).isEqualTo("invalid_grant");
    assertThat(send(token.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);

    var next = authorize(id);
    grant(next);
    assertThat(poll(next).status()).isEqualTo(200);
    assertThat(send(token.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);

    assertThat(send(admin, "POST", path(id) + "/takeOwnership", "").status()).isEqualTo(204);
    var deleted = send(admin, "DELETE", path(id), "");
    assertThat(deleted.status()).isEqualTo(202);
    assertThat(send(admin, "GET", path(id), "").status()).isEqualTo(403);
    var task = deleted.headers().get("location").replaceAll("^http://[^/]+", "");
    assertThat(send(admin, "GET", task, "").body())
        .contains(
            "\"operation\":\"Deleted Service Account backup(" + id + ")\"",
            "\"operationName\":\"serviceAccountDelete\"",
            "\"id\":\"urn:vcloud:serviceAccount:" + id + "\"");
  }

  private static String sessions() {
    return CLOUDAPI + "/sessions/current";
  }

  @Test
  void refreshToken_isGoodForOneSession() {
    var first = activate("vApp Author");
    var second = new JsonObject(refresh(first.getString("refresh_token")).body());
    assertThat(second.getString("refresh_token")).isNotEqualTo(first.getString("refresh_token"));
    assertThat(error(refresh(first.getString("refresh_token")))).isEqualTo("invalid_grant");
    var third = new JsonObject(refresh(second.getString("refresh_token")).body());
    for (var session : List.of(first, second, third)) {
      assertThat(send(session.getString("access_token"), "GET", sessions(), "").status())
          .isEqualTo(200);
    }
    assertThat(
            error(
                post(
                    "provider/token",
                    "grant_type",
                    "refresh_token",
                    "refresh_token",
                    third.getString("refresh_token"))))
        .isEqualTo("invalid_grant");
  }

  @Test
  void concurrentRefreshes_giveOneSession() {
    var token = activate("vApp Author").getString("refresh_token");
    var statuses =
        List.of(1, 2, 3, 4, 5, 6, 7, 8).parallelStream()
            .map(i -> refresh(token).status())
            .sorted()
            .toList();
    assertThat(statuses).containsExactly(200, 400, 400, 400, 400, 400, 400, 400);
  }

  @Test
  void poll_isPendingAndSlowedDown() {
    var account = authorize(register("vApp Author"));
    assertThat(error(poll(account))).isEqualTo("authorization_pending");
    assertThat(error(poll(account))).isEqualTo("slow_down");
    realm.clock().advance(Duration.ofSeconds(9));
    assertThat(error(poll(account))).isEqualTo("slow_down"); // ten seconds by now
    realm.clock().advance(Duration.ofSeconds(15));
    assertThat(error(poll(account))).isEqualTo("authorization_pending");
    grant(account);
    assertThat(poll(account).status()).isEqualTo(200);
  }

  @Test
  void poll_failsAfterDenial_once() {
    var account = authorize(register("vApp Author"));
    var denied = send(admin, "POST", CLOUDAPI + "/deviceLookup/deny", code(account.userCode));
    assertThat(denied.status()).isEqualTo(204);
    assertThat(status(account.id)).isEqualTo("CREATED");
    assertThat(error(poll(account))).isEqualTo("access_denied");
    assertThat(error(poll(account))).isEqualTo("invalid_grant");
    var late = send(admin, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode));
    assertThat(late.status()).isEqualTo(404);
  }

  @Test
  void codes_expire() {
    var account = authorize(register("vApp Author"));
    realm.clock().advance(Duration.ofMinutes(30));
    admin = signIn("carol@doppel", TestRealm.PASSWORD);
    assertThat(status(account.id)).isEqualTo("CREATED");
    assertThat(error(poll(account))).isEqualTo("expired_token");
    var late = send(admin, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode));
    assertThat(late.status()).isEqualTo(404);
  }

  @Test
  void grantedCode_expires() {
    var account = authorize(register("vApp Author"));
    grant(account);
    realm.clock().advance(Duration.ofMinutes(30));
    admin = signIn("carol@doppel", TestRealm.PASSWORD);
    assertThat(error(poll(account))).isEqualTo("expired_token");
    assertThat(status(account.id)).isEqualTo("CREATED");
  }

  @Test
  void grant_endsOtherAuthorizations_andCodesAreBounded() {
    var id = register("vApp Author");
    var accounts = new ArrayList<Account>();
    for (int i = 0; i < VcloudServiceAccount.MAX_CODES + 1; i++) {
      accounts.add(authorize(id));
    }
    assertThat(error(poll(accounts.get(0)))).isEqualTo("invalid_grant");
    assertThat(error(poll(accounts.get(1)))).isEqualTo("authorization_pending");
    var typed = accounts.get(2);
    grant(new Account(id, "", typed.userCode.toLowerCase().replace("-", " ")));
    assertThat(error(poll(accounts.get(1)))).isEqualTo("invalid_grant");
    assertThat(error(post("tenant/doppel/device_authorization", "client_id", id)))
        .isEqualTo("unauthorized_client");
    assertThat(poll(typed).status()).isEqualTo(200);
    assertThat(error(post("tenant/doppel/device_authorization", "client_id", id)))
        .isEqualTo("unauthorized_client");
  }

  @Test
  void session_showsAccountAsItsUser() {
    var account = activate("vApp Author");
    var session = send(account.getString("access_token"), "GET", sessions(), "");
    assertThat(session.body())
        .contains(
            "\"user\":{\"name\":\"backup\",\"id\":\"urn:vcloud:serviceAccount:"
                + account.getString("id")
                + "\"}",
            "\"roles\":[\"vApp Author\"]");
    var older =
        server.send(
            "GET",
            "/api/session",
            List.of(
                Map.entry("Accept", "application/*+xml;version=37.0"),
                Map.entry("Authorization", "Bearer " + account.getString("access_token"))),
            "");
    assertThat(older.body()).contains("user=\"backup\"", "roles=\"vApp Author\"");
    var own = send(account.getString("access_token"), "GET", CLOUDAPI + "/sessions", "");
    assertThat(new JsonObject(own.body()).getInteger("resultTotal")).isEqualTo(1);
    var users = send(admin, "GET", CLOUDAPI + "/sessions", "");
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
    var token = activate(role).getString("access_token");
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
        send(
            token,
            method,
            full.replace("CAROL", urn("carol")).replace("ALICE", urn("alice")),
            method.equals("GET") || method.equals("DELETE") ? "" : body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  private String urn(String name) {
    return VcloudUrn.of(await(realm.realm().users().find(name)));
  }

  @Test
  void session_losesRightsWithItsOwner() {
    var account = activate("Organization Administrator");
    var token = account.getString("access_token");
    assertThat(send(token, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(200);
    var doppel = await(realm.realm().organizations().defaultOrganization());
    var carol = await(realm.realm().users().find("carol"));
    var users = realm.realm().users().by(Authority.SERVER);
    await(users.update(carol.id(), one -> one.withMembership(doppel.id(), Membership.MEMBER)));
    assertThat(send(token, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(403);
    await(users.update(carol.id(), one -> one.withStatus(Status.INACTIVE)));
    assertThat(send(token, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(error(refresh(account.getString("refresh_token")))).isEqualTo("invalid_grant");
    await(users.delete(carol.id()));
    assertThat(error(refresh(account.getString("refresh_token")))).isEqualTo("invalid_grant");
  }

  @Test
  void update_changesRoleOfSessions() {
    var account = activate("vApp Author");
    var path = path(account.getString("id"));
    var body =
        new JsonObject()
            .put("id", "urn:vcloud:serviceAccount:" + account.getString("id"))
            .put("name", "restore")
            .put("softwareId", SOFTWARE)
            .put("status", "CREATED")
            .put("role", new JsonObject().put("name", "Organization Administrator"));
    var updated = send(admin, "PUT", path, body.encode());
    assertThat(updated.status()).as(updated.body()).isEqualTo(200);
    assertThat(new JsonObject(updated.body()).getString("status")).isEqualTo("ACTIVE");
    assertThat(updated.body()).contains("\"name\":\"restore\"", "\"uri\":null");
    var session = send(account.getString("access_token"), "GET", sessions(), "");
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
      var refused = send(admin, "PUT", path, wrong.encode());
      assertThat(refused.status()).as(wrong.encode()).isEqualTo(400);
      assertThat(refused.body()).contains("\"minorErrorCode\"");
    }
    assertThat(send(account.getString("access_token"), "GET", sessions(), "").body())
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
      var refused = send(admin, "POST", "/oauth/tenant/doppel/register", wrong.encode());
      assertThat(error(refused)).as(wrong.encode()).isEqualTo("invalid_client_metadata");
    }
    var alice = signIn("alice@doppel", TestRealm.PASSWORD);
    for (var path : List.of("tenant/doppel", "tenant/nope", "provider")) {
      var refused = send(alice, "POST", "/oauth/" + path + "/register", whole.encode());
      assertThat(refused.status()).as(path).isEqualTo(403);
    }
    assertThat(send(alice, "GET", ACCOUNTS, "").status()).isEqualTo(403);
    var id = register("vApp Author");
    assertThat(send(alice, "GET", path(id), "").status()).isEqualTo(403);
    assertThat(send(alice, "DELETE", path(id), "").status()).isEqualTo(403);
    var account = authorize(id);
    assertThat(
            send(alice, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode)).status())
        .isEqualTo(403);
  }

  /** Nobody signs in to a disabled organization, by whichever means. */
  @Test
  void disabledOrganization_hasNoSessions() {
    var active = activate("vApp Author");
    var granted = authorize(register("vApp Author"));
    grant(granted);
    var created = register("vApp Author");
    setEnabled(false);
    assertThat(send(active.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);
    assertThat(error(refresh(active.getString("refresh_token")))).isEqualTo("invalid_grant");
    assertThat(error(poll(granted))).isEqualTo("invalid_grant");
    assertThat(error(post("tenant/doppel/device_authorization", "client_id", created)))
        .isEqualTo("unauthorized_client");
    setEnabled(true);
    assertThat(send(active.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);
    assertThat(poll(granted).status()).isEqualTo(200);
    var next = refresh(active.getString("refresh_token"));
    assertThat(next.status()).as(next.body()).isEqualTo(200);
    assertThat(authorize(created).userCode).isNotEmpty();
  }

  private void setEnabled(boolean enabled) {
    var doppel = await(realm.realm().organizations().defaultOrganization());
    await(
        realm
            .realm()
            .organizations()
            .updateExtras(
                doppel.id(),
                VcloudApi.NAME,
                json -> VcloudOrganizationExtras.decode(json).withEnabled(enabled).toJson()));
  }

  /** With at most twelve sessions of a user, its accounts have at most six. */
  @Test
  void sessionsOfAccounts_endNoSessionOfTheirOwner() {
    server.close();
    server = new TestServer(vertx, new VcloudDialect(withSessions(12), Fidelity.DOCUMENTED));
    var first = activate("vApp Author").getString("access_token");
    var token = activate("vApp Author");
    for (int i = 0; i < 20; i++) {
      token = new JsonObject(refresh(token.getString("refresh_token")).body());
    }
    assertThat(send(token.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(200);
    assertThat(send(first, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(send(admin, "GET", sessions(), "").status()).isEqualTo(200);
    assertThat(sessionsOfCarol()).isEqualTo(1 + 6);
  }

  @Test
  void sessionsOfAccount_areBounded() {
    var other = activate("vApp Author").getString("access_token");
    var token = activate("vApp Author");
    var all = new ArrayList<String>();
    for (int i = 0; i < 10; i++) {
      all.add(token.getString("access_token"));
      token = new JsonObject(refresh(token.getString("refresh_token")).body());
    }
    var statuses = all.stream().map(one -> send(one, "GET", sessions(), "").status()).toList();
    assertThat(statuses).containsExactly(401, 401, 401, 200, 200, 200, 200, 200, 200, 200);
    assertThat(send(other, "GET", sessions(), "").status()).isEqualTo(200);
    assertThat(send(admin, "GET", sessions(), "").status()).isEqualTo(200);
  }

  private int sessionsOfCarol() {
    var carol = await(realm.realm().users().find("carol"));
    return await(realm.realm().tokens().sessions(carol, VcloudApi.NAME)).size();
  }

  private Realm withSessions(int max) {
    var all = realm.realm();
    var settings = all.settings();
    return new Realm(
        all.storage(),
        all.users(),
        new Tokens(all.storage().tokens(), all.ids(), all.clock(), max),
        all.organizations(),
        all.roles(),
        all.ids(),
        all.secrets(),
        all.clock(),
        all.outbox(),
        new Realm.Settings(
            settings.administrator(),
            settings.defaultOrganization(),
            settings.limits().withSessions(max),
            settings.idForms()));
  }

  @Test
  void organization_hasAtMost100Accounts() {
    var acme = await(realm.realm().organizations().create("acme", ""));
    var id = register("vApp User");
    for (int i = 1; i < 100; i++) {
      register("vApp User");
    }
    var metadata = metadata("vApp User");
    assertThat(error(send(admin, "POST", "/oauth/tenant/doppel/register", metadata)))
        .isEqualTo("access_denied");
    var provider = signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var elsewhere = send(provider, "POST", "/oauth/tenant/" + acme.name() + "/register", metadata);
    assertThat(elsewhere.status()).as(elsewhere.body()).isEqualTo(201);
    assertThat(send(admin, "DELETE", path(id), "").status()).isEqualTo(202);
    var statuses =
        List.of(1, 2, 3, 4, 5, 6, 7, 8).parallelStream()
            .map(i -> send(admin, "POST", "/oauth/tenant/doppel/register", metadata).status())
            .sorted()
            .toList();
    assertThat(statuses).containsExactly(201, 400, 400, 400, 400, 400, 400, 400);
  }

  /** As the vendor's test does; the provider is no member of the tenant. */
  @Test
  void provider_registersForTenant() {
    var acme = await(realm.realm().organizations().create("acme", ""));
    var provider = signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var context = VcloudUrn.of(acme).uuid().toString();
    var registered =
        send(
            provider,
            "POST",
            "/oauth/tenant/acme/register",
            metadata("Organization Administrator"));
    var id = new JsonObject(registered.body()).getString("client_id");
    assertThat(send(provider, "GET", path(id), "").status()).isEqualTo(403);
    assertThat(
            send(provider, "GET", path(id), "", "X-VMWARE-VCLOUD-TENANT-CONTEXT", context).status())
        .isEqualTo(200);
    assertThat(error(post("tenant/doppel/device_authorization", "client_id", id)))
        .isEqualTo("invalid_client");
    var codes = new JsonObject(post("tenant/acme/device_authorization", "client_id", id).body());
    assertThat(
            send(
                    admin,
                    "POST",
                    CLOUDAPI + "/deviceLookup/grant",
                    code(codes.getString("user_code")))
                .status())
        .isEqualTo(404);
    assertThat(
            send(
                    provider,
                    "POST",
                    CLOUDAPI + "/deviceLookup/grant",
                    code(codes.getString("user_code")),
                    "X-VMWARE-VCLOUD-TENANT-CONTEXT",
                    context)
                .status())
        .isEqualTo(204);
    var token =
        new JsonObject(
                post(
                        "tenant/acme/token",
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:device_code",
                        "client_id",
                        id,
                        "device_code",
                        codes.getString("device_code"))
                    .body())
            .getString("access_token");
    var users = send(token, "GET", CLOUDAPI + "/users", "");
    assertThat(new JsonObject(users.body()).getInteger("resultTotal")).isZero();
    var other =
        send(
            token,
            "GET",
            CLOUDAPI + "/users",
            "",
            "X-VMWARE-VCLOUD-TENANT-CONTEXT",
            "a93c9db9-7471-3192-8d09-a8f7eeda85f9");
    assertThat(other.status()).isEqualTo(403);
  }

  /** Creates a user with the rights to view and manage service accounts only, and signs it in. */
  private String signInManager(String by, String name, String organization) {
    var role = created(by, "/roles", new JsonObject().put("name", "accounts of " + name));
    var rights =
        new JsonArray()
            .add(new JsonObject().put("name", "Service Account: View"))
            .add(new JsonObject().put("name", "Service Account: Manage"));
    var given =
        send(
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
    return signIn(name + "@" + organization, TestRealm.PASSWORD);
  }

  private String created(String by, String path, JsonObject body) {
    var created = send(by, "POST", CLOUDAPI + path, body.encode());
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return new JsonObject(created.body()).getString("id");
  }

  private TestServer.Answer grant(String by, Account account) {
    return send(by, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode));
  }

  private TestServer.Answer changeRole(String by, String id, String role) {
    var body =
        new JsonObject()
            .put("name", "backup")
            .put("softwareId", SOFTWARE)
            .put("role", new JsonObject().put("name", role));
    return send(by, "PUT", path(id), body.encode());
  }

  @Test
  void manager_givesNoAccountMoreThanItsOwnRights() {
    var sam = signInManager(admin, "sam", "doppel");
    for (var role : List.of("Organization Administrator", "vApp User")) {
      var refused = send(sam, "POST", "/oauth/tenant/doppel/register", metadata(role));
      assertThat(refused.status()).as(refused.body()).isEqualTo(403);
      assertThat(refused.body()).contains("The role \\\"" + role + "\\\" has rights");
    }
    var account = activate("Organization Administrator");
    var id = account.getString("id");
    assertThat(changeRole(sam, id, "Organization Administrator").status()).isEqualTo(403);
    assertThat(changeRole(sam, id, "vApp User").status()).isEqualTo(403);
    assertThat(send(sam, "POST", path(id) + "/revoke", "").status()).isEqualTo(204);
    var again = authorize(id);
    assertThat(grant(sam, again).status()).isEqualTo(403);
    assertThat(status(id)).isEqualTo("REQUESTED");
    assertThat(error(poll(again))).isEqualTo("authorization_pending");
    assertThat(changeRole(sam, id, "Defer to Identity Provider").status()).isEqualTo(200);
    assertThat(grant(sam, again).status()).isEqualTo(204);
  }

  /** The role of an account that is active already gives no more than its granter has. */
  @Test
  void session_hasNoMoreRightsThanItsGranter() {
    var sam = signInManager(admin, "sam", "doppel");
    var account = authorize(register("Defer to Identity Provider"));
    assertThat(grant(sam, account).status()).isEqualTo(204);
    realm.clock().advance(Duration.ofSeconds(5));
    var token = new JsonObject(poll(account).body());
    assertThat(changeRole(admin, account.id, "Organization Administrator").status()).isEqualTo(200);
    var session = token.getString("access_token");
    assertThat(send(session, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(403);
    assertThat(send(session, "GET", sessions(), "").status()).isEqualTo(200);

    var users = realm.realm().users().by(Authority.SERVER);
    var found = await(realm.realm().users().find("sam"));
    await(users.update(found.id(), one -> one.withStatus(Status.INACTIVE)));
    assertThat(send(session, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(error(refresh(token.getString("refresh_token")))).isEqualTo("invalid_grant");
    await(users.update(found.id(), one -> one.withStatus(Status.ACTIVE)));
    var next = refresh(token.getString("refresh_token"));
    assertThat(next.status()).as(next.body()).isEqualTo(200);
    await(users.delete(found.id()));
    assertThat(send(session, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(error(refresh(new JsonObject(next.body()).getString("refresh_token"))))
        .isEqualTo("invalid_grant");

    assertThat(send(admin, "POST", path(account.id) + "/revoke", "").status()).isEqualTo(204);
    var again = authorize(account.id);
    assertThat(grant(admin, again).status()).isEqualTo(204);
    var granted = new JsonObject(poll(again).body()).getString("access_token");
    assertThat(send(granted, "GET", CLOUDAPI + "/users", "").status()).isEqualTo(200);
  }

  @Test
  void manager_isNoProvider() {
    var provider = signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var sam = signInManager(provider, "sam", "System");
    var registered =
        send(provider, "POST", "/oauth/provider/register", metadata("Defer to Identity Provider"));
    var id = new JsonObject(registered.body()).getString("client_id");
    assertThat(changeRole(sam, id, "System Administrator").status()).isEqualTo(403);
    var account = authorizeProvider(id);
    assertThat(grant(sam, account).status()).isEqualTo(204);
    var token = new JsonObject(pollProvider(account).body());
    assertThat(changeRole(provider, id, "System Administrator").status()).isEqualTo(200);
    var session = token.getString("access_token");
    assertThat(createOrganization(session).status()).isEqualTo(403);
    assertThat(send(session, "GET", sessions(), "").body()).contains("\"roles\":[]");

    assertThat(send(sam, "POST", path(id) + "/revoke", "").status()).isEqualTo(204);
    var again = authorizeProvider(id);
    assertThat(grant(sam, again).status()).isEqualTo(403);
    assertThat(grant(provider, again).status()).isEqualTo(204);
    var granted = new JsonObject(pollProvider(again).body()).getString("access_token");
    assertThat(createOrganization(granted).status()).isEqualTo(201);
  }

  /** A role with all rights of a System Administrator makes nobody an administrator. */
  @Test
  void provider_isAnAdministrator() {
    var provider = signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var sam = signInManager(provider, "sam", "System");
    var system = await(realm.realm().organizations().system());
    var role = VcloudOrganizationExtras.of(system).rolesOf().get(0).id();
    var all = new JsonArray();
    VcloudRight.all().forEach(right -> all.add(new JsonObject().put("name", right.name())));
    var given =
        send(
            provider,
            "PUT",
            CLOUDAPI + "/roles/urn:vcloud:role:" + role + "/rights",
            new JsonObject().put("values", all).encode());
    assertThat(given.status()).as(given.body()).isEqualTo(200);
    var refused = send(sam, "POST", "/oauth/provider/register", metadata("System Administrator"));
    assertThat(refused.status()).isEqualTo(403);
    var registered =
        send(provider, "POST", "/oauth/provider/register", metadata("System Administrator"));
    var id = new JsonObject(registered.body()).getString("client_id");
    assertThat(grant(sam, authorizeProvider(id)).status()).isEqualTo(403);
  }

  private Account authorizeProvider(String id) {
    var authorized = post("provider/device_authorization", "client_id", id);
    assertThat(authorized.status()).as(authorized.body()).isEqualTo(200);
    var codes = new JsonObject(authorized.body());
    return new Account(id, codes.getString("device_code"), codes.getString("user_code"));
  }

  private TestServer.Answer pollProvider(Account account) {
    var token =
        post(
            "provider/token",
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code",
            "client_id",
            account.id,
            "device_code",
            account.deviceCode);
    assertThat(token.status()).as(token.body()).isEqualTo(200);
    return token;
  }

  private TestServer.Answer createOrganization(String token) {
    return send(
        token,
        "POST",
        CLOUDAPI + "/orgs",
        new JsonObject().put("name", "acme").put("displayName", "Acme").encode());
  }

  @Test
  void account_isNoApiToken() {
    var account = activate("vApp Author");
    var id = account.getString("id");
    assertThat(send(admin, "GET", CLOUDAPI + "/tokens", "").body()).contains("\"resultTotal\":0");
    assertThat(send(admin, "GET", CLOUDAPI + "/tokens/urn:vcloud:token:" + id, "").status())
        .isEqualTo(403);
    assertThat(
            error(
                post(
                    "tenant/doppel/token",
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:jwt-bearer",
                    "assertion",
                    admin,
                    "client_id",
                    id)))
        .isEqualTo("invalid_grant");
    var key = "urn:vcloud:serviceAccount:" + id;
    assertThat(error(refresh(key))).isEqualTo("invalid_grant");
    assertThat(send(key, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(send(account.getString("refresh_token"), "GET", sessions(), "").status())
        .isEqualTo(401);
    assertThat(error(poll(new Account(SOFTWARE, "x", "")))).isEqualTo("invalid_client");
    assertThat(error(poll(new Account("x", "x", "")))).isEqualTo("invalid_client");
  }

  @Test
  void query_hasPagesOf32() {
    for (int i = 0; i < 33; i++) {
      register("vApp Author");
    }
    var page = send(admin, "GET", ACCOUNTS + "/?pageSize=32&filter=name==back*", "");
    assertThat(new JsonObject(page.body()).getInteger("pageCount")).isEqualTo(2);
    assertThat(send(admin, "GET", ACCOUNTS + "?pageSize=33", "").status()).isEqualTo(400);
  }
}
