package dev.doppel.workspace;

import static dev.doppel.workspace.WorkspaceFixture.ACME;
import static dev.doppel.workspace.WorkspaceFixture.INVITATIONS;
import static dev.doppel.workspace.WorkspaceFixture.MEMBERS;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.data;
import static dev.doppel.workspace.WorkspaceFixture.emails;
import static dev.doppel.workspace.WorkspaceFixture.json;
import static dev.doppel.workspace.WorkspaceFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.NewUser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The collaborators of an organization: their lists, tags, addition and removal. */
class WorkspaceCollaboratorsTest {

  private final WorkspaceFixture api = new WorkspaceFixture();

  @AfterEach
  void close() {
    api.close();
  }

  /** The page of the list requires these members. */
  @Test
  void item_hasRequiredMembers() {
    api.createAcme();
    var item = api.get(MEMBERS, OPERATOR).at("/items/0");
    assertThat(item.fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "organization",
            "role",
            "tags",
            "user",
            "detected",
            "createdBy",
            "updatedAt",
            "createdAt");
    assertThat(item.path("user").fieldNames())
        .toIterable()
        .containsExactly("id", "email", "firstName", "lastName", "role", "ssoUser");
    assertThat(item.path("createdBy").asText()).isEqualTo(api.idOf("boss"));
    var made =
        api.post(ACME + "/oem/users", api.token("boss", PASSWORD), "{'email':'x@example.com'}");
    assertThat(made.at("/collaborator/createdBy").asText()).isEqualTo(api.idOf("boss"));
    assertThat(made.at("/collaborator/id").asText()).isEqualTo(api.idOf("x@example.com"));
  }

  @Test
  void one_isShownToThoseWhoSeeTheList() {
    api.createAcme();
    var boss = MEMBERS + "/" + api.idOf("boss");
    assertThat(api.get(boss, api.token("boss", PASSWORD)))
        .isEqualTo(api.get(MEMBERS, OPERATOR).at("/items/0"));
    assertThat(api.outcome("GET", boss, api.token("alice", PASSWORD), "")).isEqualTo("403 4003");
    var alice = api.idOf("alice");
    assertThat(api.outcome("GET", MEMBERS + "/" + alice, OPERATOR, "")).isEqualTo("404 3001");
    assertThat(api.outcome("GET", MEMBERS + "/nosuch", OPERATOR, "")).isEqualTo("404 3001");
    var root = "/organizations/doppel/collaborators/" + api.idOf("root");
    assertThat(api.outcome("GET", root, api.token("alice", PASSWORD), ""))
        .as("ordinary members of the default organization see themselves alone")
        .isEqualTo("404 3001");
  }

  @Test
  void administrator_addsAccount_andRemovesIt() {
    api.createAcme();
    api.create(NewUser.named("carol").withEmail("carol@example.com"));
    var added =
        api.post(MEMBERS, OPERATOR, "{'email':'carol@example.com','role':'editor','tags':['t']}");
    assertThat(added.at("/collaborator/role").asText()).isEqualTo("editor");
    assertThat(added.at("/collaborator/tags/0").asText()).isEqualTo("t");
    assertThat(api.mails()).isEmpty();
    var carol = MEMBERS + "/" + api.idOf("carol");
    assertThat(api.outcome("DELETE", carol, api.token("alice", PASSWORD), ""))
        .isEqualTo("403 4003");
    assertThat(data(api.send("DELETE", carol, api.token("boss", PASSWORD), "")).toString())
        .isEqualTo("{\"delete\":\"OK\"}");
    assertThat(api.outcome("DELETE", carol, OPERATOR, "")).isEqualTo("404 3001");
    assertThat(api.user("carol").memberships()).isEmpty();
    assertThat(api.user("carol").extras("workspace").orElseThrow())
        .doesNotContain(api.acme().id().toString());
  }

  @Test
  void email_filtersByPart() {
    api.createAcme();
    for (var name : List.of("carol", "dave")) {
      api.create(NewUser.named("user-" + name).withEmail(name + "@Example.com"));
      api.post(MEMBERS, OPERATOR, "{'email':'" + name + "@example.com'}");
    }
    var found =
        Map.of(
            "example", 2, "AROL@", 1, "user-dave", 0, "*", 3, "BOS", 1, "boss@doppel.invalid", 1);
    found.forEach(
        (text, count) ->
            assertThat(emails(api.get(MEMBERS + "?email=" + text, OPERATOR)))
                .as(text)
                .hasSize(count));
  }

  @Test
  void tags_areLimitedInBodies() {
    api.createAcme();
    var many = "'tags':[" + "'t',".repeat(100) + "'t']";
    var bodies =
        Map.of(
            "POST " + MEMBERS, "{'email':'x@example.com'," + many + "}",
            "POST " + INVITATIONS, "{'email':'x@example.com'," + many + "}",
            "POST " + ACME + "/oem/users", "{'email':'x@example.com'," + many + "}",
            "PUT /organizations/doppel/collaborators/" + api.idOf("alice"), "{" + many + "}");
    bodies.forEach(
        (call, body) -> {
          var parts = call.split(" ");
          var refused = api.send(parts[0], parts[1], OPERATOR, body);
          assertThat(outcome(refused)).as(call).isEqualTo("400 3000");
          assertThat(json(refused).at("/error/data/errors/0/messages/0").asText())
              .isEqualTo("\"tags\" must contain less than or equal to 100 items");
          var allowed = api.send(parts[0], parts[1], OPERATOR, body.replaceFirst("'t',", ""));
          assertThat(allowed.status()).as(call).isIn(200, 400);
          assertThat(outcome(allowed)).as(call).isNotEqualTo("400 3000");
        });
  }

  @Test
  void ownersAndThoseWhoBelongWithoutMembership_stay() {
    api.createAcme();
    assertThat(api.outcome("DELETE", MEMBERS + "/" + api.idOf("boss"), OPERATOR, ""))
        .isEqualTo("403 4003");
    var alice = "/organizations/doppel/collaborators/" + api.idOf("alice");
    assertThat(api.outcome("DELETE", alice, OPERATOR, "")).isEqualTo("403 4003");
  }
}
