package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.gateway.VendorClient.Vcloud.Tenant;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of a user through Workspace, observed through the three other dialects. */
class WorkspaceChangesTest {

  private static final String ANN = "ann@example.com";
  private static final String FIRST = "P@ssw0rd1";
  private static final String SECOND = "N3w-P@ssw0rd";
  private static final String THIRD = "3rd-P@ssw0rd";
  private static final String OPERATOR = "doppel-operator-token";

  private Doppel doppel;
  private Http http;
  private VendorClient.Workspace workspace;
  private VendorClient.Influx influx;

  @BeforeEach
  void start() {
    doppel = Doppel.start();
    http = new Http(doppel.uri());
    workspace = new VendorClient.Workspace(http);
    influx = new VendorClient.Influx(http);
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  private List<VendorClient> others() {
    return List.of(new VendorClient.Milvus(http), influx, new VendorClient.Vcloud(http));
  }

  private void assertSignsIn(String password) {
    assertThat(others()).allMatch(other -> other.signsIn(ANN, password));
    assertThat(workspace.signsIn(ANN, password)).isTrue();
  }

  private void assertDoesNotSignIn(String password) {
    assertThat(others()).noneMatch(other -> other.signsIn(ANN, password));
    assertThat(workspace.signsIn(ANN, password)).isFalse();
  }

  private HttpResponse<String> send(String method, String path, JsonObject body, String token) {
    return http.send(
        method,
        "/v1" + path,
        body.encode(),
        "Content-Type",
        "application/json",
        "Authorization",
        "Bearer " + token);
  }

  private void done(String method, String path, JsonObject body) {
    var answer = send(method, path, body, OPERATOR);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** Registers a user and returns its id. */
  private String register() {
    var body =
        new JsonObject()
            .put("email", ANN)
            .put("password", FIRST)
            .put("firstName", "Ann")
            .put("lastName", "Lee")
            .put("newsletter", false);
    done("POST", "/auth/register", body);
    return workspace.profile(ANN, FIRST).getString("id");
  }

  @Test
  void everyChange_isVisibleAtOnce() {
    var id = register();
    assertThat(others()).allMatch(other -> other.finds(ANN));
    assertSignsIn(FIRST);

    workspace.changePassword(ANN, FIRST, SECOND);
    assertDoesNotSignIn(FIRST);
    assertSignsIn(SECOND);

    var update = new JsonObject().put("password", SECOND).put("newPassword", THIRD);
    var token = workspace.token(ANN, SECOND);
    assertThat(send("POST", "/auth/register/update-password", update, token).statusCode())
        .isEqualTo(200);
    assertDoesNotSignIn(SECOND);
    assertSignsIn(THIRD);

    done("PUT", "/users/" + id, new JsonObject().put("lastName", "Cole"));
    assertSignsIn(THIRD);
    var tenant = new VendorClient.Vcloud(http).administrating("doppel");
    assertThat(tenant.find(ANN).getString("fullName")).isEqualTo("Ann Cole");
    assertThat(tenant.find(ANN).getString("email")).isEqualTo(ANN);

    done("DELETE", "/users/" + id, new JsonObject());
    assertDoesNotSignIn(THIRD);
    assertThat(others()).noneMatch(other -> other.finds(ANN));
  }

  @Test
  void administratorRole_isSharedByAllDialects() {
    var id = register();
    assertThat(influx.sees(ANN, FIRST)).isEqualTo(1);
    done("PUT", "/users/" + id, new JsonObject().put("role", "admin"));
    assertThat(influx.sees(ANN, FIRST)).isGreaterThan(1);
    done("PUT", "/users/" + id, new JsonObject().put("role", "user"));
    assertThat(influx.sees(ANN, FIRST)).isEqualTo(1);
  }

  @Test
  void workspaceAdministrator_isOwnerElsewhere() {
    var id = register();
    var collaborator = "/organizations/doppel/collaborators/" + id;
    assertThat(influx.ownsOrganization("doppel", ANN)).isFalse();
    done("PUT", collaborator, new JsonObject().put("role", "admin"));
    assertThat(influx.ownsOrganization("doppel", ANN)).isTrue();
    done("PUT", collaborator, new JsonObject().put("role", "editor"));
    assertThat(influx.ownsOrganization("doppel", ANN)).isFalse();
    done("POST", "/organizations/doppel/change-owner", new JsonObject().put("newOwner", id));
    assertThat(influx.ownsOrganization("doppel", ANN)).isTrue();
    assertSignsIn(FIRST);
  }

  /** A provisioned user has no password until another dialect sets one. */
  @Test
  void provisionedMember_existsElsewhere() {
    done("POST", "/organizations/doppel/oem/users", new JsonObject().put("email", ANN));
    assertThat(others()).allMatch(other -> other.finds(ANN));
    assertDoesNotSignIn(FIRST);
    var tenant = new VendorClient.Vcloud(http).administrating("doppel");
    var user = tenant.find(ANN);
    tenant.replace(user.getString("id"), Tenant.user(ANN, "vApp User").put("password", FIRST));
    assertSignsIn(FIRST);
  }
}
