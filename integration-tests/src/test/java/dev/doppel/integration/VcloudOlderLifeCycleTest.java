package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The life of a user in VCD's older XML API, seen from every dialect after every step, and the
 * other way round.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VcloudOlderLifeCycleTest {

  private static final String FIRST = "P@ssw0rd1";
  private static final String SECOND = "N3w-P@ssw0rd";
  private static final String VAPP_USER = "d05a1c36-9646-36f9-99cf-d6a81e218d0f";
  private static final String ADMINISTRATOR = "38da3903-2149-30ac-a523-8e535480d094";
  private static final String TYPE = "application/vnd.vmware.admin.user+xml";
  private static final Pattern USER = Pattern.compile("/api/admin/user/([0-9a-f-]{36})");

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());
  private final List<VendorClient> all = VendorClient.all(http);
  private final VendorClient.Influx influx = new VendorClient.Influx(http);
  private String session = "";
  private String organization = "";

  @BeforeAll
  void signIn() {
    var answer =
        http.send(
            "POST",
            "/cloudapi/1.0.0/sessions",
            "",
            "Authorization",
            basic("root@doppel", "Milvus"),
            "Accept",
            "application/*;version=37.2");
    session = answer.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow();
    organization =
        new JsonObject(answer.body())
            .getJsonObject("org")
            .getString("id")
            .replace("urn:vcloud:org:", "");
  }

  @AfterAll
  void close() {
    doppel.close();
  }

  private HttpResponse<String> xml(String method, String path, String body) {
    return http.send(
        method,
        path,
        body,
        "Accept",
        "application/*+xml;version=37.2",
        "Content-Type",
        TYPE,
        "Authorization",
        "Bearer " + session);
  }

  private String document(String name, boolean enabled, String role, String password) {
    return "<User xmlns=\"http://www.vmware.com/vcloud/v1.5\" name=\"%s\">".formatted(name)
        + "<FullName>Ann Lee</FullName><EmailAddress>%s@example.com</EmailAddress>".formatted(name)
        + (enabled ? "<IsEnabled>true</IsEnabled>" : "")
        + "<Role href=\"https://localhost/api/admin/org/%s/role/%s\"/>"
            .formatted(organization, role)
        + (password.isEmpty() ? "" : "<Password>%s</Password>".formatted(password))
        + "</User>";
  }

  private String create(String name) {
    var created =
        xml(
            "POST",
            "/api/admin/org/" + organization + "/users",
            document(name, true, VAPP_USER, FIRST));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return path(created.body());
  }

  private static String path(String document) {
    var matcher = USER.matcher(document);
    assertThat(matcher.find()).as(document).isTrue();
    return matcher.group();
  }

  private void update(String user, String document) {
    var updated = xml("PUT", user, document);
    assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
  }

  @Test
  void userOfOlderApi_isSeenEverywhereAfterEveryStep() {
    var user = create("xmluser");
    assertThat(all).allMatch(client -> client.finds("xmluser"));
    assertThat(all).allMatch(client -> client.signsIn("xmluser", FIRST));

    update(user, document("xmluser", true, VAPP_USER, SECOND));
    assertThat(all).noneMatch(client -> client.signsIn("xmluser", FIRST));
    assertThat(all).allMatch(client -> client.signsIn("xmluser", SECOND));

    update(user, document("xmluser", false, VAPP_USER, ""));
    assertThat(all).noneMatch(client -> client.signsIn("xmluser", SECOND));
    assertThat(all).allMatch(client -> client.finds("xmluser"));

    update(user, document("xmluser", true, ADMINISTRATOR, ""));
    assertThat(all).allMatch(client -> client.signsIn("xmluser", SECOND));
    assertThat(owners()).contains("\"name\": \"xmluser\"");

    update(user, document("renamed", true, VAPP_USER, ""));
    assertThat(all).noneMatch(client -> client.signsIn("xmluser", SECOND));
    assertThat(all).allMatch(client -> client.signsIn("renamed", SECOND));
    assertThat(owners()).doesNotContain("\"name\": \"renamed\"");

    assertThat(xml("DELETE", user, "").statusCode()).isEqualTo(204);
    assertThat(all).noneMatch(client -> client.signsIn("renamed", SECOND));
    assertThat(all).noneMatch(client -> client.finds("renamed"));
  }

  /** Returns InfluxDB's owners of the organization. */
  private String owners() {
    var organizations =
        http.send(
            "GET", "/api/v2/orgs?org=doppel", "", "Authorization", "Token doppel-operator-token");
    var id = new JsonObject(organizations.body()).getJsonArray("orgs").getJsonObject(0);
    return http.send(
            "GET",
            "/api/v2/orgs/" + id.getString("id") + "/owners",
            "",
            "Authorization",
            "Token doppel-operator-token")
        .body();
  }

  private Stream<VendorClient.Maker> makers() {
    return Stream.of(new VendorClient.Milvus(http), influx);
  }

  @ParameterizedTest
  @MethodSource("makers")
  void userOfAnotherDialect_isSeenAndChangedByOlderApi(VendorClient.Maker maker) {
    var name = "from_" + maker.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    maker.create(name, FIRST);
    var found = xml("GET", "/api/query?type=user&filter=name==" + name, "");
    assertThat(found.body()).contains("total=\"1\"", "isEnabled=\"true\"");
    var user = path(found.body());
    assertThat(xml("GET", "/api/admin/org/" + organization, "").body())
        .contains("name=\"" + name + "\"");

    update(user, document(name, true, VAPP_USER, SECOND));
    assertThat(all).noneMatch(client -> client.signsIn(name, FIRST));
    assertThat(all).allMatch(client -> client.signsIn(name, SECOND));

    influx.deactivate(name);
    assertThat(xml("GET", user, "").body()).contains("<IsEnabled>false</IsEnabled>");

    assertThat(xml("DELETE", user, "").statusCode()).isEqualTo(204);
    assertThat(all).noneMatch(client -> client.finds(name));
  }
}
