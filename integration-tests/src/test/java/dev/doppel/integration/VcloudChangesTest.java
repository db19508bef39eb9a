package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.gateway.VendorClient.Vcloud.Tenant;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of a user through VCD, observed through the three other dialects. */
class VcloudChangesTest {

  private static final String FIRST = "P@ssw0rd1";
  private static final String SECOND = "N3w-P@ssw0rd";
  private static final String THIRD = "3rd-P@ssw0rd";

  private Doppel doppel;
  private Http http;
  private VendorClient.Vcloud vcloud;
  private Tenant tenant;

  @BeforeEach
  void start() {
    doppel = Doppel.start();
    http = new Http(doppel.uri());
    vcloud = new VendorClient.Vcloud(http);
    tenant = vcloud.administrating("doppel");
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  private List<VendorClient> others() {
    return List.of(
        new VendorClient.Milvus(http),
        new VendorClient.Influx(http),
        new VendorClient.Workspace(http));
  }

  private void assertSignsIn(String name, String password) {
    assertThat(others()).allMatch(other -> other.signsIn(name, password));
    assertThat(vcloud.signsIn(name, password)).isTrue();
  }

  private void assertDoesNotSignIn(String name, String password) {
    assertThat(others()).noneMatch(other -> other.signsIn(name, password));
    assertThat(vcloud.signsIn(name, password)).isFalse();
  }

  private void assertFound(String name) {
    assertThat(others()).allMatch(other -> other.finds(name));
  }

  private static JsonObject ann(String role) {
    return Tenant.user("ann", role).put("email", "ann@example.com").put("fullName", "Ann");
  }

  @Test
  void everyChange_isVisibleAtOnce() {
    var ann = tenant.create(ann("vApp Author").put("password", FIRST));
    assertFound("ann");
    assertSignsIn("ann", FIRST);

    vcloud.changePassword("ann", FIRST, SECOND);
    assertDoesNotSignIn("ann", FIRST);
    assertSignsIn("ann", SECOND);

    tenant.replace(ann, ann("vApp Author").put("password", THIRD));
    assertDoesNotSignIn("ann", SECOND);
    assertSignsIn("ann", THIRD);

    tenant.replace(ann, ann("vApp Author").put("username", "anna"));
    assertFound("anna");
    assertDoesNotSignIn("ann", THIRD);
    assertSignsIn("anna", THIRD);

    tenant.replace(ann, ann("vApp Author").put("username", "anna").put("enabled", false));
    assertFound("anna");
    assertDoesNotSignIn("anna", THIRD);

    tenant.replace(ann, ann("vApp Author").put("username", "anna"));
    assertSignsIn("anna", THIRD);

    tenant.delete(ann);
    assertDoesNotSignIn("anna", THIRD);
    assertThat(others()).noneMatch(other -> other.finds("anna"));
  }

  @Test
  void fieldsOfTwoVendors_areShared() {
    var ann = tenant.create(ann("vApp User").put("password", FIRST));
    new VendorClient.Influx(http).changePassword("ann", FIRST, SECOND);
    assertSignsIn("ann", SECOND);
    new VendorClient.Influx(http).deactivate("ann");
    assertThat(tenant.read(ann).getBoolean("enabled")).isFalse();
    tenant.replace(ann, ann("vApp User"));
    assertSignsIn("ann", SECOND);
    var profile = new VendorClient.Workspace(http).profile("ann", SECOND);
    assertThat(profile.getString("email")).isEqualTo("ann@example.com");
  }

  /** Owners and system administrators of VCD have the same role in every dialect. */
  @Test
  void administratorRole_isSharedByAllDialects() {
    var influx = new VendorClient.Influx(http);
    var ann = tenant.create(Tenant.user("ann", "vApp User").put("password", FIRST));
    assertThat(influx.sees("ann", FIRST)).isEqualTo(1);
    tenant.replace(ann, Tenant.user("ann", "Organization Administrator"));
    assertThat(influx.ownsOrganization("doppel", "ann")).isTrue();
    tenant.replace(ann, Tenant.user("ann", "vApp User"));
    assertThat(influx.ownsOrganization("doppel", "ann")).isFalse();

    var system = vcloud.administrating("System");
    var ops = system.create(Tenant.user("ops", "System Administrator").put("password", FIRST));
    assertThat(influx.sees("ops", FIRST)).isGreaterThan(1);
    system.replace(ops, Tenant.user("ops", "Defer to Identity Provider"));
    assertThat(influx.sees("ops", FIRST)).isEqualTo(1);
  }

  /** Users with the same name in two organizations have different names in other dialects. */
  @Test
  void namesake_hasQualifiedNameElsewhere() {
    tenant.create(Tenant.user("ann", "vApp User").put("password", FIRST));
    vcloud
        .administrating("System")
        .create(Tenant.user("ann", "Defer to Identity Provider").put("password", SECOND));
    assertSignsIn("ann", FIRST);
    assertThat(vcloud.signsIn("ann", "System", SECOND)).isTrue();
    var influx = new VendorClient.Influx(http);
    assertThat(influx.finds("ann@System")).isTrue();
    assertThat(influx.signsIn("ann@System", SECOND)).isTrue();
    assertThat(influx.signsIn("ann", SECOND)).isFalse();
  }

  /** Another dialect can't give a user a name that VCD would show as a reserved one. */
  @Test
  void reservedName_isRejectedInOtherDialects() {
    new VendorClient.Influx(http).create("mallory", FIRST);
    var found =
        http.send(
            "GET",
            "/api/v2/users?name=mallory",
            "",
            "Authorization",
            "Token doppel-operator-token");
    var id = new JsonObject(found.body()).getJsonArray("users").getJsonObject(0).getString("id");
    for (var name : List.of("administrator@doppel", "ROOT@doppel", "x@doppel.invalid@doppel")) {
      var renamed =
          http.send(
              "PATCH",
              "/api/v2/users/" + id,
              new JsonObject().put("name", name).encode(),
              "Authorization",
              "Token doppel-operator-token");
      assertThat(renamed.statusCode()).as(name).isEqualTo(422);
    }
    assertThat(vcloud.signsIn("administrator", FIRST)).isFalse();
  }
}
