package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.Authority;
import dev.doppel.users.Mail;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Outbox;
import dev.doppel.users.Password;
import dev.doppel.users.User;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server of this dialect over a new realm, and its clients. */
final class WorkspaceFixture implements AutoCloseable {

  static final String OPERATOR = TestRealm.OPERATOR_TOKEN;
  static final String PASSWORD = TestRealm.PASSWORD;
  static final String STRONG = "NewSecureP@ssw0rd!";

  /** The path of the organization that {@link #createAcme} creates. */
  static final String ACME = "/organizations/acme";

  static final String MEMBERS = ACME + "/collaborators";
  static final String INVITATIONS = MEMBERS + "/invitations";
  static final String ROBOTS = ACME + "/service-accounts";

  private static final ObjectMapper JSON = new ObjectMapper();

  final Vertx vertx = Vertx.vertx();
  final TestRealm test = TestRealm.over(vertx, MvStorage.inMemory());
  final Dialect dialect = new WorkspaceDialect(test.realm(), Fidelity.DOCUMENTED);
  final TestServer server = new TestServer(vertx, dialect);

  /** Sends a request, with a bearer token unless it is empty, and a body unless it is empty. */
  Answer send(String method, String path, String token, String body) {
    var headers = new ArrayList<Map.Entry<String, String>>();
    if (!token.isEmpty()) {
      headers.add(Map.entry("Authorization", "Bearer " + token));
    }
    if (!body.isEmpty()) {
      headers.add(Map.entry("Content-Type", "application/json"));
    }
    return server.send(method, "/v1" + path, headers, body.replace('\'', '"'));
  }

  JsonNode get(String path, String token) {
    return data(send("GET", path, token, ""));
  }

  JsonNode post(String path, String token, String body) {
    return data(send("POST", path, token, body));
  }

  /** Returns the status and, of a failure, the vendor's code. */
  String outcome(String method, String path, String token, String body) {
    return outcome(send(method, path, token, body));
  }

  static String outcome(Answer answer) {
    var code = json(answer).path("error").path("code");
    return answer.status() + (code.isMissingNode() ? "" : " " + code.asInt());
  }

  static JsonNode data(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return json(answer).path("data");
  }

  static JsonNode json(Answer answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + answer.body(), e);
    }
  }

  /** Returns the email addresses on a page of collaborators or invitations. */
  static List<String> emails(JsonNode page) {
    return page.path("items").findValuesAsText("email");
  }

  Answer login(String name, String password, String more) {
    return send(
        "POST",
        "/auth/login",
        "",
        "{'provider':'traditional','payload':{'email':'%s','password':'%s'%s}}"
            .formatted(name, password, more));
  }

  /** Signs a user in, and returns the access token. */
  String token(String name, String password) {
    return data(login(name, password, "")).at("/accessToken/token").asText();
  }

  String idOf(String name) {
    return WorkspaceId.of(user(name));
  }

  User user(String name) {
    return await(test.realm().users().find(name));
  }

  User create(NewUser wanted) {
    return await(test.realm().users().by(Authority.SERVER).create(wanted));
  }

  /** Creates the organization acme, and its owner boss, who can sign in. */
  void createAcme() {
    var acme = await(test.realm().organizations().create("acme", ""));
    create(
        NewUser.named("boss")
            .withPassword(new Password(PASSWORD))
            .withHome(acme.id(), Membership.OWNER));
  }

  /** Returns the organization acme. */
  Organization acme() {
    return await(test.realm().organizations().find("acme"));
  }

  String acmeId() {
    return WorkspaceId.of(acme());
  }

  void register(String email) {
    var body =
        "{'email':'%s','password':'%s','firstName':'Ann','lastName':'Lee','newsletter':false}"
            .formatted(email, STRONG);
    assertThat(post("/auth/register", "", body).path("done").asBoolean()).isTrue();
  }

  List<Mail> mails() {
    return test.realm().outbox().list().stream().map(Outbox.Sent::mail).toList();
  }

  /** Returns the token of the latest mail, which must be of this kind and to this address. */
  String mailedToken(String kind, String to) {
    var mails = mails();
    assertThat(mails).isNotEmpty();
    var mail = mails.get(mails.size() - 1);
    assertThat(mail.kind()).isEqualTo(kind);
    assertThat(mail.to()).isEqualTo(to);
    var token = mail.token().orElseThrow();
    assertThat(mail.text()).contains(token);
    return token;
  }

  @Override
  public void close() {
    server.close();
    test.close();
    await(vertx.close());
  }
}
