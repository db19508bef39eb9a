package dev.doppel.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.gateway.journal.JournalJson;
import dev.doppel.testkit.RawHttp;
import dev.doppel.testkit.TestServer.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Flows of Workspace that other dialects and the API for tests take part in, and the requests of a
 * client.
 */
class WorkspaceFlowsTest {

  private static final String OLD = "P@ssw0rd1";
  private static final String NEW = "N3w-P@ssw0rd";
  private static final String OPERATOR = "doppel-operator-token";
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());

  @AfterEach
  void stop() {
    doppel.close();
  }

  private HttpResponse<String> send(String method, String path, String token, JsonObject body) {
    var headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    if (!token.isEmpty()) {
      headers.addAll(List.of("Authorization", "Bearer " + token));
    }
    var text = method.equals("GET") ? "" : body.encode();
    return http.send(method, "/v1" + path, text, headers.toArray(String[]::new));
  }

  private JsonObject data(String method, String path, String token, JsonObject body) {
    var answer = send(method, path, token, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonObject("data");
  }

  private void changePassword(String token) {
    data(
        "POST",
        "/auth/register/change-password",
        "",
        new JsonObject().put("token", token).put("password", NEW));
  }

  private void assertSignsInEverywhere(String name) {
    for (var client : VendorClient.all(http)) {
      assertThat(client.signsIn(name, NEW)).as(client + " " + name).isTrue();
      assertThat(client.signsIn(name, OLD)).as(client + " " + name).isFalse();
    }
  }

  private String mailedToken(String kind, String to) {
    return doppel.mails().ofKind(kind).to(to).latest().token().orElseThrow();
  }

  private void forget(String email) {
    data(
        "POST",
        "/auth/register/forgot-password",
        "",
        new JsonObject().put("email", email).put("language", "en"));
  }

  @Test
  void forgottenPassword_isReplacedInEveryDialect() {
    doppel.seed().user("ann").password(OLD).email("ann@example.com").put();
    forget("ann@example.com");
    changePassword(mailedToken("forgot-password", "ann@example.com"));
    assertSignsInEverywhere("ann");
  }

  /** Only the mail itself gives power over an administrator. */
  @Test
  void forgottenPassword_ofAdministrator_needsMail() {
    doppel.seed().user("chief").password(OLD).email("chief@example.com").role("admin").put();
    forget("chief@example.com");
    var guess = new JsonObject().put("token", "0".repeat(80)).put("password", NEW);
    assertThat(send("POST", "/auth/register/change-password", "", guess).statusCode())
        .isEqualTo(403);
    assertThat(new VendorClient.Workspace(http).signsIn("chief", OLD)).isTrue();
    changePassword(mailedToken("forgot-password", "chief@example.com"));
    for (var client :
        List.of(
            new VendorClient.Workspace(http),
            new VendorClient.Influx(http),
            new VendorClient.Vcloud(http))) {
      assertThat(client.signsIn("chief", NEW)).as(client.toString()).isTrue();
      assertThat(client.signsIn("chief", OLD)).as(client.toString()).isFalse();
    }
  }

  @Test
  void oemAccount_getsFirstPassword_forEveryDialect() {
    var email = "oem@example.com";
    data("POST", "/organizations/doppel/oem/users", OPERATOR, new JsonObject().put("email", email));
    for (var client : VendorClient.all(http)) {
      assertThat(client.signsIn(email, NEW)).isFalse();
    }
    forget(email);
    changePassword(mailedToken("forgot-password", email));
    for (var client : VendorClient.all(http)) {
      if (!(client instanceof VendorClient.Vcloud)) { // there, an @ separates the organization
        assertThat(client.signsIn(email, NEW)).as(client.toString()).isTrue();
      }
    }
  }

  @Test
  void invitation_leadsOverRegistrationToMembership() {
    data("POST", "/organizations", OPERATOR, new JsonObject().put("name", "acme"));
    var invitation = new JsonObject().put("email", "new@example.com").put("role", "admin");
    data("POST", "/organizations/acme/collaborators", OPERATOR, invitation);
    var invited = mailedToken("invitation", "new@example.com");
    data(
        "POST",
        "/auth/register",
        "",
        new JsonObject()
            .put("email", "new@example.com")
            .put("password", NEW)
            .put("firstName", "New")
            .put("lastName", "One")
            .put("newsletter", false));
    var session = new VendorClient.Workspace(http).token("new@example.com", NEW);
    data("POST", "/auth/register/verify", session, new JsonObject().put("token", invited));
    var profile = new VendorClient.Workspace(http).profile("new@example.com", NEW);
    assertThat(profile.getString("verificationStatus")).isEqualTo("verified");
    assertThat(profile.getJsonArray("organizations").encode()).contains("\"slug\":\"acme\"");
    var owners =
        http.send("GET", "/api/v2/orgs?org=acme", "", "Authorization", "Token " + OPERATOR);
    var acme = new JsonObject(owners.body()).getJsonArray("orgs").getJsonObject(0);
    var path = "/api/v2/orgs/" + acme.getString("id") + "/owners";
    assertThat(http.send("GET", path, "", "Authorization", "Token " + OPERATOR).body())
        .as("an owner in InfluxDB, too")
        .contains("new@example.com");
  }

  /** Two factors are a matter of Workspace's own sign-in. */
  @Test
  void twoFactors_areAskedForByWorkspaceAlone() {
    doppel.seed().user("ann").password(NEW).put();
    var workspace = new VendorClient.Workspace(http);
    var token = workspace.token("ann", NEW);
    var secret = data("GET", "/auth/two-factor", token, new JsonObject()).getString("secret");
    var activation = new JsonObject().put("secret", secret);
    var code = Totp.code(doppel, secret);
    data("POST", "/auth/two-factor", token, activation.put("twoFactorCode", code));
    for (var client : VendorClient.all(http)) {
      assertThat(client.signsIn("ann", NEW))
          .as(client.toString())
          .isEqualTo(!(client instanceof VendorClient.Workspace));
    }
    data("POST", "/auth/login", "", login("ann", doppel.twoFactorCode("ann")));
    data("DELETE", "/auth/two-factor", token, new JsonObject().put("password", NEW));
    assertThat(workspace.signsIn("ann", NEW)).isTrue();
  }

  private static JsonObject login(String name, String code) {
    var payload =
        new JsonObject().put("email", name).put("password", NEW).put("twoFactorCode", code);
    return new JsonObject().put("provider", "traditional").put("payload", payload);
  }

  /** The control plane tells tokens and codes where they belong, and the journal nowhere. */
  @Test
  void journal_hasNoSecretOfTheseFlows() {
    doppel.seed().user("ann").password(OLD).email("ann@example.com").put();
    var secrets = new ArrayList<String>();
    forget("ann@example.com");
    secrets.add(mailedToken("forgot-password", "ann@example.com"));
    changePassword(secrets.get(0));
    var resend = new JsonObject().put("email", "ann@example.com").put("password", NEW);
    data("POST", "/auth/register/verify-resend", "", resend);
    secrets.add(mailedToken("verify", "ann@example.com"));
    data("POST", "/auth/register/verify", "", new JsonObject().put("token", secrets.get(1)));
    var token = new VendorClient.Workspace(http).token("ann", NEW);
    var made = data("GET", "/auth/two-factor", token, new JsonObject());
    var secret = made.getString("secret");
    var code = Totp.code(doppel, secret);
    secrets.addAll(List.of(token, secret, made.getString("qr"), code));
    data(
        "POST",
        "/auth/two-factor",
        token,
        new JsonObject().put("secret", secret).put("twoFactorCode", code));
    send("POST", "/auth/two-factor", token, new JsonObject().put("secret", secret));
    data("POST", "/auth/login", "", login("ann", code));
    var oem = new JsonObject().put("email", "oem@example.com");
    secrets.add(
        data("POST", "/organizations/doppel/oem/users", OPERATOR, oem).getString("oemSecret"));
    var robot = new JsonObject().put("role", "viewer");
    var bearer =
        data("POST", "/organizations/doppel/service-accounts", OPERATOR, robot).getString("bearer");
    secrets.add(bearer);
    data("GET", "/users/profile", bearer, new JsonObject());
    var invitation = new JsonObject().put("email", "new@example.com");
    data("POST", "/organizations/doppel/collaborators", OPERATOR, invitation);
    secrets.add(mailedToken("invitation", "new@example.com"));
    var calls = doppel.calls().list();
    assertThat(calls).hasSizeGreaterThan(12);
    var journal = new JsonArray();
    calls.forEach(call -> journal.add(JournalJson.encode(call)));
    assertThat(secrets).hasSize(9).allSatisfy(one -> assertThat(one).isNotBlank());
    for (var one : secrets) {
      assertThat(journal.encode()).doesNotContain(one);
    }
  }

  /** VCD knows users whose password an identity provider verifies. */
  @Test
  void userOfAnotherProvider_isShownAsSuch_andGetsNoPassword() {
    var user =
        VendorClient.Vcloud.Tenant.user("ann", "vApp User")
            .put("providerType", "SAML")
            .put("email", "ann@example.com");
    new VendorClient.Vcloud(http).administrating("doppel").create(user);
    var path = "/users/" + member("ann");
    assertThat(data("GET", path, OPERATOR, new JsonObject()))
        .contains(Map.entry("ssoUser", true), Map.entry("hasPassword", false));
    assertThat(data("GET", "/users/profile", OPERATOR, new JsonObject()))
        .contains(Map.entry("ssoUser", false));
    var members =
        data("GET", "/organizations/doppel/collaborators", OPERATOR, new JsonObject()).encode();
    assertThat(members).contains("\"ssoUser\":true").contains("\"ssoUser\":false");
    forget("ann@example.com");
    assertThat(doppel.mails().list()).isEmpty();
  }

  // ---- a client

  /**
   * The requests of a client that uses axios, byte for byte as axios 1.21.1 sent them: signing in,
   * renewing tokens, and collaborators with filters in the three forms in which it writes arrays.
   */
  @Test
  void requestsOfAxios_areUnderstood() throws IOException {
    prepareAcme();
    var lines = Files.readAllLines(Path.of("src/test/resources/clients/axios-1.21.1.ndjson"));
    var answers = new ArrayList<JsonObject>();
    var values = new HashMap<String, String>();
    values.put("ann", annsId());
    for (var line : lines) {
      var request = filled(new JsonObject(line).getString("request"), values);
      var answer = raw(request);
      assertThat(answer.headers().get("content-type")).isEqualTo("application/json; charset=utf-8");
      var json = answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
      answers.add(json.put("httpStatus", answer.status()));
      if (request.startsWith("POST /v1/auth/") && answer.status() == 200) {
        for (var kind : List.of("access", "refresh")) {
          values.put(
              kind, json.getJsonObject("data").getJsonObject(kind + "Token").getString("token"));
        }
      }
    }
    assertThat(answers)
        .extracting(answer -> answer.getInteger("httpStatus"))
        .containsExactly(200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 200, 200, 200);
    assertThat(emails(answers.get(3)))
        .containsExactlyInAnyOrder("boss@acme.com", "ann+x@acme.com", "bob@acme.com");
    assertThat(emails(answers.get(4))).containsExactly("ann+x@acme.com", "bob@acme.com");
    assertThat(emails(answers.get(5))).isEmpty();
    assertThat(emails(answers.get(6))).containsExactly("ann+x@acme.com");
    assertThat(emails(answers.get(7))).containsExactly("ann+x@acme.com");
    assertThat(emails(answers.get(8))).containsExactly("bob@acme.com");
    assertThat(answers.get(8).getJsonObject("data").getBoolean("hasNextPage")).isTrue();
    assertThat(answers.get(9).getJsonObject("data").encode())
        .isEqualTo("{\"items\":[{\"value\":\"field\"},{\"value\":\"night shift\"}]}");
    assertThat(answers.get(11).getJsonObject("data").getJsonArray("tags"))
        .containsExactly("field", "night shift");
  }

  private void prepareAcme() {
    doppel.seed().user("boss@acme.com").password(OLD).email("boss@acme.com").put();
    data("POST", "/organizations", OPERATOR, new JsonObject().put("name", "acme"));
    addMember("boss@acme.com", "admin", List.of());
    for (var name : List.of("ann+x@acme.com", "bob@acme.com")) {
      data("POST", "/organizations/acme/oem/users", OPERATOR, new JsonObject().put("email", name));
    }
    change("ann+x@acme.com", "editor", "field");
    change("bob@acme.com", "viewer", "night shift");
    var root = member("root");
    var boss = new JsonObject().put("newOwner", member("boss@acme.com"));
    data("POST", "/organizations/acme/change-owner", OPERATOR, boss);
    data("DELETE", "/organizations/acme/collaborators/" + root, OPERATOR, new JsonObject());
  }

  private void addMember(String email, String role, List<String> tags) {
    data(
        "POST",
        "/organizations/acme/collaborators",
        OPERATOR,
        new JsonObject().put("email", email).put("role", role).put("tags", new JsonArray(tags)));
  }

  private void change(String name, String role, String tag) {
    data(
        "PUT",
        "/organizations/acme/collaborators/" + member(name),
        OPERATOR,
        new JsonObject().put("role", role).put("tags", new JsonArray().add(tag)));
  }

  private String member(String name) {
    return new JsonObject(http.send("GET", "/_doppel/users", "").body())
        .getJsonArray("users").stream()
            .map(JsonObject.class::cast)
            .filter(user -> user.getString("name").equals(name))
            .map(user -> VendorClient.Workspace.objectId(user.getString("id")))
            .findFirst()
            .orElseThrow();
  }

  private String annsId() {
    return member("ann+x@acme.com");
  }

  private static List<String> emails(JsonObject page) {
    return page.getJsonObject("data").getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getJsonObject("user").getString("email"))
        .toList();
  }

  /** Fills in what differs in each run, and the length of the body with it. */
  private String filled(String recorded, Map<String, String> values) {
    var request = recorded.replace("{{host}}", "127.0.0.1:" + doppel.uri().getPort());
    request = request.replace("{{code}}", "000000");
    for (var value : values.entrySet()) {
      request = request.replace("{{" + value.getKey() + "}}", value.getValue());
    }
    var body = request.substring(request.indexOf("\r\n\r\n") + 4);
    return request.replaceFirst("Content-Length: \\d+", "Content-Length: " + body.length());
  }

  private Answer raw(String request) {
    try (var socket = new RawHttp(doppel.uri().getPort())) {
      socket.send(request.getBytes(UTF_8));
      var method = request.substring(0, request.indexOf(' '));
      return Objects.requireNonNull(socket.answer(method, TIMEOUT_MILLIS).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
