package dev.doppel.workspace;

import static dev.doppel.workspace.WorkspaceFixture.MEMBERS;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.ROBOTS;
import static dev.doppel.workspace.WorkspaceFixture.data;
import static dev.doppel.workspace.WorkspaceFixture.emails;
import static dev.doppel.workspace.WorkspaceFixture.json;
import static dev.doppel.workspace.WorkspaceFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.NewUser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Filters in query strings, and HEAD requests, as the vendor's web framework Express reads them.
 */
class WorkspaceExpressTest {

  private final WorkspaceFixture api = new WorkspaceFixture();
  private final List<String> tagged = List.of("a", "b", "c*", "d&e[0]=%");

  @AfterEach
  void close() {
    api.close();
  }

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
      assertThat(emails(api.get(MEMBERS + only, OPERATOR))).containsExactly("boss@doppel.invalid");
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
}
