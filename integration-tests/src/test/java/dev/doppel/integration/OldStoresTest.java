package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.Store;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Upgrades of stores that version 0.1.0 wrote at commit 424e450, before authority was a property of
 * the user: {@code boss} is its administrator, {@code milvusadmin} has Milvus's role {@code admin},
 * {@code sysadmin} is a System Administrator of VCD, as was {@code revoked}, whose role was revoked
 * through Milvus. {@code orgadmin} and {@code tenant} were created in the organization acme through
 * VCD, and {@code guest} was added to it through InfluxDB. The file of format 5 is the older file
 * after an upgrade by commit 267ce35.
 */
class OldStoresTest {

  private static final String BOSS = "B0ss-P@ssword";
  private static final String PASSWORD = "P@ssw0rd1";
  private static final String ACCEPT = VendorClient.Vcloud.ACCEPT;

  /** Secrets of tokens in the store, which protect nothing else. */
  private record Tokens(String scoped, String orphaned) {}

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"format-4.db", "format-5.db"})
  void file_isUpgraded(String old) throws IOException {
    var file = folder.resolve("users.db");
    try (var packed = new GZIPInputStream(resource(old + ".gz"));
        var seal = resource(old + ".seal")) {
      Files.copy(packed, file);
      Files.copy(seal, folder.resolve("users.db.seal"));
    }
    check(
        MvStore.file(file),
        new Tokens(
            "Zs1EK1nQDf5ifLtTk400ar0ehpBabID8WAy2gRj5THYyo2M0Gwt3UbeSwKNxxFu6EmREW81wqOh6DS7_P2pjIg==",
            "TevkIxVit9LhAl47hOX3oKd0XCFwGaQGBlBnSSU7I_iCJlKTVjcD5ZVxSBDkhRxnxKb5_GU5cd9iAh-3KjZdbg=="));
  }

  @Test
  void postgres_isUpgraded() throws IOException {
    var uri = TestPostgres.newUri();
    try (var script = resource("v1.sql")) {
      TestPostgres.load(uri, new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
    check(
        new PgStore(PgAddress.parse(uri), 4),
        new Tokens(
            "vwVArXlQ1F0wOhwLAGh02D9-u1aZdFyEZJ3T1l67d5jns0dTLIINF_3IgfCQcntDPnjn-oUXxQ9hzk5fwpTRIQ==",
            "DW4UuT4_jSJysxklPQP-UPT4bDUDJSD3qyeMBmtElNtBcmBUyIJWvRhJRKHaN4hgr3s2uyUIwRx511a_a5Bsrg=="));
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        OldStoresTest.class.getResourceAsStream("/old-stores/" + name), name);
  }

  private static void check(Store store, Tokens tokens) {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .store(store)
            .hash(HashScheme.FAST)
            .credentials(
                new Credentials(
                    Optional.of("boss"), Optional.of(new Password(BOSS)), Optional.empty(), false))
            .build();
    for (int start = 0; start < 2; start++) { // the second start has nothing to upgrade
      try (var doppel = Doppel.start(config)) {
        var old = new Old(new Http(doppel.uri()));
        old.administratorsAreThoseWhoAre();
        old.homesAreWhereUsersWereMade();
        old.tokensAreTheirOwners(tokens);
        old.everybodySignsIn();
      }
    }
  }

  private record Old(Http http) {

    void administratorsAreThoseWhoAre() {
      for (var name : List.of("boss", "root", "milvusadmin", "sysadmin")) {
        assertThat(milvus(name).body()).as(name).contains("\"code\":0");
      }
      for (var name : List.of("boss", "administrator", "milvusadmin", "sysadmin")) {
        assertThat(vcloud("/provider", name, "System").statusCode()).as(name).isEqualTo(200);
      }
      assertThat(milvus("revoked").body()).contains("\"code\":65535");
      assertThat(vcloud("/provider", "revoked", "System").statusCode()).isEqualTo(401);
      assertThat(milvus("mallory").body()).contains("\"code\":65535");
      var register = "{\"name\":\"Root \"}";
      assertThat(influx("POST", "/api/v2/users", register, "boss").statusCode()).isEqualTo(422);
    }

    void homesAreWhereUsersWereMade() {
      var bearer = new VendorClient.Vcloud(http).bearer("", "orgadmin@acme", PASSWORD);
      var all =
          new JsonObject(
              http.send(
                      "GET", "/cloudapi/1.0.0/users", "", "Authorization", bearer, "Accept", ACCEPT)
                  .body());
      assertThat(all.getJsonArray("values").stream().map(one -> name((JsonObject) one)))
          .containsExactlyInAnyOrder("boss", "orgadmin", "tenant", "guest");
      for (var one : all.getJsonArray("values")) {
        var user = (JsonObject) one;
        var changed = user.copy().put("fullName", "Changed");
        var answer =
            http.send(
                "PUT",
                "/cloudapi/1.0.0/users/" + user.getString("id"),
                changed.encode(),
                "Authorization",
                bearer,
                "Accept",
                ACCEPT,
                "Content-Type",
                "application/json");
        assertThat(answer.statusCode())
            .as(answer.body())
            .isEqualTo(List.of("orgadmin", "tenant").contains(name(user)) ? 200 : 403);
      }
      assertThat(vcloud("", "guest", "doppel").statusCode()).isEqualTo(200);
      assertThat(vcloud("", "tenant", "doppel").statusCode()).isEqualTo(401);
    }

    private static String name(JsonObject user) {
      return user.getString("username");
    }

    void tokensAreTheirOwners(Tokens tokens) {
      assertThat(
              http.send(
                      "GET", "/api/v2/orgs?org=acme", "", "Authorization", "Token " + tokens.scoped)
                  .body())
          .contains("\"name\": \"acme\"");
      assertThat(
              http.send("GET", "/api/v2/me", "", "Authorization", "Token " + tokens.orphaned)
                  .statusCode())
          .isEqualTo(403);
      assertThat(http.send("GET", "/api/v2/me", "", "Authorization", "Token old-operator").body())
          .contains("\"name\": \"boss\"");
    }

    void everybodySignsIn() {
      var workspace = new VendorClient.Workspace(http);
      assertThat(workspace.signsIn("tenant@example.com", PASSWORD)).isTrue();
      assertThat(workspace.signsIn("reg@example.com", PASSWORD + "!")).isTrue();
      assertThat(workspace.signsIn("off", PASSWORD)).isFalse();
      assertThat(workspace.signsIn("guest", PASSWORD)).isTrue();
    }

    private HttpResponse<String> milvus(String name) {
      return http.send(
          "POST",
          "/v2/vectordb/users/list",
          "{}",
          "Authorization",
          "Bearer " + name + ":" + password(name));
    }

    private HttpResponse<String> influx(String method, String path, String body, String name) {
      var cookie =
          http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, password(name)))
              .headers()
              .firstValue("Set-Cookie")
              .orElseThrow();
      return http.send(method, path, body, "Cookie", cookie);
    }

    private HttpResponse<String> vcloud(String path, String name, String organization) {
      return http.send(
          "POST",
          "/cloudapi/1.0.0/sessions" + path,
          "",
          "Authorization",
          basic(name + "@" + organization, password(name)),
          "Accept",
          ACCEPT);
    }

    private static String password(String name) {
      return List.of("boss", "root", "administrator").contains(name) ? BOSS : PASSWORD;
    }
  }
}
