package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.ACCOUNTS;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.error;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.metadata;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.path;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestRealm;
import dev.doppel.users.Realm;
import dev.doppel.users.Tokens;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits on sessions and numbers of service accounts, and on the pages of their lists. */
class VcloudServiceAccountLimitsTest {

  private final VcloudServiceAccountFixture api = new VcloudServiceAccountFixture();

  @AfterEach
  void close() {
    api.close();
  }

  /** With at most twelve sessions of a user, its accounts have at most six. */
  @Test
  void sessionsOfAccounts_endNoSessionOfTheirOwner() {
    api.restart(withSessions(12));
    var first = api.activate("vApp Author").getString("access_token");
    var token = api.activate("vApp Author");
    for (int i = 0; i < 20; i++) {
      token = new JsonObject(api.refresh(token.getString("refresh_token")).body());
    }
    assertThat(api.send(token.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(200);
    assertThat(api.send(first, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(api.send(api.admin(), "GET", sessions(), "").status()).isEqualTo(200);
    assertThat(sessionsOfCarol()).isEqualTo(1 + 6);
  }

  @Test
  void sessionsOfAccount_areBounded() {
    var other = api.activate("vApp Author").getString("access_token");
    var token = api.activate("vApp Author");
    var all = new ArrayList<String>();
    for (int i = 0; i < 10; i++) {
      all.add(token.getString("access_token"));
      token = new JsonObject(api.refresh(token.getString("refresh_token")).body());
    }
    var statuses = all.stream().map(one -> api.send(one, "GET", sessions(), "").status()).toList();
    assertThat(statuses).containsExactly(401, 401, 401, 200, 200, 200, 200, 200, 200, 200);
    assertThat(api.send(other, "GET", sessions(), "").status()).isEqualTo(200);
    assertThat(api.send(api.admin(), "GET", sessions(), "").status()).isEqualTo(200);
  }

  private int sessionsOfCarol() {
    var carol = await(api.realm.realm().users().find("carol"));
    return await(api.realm.realm().tokens().sessions(carol, VcloudApi.NAME)).size();
  }

  private Realm withSessions(int max) {
    var all = api.realm.realm();
    var settings = all.settings();
    return new Realm(
        all.storage(),
        all.users(),
        new Tokens(all.storage().tokens(), all.ids(), all.clock(), max),
        all.organizations(),
        all.roles(),
        all.ids(),
        all.secrets(),
        all.clock(),
        all.outbox(),
        new Realm.Settings(
            settings.administrator(),
            settings.defaultOrganization(),
            settings.limits().withSessions(max),
            settings.idForms()));
  }

  @Test
  void organization_hasAtMost100Accounts() {
    var acme = await(api.realm.realm().organizations().create("acme", ""));
    var id = api.register("vApp User");
    for (int i = 1; i < 100; i++) {
      api.register("vApp User");
    }
    var metadata = metadata("vApp User");
    assertThat(error(api.send(api.admin(), "POST", "/oauth/tenant/doppel/register", metadata)))
        .isEqualTo("access_denied");
    var provider = api.signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var elsewhere =
        api.send(provider, "POST", "/oauth/tenant/" + acme.name() + "/register", metadata);
    assertThat(elsewhere.status()).as(elsewhere.body()).isEqualTo(201);
    assertThat(api.send(api.admin(), "DELETE", path(id), "").status()).isEqualTo(202);
    var statuses =
        List.of(1, 2, 3, 4, 5, 6, 7, 8).parallelStream()
            .map(
                i ->
                    api.send(api.admin(), "POST", "/oauth/tenant/doppel/register", metadata)
                        .status())
            .sorted()
            .toList();
    assertThat(statuses).containsExactly(201, 400, 400, 400, 400, 400, 400, 400);
  }

  @Test
  void query_hasPagesOf32() {
    for (int i = 0; i < 33; i++) {
      api.register("vApp Author");
    }
    var page = api.send(api.admin(), "GET", ACCOUNTS + "/?pageSize=32&filter=name==back*", "");
    assertThat(new JsonObject(page.body()).getInteger("pageCount")).isEqualTo(2);
    assertThat(api.send(api.admin(), "GET", ACCOUNTS + "?pageSize=33", "").status()).isEqualTo(400);
  }
}
