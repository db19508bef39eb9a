package dev.doppel.workspace;

import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.FuzzContract;
import java.util.List;

class WorkspaceFuzzTest extends FuzzContract {

  @Override
  protected DialectContract contract() {
    return new WorkspaceDialectTest();
  }

  @Override
  protected List<String> names() {
    return List.of(
        "provider",
        "payload",
        "email",
        "password",
        "twoFactorCode",
        "language",
        "lastAccessToken",
        "refreshToken",
        "firstName",
        "lastName",
        "newsletter",
        "picture",
        "role",
        "oldPassword",
        "newPassword",
        "newOwner",
        "tags",
        "page",
        "limit",
        "sort",
        "name",
        "slug",
        "onlyUsers",
        "tags[]",
        "tags[0]",
        "token",
        "secret",
        "webSiteUrl",
        "type",
        "target");
  }

  @Override
  protected List<String> values() {
    return List.of(
        "69a7bdbf1059cea664c01001",
        "69a7bdbf1059cea664c01002",
        "69A7BDBF1059CEA664C01004",
        "69a7bdbf1059cea664c01005",
        "507f1f77bcf86cd799439023",
        "traditional",
        "google",
        "alice",
        "bob@doppel.invalid",
        "carol@example.com",
        "Passw0rd1",
        "password",
        "doppel",
        "system",
        "admin",
        "owner",
        "editor",
        "user",
        "serviceAccount",
        "en",
        "true",
        "1",
        "100",
        "createdAt:desc",
        "email",
        "https://example.com/a.png",
        "doppel-operator-token",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "000000",
        "saml",
        "dashboard",
        "maybe");
  }
}
