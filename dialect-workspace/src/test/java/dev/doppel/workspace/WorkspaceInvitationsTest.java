package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.workspace.WorkspaceFixture.ACME;
import static dev.doppel.workspace.WorkspaceFixture.INVITATIONS;
import static dev.doppel.workspace.WorkspaceFixture.MEMBERS;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.STRONG;
import static dev.doppel.workspace.WorkspaceFixture.emails;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Status;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invitations to an organization, from the mail to the membership. */
class WorkspaceInvitationsTest {

  private final WorkspaceFixture api = new WorkspaceFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private String verify(String token) {
    return accept("", token);
  }

  private String accept(String session, String token) {
    return api.outcome("POST", "/auth/register/verify", session, "{'token':'" + token + "'}");
  }

  @Test
  void flow_fromInvitationOverRegistrationToMembership() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    var invited =
        api.post(INVITATIONS, boss, "{'email':'Ann@example.com','role':'editor','tags':['t']}");
    assertThat(invited.path("email").asText()).isEqualTo("ann@example.com");
    assertThat(invited.path("target").asText()).isEqualTo("organization");
    assertThat(invited.path("targetId").asText()).isEqualTo(api.acmeId());
    assertThat(invited.at("/targetInfo/slug").asText()).isEqualTo("acme");
    assertThat(invited.path("createdBy").asText()).isEqualTo(api.idOf("boss"));
    assertThat(api.get(INVITATIONS, boss).at("/items/0")).isEqualTo(invited);
    var token = api.mailedToken("invitation", "ann@example.com");
    assertThat(invited.toString()).doesNotContain(token);
    assertThat(verify(token)).as("no account yet").isEqualTo("403 4006");

    api.register("ann@example.com");
    var session = api.token("ann@example.com", STRONG);
    assertThat(verify(token)).as("not signed in").isEqualTo("403 4006");
    assertThat(accept(api.token("alice", PASSWORD), token)).as("another").isEqualTo("403 4006");
    assertThat(accept("x", token)).as("an unknown session").isEqualTo("403 4006");
    assertThat(api.user("ann@example.com").memberships()).isEmpty();
    assertThat(accept(session, token)).isEqualTo("200");
    assertThat(api.get("/users/profile", session).path("verificationStatus").asText())
        .isEqualTo("verified");
    var ann = api.get(MEMBERS + "?email=ann@example.com", boss).at("/items/0");
    assertThat(ann.path("role").asText()).isEqualTo("editor");
    assertThat(ann.at("/tags/0").asText()).isEqualTo("t");
    assertThat(ann.path("createdBy").asText()).isEqualTo(api.idOf("boss"));
    assertThat(api.get(INVITATIONS, boss).path("totalDocs").asInt()).isZero();
    assertThat(accept(session, token)).as("used").isEqualTo("403 4006");
  }

  /** The owner of an organization must neither see nor take over the accounts of others. */
  @Test
  void existingAccount_isNotRevealed_andDecides() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    api.create(
        NewUser.named("carol").withEmail("carol@example.com").withPassword(new Password(PASSWORD)));
    var known = api.post(MEMBERS, boss, "{'email':'carol@example.com'}");
    var unknown = api.post(MEMBERS, boss, "{'email':'nobody@example.com'}");
    assertThat(shape(known)).isEqualTo(shape(unknown));
    assertThat(api.user("carol").memberships()).isEmpty();
    var token = api.mails().get(0).token().orElseThrow();
    assertThat(accept(api.token("carol", PASSWORD), token)).isEqualTo("200");
    assertThat(api.user("carol").memberships()).containsKey(api.acme().id());
  }

  private static String shape(JsonNode answer) {
    return answer
        .toString()
        .replaceAll("\"id\":\"[0-9a-f]{24}\"", "id")
        .replaceAll("\"[a-z]+@example.com\"", "address");
  }

  @Test
  void resend_replacesToken_afterAMinute() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    var id = api.post(INVITATIONS, boss, "{'email':'root@doppel.invalid'}").path("id").asText();
    var first = api.mailedToken("invitation", "root@doppel.invalid");
    var again = INVITATIONS + "/" + id + "/resend";
    assertThat(api.outcome("POST", again, boss, "")).isEqualTo("400 4007");
    assertThat(api.outcome("POST", INVITATIONS, boss, "{'email':'root@doppel.invalid'}"))
        .isEqualTo("400 4007");
    api.test.clock().advance(WorkspaceMails.INTERVAL);
    assertThat(api.outcome("POST", again, boss, "")).isEqualTo("200");
    var second = api.mailedToken("invitation", "root@doppel.invalid");
    assertThat(accept(OPERATOR, first)).isEqualTo("403 4006");
    api.test.clock().advance(WorkspaceMails.INVITATION_LIFETIME);
    assertThat(accept(OPERATOR, second)).as("expired").isEqualTo("403 4006");
    assertThat(api.outcome("POST", again, OPERATOR, "")).isEqualTo("200");
    var third = api.mailedToken("invitation", "root@doppel.invalid");
    assertThat(accept(OPERATOR, third)).isEqualTo("200");
  }

  /** An invitation is no more than who sent it could do now. */
  @Test
  void invitation_endsWithRightOfSender() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    var body = "{'email':'alice@doppel.invalid','role':'admin'}";
    var id = api.post(INVITATIONS, boss, body).path("id").asText();
    var token = api.mailedToken("invitation", "alice@doppel.invalid");
    var alice = api.token("alice", PASSWORD);
    changeBoss(user -> user.withMembership(api.acme().id(), Membership.MEMBER));
    assertThat(accept(alice, token)).as("an ordinary member").isEqualTo("403 4006");
    changeBoss(user -> user.withMembership(api.acme().id(), Membership.OWNER));
    changeBoss(user -> user.withStatus(Status.INACTIVE));
    assertThat(accept(alice, token)).as("inactive").isEqualTo("403 4006");
    await(api.test.realm().users().by(Authority.SERVER).delete(api.user("boss").id()));
    assertThat(accept(alice, token)).as("deleted").isEqualTo("403 4006");
    assertThat(api.user("alice").memberships()).isEmpty();
    api.test.clock().advance(WorkspaceMails.INTERVAL);
    api.post(INVITATIONS + "/" + id + "/resend", OPERATOR, "");
    var again = api.mailedToken("invitation", "alice@doppel.invalid");
    assertThat(accept(alice, again)).as("sent by another").isEqualTo("200");
  }

  private void changeBoss(UnaryOperator<User> change) {
    await(api.test.realm().users().by(Authority.SERVER).update(api.user("boss").id(), change));
  }

  @Test
  void revocation_endsToken() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    var id = api.post(INVITATIONS, boss, "{'email':'alice@doppel.invalid'}").path("id").asText();
    var token = api.mailedToken("invitation", "alice@doppel.invalid");
    var path = INVITATIONS + "/" + id;
    for (var method : List.of("GET", "POST")) {
      assertThat(api.outcome(method, INVITATIONS, api.token("alice", PASSWORD), "{}"))
          .isEqualTo("403 4003");
    }
    assertThat(api.outcome("DELETE", path, api.token("alice", PASSWORD), "")).isEqualTo("403 4003");
    assertThat(api.outcome("DELETE", path, boss, "")).isEqualTo("200");
    assertThat(api.outcome("DELETE", path, boss, "")).isEqualTo("404 3001");
    assertThat(api.outcome("POST", path + "/resend", boss, "")).isEqualTo("404 3001");
    assertThat(accept(api.token("alice", PASSWORD), token)).isEqualTo("403 4006");
  }

  /** Anybody can send tokens, so that only who is signed in makes anyone look for them. */
  @Test
  void invitations_areReadByTheirOperationsAlone() {
    api.createAcme();
    await(
        api.test
            .realm()
            .organizations()
            .updateExtras(
                api.acme().id(),
                "workspace-invitations",
                before -> "unreadable " + TokenHash.of("t").hex()));
    assertThat(verify("t")).isEqualTo("403 4006");
    assertThat(api.get(ACME, OPERATOR).path("slug").asText()).isEqualTo("acme");
    assertThat(accept(OPERATOR, "another")).isEqualTo("403 4006");
    assertThat(accept(OPERATOR, "t")).isEqualTo("500 1000");
  }

  @Test
  void invitations_areLimited() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    for (int i = 0; i < 100; i++) {
      api.post(INVITATIONS, boss, "{'email':'user%d@example.com'}".formatted(i));
    }
    assertThat(api.outcome("POST", INVITATIONS, boss, "{'email':'more@example.com'}"))
        .isEqualTo("400 5003");
    var page = api.get(INVITATIONS + "?limit=10&sort=createdAt:asc&email=USER9", boss);
    assertThat(emails(page)).startsWith("user9@example.com", "user90@example.com");
    assertThat(page.path("totalDocs").asInt()).isEqualTo(11);
  }
}
