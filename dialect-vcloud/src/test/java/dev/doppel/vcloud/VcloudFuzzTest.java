package dev.doppel.vcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.FuzzContract;
import dev.doppel.testkit.TestServer;
import java.util.List;
import java.util.Map;

class VcloudFuzzTest extends FuzzContract {

  private final VcloudDialectTest contract = new VcloudDialectTest();

  @Override
  protected DialectContract contract() {
    return new VcloudDialectTest();
  }

  @Override
  protected List<Map.Entry<String, String>> administrator(TestServer server) {
    var session =
        server.send("POST", "/cloudapi/1.0.0/sessions/provider", contract.administrator(), "");
    assertThat(session.status()).isEqualTo(200);
    return VcloudDialectTest.bearer(session);
  }

  @Override
  protected List<String> names() {
    return List.of(
        "username",
        "fullName",
        "description",
        "id",
        "name",
        "roleEntityRefs",
        "orgEntityRef",
        "password",
        "deployedVmQuota",
        "storedVmQuota",
        "email",
        "enabled",
        "providerType",
        "locked",
        "phone",
        "currentPassword",
        "newPassword",
        "client_name",
        "client_id",
        "grant_type",
        "refresh_token",
        "assertion",
        "client_uri",
        "software_id",
        "software_version",
        "scope",
        "device_code",
        "userCode",
        "softwareId",
        "softwareVersion",
        "role",
        "uri",
        "quotaPools",
        "quotaPolicyReference",
        "page",
        "pageSize",
        "sortAsc",
        "sortDesc",
        "filter");
  }

  @Override
  protected List<String> values() {
    return List.of(
        "urn:vcloud:user:1059cea6-64c0-8100-8000-000000000002",
        "urn:vcloud:user:1059cea6-64c0-8100-8000-000000000004",
        "urn:vcloud:user:1059cea6-64c0-8100-8000-000000000005",
        "urn:vcloud:org:1059cea6-64c0-8100-8000-000000000001",
        "urn:vcloud:org:a93c9db9-7471-3192-8d09-a8f7eeda85f9",
        "urn:vcloud:role:67e119b7-083b-349e-8dfd-6cf0c19b83cf",
        "urn:vcloud:role:53256466-221f-3f1f-8cea-2fcfc7ab9ef7",
        "urn:vcloud:session:00000000-0000-0000-0000-000000000000",
        "urn:vcloud:token:00000000-0000-0000-0000-000000000000",
        "urn:vcloud:group:00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000000",
        "System Administrator",
        "alice",
        "bob",
        "carol",
        "doppel",
        "System",
        "LOCAL",
        "SAML",
        "secret1",
        "a@example.com",
        "true",
        "1",
        "128",
        "username",
        "fullName",
        "enabled",
        "username==alice",
        "username==*;enabled==true",
        "(name==a*,id!=b)",
        "email==*,phone!=1",
        "userCount=gt=1",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:vcloud:serviceAccount:00000000-0000-0000-0000-000000000000",
        "urn:vcloud:role:vApp%20Author",
        "12345678-1234-1234-1234-1234567890ab",
        "doppel-operator-token");
  }
}
