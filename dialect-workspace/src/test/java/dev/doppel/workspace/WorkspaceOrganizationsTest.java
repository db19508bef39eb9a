package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.STRONG;
import static dev.doppel.workspace.WorkspaceFixture.data;
import static dev.doppel.workspace.WorkspaceFixture.json;
import static dev.doppel.workspace.WorkspaceFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Status;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Organizations, their collaborators, invitations and service accounts. */
class WorkspaceOrganizationsTest {

  private static final String ACME = "/organizations/acme";
  private static final String MEMBERS = ACME + "/collaborators";
  private static final String INVITATIONS = MEMBERS + "/invitations";
  private static final String ROBOTS = ACME + "/service-accounts";

  private final WorkspaceFixture api = new WorkspaceFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private static List<String> emails(JsonNode page) {
    return page.path("items").findValuesAsText("email");
  }

  /** The array and the boolean among the filters, as Express's parser reads queries. */
  @Nested
  class Filters {

    private final List<String> tagged = List.of("a", "b", "c*", "d&e[0]=%");

    private void tagUsers() {
      for (var tag : tagged) {
        var user = "user-" + tagged.indexOf(tag);
        api.create(NewUser.named(user));
        var path = "/organizations/doppel/collaborators/" + api.idOf(user);
        data(api.send("PUT", path, OPERATOR, "{'tags':['" + tag + "','all']}"));
      }
    }

    private List<String> list(String query) {
      return emails(
          api.get("/organizations/doppel/collaborators?sort=createdAt:asc&" + query, OPERATOR));
    }

    private static String encode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "tags[]=a&tags[]=b",
          "tags%5B%5D=a&tags%5B%5D=b",
          "tags[0]=a&tags[1]=b",
          "tags[1]=a&tags[0]=b",
          "tags[]=a&tags[5]=b",
          "tags=a&tags=b",
          "tags=a&tags[]=b"
        })
    void arrays_areReadInEveryForm(String query) {
      tagUsers();
      assertThat(list(query)).containsExactly("user-0@doppel.invalid", "user-1@doppel.invalid");
    }

    @Test
    void tag_isFoundWhole() {
      tagUsers();
      for (var tag : tagged) {
        assertThat(list("tags[]=" + encode(tag)))
            .containsExactly("user-" + tagged.indexOf(tag) + "@doppel.invalid");
      }
      assertThat(list("tags[]=nosuch")).isEmpty();
      assertThat(list("tags[]=all")).hasSize(tagged.size());
      assertThat(list("tags=")).as("as if it were missing").hasSizeGreaterThan(tagged.size());
    }

    private String refusal(String query) {
      var answer = api.send("GET", "/organizations/doppel/collaborators?" + query, OPERATOR, "");
      assertThat(outcome(answer)).as(query).isEqualTo("400 3000");
      var error = json(answer).at("/error/data/errors/0");
      return error.at("/messages/0").asText() + " " + error.at("/types/0").asText();
    }

    @Test
    void valuesOfOtherTypes_areRefused() {
      assertThat(refusal("tags[a]=b")).isEqualTo("\"tags\" must be an array array.base");
      assertThat(refusal("tags[21]=b")).isEqualTo("\"tags\" must be an array array.base");
      assertThat(refusal("tags[0][1]=b")).isEqualTo("\"tags\" must be an array array.base");
      assertThat(refusal("tags[]=")).isEqualTo("\"tags\" is not allowed to be empty any.empty");
      assertThat(refusal("tags[]=" + "x".repeat(129))).endsWith("string.max");
      assertThat(refusal("x=1" + "&tags[]=x".repeat(101)))
          .isEqualTo("\"tags\" must contain less than or equal to 100 items array.max");
      assertThat(refusal("role[]=viewer")).isEqualTo("\"role\" must be a string string.base");
      assertThat(refusal("role=viewer&role=admin"))
          .isEqualTo("\"role\" must be a string string.base");
      assertThat(refusal("page[]=1")).isEqualTo("\"page\" must be a number number.base");
      assertThat(refusal("limit=1&limit=2")).isEqualTo("\"limit\" must be a number number.base");
      assertThat(refusal("email[x]=a")).isEqualTo("\"email\" must be a string string.base");
      assertThat(refusal("onlyUsers=maybe"))
          .isEqualTo("\"onlyUsers\" must be a boolean boolean.base");
      assertThat(refusal("onlyUsers[]=true"))
          .isEqualTo("\"onlyUsers\" must be a boolean boolean.base");
    }

    @Test
    void onlyUsers_leavesOutServiceAccounts() {
      api.createAcme();
      var robot = api.post(ROBOTS, OPERATOR, "{'role':'viewer'}").path("email").asText();
      for (var none : List.of("", "?onlyUsers=false", "?onlyUsers=FALSE")) {
        assertThat(emails(api.get(MEMBERS + none, OPERATOR)))
            .containsExactly(robot, "boss@doppel.invalid");
      }
      for (var only : List.of("?onlyUsers=true", "?onlyUsers=True")) {
        assertThat(emails(api.get(MEMBERS + only, OPERATOR)))
            .containsExactly("boss@doppel.invalid");
      }
    }
  }

  /** Express answers HEAD as GET, without the body. */
  @Test
  void head_isAnsweredAsGet() {
    api.createAcme();
    for (var operation : api.dialect.operations()) {
      if (!operation.method().name().equals("GET")) {
        continue;
      }
      var path =
          operation
              .path()
              .substring("/v1".length())
              .replace(":userId", api.idOf("boss"))
              .replace(":collaboratorId", api.idOf("boss"))
              .replace(":organizationId", "acme")
              .replace(":slug", "free-slug");
      var head = api.send("HEAD", path, OPERATOR, "");
      assertThat(head.status()).as(path).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers()).containsEntry("content-type", "application/json; charset=utf-8");
      assertThat(Integer.parseInt(head.headers().get("content-length"))).isGreaterThan(10);
      assertThat(api.send("HEAD", path, "", "").status()).as(path).isEqualTo(401);
    }
    assertThat(api.send("HEAD", "/auth/login", "", "").status()).isEqualTo(404);
  }

  @Nested
  class Organizations {

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
        assertThat(
                api.outcome("POST", "/organizations", api.token(name, PASSWORD), "{'name':'new'}"))
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
            assertThat(answer.path("reason").asText())
                .isEqualTo(valid ? "" : "Slug already in use");
          });
      for (var taken : List.of("chosen", "Chosen", "doppel", "system", api.idOf("alice"))) {
        assertThat(
                api.get("/organizations/check-slug/" + taken, OPERATOR).path("valid").asBoolean())
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
          .isEqualTo(acmeId());
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
      assertThat(api.outcome("PUT", ACME, boss, "{'name':'target','slug':'mine'}"))
          .isEqualTo("200");
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
      assertThat(api.outcome("DELETE", "/organizations/system", OPERATOR, ""))
          .isEqualTo("403 4003");
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
      var id = WorkspaceSlugs.of(acme());
      assertThat(id).isEqualTo("acme");
      assertThat(api.get(ACME + "/segments", boss).toString())
          .isEqualTo("{\"organizationId\":\"%s\",\"children\":[]}".formatted(acmeId()));
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
                  .formatted(acmeId()));
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
  }

  private dev.doppel.users.Organization acme() {
    return await(api.test.realm().organizations().find("acme"));
  }

  private String acmeId() {
    return WorkspaceId.of(acme());
  }

  private void setPassword(String name) {
    await(
        api.test
            .realm()
            .users()
            .by(Authority.SERVER)
            .setPassword(api.user(name).id(), new Password(PASSWORD)));
  }

  @Nested
  class Collaborators {

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
          .doesNotContain(acme().id().toString());
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

  @Nested
  class Invitations {

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
      assertThat(invited.path("targetId").asText()).isEqualTo(acmeId());
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
          NewUser.named("carol")
              .withEmail("carol@example.com")
              .withPassword(new Password(PASSWORD)));
      var known = api.post(MEMBERS, boss, "{'email':'carol@example.com'}");
      var unknown = api.post(MEMBERS, boss, "{'email':'nobody@example.com'}");
      assertThat(shape(known)).isEqualTo(shape(unknown));
      assertThat(api.user("carol").memberships()).isEmpty();
      var token = api.mails().get(0).token().orElseThrow();
      assertThat(accept(api.token("carol", PASSWORD), token)).isEqualTo("200");
      assertThat(api.user("carol").memberships()).containsKey(acme().id());
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
      changeBoss(user -> user.withMembership(acme().id(), Membership.MEMBER));
      assertThat(accept(alice, token)).as("an ordinary member").isEqualTo("403 4006");
      changeBoss(user -> user.withMembership(acme().id(), Membership.OWNER));
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
      assertThat(api.outcome("DELETE", path, api.token("alice", PASSWORD), ""))
          .isEqualTo("403 4003");
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
                  acme().id(),
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

  @Nested
  class ServiceAccounts {

    @Test
    void token_works_andIsShownOnce() {
      api.createAcme();
      var boss = api.token("boss", PASSWORD);
      var made = api.post(ROBOTS, boss, "{'role':'viewer'}");
      var id = made.path("id").asText();
      var bearer = made.path("bearer").asText();
      assertThat(made.path("email").asText()).isEqualTo(id + "@" + acmeId() + ".iam.applivery.io");
      assertThat(api.get(ACME, bearer).path("slug").asText()).isEqualTo("acme");
      var profile = api.get("/users/profile", bearer);
      assertThat(profile.path("role").asText()).isEqualTo("serviceAccount");
      assertThat(profile.path("hasPassword").asBoolean()).isFalse();
      var listed = api.get(ROBOTS, boss);
      assertThat(listed.at("/items/0/id").asText()).isEqualTo(id);
      assertThat(listed.toString()).doesNotContain(bearer).doesNotContain("bearer");
      api.test.clock().advance(Duration.ofDays(4_000));
      assertThat(api.outcome("GET", ACME, bearer, "")).isEqualTo("200");
    }

    @Test
    void role_decidesWhatItMayDo() {
      api.createAcme();
      var boss = api.token("boss", PASSWORD);
      var viewer = api.post(ROBOTS, boss, "{'role':'viewer'}");
      var bearer = viewer.path("bearer").asText();
      var path = ROBOTS + "/" + viewer.path("id").asText();
      assertThat(api.outcome("POST", ROBOTS, bearer, "{'role':'admin'}")).isEqualTo("403 4003");
      assertThat(api.outcome("PUT", path, bearer, "{'role':'admin'}")).isEqualTo("403 4003");
      var changed = data(api.send("PUT", path, boss, "{'role':'admin'}"));
      assertThat(changed.path("role").asText()).isEqualTo("admin");
      assertThat(changed.has("bearer")).isFalse();
      assertThat(api.outcome("POST", ROBOTS, bearer, "{'role':'editor'}")).isEqualTo("200");
      assertThat(api.outcome("GET", "/organizations/doppel", bearer, "")).isEqualTo("403 4003");
      assertThat(api.outcome("PUT", path, boss, "{'role':'owner'}")).isEqualTo("400 3000");
    }

    @Test
    void deletion_endsToken() {
      api.createAcme();
      var boss = api.token("boss", PASSWORD);
      var made = api.post(ROBOTS, boss, "{'role':'viewer'}");
      var path = ROBOTS + "/" + made.path("id").asText();
      assertThat(api.outcome("DELETE", MEMBERS + "/" + made.path("id").asText(), boss, ""))
          .as("it would keep its token")
          .isEqualTo("403 4003");
      assertThat(api.outcome("DELETE", path, api.token("alice", PASSWORD), ""))
          .isEqualTo("403 4003");
      assertThat(api.outcome("DELETE", path, boss, "")).isEqualTo("200");
      assertThat(api.outcome("GET", "/users/profile", made.path("bearer").asText(), ""))
          .isEqualTo("401 4004");
      assertThat(api.outcome("DELETE", path, boss, "")).isEqualTo("404 3001");
      var last = api.post(ROBOTS, boss, "{'role':'viewer'}").path("bearer").asText();
      assertThat(api.outcome("DELETE", ACME, boss, "")).isEqualTo("200");
      assertThat(api.outcome("GET", "/users/profile", last, "")).isEqualTo("401 4004");
    }

    /** Otherwise an administrator of the organization could demote or delete its owner. */
    @Test
    void owner_isNoServiceAccount_orStays() {
      api.createAcme();
      var boss = api.token("boss", PASSWORD);
      var id = api.post(ROBOTS, boss, "{'role':'viewer'}").path("id").asText();
      var path = ROBOTS + "/" + id;
      var handOver = "{'newOwner':'" + id + "'}";
      assertThat(api.outcome("POST", ACME + "/change-owner", boss, handOver)).isEqualTo("404 3001");
      var robot = await(WorkspaceId.find(api.test.realm().users(), id));
      await(
          api.test
              .realm()
              .users()
              .by(Authority.SERVER)
              .update(robot.id(), user -> user.withMembership(acme().id(), Membership.OWNER)));
      assertThat(api.outcome("PUT", path, boss, "{'role':'viewer'}")).isEqualTo("403 4003");
      assertThat(api.outcome("DELETE", path, boss, "")).isEqualTo("403 4003");
      var next = "{'newOwner':'" + api.idOf("boss") + "'}";
      assertThat(api.outcome("POST", ACME + "/change-owner", boss, next)).isEqualTo("200");
      assertThat(api.outcome("DELETE", path, boss, "")).isEqualTo("200");
    }

    /** Other dialects delete organizations and memberships, but no service accounts. */
    @Test
    void token_endsWithOrganization_inEveryDialect() {
      api.createAcme();
      var boss = api.token("boss", PASSWORD);
      var first = api.post(ROBOTS, boss, "{'role':'viewer'}");
      var second = api.post(ROBOTS, boss, "{'role':'viewer'}").path("bearer").asText();
      var robot = await(WorkspaceId.find(api.test.realm().users(), first.path("id").asText()));
      await(
          api.test
              .realm()
              .users()
              .by(Authority.SERVER)
              .update(robot.id(), user -> user.withoutMembership(acme().id())));
      var bearer = first.path("bearer").asText();
      assertThat(api.outcome("GET", "/users/profile", bearer, "")).isEqualTo("401 4004");
      assertThat(api.outcome("GET", "/users/profile", second, "")).isEqualTo("200");
      await(api.test.realm().organizations().delete(Authority.SERVER, acme().id()));
      assertThat(api.outcome("GET", "/users/profile", second, "")).isEqualTo("401 4004");
    }

    /** Its token is shown to administrators of its organization. */
    @Test
    void roleOnPlatform_stays() {
      api.createAcme();
      var made = api.post(ROBOTS, api.token("boss", PASSWORD), "{'role':'viewer'}");
      var robot = "/users/" + made.path("id").asText();
      for (var role : List.of("admin", "adminViewer", "user")) {
        assertThat(api.outcome("PUT", robot, OPERATOR, "{'role':'" + role + "'}"))
            .isEqualTo("403 4003");
      }
      var same = data(api.send("PUT", robot, OPERATOR, "{'role':'serviceAccount'}"));
      assertThat(same.path("role").asText()).isEqualTo("serviceAccount");
      var alice = "/users/" + api.idOf("alice");
      assertThat(api.outcome("PUT", alice, OPERATOR, "{'role':'serviceAccount'}"))
          .isEqualTo("403 4003");
      var bearer = made.path("bearer").asText();
      assertThat(api.get("/users/profile", bearer).path("role").asText())
          .isEqualTo("serviceAccount");
    }

    /** Ordinary accounts, and service accounts of others, are none of this organization. */
    @Test
    void operations_reachNoOtherAccounts() {
      api.createAcme();
      var boss = api.token("boss", PASSWORD);
      var other = api.post("/organizations/doppel/service-accounts", OPERATOR, "{'role':'viewer'}");
      for (var id : List.of(other.path("id").asText(), api.idOf("alice"), api.idOf("boss"))) {
        var path = ROBOTS + "/" + id;
        assertThat(api.outcome("PUT", path, boss, "{'role':'viewer'}")).isEqualTo("404 3001");
        assertThat(api.outcome("DELETE", path, boss, "")).isEqualTo("404 3001");
      }
      assertThat(api.get(ROBOTS, boss).path("totalDocs").asInt()).isZero();
      assertThat(api.outcome("GET", ROBOTS, api.token("alice", PASSWORD), ""))
          .isEqualTo("403 4003");
    }

    @Test
    void mails_areNotForServiceAccounts() {
      api.createAcme();
      var email =
          api.post(ROBOTS, api.token("boss", PASSWORD), "{'role':'admin'}").path("email").asText();
      assertThat(
              api.outcome(
                  "POST", "/auth/register/forgot-password", "", "{'email':'" + email + "'}"))
          .isEqualTo("200");
      assertThat(api.mails()).isEmpty();
    }
  }

  @Nested
  class OemUsers {

    private final List<String> outcomes = new ArrayList<>();

    private void change(String token, String password) {
      outcomes.add(
          api.outcome(
              "POST",
              "/auth/register/change-password",
              "",
              "{'token':'%s','password':'%s'}".formatted(token, password)));
    }

    @Test
    void secret_setsFirstPassword_once() {
      api.createAcme();
      var boss = api.token("boss", PASSWORD);
      var made = api.post(ACME + "/oem/users", boss, "{'email':'oem@example.com'}");
      var secret = made.path("oemSecret").asText();
      assertThat(api.outcome("GET", "/users/profile", secret, "")).isEqualTo("401 4004");
      change(secret, STRONG);
      change(secret, STRONG);
      assertThat(outcomes).containsExactly("200", "403 4006");
      assertThat(api.login("oem@example.com", STRONG, "").status()).isEqualTo(200);
      var again = api.post(ACME + "/oem/users", boss, "{'email':'oem@example.com'}");
      assertThat(again.has("oemSecret")).as("it would take the account over").isFalse();
    }

    @Test
    void domainOfServiceAccounts_isReserved() {
      api.createAcme();
      assertThat(
              api.outcome(
                  "POST", ACME + "/oem/users", OPERATOR, "{'email':'x@acme.IAM.applivery.io'}"))
          .isEqualTo("400 5035");
    }

    @Test
    void mail_setsFirstPassword_andEndsSecret() {
      api.createAcme();
      var secret =
          api.post(ACME + "/oem/users", OPERATOR, "{'email':'oem@example.com'}")
              .path("oemSecret")
              .asText();
      data(api.send("POST", "/auth/register/forgot-password", "", "{'email':'oem@example.com'}"));
      change(api.mailedToken("forgot-password", "oem@example.com"), STRONG);
      change(secret, STRONG + "2");
      assertThat(outcomes).containsExactly("200", "403 4006");
      assertThat(api.login("oem@example.com", STRONG, "").status()).isEqualTo(200);
    }
  }
}
