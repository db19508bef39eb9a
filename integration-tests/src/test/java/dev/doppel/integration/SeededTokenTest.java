package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.Seed;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.influx.InfluxVendor;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens with their own permissions in a seed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeededTokenTest {

  private static final String TOKEN = "ann-reads-acme";
  private static final String OPERATOR = "doppel-operator-token";

  private static final String SEED =
      """
      organizations:
        - name: acme
      users:
        - name: ann
          password: P@ssw0rd1
          organizations: {acme: owner, other: owner}
          tokens:
            - token: ann-reads-acme
              description: reads one organization
              organization: acme
              permissions:
                - {action: read, resource: {type: orgs}}
                - {action: read, resource: {type: buckets, org: acme}}
                - {action: write, resource: {type: users, id: 00000000000000AB}}
            - token: ann-everywhere
        - name: boss
          roles: [admin]
          tokens:
            - token: boss-reads-users
              permissions: [{action: read, resource: {type: users}}]
      """;

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());

  @AfterEach
  void reset() {
    doppel.reset();
  }

  @AfterAll
  void close() {
    doppel.close();
  }

  private HttpResponse<String> influx(String method, String path, String body, String token) {
    return http.send(method, "/api/v2/" + path, body, "Authorization", "Token " + token);
  }

  private JsonObject organization(String name) {
    return new JsonObject(influx("GET", "orgs?org=" + name, "", OPERATOR).body())
        .getJsonArray("orgs")
        .getJsonObject(0);
  }

  private void seed(String seed) {
    assertThat(http.control("POST", "seed", seed)).startsWith("200 ");
  }

  @Test
  void permissions_limitToken() {
    seed(SEED);
    var acme = organization("acme").getString("id");
    assertThat(influx("GET", "orgs", "", TOKEN).body()).contains("\"acme\"", "\"other\"");
    assertThat(influx("GET", "buckets?orgID=" + acme, "", TOKEN).statusCode()).isEqualTo(200);
    var bucket = new JsonObject().put("orgID", acme).put("name", "b").encode();
    assertThat(influx("POST", "buckets", bucket, TOKEN).statusCode()).isEqualTo(401);
    assertThat(influx("POST", "buckets", bucket, "ann-everywhere").statusCode()).isEqualTo(401);
    assertThat(influx("PATCH", "orgs/" + acme, "{\"name\":\"x\"}", TOKEN).statusCode())
        .isEqualTo(401);
    assertThat(influx("GET", "users", "", TOKEN).body()).doesNotContain("\"name\"");
    assertThat(influx("GET", "users", "", "boss-reads-users").body())
        .contains("\"name\": \"ann\"", "\"name\": \"root\"");
    assertThat(influx("POST", "users", "{\"name\":\"x\"}", "boss-reads-users").statusCode())
        .isEqualTo(401);
  }

  @Test
  void token_isListedByInfluxAsSeeded() {
    seed(SEED);
    var acme = organization("acme").getString("id");
    var shown =
        new JsonObject(influx("GET", "authorizations?user=ann&org=acme", "", OPERATOR).body())
            .getJsonArray("authorizations");
    assertThat(shown).hasSize(1);
    var one = shown.getJsonObject(0);
    assertThat(one.getString("description")).isEqualTo("reads one organization");
    assertThat(one.getString("token")).isEmpty();
    assertThat(one.getString("org")).isEqualTo("acme");
    assertThat(one.getJsonArray("permissions").encode())
        .isEqualTo(
            "[{\"action\":\"read\",\"resource\":{\"type\":\"orgs\"}},"
                + "{\"action\":\"read\",\"resource\":{\"type\":\"buckets\",\"orgID\":\"%s\",\"org\":\"acme\"}},"
                    .formatted(acme)
                + "{\"action\":\"write\",\"resource\":{\"type\":\"users\",\"id\":\"00000000000000ab\"}}]");
  }

  @Test
  void readableTokens_showSecret() {
    var settings =
        new InfluxDialect.Settings(
            InfluxDialect.Version.V2_9, false, false, Duration.ofMinutes(60), true);
    var config =
        DoppelConfig.DEFAULT.toBuilder().port(0).vendor(InfluxVendor.INSTANCE, settings).build();
    try (var readable = Doppel.start(config)) {
      readable.seed(Seed.parse(SEED));
      var shown =
          new Http(readable.uri())
              .send(
                  "GET",
                  "/api/v2/authorizations?user=boss",
                  "",
                  "Authorization",
                  "Token " + OPERATOR);
      assertThat(shown.body()).contains("\"token\": \"boss-reads-users\"");
    }
  }

  @Test
  void tokenWithPermissions_isValidOnlyInInfluxDb() {
    seed(SEED);
    assertThat(workspace(TOKEN).statusCode()).isEqualTo(401);
    assertThat(workspace("boss-reads-users").statusCode()).isEqualTo(401);
    assertThat(workspace("ann-everywhere").statusCode()).isEqualTo(200);
    assertThat(vcloud("acme", TOKEN).statusCode()).isEqualTo(400);
    assertThat(vcloud("System", "boss-reads-users").statusCode()).isEqualTo(400);
    assertThat(vcloud("acme", "ann-everywhere").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> workspace(String token) {
    return http.send("GET", "/v1/users/profile", "", "Authorization", "Bearer " + token);
  }

  private HttpResponse<String> vcloud(String organization, String token) {
    return http.send(
        "POST",
        organization.equals("System")
            ? "/oauth/provider/token"
            : "/oauth/tenant/" + organization + "/token",
        "grant_type=refresh_token&refresh_token=" + token,
        "Accept",
        VendorClient.Vcloud.ACCEPT,
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  @Test
  void tokenWithoutOrganization_belongsToDefaultOne() {
    seed(SEED);
    var shown =
        new JsonObject(influx("GET", "authorizations?user=boss", "", OPERATOR).body())
            .getJsonArray("authorizations");
    assertThat(shown).hasSize(1);
    assertThat(shown.getJsonObject(0).getString("org")).isEqualTo("doppel");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permissions: []|.permissions: at least one is needed; leave them out for a token of every dialect",
        "organization: acme|.organization: permissions are needed beside it",
        "organization: system, permissions: [{action: read, resource: {type: orgs}}]|.organization: 'system' is not allowed; use a name other than System",
        "permissions: [{action: read, resource: {type: orgs, org: acme}}]|.permissions[0].resource.org: 'acme' must be the token's organization, which is not given",
        "organization: a, permissions: [{action: read, resource: {type: orgs, org: b}}]|.permissions[0].resource.org: 'b' must be the token's organization, which is 'a'",
      })
  void malformedToken_isRejectedBeforeLoading(String members, String line) {
    assertRefused(members, "users[1].tokens[0]" + line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{resource: {type: orgs}}|action: '' is not allowed; use read or write",
        "{action: delete, resource: {type: orgs}}|action: 'delete' is not allowed; use read or write",
        "{action: read}|resource: {type: …} is needed",
        "{action: read, resource: {id: 00000000000000ab}}|type: '' is not allowed; use authorizations, buckets, dashboards, orgs, sources, tasks, telegrafs, users, variables, scrapers, secrets, labels, views, documents, notificationRules, notificationEndpoints, checks, dbrp, notebooks, annotations, remotes or replications",
        "{action: read, resource: {type: orgs, id: x}}|id: 'x' is not allowed; use 16 hex digits",
      })
  void malformedPermission_isRejectedBeforeLoading(String permission, String line) {
    assertRefused(
        "permissions: [" + permission + "]", "users[1].tokens[0].permissions[0]: " + line);
  }

  private void assertRefused(String members, String line) {
    var before = http.control("GET", "users", "");
    assertThat(
            http.control(
                "POST",
                "seed",
                "users: [{name: ann}, {name: bob, tokens: [{token: t, %s}]}]".formatted(members)))
        .isEqualTo("400 " + new JsonObject().put("error", line).encode() + "\n");
    assertThat(http.control("GET", "users", "")).isEqualTo(before);
  }

  @Test
  void unknownMember_isRejected() {
    assertThatThrownBy(
            () ->
                Seed.parse(
                    "users: [{name: ann, tokens: [{token: t, permissions:"
                        + " [{action: read, resource: {type: orgs, orgID: 00000000000000ab}}]}]}]"))
        .hasMessage(
            "users[0].tokens[0].permissions[0].resource.orgID: not known; use id, org, type");
  }
}
