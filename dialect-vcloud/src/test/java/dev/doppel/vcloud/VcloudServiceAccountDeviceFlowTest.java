package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.CLOUDAPI;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.SOFTWARE;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.code;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.error;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.metadata;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.path;
import static dev.doppel.vcloud.VcloudServiceAccountFixture.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestRealm;
import dev.doppel.vcloud.VcloudServiceAccountFixture.Account;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The device authorization flow of a service account, in the order of go-vcloud-director's test,
 * and its refresh tokens.
 */
class VcloudServiceAccountDeviceFlowTest {

  private final VcloudServiceAccountFixture api = new VcloudServiceAccountFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void account_livesAsInVendorsTest() {
    var id = api.register("vApp Author");
    assertThat(api.status(id)).isEqualTo("CREATED");
    var account = api.authorize(id);
    assertThat(account.userCode()).matches("[B-T]{4}-[B-T]{4}");
    assertThat(api.status(id)).isEqualTo("REQUESTED");
    var found = api.send(api.admin(), "POST", CLOUDAPI + "/deviceLookup", code(account.userCode()));
    assertThat(found.status()).isEqualTo(303);
    assertThat(found.headers().get("location")).endsWith(path(id));
    api.grant(account);
    assertThat(api.status(id)).isEqualTo("GRANTED");
    var token = new JsonObject(api.poll(account).body());
    assertThat(token.fieldNames())
        .containsExactly("access_token", "token_type", "expires_in", "refresh_token");
    assertThat(api.status(id)).isEqualTo("ACTIVE");
    assertThat(error(api.poll(account))).isEqualTo("invalid_grant");

    var revoked = api.send(api.admin(), "POST", path(id) + "/revoke", "");
    assertThat(revoked.status()).isEqualTo(204);
    assertThat(api.status(id)).isEqualTo("CREATED");
    assertThat(error(api.refresh(token.getString("refresh_token")))).isEqualTo("invalid_grant");
    assertThat(api.send(token.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);

    var next = api.authorize(id);
    api.grant(next);
    assertThat(api.poll(next).status()).isEqualTo(200);
    assertThat(api.send(token.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);

    assertThat(api.send(api.admin(), "POST", path(id) + "/takeOwnership", "").status())
        .isEqualTo(204);
    var deleted = api.send(api.admin(), "DELETE", path(id), "");
    assertThat(deleted.status()).isEqualTo(202);
    assertThat(api.send(api.admin(), "GET", path(id), "").status()).isEqualTo(403);
    var task = deleted.headers().get("location").replaceAll("^http://[^/]+", "");
    assertThat(api.send(api.admin(), "GET", task, "").body())
        .contains(
            "\"operation\":\"Deleted Service Account backup(" + id + ")\"",
            "\"operationName\":\"serviceAccountDelete\"",
            "\"id\":\"urn:vcloud:serviceAccount:" + id + "\"");
  }

  @Test
  void refreshToken_isGoodForOneSession() {
    var first = api.activate("vApp Author");
    var second = new JsonObject(api.refresh(first.getString("refresh_token")).body());
    assertThat(second.getString("refresh_token")).isNotEqualTo(first.getString("refresh_token"));
    assertThat(error(api.refresh(first.getString("refresh_token")))).isEqualTo("invalid_grant");
    var third = new JsonObject(api.refresh(second.getString("refresh_token")).body());
    for (var session : List.of(first, second, third)) {
      assertThat(api.send(session.getString("access_token"), "GET", sessions(), "").status())
          .isEqualTo(200);
    }
    assertThat(
            error(
                api.post(
                    "provider/token",
                    "grant_type",
                    "refresh_token",
                    "refresh_token",
                    third.getString("refresh_token"))))
        .isEqualTo("invalid_grant");
  }

  @Test
  void concurrentRefreshes_giveOneSession() {
    var token = api.activate("vApp Author").getString("refresh_token");
    var statuses =
        List.of(1, 2, 3, 4, 5, 6, 7, 8).parallelStream()
            .map(i -> api.refresh(token).status())
            .sorted()
            .toList();
    assertThat(statuses).containsExactly(200, 400, 400, 400, 400, 400, 400, 400);
  }

  @Test
  void poll_isPendingAndSlowedDown() {
    var account = api.authorize(api.register("vApp Author"));
    assertThat(error(api.poll(account))).isEqualTo("authorization_pending");
    assertThat(error(api.poll(account))).isEqualTo("slow_down");
    api.realm.clock().advance(Duration.ofSeconds(9));
    assertThat(error(api.poll(account))).isEqualTo("slow_down"); // ten seconds by now
    api.realm.clock().advance(Duration.ofSeconds(15));
    assertThat(error(api.poll(account))).isEqualTo("authorization_pending");
    api.grant(account);
    assertThat(api.poll(account).status()).isEqualTo(200);
  }

  @Test
  void poll_failsAfterDenial_once() {
    var account = api.authorize(api.register("vApp Author"));
    var denied =
        api.send(api.admin(), "POST", CLOUDAPI + "/deviceLookup/deny", code(account.userCode()));
    assertThat(denied.status()).isEqualTo(204);
    assertThat(api.status(account.id())).isEqualTo("CREATED");
    assertThat(error(api.poll(account))).isEqualTo("access_denied");
    assertThat(error(api.poll(account))).isEqualTo("invalid_grant");
    var late =
        api.send(api.admin(), "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode()));
    assertThat(late.status()).isEqualTo(404);
  }

  @Test
  void codes_expire() {
    var account = api.authorize(api.register("vApp Author"));
    api.realm.clock().advance(Duration.ofMinutes(30));
    api.signInAdmin();
    assertThat(api.status(account.id())).isEqualTo("CREATED");
    assertThat(error(api.poll(account))).isEqualTo("expired_token");
    var late =
        api.send(api.admin(), "POST", CLOUDAPI + "/deviceLookup/grant", code(account.userCode()));
    assertThat(late.status()).isEqualTo(404);
  }

  @Test
  void grantedCode_expires() {
    var account = api.authorize(api.register("vApp Author"));
    api.grant(account);
    api.realm.clock().advance(Duration.ofMinutes(30));
    api.signInAdmin();
    assertThat(error(api.poll(account))).isEqualTo("expired_token");
    assertThat(api.status(account.id())).isEqualTo("CREATED");
  }

  @Test
  void grant_endsOtherAuthorizations_andCodesAreBounded() {
    var id = api.register("vApp Author");
    var accounts = new ArrayList<Account>();
    for (int i = 0; i < VcloudServiceAccount.MAX_CODES + 1; i++) {
      accounts.add(api.authorize(id));
    }
    assertThat(error(api.poll(accounts.get(0)))).isEqualTo("invalid_grant");
    assertThat(error(api.poll(accounts.get(1)))).isEqualTo("authorization_pending");
    var typed = accounts.get(2);
    api.grant(new Account(id, "", typed.userCode().toLowerCase().replace("-", " ")));
    assertThat(error(api.poll(accounts.get(1)))).isEqualTo("invalid_grant");
    assertThat(error(api.post("tenant/doppel/device_authorization", "client_id", id)))
        .isEqualTo("unauthorized_client");
    assertThat(api.poll(typed).status()).isEqualTo(200);
    assertThat(error(api.post("tenant/doppel/device_authorization", "client_id", id)))
        .isEqualTo("unauthorized_client");
  }

  /** As the vendor's test does; the provider is no member of the tenant. */
  @Test
  void provider_registersForTenant() {
    var acme = await(api.realm.realm().organizations().create("acme", ""));
    var provider = api.signIn("administrator@System", TestRealm.ROOT_PASSWORD);
    var context = VcloudUrn.of(acme).uuid().toString();
    var registered =
        api.send(
            provider,
            "POST",
            "/oauth/tenant/acme/register",
            metadata("Organization Administrator"));
    var id = new JsonObject(registered.body()).getString("client_id");
    assertThat(api.send(provider, "GET", path(id), "").status()).isEqualTo(403);
    assertThat(
            api.send(provider, "GET", path(id), "", "X-VMWARE-VCLOUD-TENANT-CONTEXT", context)
                .status())
        .isEqualTo(200);
    assertThat(error(api.post("tenant/doppel/device_authorization", "client_id", id)))
        .isEqualTo("invalid_client");
    var codes =
        new JsonObject(api.post("tenant/acme/device_authorization", "client_id", id).body());
    assertThat(
            api.send(
                    api.admin(),
                    "POST",
                    CLOUDAPI + "/deviceLookup/grant",
                    code(codes.getString("user_code")))
                .status())
        .isEqualTo(404);
    assertThat(
            api.send(
                    provider,
                    "POST",
                    CLOUDAPI + "/deviceLookup/grant",
                    code(codes.getString("user_code")),
                    "X-VMWARE-VCLOUD-TENANT-CONTEXT",
                    context)
                .status())
        .isEqualTo(204);
    var token =
        new JsonObject(
                api.post(
                        "tenant/acme/token",
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:device_code",
                        "client_id",
                        id,
                        "device_code",
                        codes.getString("device_code"))
                    .body())
            .getString("access_token");
    var users = api.send(token, "GET", CLOUDAPI + "/users", "");
    assertThat(new JsonObject(users.body()).getInteger("resultTotal")).isZero();
    var other =
        api.send(
            token,
            "GET",
            CLOUDAPI + "/users",
            "",
            "X-VMWARE-VCLOUD-TENANT-CONTEXT",
            "a93c9db9-7471-3192-8d09-a8f7eeda85f9");
    assertThat(other.status()).isEqualTo(403);
  }

  @Test
  void account_isNoApiToken() {
    var account = api.activate("vApp Author");
    var id = account.getString("id");
    assertThat(api.send(api.admin(), "GET", CLOUDAPI + "/tokens", "").body())
        .contains("\"resultTotal\":0");
    assertThat(
            api.send(api.admin(), "GET", CLOUDAPI + "/tokens/urn:vcloud:token:" + id, "").status())
        .isEqualTo(403);
    assertThat(
            error(
                api.post(
                    "tenant/doppel/token",
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:jwt-bearer",
                    "assertion",
                    api.admin(),
                    "client_id",
                    id)))
        .isEqualTo("invalid_grant");
    var key = "urn:vcloud:serviceAccount:" + id;
    assertThat(error(api.refresh(key))).isEqualTo("invalid_grant");
    assertThat(api.send(key, "GET", sessions(), "").status()).isEqualTo(401);
    assertThat(api.send(account.getString("refresh_token"), "GET", sessions(), "").status())
        .isEqualTo(401);
    assertThat(error(api.poll(new Account(SOFTWARE, "x", "")))).isEqualTo("invalid_client");
    assertThat(error(api.poll(new Account("x", "x", "")))).isEqualTo("invalid_client");
  }

  /** Nobody signs in to a disabled organization, by whichever means. */
  @Test
  void disabledOrganization_hasNoSessions() {
    var active = api.activate("vApp Author");
    var granted = api.authorize(api.register("vApp Author"));
    api.grant(granted);
    var created = api.register("vApp Author");
    setEnabled(false);
    assertThat(api.send(active.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);
    assertThat(error(api.refresh(active.getString("refresh_token")))).isEqualTo("invalid_grant");
    assertThat(error(api.poll(granted))).isEqualTo("invalid_grant");
    assertThat(error(api.post("tenant/doppel/device_authorization", "client_id", created)))
        .isEqualTo("unauthorized_client");
    setEnabled(true);
    assertThat(api.send(active.getString("access_token"), "GET", sessions(), "").status())
        .isEqualTo(401);
    assertThat(api.poll(granted).status()).isEqualTo(200);
    var next = api.refresh(active.getString("refresh_token"));
    assertThat(next.status()).as(next.body()).isEqualTo(200);
    assertThat(api.authorize(created).userCode()).isNotEmpty();
  }

  private void setEnabled(boolean enabled) {
    var doppel = await(api.realm.realm().organizations().defaultOrganization());
    await(
        api.realm
            .realm()
            .organizations()
            .updateExtras(
                doppel.id(),
                VcloudApi.NAME,
                json -> VcloudOrganizationExtras.decode(json).withEnabled(enabled).toJson()));
  }
}
