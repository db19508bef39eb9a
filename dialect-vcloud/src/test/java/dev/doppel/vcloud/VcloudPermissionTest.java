package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that only a missing right makes fail: their users, tokens and sessions exist, and their
 * bodies are valid.
 */
class VcloudPermissionTest {

  private static final String API = "/cloudapi/1.0.0";
  private static final String DENIED = "] This operation is denied.\"";
  private static final String INVALID_GRANT = "\"error\":\"invalid_grant\"";

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;

  @BeforeEach
  void start() {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new VcloudDialect(realm.realm(), Fidelity.OBSERVED));
  }

  @AfterEach
  void stop() {
    server.close();
    realm.close();
    await(vertx.close());
  }

  private Answer send(String session, String method, String path, String body) {
    return send(session, method, path, body, List.of());
  }

  private Answer send(
      String session,
      String method,
      String path,
      String body,
      List<Map.Entry<String, String>> headers) {
    var all = new ArrayList<>(headers);
    all.add(Map.entry("Accept", "application/json;version=39.1"));
    all.add(Map.entry("Content-Type", "application/json"));
    all.add(Map.entry("Authorization", "Bearer " + session));
    return server.send(method, path, all, body);
  }

  private static Map.Entry<String, String> in(Organization organization) {
    return Map.entry("X-VMWARE-VCLOUD-TENANT-CONTEXT", VcloudUrn.of(organization).toString());
  }

  /** Returns the token of a new session. */
  private String signIn(String name, String password) {
    var pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    var answer =
        server.send(
            "POST",
            API + (name.endsWith("@System") ? "/sessions/provider" : "/sessions"),
            List.of(
                Map.entry("Accept", "application/json;version=39.1"),
                Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))),
            "");
    assertThat(answer.status()).isEqualTo(200);
    return answer.headers().get("x-vmware-vcloud-access-token");
  }

  private String signInRoot() {
    return signIn("root@doppel", TestRealm.ROOT_PASSWORD);
  }

  private User user(String name) {
    return await(realm.realm().users().find(name));
  }

  private User create(NewUser user) {
    return await(
        realm
            .realm()
            .users()
            .by(Authority.SERVER)
            .create(user.withPassword(new Password(TestRealm.PASSWORD))));
  }

  private void change(String name, UnaryOperator<User> change) {
    await(realm.realm().users().by(Authority.SERVER).update(user(name).id(), change));
  }

  private Organization createAcme() {
    return await(realm.realm().organizations().create("acme", ""));
  }

  /** Registers an API token, and returns its client id. */
  private String register(String session, String organization) {
    var path = "/oauth/tenant/" + organization + "/register";
    var answer = send(session, "POST", path, "{\"client_name\":\"laptop\"}");
    assertThat(answer.status()).isEqualTo(201);
    return new JsonObject(answer.body()).getString("client_id");
  }

  private Answer token(String path, Map<String, String> form) {
    var body = new StringBuilder();
    form.forEach(
        (name, value) ->
            body.append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                .append('&'));
    return server.send(
        "POST",
        "/oauth/" + path + "/token",
        List.of(Map.entry("Content-Type", "application/x-www-form-urlencoded")),
        body.toString());
  }

  private Answer grant(String path, String session, String clientId) {
    return token(
        path,
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion",
            session,
            "client_id",
            clientId));
  }

  private Answer refresh(String path, String secret) {
    return token(path, Map.of("grant_type", "refresh_token", "refresh_token", secret));
  }

  private String secret(String session, String organization) {
    var granted = grant("tenant/" + organization, session, register(session, organization));
    assertThat(granted.status()).isEqualTo(200);
    return new JsonObject(granted.body()).getString("refresh_token");
  }

  private void assertInvalidGrant(Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains(INVALID_GRANT);
  }

  /** Sessions that were created with an API token. */
  @Nested
  class LimitedSession {

    private String limited(String session, String path, String clientId) {
      var granted = grant(path, session, clientId);
      assertThat(granted.status()).isEqualTo(200);
      return new JsonObject(granted.body()).getString("access_token");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '\0',
        value = {
          "POST|/cloudapi/1.0.0/users|"
              + "{\"username\":\"carol\",\"password\":\"secret1\",\"roleEntityRefs\":[{\"name\":\"vApp User\"}]}",
          "PUT|/cloudapi/1.0.0/users/{bob}|"
              + "{\"username\":\"bob\",\"fullName\":\"Bob\",\"roleEntityRefs\":[{\"name\":\"vApp User\"}]}",
          "DELETE|/cloudapi/1.0.0/users/{bob}|{}",
          "POST|/cloudapi/1.0.0/users/{root}/changePassword|"
              + "{\"currentPassword\":\"Milvus\",\"newPassword\":\"secret1\"}",
          "POST|/cloudapi/1.0.0/users/{bob}/takeOwnership|{}",
          "GET|/cloudapi/1.0.0/tokens|{}",
          "GET|/cloudapi/1.0.0/tokens/urn:vcloud:token:{client}|{}",
          "DELETE|/cloudapi/1.0.0/tokens/urn:vcloud:token:{client}|{}",
          "POST|/oauth/tenant/doppel/register|{\"client_name\":\"phone\"}"
        })
    void isRefused_whereFullSessionIsNot(String method, String path, String body) {
      var full = signInRoot();
      var limited = limited(full, "tenant/doppel", register(full, "doppel"));
      var target =
          path.replace("{bob}", VcloudUrn.of(user("bob")))
              .replace("{root}", VcloudUrn.of(user("root")))
              .replace("{client}", register(full, "doppel"));
      var sent = method.equals("GET") || body.equals("{}") ? "" : body;
      var refused = send(limited, method, target, sent);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains(DENIED);
      assertThat(send(full, method, target, sent).status()).isBetween(200, 204);
    }

    @Test
    void registerProviderClient_isRefused() {
      var full = signIn("administrator@System", TestRealm.ROOT_PASSWORD);
      var path = "/oauth/provider/register";
      var body = "{\"client_name\":\"laptop\"}";
      var registered = send(full, "POST", path, body);
      var clientId = new JsonObject(registered.body()).getString("client_id");
      var limited = limited(full, "provider", clientId);
      var refused = send(limited, "POST", path, body);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains(DENIED);
    }

    @Test
    void grant_isRefused() {
      var full = signInRoot();
      var limited = limited(full, "tenant/doppel", register(full, "doppel"));
      var clientId = register(full, "doppel");
      assertInvalidGrant(grant("tenant/doppel", limited, clientId));
      assertThat(grant("tenant/doppel", full, clientId).status()).isEqualTo(200);
    }

    @Test
    void get_hasNoLinkToEdit() {
      var full = signInRoot();
      var limited = limited(full, "tenant/doppel", register(full, "doppel"));
      var path = API + "/users/" + VcloudUrn.of(user("bob"));
      assertThat(send(full, "GET", path, "").headers().get("link")).contains("rel=\"edit\"");
      assertThat(send(limited, "GET", path, "").headers().get("link"))
          .contains("rel=\"up\"")
          .doesNotContain("rel=\"edit\"");
    }
  }

  @Test
  void grantAndRefresh_inAnotherOrganizationOfTheUser_areRefused() {
    var session = signInRoot();
    assertInvalidGrant(grant("provider", session, register(session, "doppel")));
    var secret = secret(session, "doppel");
    assertInvalidGrant(refresh("provider", secret));
    assertThat(refresh("tenant/doppel", secret).status()).isEqualTo(200);
  }

  @Test
  void refresh_afterUserLeftTheOrganization_isRefused() {
    var acme = createAcme();
    change("alice", user -> user.withMembership(acme.id(), Membership.MEMBER));
    var secret = secret(signIn("alice@acme", TestRealm.PASSWORD), "acme");
    change("alice", user -> user.withoutMembership(acme.id()));
    assertInvalidGrant(refresh("tenant/acme", secret));
    change("alice", user -> user.withMembership(acme.id(), Membership.MEMBER));
    assertThat(refresh("tenant/acme", secret).status()).isEqualTo(200);
  }

  @Test
  void refresh_withInactiveToken_isRefused() {
    for (var status : Status.values()) {
      insertToken(status);
    }
    assertInvalidGrant(refresh("tenant/doppel", Status.INACTIVE.name()));
    assertThat(refresh("tenant/doppel", Status.ACTIVE.name()).status()).isEqualTo(200);
  }

  private void insertToken(Status status) {
    var alice = user("alice");
    var now = realm.clock().instant();
    await(
        realm
            .realm()
            .storage()
            .tokens()
            .insert(
                new Token(
                    TokenHash.of(status.name()),
                    status.ordinal() + 1,
                    alice.id(),
                    alice.created(),
                    0,
                    Token.Kind.API,
                    Optional.empty(),
                    status,
                    now,
                    now,
                    Optional.empty(),
                    "",
                    Map.of())));
  }

  @Test
  void deleteToken_ofMemberWithAnotherHome_isRefused() {
    var acme = createAcme();
    create(NewUser.named("carol").withMembership(acme.id(), Membership.MEMBER));
    change("alice", user -> user.withMembership(acme.id(), Membership.OWNER));
    var carol = signIn("carol@acme", TestRealm.PASSWORD);
    var path = API + "/tokens/urn:vcloud:token:" + register(carol, "acme");
    var alice = signIn("alice@acme", TestRealm.PASSWORD);
    assertThat(send(alice, "GET", path, "").status()).isEqualTo(200);
    assertThat(send(alice, "DELETE", path, "").status()).isEqualTo(403);
    assertThat(send(carol, "DELETE", path, "").status()).isEqualTo(204);
  }

  @Test
  void delete_ofUserOutsideTheTenantContext_isRefused() {
    var acme = createAcme();
    var alice = user("alice");
    var path = API + "/users/" + VcloudUrn.of(alice);
    var provider = signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    assertThat(send(provider, "DELETE", path, "", List.of(in(acme))).status()).isEqualTo(403);
    assertThat(user("alice")).isEqualTo(alice);
    var home = await(realm.realm().organizations().defaultOrganization());
    assertThat(send(provider, "DELETE", path, "", List.of(in(home))).status()).isEqualTo(202);
  }

  @Test
  void ownerOfItsHome_hasNoRightsInAnotherOrganization() {
    var acme = createAcme();
    var doppel = await(realm.realm().organizations().defaultOrganization());
    var carol =
        create(
            NewUser.named("carol")
                .withHome(acme.id(), Membership.OWNER)
                .withMembership(doppel.id(), Membership.MEMBER));
    var path = API + "/users/" + VcloudUrn.of(carol) + "/takeOwnership";
    var member = signIn("carol@doppel", TestRealm.PASSWORD);
    var owner = signIn("carol@acme", TestRealm.PASSWORD);
    assertThat(send(member, "POST", path, "").status()).isEqualTo(403);
    assertThat(send(owner, "POST", path, "").status()).isEqualTo(204);
  }

  @Test
  void memberOfSystem_withoutAdministratorRole_isNoProvider() {
    var system = await(realm.realm().organizations().system());
    var doppel = await(realm.realm().organizations().defaultOrganization());
    create(NewUser.named("ops").withHome(system.id(), Membership.MEMBER));
    var ops = signIn("ops@System", TestRealm.PASSWORD);
    var orgs = new JsonObject(send(ops, "GET", API + "/orgs", "").body());
    assertThat(orgs.getInteger("resultTotal")).isEqualTo(1);
    var roles = send(ops, "GET", API + "/roles", "", List.of(in(doppel)));
    assertThat(roles.status()).isEqualTo(403);
    assertThat(send(ops, "GET", API + "/roles", "").status()).isEqualTo(200);
  }

  @Test
  void sessionOfAnotherUser_isNeitherListedNorFoundNorEnded() {
    var root = signInRoot();
    var alice = signIn("alice@doppel", TestRealm.PASSWORD);
    var current = send(root, "GET", API + "/sessions/current", "");
    var path = API + "/sessions/" + new JsonObject(current.body()).getString("id");
    var listed = new JsonObject(send(alice, "GET", API + "/sessions", "").body());
    assertThat(listed.getInteger("resultTotal")).isEqualTo(1);
    assertThat(send(alice, "GET", path, "").status()).isEqualTo(403);
    assertThat(send(alice, "DELETE", path, "").status()).isEqualTo(403);
    assertThat(send(root, "GET", path, "").status()).isEqualTo(200);
  }

  @Test
  void task_isFoundByAnotherAdministratorOnly() {
    var doppel = await(realm.realm().organizations().defaultOrganization());
    change("alice", user -> user.withMembership(doppel.id(), Membership.OWNER));
    create(NewUser.named("carol"));
    var alice = signIn("alice@doppel", TestRealm.PASSWORD);
    var bob = API + "/users/" + VcloudUrn.of(user("bob"));
    var location = send(alice, "DELETE", bob, "").headers().get("location");
    var task = URI.create(location).getPath();
    assertThat(send(signInRoot(), "GET", task, "").status()).isEqualTo(200);
    assertThat(send(signIn("carol@doppel", TestRealm.PASSWORD), "GET", task, "").status())
        .isEqualTo(403);
  }
}
