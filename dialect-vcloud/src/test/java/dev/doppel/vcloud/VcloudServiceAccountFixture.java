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
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A server of this dialect over a new realm, and clients that register service accounts and get
 * their tokens.
 */
final class VcloudServiceAccountFixture implements AutoCloseable {

  static final String CLOUDAPI = "/cloudapi/1.0.0";
  static final String ACCOUNTS = CLOUDAPI + "/serviceAccounts";
  static final String SOFTWARE = "12345678-1234-1234-1234-1234567890ab";

  /** An account, by the id of its client, and the codes of its last authorization. */
  record Account(String id, String deviceCode, String userCode) {}

  private final Vertx vertx = Vertx.vertx();
  final TestRealm realm = TestRealm.over(vertx, MvStorage.inMemory());
  TestServer server = newServer(realm.realm());
  private String admin;

  VcloudServiceAccountFixture() {
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

  private TestServer newServer(Realm realm) {
    return new TestServer(vertx, new VcloudDialect(realm, Fidelity.DOCUMENTED));
  }

  /** Replaces the server by one over the given realm. */
  void restart(Realm realm) {
    server.close();
    server = newServer(realm);
  }

  /** Returns the access token of carol, an administrator of the default organization. */
  String admin() {
    return admin;
  }

  /** Signs carol in again, after her session has expired. */
  void signInAdmin() {
    admin = signIn("carol@doppel", TestRealm.PASSWORD);
  }

  /** Signs a user in, and returns the access token. */
  String signIn(String name, String password) {
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

  TestServer.Answer send(String token, String method, String path, String body, String... headers) {
    var all = new ArrayList<Map.Entry<String, String>>();
    all.add(Map.entry("Accept", "application/json;version=39.1"));
    all.add(Map.entry("Content-Type", "application/json"));
    all.add(Map.entry("Authorization", "Bearer " + token));
    for (int i = 0; i < headers.length; i += 2) {
      all.add(Map.entry(headers[i], headers[i + 1]));
    }
    return server.send(method, path, all, body);
  }

  /** Posts a form to an OAuth endpoint. */
  TestServer.Answer post(String path, String... form) {
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

  /** Returns the body that registers an account with a role. */
  static String metadata(String role) {
    return new JsonObject()
        .put("client_name", "backup")
        .put("client_uri", "https://example.com")
        .put("software_id", SOFTWARE)
        .put("software_version", "1.0")
        .put("scope", "urn:vcloud:role:" + role.replace(" ", "%20"))
        .encode();
  }

  /** Registers an account with a role, and returns its id. */
  String register(String role) {
    var registered = send(admin, "POST", "/oauth/tenant/doppel/register", metadata(role));
    assertThat(registered.status()).as(registered.body()).isEqualTo(201);
    return new JsonObject(registered.body()).getString("client_id");
  }

  /** Requests an authorization of an account. */
  Account authorize(String id) {
    var authorized = post("tenant/doppel/device_authorization", "client_id", id);
    assertThat(authorized.status()).as(authorized.body()).isEqualTo(200);
    var codes = new JsonObject(authorized.body());
    return new Account(id, codes.getString("device_code"), codes.getString("user_code"));
  }

  static String code(String userCode) {
    return new JsonObject().put("userCode", userCode).encode();
  }

  /** Grants an authorization as carol, which must succeed. */
  void grant(Account account) {
    var granted = send(admin, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode));
    assertThat(granted.status()).as(granted.body()).isEqualTo(204);
  }

  TestServer.Answer grant(String by, Account account) {
    return send(by, "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode));
  }

  /** Requests the tokens of an authorization. */
  TestServer.Answer poll(Account account) {
    return post(
        "tenant/doppel/token",
        "grant_type",
        "urn:ietf:params:oauth:grant-type:device_code",
        "client_id",
        account.id,
        "device_code",
        account.deviceCode);
  }

  TestServer.Answer refresh(String token) {
    return post("tenant/doppel/token", "grant_type", "refresh_token", "refresh_token", token);
  }

  /** Returns the tokens of a new active account with a role, and its id. */
  JsonObject activate(String role) {
    var account = authorize(register(role));
    grant(account);
    var token = poll(account);
    assertThat(token.status()).as(token.body()).isEqualTo(200);
    return new JsonObject(token.body()).put("id", account.id);
  }

  static String path(String id) {
    return ACCOUNTS + "/urn:vcloud:serviceAccount:" + id;
  }

  static String sessions() {
    return CLOUDAPI + "/sessions/current";
  }

  String status(String id) {
    var account = send(admin, "GET", path(id), "");
    assertThat(account.status()).as(account.body()).isEqualTo(200);
    return new JsonObject(account.body()).getString("status");
  }

  /** Returns the OAuth error of a response. */
  static String error(TestServer.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    return new JsonObject(answer.body()).getString("error");
  }

  @Override
  public void close() {
    server.close();
    realm.close();
    await(vertx.close());
  }
}
