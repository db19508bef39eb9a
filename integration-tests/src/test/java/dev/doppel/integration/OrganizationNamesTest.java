package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of organizations, and changes of the default and the System organization. */
@ParameterizedClass
@EnumSource
class OrganizationNamesTest {

  /** In memory, and where a failed write ends the change that it is part of. */
  enum Where {
    MEMORY,
    POSTGRESQL
  }

  private static final String PASSWORD = "P@ssw0rd1!";
  private static final String[] OPERATOR = {"Authorization", "Token doppel-operator-token"};

  private static final String SEED =
      """
      organizations:
        - name: acme
      users:
        - {name: ann, password: P@ssw0rd1!, organizations: {acme: owner}}
        - {name: down, password: P@ssw0rd1!, organizations: {doppel: owner}}
        - name: bearer
          tokens:
            - token: writes-orgs
              permissions:
                - {action: read, resource: {type: orgs}}
                - {action: write, resource: {type: orgs}}
      """;

  private final Doppel doppel;
  private final Http http;

  OrganizationNamesTest(Where where) {
    doppel =
        PersistentGateways.start(
            switch (where) {
              case MEMORY -> MvStore.memory();
              case POSTGRESQL -> new PgStore(PgAddress.parse(TestPostgres.newUri()), 4);
            });
    http = PersistentGateways.client(doppel);
  }

  @BeforeEach
  void seed() {
    assertThat(http.control("POST", "seed", SEED)).startsWith("200 ");
  }

  @AfterEach
  void close() {
    doppel.close();
  }

  private String[] session(String name) {
    var answer = http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, PASSWORD));
    var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    return new String[] {"Cookie", cookie};
  }

  private String idOf(String name) {
    var found = http.send("GET", "/api/v2/orgs?org=" + name, "", OPERATOR);
    return new JsonObject(found.body()).getJsonArray("orgs").getJsonObject(0).getString("id");
  }

  private HttpResponse<String> rename(String[] by, String organization, String name) {
    return http.send(
        "PATCH",
        "/api/v2/orgs/" + idOf(organization),
        new JsonObject().put("name", name).encode(),
        by);
  }

  private HttpResponse<String> create(String name) {
    return http.send("POST", "/api/v2/orgs", new JsonObject().put("name", name).encode(), OPERATOR);
  }

  /** InfluxDB shows the name that its client gave, other dialects one that means nothing else. */
  private void assertSetApart(HttpResponse<String> answer, int status, String name) {
    assertThat(answer.statusCode()).as(name).isEqualTo(status);
    var org = new JsonObject(answer.body());
    assertThat(org.getString("name")).isEqualTo(name);
    assertThat(elsewhere()).contains(name + "-" + org.getString("id"));
  }

  private List<String> elsewhere() {
    var bearer = new String[] {"Authorization", "Bearer doppel-operator-token"};
    var answer = new JsonObject(http.send("GET", "/v1/organizations", "", bearer).body());
    return answer.getJsonObject("data").getJsonArray("items").stream()
        .map(one -> ((JsonObject) one).getString("name"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"System", "SYSTEM", "sYstem\u00a0", "\uff33ystem", "doppel\u200b", "DOPPEL"})
  void nameOfMarkedOrganization_isSetApart(String name) {
    assertSetApart(create(name), 201, name);
    assertThat(create(" " + name).statusCode()).as("taken").isEqualTo(422);
    assertThat(rename(session("ann"), "acme", name).statusCode()).as("taken").isEqualTo(422);
    var provider =
        http.send(
            "POST",
            "/cloudapi/1.0.0/sessions/provider",
            "",
            "Authorization",
            basic("root@System", "Milvus"));
    assertThat(new JsonObject(provider.body()).getJsonObject("org").getString("name"))
        .isEqualTo("System");
  }

  @ParameterizedTest
  @ValueSource(strings = {"System", "DOPPEL"})
  void organizationRenamedAsMarkedOne_isSetApart(String name) {
    assertSetApart(rename(session("ann"), "acme", name), 200, name);
    assertSetApart(rename(session("ann"), name, name + "."), 200, name + ".");
    assertThat(rename(session("ann"), name + ".", "acme").statusCode()).isEqualTo(200);
    assertThat(elsewhere()).contains("acme");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Doppel-", "-doppel", "Acme", "acme!"})
  void nameWithSlugOfOther_isSetApart(String name) {
    assertSetApart(create(name), 201, name);
    assertThat(create("beta").statusCode()).isEqualTo(201);
    assertSetApart(rename(session("ann"), "acme", "Beta"), 200, "Beta");
    assertThat(rename(session("ann"), "Beta", "beta").statusCode()).as("taken").isEqualTo(422);
    assertThat(elsewhere()).contains("beta");
  }

  /** The stored name of one organization is the name of another. */
  @Test
  void nameStoredForOther_isSetApart() {
    var first = create("\uff33ystem");
    assertSetApart(first, 201, "\uff33ystem");
    var stored = "\uff33ystem-" + new JsonObject(first.body()).getString("id");
    assertSetApart(create(stored), 201, stored);
    assertThat(create(stored).statusCode()).as("taken").isEqualTo(422);

    var second = create("\uff24oppel");
    assertSetApart(second, 201, "\uff24oppel");
    var other = "\uff24oppel-" + new JsonObject(second.body()).getString("id");
    assertSetApart(rename(session("ann"), "acme", other), 200, other);
  }

  @Test
  void defaultOrganization_keepsItsKindUnderOtherNames() {
    assertSetApart(rename(OPERATOR, "doppel", "SYSTEM"), 200, "SYSTEM");
    assertThat(rename(OPERATOR, "SYSTEM", "Doppel").statusCode()).isEqualTo(200);
    assertThat(elsewhere()).contains("Doppel");
  }

  @Test
  void markedOrganization_canBeChangedByAdministratorsOnly() {
    var token = new String[] {"Authorization", "Token writes-orgs"};
    for (var by : new String[][] {session("down"), token}) {
      assertThat(rename(by, "doppel", "mine").statusCode()).isEqualTo(401);
      assertThat(http.send("DELETE", "/api/v2/orgs/" + idOf("doppel"), "", by).statusCode())
          .isEqualTo(401);
    }
    assertThat(http.send("DELETE", "/api/v2/orgs/" + idOf("acme"), "", token).statusCode())
        .isEqualTo(204);
    assertThat(http.send("DELETE", "/api/v2/orgs/" + idOf("doppel"), "", OPERATOR).statusCode())
        .isEqualTo(204);
  }
}
