package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.workspace.WorkspaceFixture.ACME;
import static dev.doppel.workspace.WorkspaceFixture.MEMBERS;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.ROBOTS;
import static dev.doppel.workspace.WorkspaceFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Service accounts of an organization, their roles and their tokens. */
class WorkspaceServiceAccountsTest {

  private final WorkspaceFixture api = new WorkspaceFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void token_works_andIsShownOnce() {
    api.createAcme();
    var boss = api.token("boss", PASSWORD);
    var made = api.post(ROBOTS, boss, "{'role':'viewer'}");
    var id = made.path("id").asText();
    var bearer = made.path("bearer").asText();
    assertThat(made.path("email").asText())
        .isEqualTo(id + "@" + api.acmeId() + ".iam.applivery.io");
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
    assertThat(api.outcome("DELETE", path, api.token("alice", PASSWORD), "")).isEqualTo("403 4003");
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
            .update(robot.id(), user -> user.withMembership(api.acme().id(), Membership.OWNER)));
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
            .update(robot.id(), user -> user.withoutMembership(api.acme().id())));
    var bearer = first.path("bearer").asText();
    assertThat(api.outcome("GET", "/users/profile", bearer, "")).isEqualTo("401 4004");
    assertThat(api.outcome("GET", "/users/profile", second, "")).isEqualTo("200");
    await(api.test.realm().organizations().delete(Authority.SERVER, api.acme().id()));
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
    assertThat(api.get("/users/profile", bearer).path("role").asText()).isEqualTo("serviceAccount");
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
    assertThat(api.outcome("GET", ROBOTS, api.token("alice", PASSWORD), "")).isEqualTo("403 4003");
  }

  @Test
  void mails_areNotForServiceAccounts() {
    api.createAcme();
    var email =
        api.post(ROBOTS, api.token("boss", PASSWORD), "{'role':'admin'}").path("email").asText();
    assertThat(
            api.outcome("POST", "/auth/register/forgot-password", "", "{'email':'" + email + "'}"))
        .isEqualTo("200");
    assertThat(api.mails()).isEmpty();
  }
}
