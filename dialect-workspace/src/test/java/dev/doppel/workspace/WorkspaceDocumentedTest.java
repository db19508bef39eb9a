package dev.doppel.workspace;

import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.STRONG;
import static dev.doppel.workspace.WorkspaceFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every answer that the vendor's pages promise beyond the first group, beside the answer that was
 * got. The promises were copied from the pages; where no page is legible, from the clients that
 * were seen, or they are inferred. The table is written to {@code target/documented.md}.
 *
 * <p>A promise is a status with the vendor's code and message, or with the members of {@code data}
 * and their types; a question mark follows members that may be missing.
 */
class WorkspaceDocumentedTest {

  /** The operations that exchange files cover, in all their answers. */
  private static final List<String> FIRST_GROUP =
      List.of(
          "POST /auth/refresh",
          "POST /auth/register",
          "POST /auth/register/update-password",
          "GET /users/profile",
          "POST /users/profile/change-password",
          "GET /users/:userId",
          "PUT /users/:userId",
          "DELETE /users/:userId",
          "POST /users/:userId/change-password",
          "GET /organizations",
          "GET /organizations/:organizationId");

  private static final String DONE = "200 done:boolean message:string";
  private static final String PAGE =
      " totalDocs:number limit:number hasPrevPage:boolean hasNextPage:boolean page:number"
          + " totalPages:number pagingCounter:number prevPage:null nextPage:null";
  private static final String COLLABORATOR =
      "id:string organization:string role:string tags:array user:object detected:object"
          + " createdBy:string updatedAt:string createdAt:string";
  private static final String ORGANIZATION =
      "id:string name:string slug:string picture:string? webSiteUrl:string? createdAt:string"
          + " updatedAt:string";
  private static final String INVITATION =
      "id:string email:string target:string targetId:string targetInfo:object role:string"
          + " createdBy:string updatedAt:string createdAt:string";
  private static final String SERVICE_ACCOUNT =
      "id:string organization:string email:string bearer:string? role:string updatedAt:string"
          + " createdAt:string";

  /** Where a promise comes from. */
  private enum Source {
    DOCUMENTED,
    SEEN_IN_CLIENT,
    INFERRED
  }

  private record Row(String operation, Source source, String promised, String got) {
    boolean isKept() {
      return got.equals("as promised");
    }
  }

  private final WorkspaceFixture api = new WorkspaceFixture();
  private final List<Row> rows = new ArrayList<>();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void everyPromise_isKept() throws IOException {
    api.createAcme();
    api.create(
        NewUser.named("ann@example.com")
            .withEmail("ann@example.com")
            .withPassword(new Password(PASSWORD)));
    authentication();
    organizations();
    collaborators();
    serviceAccounts();
    var table =
        rows.stream()
            .map(
                row ->
                    "| %s | %s | %s | %s |"
                        .formatted(
                            row.operation,
                            row.source.name().toLowerCase(java.util.Locale.ROOT),
                            row.promised,
                            row.got))
            .collect(Collectors.joining("\n", "| operation | source | promised | got |\n", "\n"));
    Files.writeString(Path.of("target", "documented.md"), table);
    assertThat(rows).hasSizeGreaterThan(60).as(table).allMatch(Row::isKept);
    var operations =
        api.dialect.operations().stream()
            .map(one -> one.method() + " " + one.path().substring("/v1".length()))
            .filter(one -> !FIRST_GROUP.contains(one));
    assertThat(rows.stream().map(Row::operation).distinct())
        .containsExactlyInAnyOrderElementsOf(operations.toList());
  }

  private void authentication() {
    var forgot = "POST /auth/register/forgot-password";
    row(forgot, "{'email':'ann@example.com','language':'en'}", "", DONE);
    row(forgot, "{'email':'nobody@example.com'}", "", DONE);
    row(forgot, "{'email':'ann@example.com'}", "", "400 4007 Same action repeated too soon");
    var token = api.mailedToken("forgot-password", "ann@example.com");
    var change = "POST /auth/register/change-password";
    row(change, body(token, "simplepassword"), "", "400 5057 Insufficient Password Complexity");
    row(change, body(token, STRONG), "", DONE);
    row(change, body(token, STRONG), "", "403 4006 Invalid Credentials");
    var resend = "POST /auth/register/verify-resend";
    row(
        resend,
        "{'email':'ann@example.com','password':'wrong'}",
        "",
        "403 4006 Invalid Credentials");
    var right = "{'email':'ann@example.com','password':'" + STRONG + "'}";
    row(resend, right, "", DONE);
    row(resend, right, "", "400 4007 Same action repeated too soon");
    var verify = "POST /auth/register/verify";
    var mailed = "{'token':'" + api.mailedToken("verify", "ann@example.com") + "'}";
    row(verify, Source.INFERRED, mailed, "", DONE);
    row(verify, Source.INFERRED, mailed, "", "403 4006 Invalid Credentials");
    twoFactor();
    row(
        "POST /auth/sso/:organizationSlug/:type/callback",
        Source.INFERRED,
        "{}",
        "",
        "400 5138 Not implemented");
  }

  private static String body(String token, String password) {
    return "{'token':'%s','password':'%s'}".formatted(token, password);
  }

  private void twoFactor() {
    var token = api.token("ann@example.com", STRONG);
    row("GET /auth/two-factor", "", token, "200 secret:string qr:string uri:string");
    row("GET /auth/two-factor", "", "", "401 4002 No auth token");
    row("GET /auth/two-factor", "", "x", "401 4004 Invalid Token");
    var secret = api.get("/auth/two-factor", token).path("secret").asText();
    var code = Rfc6238.code(secret, api.test.clock().instant());
    var activate = "POST /auth/two-factor";
    row(
        activate,
        Source.INFERRED,
        "{'secret':'%s','twoFactorCode':'%s'}".formatted(secret, wrong(code)),
        token,
        "401 4013 Invalid 2FA code");
    row(
        activate,
        Source.INFERRED,
        "{'secret':'%s','twoFactorCode':'%s'}".formatted(secret, code),
        token,
        "200 activate:string");
    var login = "POST /auth/login";
    row(login, Source.SEEN_IN_CLIENT, login(""), "", "401 4014 Required two factor code");
    row(
        login,
        Source.DOCUMENTED,
        login(",'twoFactorCode':'" + wrong(code) + "'"),
        "",
        "401 4013 Invalid 2FA code");
    row(
        login,
        Source.DOCUMENTED,
        login(",'twoFactorCode':'" + code + "'"),
        "",
        "200 accessToken:object refreshToken:object user:object");
    var deactivate = "DELETE /auth/two-factor";
    row(deactivate, "{'password':'wrong'}", token, "401 4013 Invalid 2FA code");
    row(deactivate, "{'password':'" + STRONG + "','language':'en'}", token, "200 activate:string");
    row(deactivate, "{'password':'" + STRONG + "'}", token, "404 3001 Entity not found");
    row(deactivate, "{'password':'" + STRONG + "'}", "", "401 4002 No auth token");
  }

  private static String login(String more) {
    return "{'provider':'traditional','payload':{'email':'ann@example.com','password':'%s'%s}}"
        .formatted(STRONG, more);
  }

  private static String wrong(String code) {
    return code.startsWith("0") ? "1" + code.substring(1) : "0" + code.substring(1);
  }

  private void organizations() {
    var create = "POST /organizations";
    row(
        create,
        Source.INFERRED,
        "{'name':'New One','slug':'new'}",
        OPERATOR,
        "200 " + ORGANIZATION);
    row(create, "{}", "", "401 4002 No auth token");
    var update = "PUT /organizations/:organizationId";
    row(update, Source.INFERRED, "{'name':'Acme','slug':'acme'}", OPERATOR, "200 " + ORGANIZATION);
    row(update, "{}", "x", "401 4004 Invalid Token");
    row(
        "GET /organizations/check-slug/:slug",
        "",
        api.token("alice", PASSWORD),
        "200 valid:boolean reason:string");
    row("GET /organizations/check-slug/:slug", "", "", "401 4002 No auth token");
    row(
        "GET /organizations/:organizationId/actions",
        Source.INFERRED,
        "",
        OPERATOR,
        "200 actions:array");
    row("GET /organizations/:organizationId/workspace", "", OPERATOR, "200 organization:object");
    row("GET /organizations/:organizationId/providers", "", OPERATOR, "200 items:array" + PAGE);
    row(
        "POST /organizations/:organizationId/providers",
        Source.INFERRED,
        "{'type':'saml','target':'dashboard','saml':{'idpXml':'<x/>'}}",
        OPERATOR,
        "400 5138 Not implemented");
    row(
        "GET /organizations/:organizationId/segments",
        "",
        OPERATOR,
        "200 organizationId:string children:array");
    row("GET /organizations/:organizationId/segment-roles", "", OPERATOR, "200 array");
    for (var path : List.of("actions", "workspace", "providers", "segments", "segment-roles")) {
      var operation = "GET /organizations/:organizationId/" + path;
      row(operation, "", "", "401 4002 No auth token");
      row(operation, "", "x", "401 4004 Invalid Token");
      rowAt(operation, operation.replace(":organizationId", "nosuch"), "404 3001 Entity not found");
    }
    api.post("/organizations", OPERATOR, "{'name':'Leaving'}");
    var delete = "DELETE /organizations/:organizationId";
    rowAt(delete, delete.replace(":organizationId", "leaving"), "200 delete:string");
    rowAt(delete, delete.replace(":organizationId", "leaving"), "404 3001 Entity not found");
    row(delete, "", "", "401 4002 No auth token");
    row(
        "POST /organizations/:organizationId/change-owner",
        Source.DOCUMENTED,
        "{'newOwner':'boss'}",
        OPERATOR,
        "200 changed:boolean");
  }

  private void collaborators() {
    var list = "GET /organizations/:organizationId/collaborators";
    row(list, "", OPERATOR, "200 items:array" + PAGE);
    item(list, COLLABORATOR);
    row(list + "/groups", "", OPERATOR, "200 items:array");
    row(list + "/apps", "", OPERATOR, "200 items:array" + PAGE);
    row(list + "/apps", "", "", "401 4002 No auth token");
    rowAt(
        list + "/apps",
        (list + "/apps").replace(":organizationId", "nosuch"),
        "404 3001 Entity not found");
    var add = "POST /organizations/:organizationId/collaborators";
    row(
        add,
        Source.INFERRED,
        "{'email':'ann@example.com','role':'viewer'}",
        OPERATOR,
        "200 collaborator:object");
    row(
        add,
        Source.INFERRED,
        "{'email':'new@example.com','role':'viewer'}",
        OPERATOR,
        "200 invitation:object");
    row(list + "/:collaboratorId", Source.INFERRED, "", OPERATOR, "200 " + COLLABORATOR);
    row(
        "PUT /organizations/:organizationId/collaborators/:collaboratorId",
        Source.SEEN_IN_CLIENT,
        "{'role':'editor','tags':['a']}",
        OPERATOR,
        "200 " + COLLABORATOR);
    row(
        "DELETE /organizations/:organizationId/collaborators/:collaboratorId",
        Source.INFERRED,
        "",
        OPERATOR,
        "200 delete:string");
    row(list + "/invitations", Source.INFERRED, "", OPERATOR, "200 items:array" + PAGE);
    item(list + "/invitations", INVITATION);
    row(
        add + "/invitations",
        Source.INFERRED,
        "{'email':'newer@example.com'}",
        OPERATOR,
        "200 " + INVITATION);
    row(
        add + "/invitations/:invitationId/resend",
        Source.INFERRED,
        "",
        OPERATOR,
        "400 4007 Same action repeated too soon");
    api.test.clock().advance(WorkspaceMails.INTERVAL);
    row(add + "/invitations/:invitationId/resend", Source.INFERRED, "", OPERATOR, DONE);
    row(
        "DELETE /organizations/:organizationId/collaborators/invitations/:invitationId",
        Source.INFERRED,
        "",
        OPERATOR,
        "200 delete:string");
    row(
        "POST /organizations/:organizationId/oem/users",
        "{'email':'oem@example.com'}",
        OPERATOR,
        "200 collaborator:object oemSecret:string");
  }

  private void serviceAccounts() {
    var path = "/organizations/:organizationId/service-accounts";
    row(
        "POST " + path,
        Source.INFERRED,
        "{'role':'viewer'}",
        OPERATOR,
        "200 " + SERVICE_ACCOUNT.replace("bearer:string?", "bearer:string"));
    row("GET " + path, "", OPERATOR, "200 items:array" + PAGE);
    item("GET " + path, SERVICE_ACCOUNT);
    row("GET " + path, "", "", "401 4002 No auth token");
    row(
        "PUT " + path + "/:serviceAccountId",
        Source.INFERRED,
        "{'role':'editor'}",
        OPERATOR,
        "200 " + SERVICE_ACCOUNT);
    row(
        "DELETE " + path + "/:serviceAccountId",
        Source.INFERRED,
        "",
        OPERATOR,
        "200 delete:string");
  }

  private void row(String operation, String body, String token, String promised) {
    row(operation, Source.DOCUMENTED, body, token, promised);
  }

  private void row(String operation, Source source, String body, String token, String promised) {
    var answer = send(operation, body, token);
    rows.add(new Row(operation, source, promised, compare(promised, answer)));
  }

  /** Sends a request of an administrator to another path of the operation. */
  private void rowAt(String operation, String request, String promised) {
    var answer = send(request, "", OPERATOR);
    rows.add(new Row(operation, Source.DOCUMENTED, promised, compare(promised, answer)));
  }

  /** Compares the first item of a page. */
  private void item(String operation, String promised) {
    var item = json(send(operation, "", OPERATOR)).at("/data/items/0");
    rows.add(
        new Row(operation, Source.DOCUMENTED, "item " + promised, compareMembers(promised, item)));
  }

  private Answer send(String operation, String body, String token) {
    var method = operation.substring(0, operation.indexOf(' '));
    var path = operation.substring(operation.indexOf(' ') + 1);
    if (path.contains("/:collaboratorId")) {
      path = path.replace(":collaboratorId", api.idOf("ann@example.com"));
    }
    path = path.replace(":organizationId", "acme").replace(":slug", "free-slug");
    path = path.replace(":organizationSlug", "acme").replace(":type", "saml");
    if (path.contains(":invitationId")) {
      path = path.replace(":invitationId", first("/organizations/acme/collaborators/invitations"));
    }
    if (path.contains(":serviceAccountId")) {
      path = path.replace(":serviceAccountId", first("/organizations/acme/service-accounts"));
    }
    return api.send(method, path, token, body);
  }

  private String first(String list) {
    return api.get(list, OPERATOR).at("/items/0/id").asText();
  }

  private static String compare(String promised, Answer answer) {
    var status = promised.substring(0, 3);
    var rest = promised.substring(4);
    if (!Integer.toString(answer.status()).equals(status)) {
      return answer.status() + " " + answer.body();
    }
    if (status.equals("200")) {
      var data = json(answer).path("data");
      return json(answer).path("status").asBoolean() ? compareMembers(rest, data) : answer.body();
    }
    var error = json(answer).path("error");
    var got = error.path("code").asInt() + " " + error.path("message").asText();
    return got.equals(rest) && !json(answer).path("status").asBoolean(true) ? "as promised" : got;
  }

  private static String compareMembers(String promised, JsonNode data) {
    if (promised.equals("array")) {
      return data.isArray() ? "as promised" : data.toString();
    }
    var wanted = Arrays.asList(promised.split(" ", -1));
    var got = new ArrayList<String>();
    data.properties()
        .forEach(
            member ->
                got.add(
                    member.getKey()
                        + ":"
                        + member
                            .getValue()
                            .getNodeType()
                            .name()
                            .toLowerCase(java.util.Locale.ROOT)));
    var required = wanted.stream().filter(one -> !one.endsWith("?")).toList();
    var allowed = wanted.stream().map(one -> one.replace("?", "")).toList();
    return got.containsAll(required) && allowed.containsAll(got)
        ? "as promised"
        : String.join(" ", got);
  }
}
