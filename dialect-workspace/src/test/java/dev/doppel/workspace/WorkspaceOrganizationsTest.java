package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.workspace.WorkspaceFixture.ACME;
import static dev.doppel.workspace.WorkspaceFixture.MEMBERS;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.data;
import static dev.doppel.workspace.WorkspaceFixture.emails;
import static dev.doppel.workspace.WorkspaceFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.Password;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Organizations: who creates, changes and deletes them, and their slugs. */
class WorkspaceOrganizationsTest {

  private final WorkspaceFixture api = new WorkspaceFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void administrator_createsChangesAndDeletes() {
    var made = api.post("/organizations", OPERATOR, "{'name':'Acme Industries','slug':'acme'}");
    assertThat(made.path("name").asText()).isEqualTo("Acme Industries");
    assertThat(made.path("slug").asText()).isEqualTo("acme");
    var id = made.path("id").asText();
    assertThat(api.get(ACME, OPERATOR).path("id").asText()).isEqualTo(id);
    assertThat(outcome(api.send("GET", "/organizations/acme-industries", OPERATOR, "")))
        .as("another slug replaces that of the name")
        .isEqualTo("404 3001");
    var owners = api.get(MEMBERS + "?role=owner", OPERATOR);
    assertThat(emails(owners)).containsExactly("root@doppel.invalid");

    var changed =
        data(
            api.send(
                "PUT",
                ACME,
                OPERATOR,
                "{'name':'Acme','slug':'acme-inc','webSiteUrl':'https://acme.com',"
                    + "'picture':'https://acme.com/a.png'}"));
    assertThat(changed.path("slug").asText()).isEqualTo("acme-inc");
    assertThat(changed.path("webSiteUrl").asText()).isEqualTo("https://acme.com");
    var shown = api.get("/organizations/acme-inc", OPERATOR);
    assertThat(shown).isEqualTo(changed);
    assertThat(outcome(api.send("DELETE", "/organizations/acme-inc", OPERATOR, "")))
        .isEqualTo("200");
    assertThat(outcome(api.send("GET", "/organizations/" + id, OPERATOR, "")))
        .isEqualTo("404 3001");
    assertThat(outcome(api.send("DELETE", "/organizations/" + id, OPERATOR, "")))
        .isEqualTo("404 3001");
  }

  /** A person who creates an organization would get power in every dialect. */
  @Test
  void ordinaryUsers_createNone() {
    api.createAcme();
    for (var name : List.of("alice", "boss")) {
      assertThat(api.outcome("POST", "/organizations", api.token(name, PASSWORD), "{'name':'new'}"))
          .isEqualTo("403 4003");
    }
    assertThat(api.outcome("POST", "/organizations", OPERATOR, "{'name':''}"))
        .isEqualTo("400 3000");
    assertThat(api.outcome("POST", "/organizations", OPERATOR, "{'name':'acme'}"))
        .isEqualTo("400 3000");
    assertThat(api.outcome("POST", "/organizations", OPERATOR, "{'name':'new','slug':'acme'}"))
        .isEqualTo("400 3000");
    assertThat(api.get("/organizations?name=new", OPERATOR).path("totalDocs").asInt())
        .as("no half of it")
        .isZero();
    assertThat(api.outcome("POST", "/organizations", OPERATOR, "{'name':'x1','slug':'-x-'}"))
        .isEqualTo("400 3000");
  }

  @Test
  void slug_ofAnother_isNotFree() {
    api.createAcme();
    api.post("/organizations", OPERATOR, "{'name':'First','slug':'Chosen'}");
    var free = Map.of("free-one", true, "acme", false, "ACME", false, "first", false);
    free.forEach(
        (slug, valid) -> {
          var answer = api.get("/organizations/check-slug/" + slug, api.token("alice", PASSWORD));
          assertThat(answer.path("valid").asBoolean()).as(slug).isEqualTo(valid);
          assertThat(answer.path("reason").asText()).isEqualTo(valid ? "" : "Slug already in use");
        });
    for (var taken : List.of("chosen", "Chosen", "doppel", "system", api.idOf("alice"))) {
      assertThat(api.get("/organizations/check-slug/" + taken, OPERATOR).path("valid").asBoolean())
          .as(taken)
          .isFalse();
    }
    for (var malformed : List.of("ab", "-ab", "a_b", "x".repeat(129))) {
      assertThat(api.outcome("GET", "/organizations/check-slug/" + malformed, OPERATOR, ""))
          .as(malformed)
          .isEqualTo("400 3000");
    }
  }

  /** Otherwise an owner could receive what is meant for an organization that comes later. */
  @Test
  void chosenSlug_givesWayToName() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    assertThat(api.outcome("PUT", ACME, boss, "{'slug':'payroll'}")).isEqualTo("200");
    for (var name : List.of("payroll", "Payroll", "\u00fcPayroll", "PAY\u00e4")) {
      var created = api.outcome("POST", "/organizations", OPERATOR, "{'name':'" + name + "'}");
      assertThat(created).as(name).isEqualTo(name.equals("PAY\u00e4") ? "200" : "400 3000");
    }
    await(api.test.realm().organizations().create("\u00fcPayroll", ""));
    assertThat(api.get("/organizations/payroll", OPERATOR).path("id").asText())
        .as("a slug of a name that isn't ASCII")
        .isEqualTo(api.acmeId());
    var later = await(api.test.realm().organizations().create("Payroll", ""));
    assertThat(api.get("/organizations/payroll", OPERATOR).path("id").asText())
        .as("another dialect doesn't know chosen slugs")
        .isEqualTo(WorkspaceId.of(later));
  }

  @Test
  void newName_whoseSlugAnotherChose_isRefused() {
    api.createAcme();
    api.post("/organizations", OPERATOR, "{'name':'First','slug':'Target'}");
    var boss = api.token("boss", PASSWORD);
    assertThat(api.outcome("PUT", ACME, boss, "{'name':'target'}")).isEqualTo("400 3000");
    assertThat(api.outcome("PUT", ACME, boss, "{'name':'target','slug':'mine'}")).isEqualTo("200");
    assertThat(api.outcome("PUT", "/organizations/mine", boss, "{'name':'target'}"))
        .as("another slug stays chosen")
        .isEqualTo("200");
  }

  /** It stands in a path where slugs do. */
  @Test
  void checkSlug_isNoSlug() {
    var made = api.post("/organizations", OPERATOR, "{'name':'Check Slug'}");
    assertThat(made.path("slug").asText()).isEqualTo(made.path("id").asText());
    for (var slug : List.of("check-slug", "Check-Slug")) {
      assertThat(
              api.outcome(
                  "POST", "/organizations", OPERATOR, "{'name':'x1','slug':'" + slug + "'}"))
          .isEqualTo("400 3000");
    }
  }

  @Test
  void blankNames_areRefused() {
    api.createAcme();
    assertThat(api.outcome("POST", "/organizations", OPERATOR, "{'name':' \\t '}"))
        .isEqualTo("400 3000");
    assertThat(api.outcome("PUT", ACME, OPERATOR, "{'name':'  '}")).isEqualTo("400 3000");
  }

  @Test
  void owner_changesOwnOrganization_butNotPlatforms() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    assertThat(api.outcome("PUT", ACME, boss, "{'webSiteUrl':'https://a.com'}")).isEqualTo("200");
    assertThat(api.outcome("PUT", ACME, api.token("alice", PASSWORD), "{'name':'x'}"))
        .isEqualTo("403 4003");
    var home = await(api.test.realm().organizations().defaultOrganization());
    await(
        api.test
            .realm()
            .users()
            .by(Authority.SERVER)
            .update(
                api.user("boss").id(), user -> user.withMembership(home.id(), Membership.OWNER)));
    for (var method : List.of("PUT", "DELETE")) {
      assertThat(api.outcome(method, "/organizations/doppel", boss, "{'slug':'mine'}"))
          .isEqualTo("403 4003");
    }
    assertThat(api.outcome("DELETE", "/organizations/system", OPERATOR, "")).isEqualTo("403 4003");
    assertThat(api.get("/organizations/doppel", OPERATOR).path("slug").asText())
        .isEqualTo("doppel");
  }

  @Test
  void administratorOfOrganization_deletesNothing() {
    api.createAcme();
    var body = "{'email':'deputy@example.com'}";
    api.post(ACME + "/oem/users", OPERATOR, body);
    data(
        api.send(
            "PUT", MEMBERS + "/" + api.idOf("deputy@example.com"), OPERATOR, "{'role':'admin'}"));
    setPassword("deputy@example.com");
    assertThat(api.outcome("DELETE", ACME, api.token("deputy@example.com", PASSWORD), ""))
        .isEqualTo("403 4003");
    assertThat(api.outcome("DELETE", ACME, api.token("boss", PASSWORD), "")).isEqualTo("200");
  }

  @Test
  void emptyParts_areEmpty() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    var id = WorkspaceSlugs.of(api.acme());
    assertThat(id).isEqualTo("acme");
    assertThat(api.get(ACME + "/segments", boss).toString())
        .isEqualTo("{\"organizationId\":\"%s\",\"children\":[]}".formatted(api.acmeId()));
    assertThat(api.send("GET", ACME + "/segment-roles", boss, "").body())
        .isEqualTo("{\"status\":true,\"data\":[]}");
    for (var path : List.of("/providers", "/collaborators/apps")) {
      assertThat(api.get(ACME + path + "?limit=5", boss).toString())
          .isEqualTo(
              "{\"items\":[],\"totalDocs\":0,\"limit\":5,\"hasPrevPage\":false,"
                  + "\"hasNextPage\":false,\"page\":1,\"totalPages\":1,\"pagingCounter\":1,"
                  + "\"prevPage\":null,\"nextPage\":null}");
      assertThat(api.outcome("GET", ACME + path + "?page=0", boss, "")).isEqualTo("400 3000");
    }
    assertThat(api.outcome("GET", ACME + "/providers?type=x", boss, "")).isEqualTo("400 3000");
    assertThat(api.get(ACME + "/workspace", boss).toString())
        .isEqualTo(
            ("{\"organization\":{\"id\":\"%s\",\"name\":\"acme\",\"slug\":\"acme\","
                    + "\"subscriptions\":[],\"loginProviders\":{\"dashboard\":[],\"store\":[],"
                    + "\"mdm\":[]},\"limits\":{},\"allows\":{}}}")
                .formatted(api.acmeId()));
    assertThat(api.get(ACME + "/actions", boss).path("actions"))
        .extracting(JsonNode::asText)
        .contains(
            "base.organization.management.remove",
            "base.organization.serviceAccount.create",
            "base.people.organizationCollaborator.invitations",
            "base.people.oem.create")
        .doesNotContain(
            "base.organization.management.create", "base.organization.loginProvider.create");
  }

  private void setPassword(String name) {
    await(
        api.test
            .realm()
            .users()
            .by(Authority.SERVER)
            .setPassword(api.user(name).id(), new Password(PASSWORD)));
  }
}
