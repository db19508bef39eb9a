package dev.doppel.workspace;

import static dev.doppel.workspace.WorkspaceFixture.ACME;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.STRONG;
import static dev.doppel.workspace.WorkspaceFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OEM users of an organization, and how they set their first passwords. */
class WorkspaceOemUsersTest {

  private final WorkspaceFixture api = new WorkspaceFixture();
  private final List<String> outcomes = new ArrayList<>();

  @AfterEach
  void close() {
    api.close();
  }

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
