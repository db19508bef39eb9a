package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Credentials that a change through one dialect revokes in the others. The expected table is {@code
 * src/test/resources/authorization/revocation.md}; {@code -Ddoppel.write=true} rewrites it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationTest {

  private static final String PASSWORD = "P@ssw0rd1";
  private static final String OTHER = "N3w-P@ssw0rd";
  private static final String ACCEPT = VendorClient.Vcloud.ACCEPT;
  private static final String OPERATOR = "doppel-operator-token";
  private static final Path TABLE =
      Path.of("src", "test", "resources", "authorization", "revocation.md");

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());
  private final VendorClient.Milvus milvus = new VendorClient.Milvus(http);
  private final VendorClient.Influx influx = new VendorClient.Influx(http);
  private final VendorClient.Vcloud vcloud = new VendorClient.Vcloud(http);
  private final VendorClient.Workspace workspace = new VendorClient.Workspace(http);

  @AfterAll
  void close() {
    doppel.close();
  }

  /** The credentials of a user who is signed in to all dialects. */
  private record Held(
      String name, String id, String cookie, String token, String vcloud, String workspace) {}

  private Held signedIn(String name) {
    influx.create(name, PASSWORD);
    var session = http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, PASSWORD));
    var cookie = session.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    var me = new JsonObject(http.send("GET", "/api/v2/me", "", "Cookie", cookie).body());
    var orgs =
        http.send("GET", "/api/v2/orgs?org=doppel", "", "Authorization", "Token " + OPERATOR);
    var org = new JsonObject(orgs.body()).getJsonArray("orgs").getJsonObject(0).getString("id");
    var made =
        http.send(
            "POST",
            "/api/v2/authorizations",
            "{\"orgID\":\"%s\",\"userID\":\"%s\",\"permissions\":[{\"action\":\"read\",\"resource\":{\"type\":\"users\"}}]}"
                .formatted(org, me.getString("id")),
            "Authorization",
            "Token " + OPERATOR);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new Held(
        name,
        me.getString("id"),
        cookie,
        new JsonObject(made.body()).getString("token"),
        vcloud.bearer("", name + "@doppel", PASSWORD),
        workspace.token(name, PASSWORD));
  }

  private Map<String, Boolean> left(Held held) {
    var left = new LinkedHashMap<String, Boolean>();
    left.put("password", milvus.signsIn(held.name, PASSWORD));
    left.put("InfluxDB session", ok(http.send("GET", "/api/v2/me", "", "Cookie", held.cookie)));
    left.put(
        "InfluxDB token",
        ok(http.send("GET", "/api/v2/me", "", "Authorization", "Token " + held.token)));
    left.put("VCD session", ok(vcloudSession(held, "GET")));
    left.put(
        "Workspace token",
        ok(http.send("GET", "/v1/users/profile", "", "Authorization", "Bearer " + held.workspace)));
    return left;
  }

  private HttpResponse<String> vcloudSession(Held held, String method) {
    return http.send(
        method,
        "/cloudapi/1.0.0/sessions/current",
        "",
        "Authorization",
        held.vcloud,
        "Accept",
        ACCEPT);
  }

  private static boolean ok(HttpResponse<String> answer) {
    return answer.statusCode() < 300;
  }

  private Map<String, Consumer<Held>> changes() {
    var all = new LinkedHashMap<String, Consumer<Held>>();
    all.put("InfluxDB: own password changed", one -> change(influx, one));
    all.put("Milvus: own password changed", one -> change(milvus, one));
    all.put("VCD: own password changed", one -> change(vcloud, one));
    all.put("Workspace: own password changed", one -> change(workspace, one));
    all.put("InfluxDB: deactivated", one -> influx.deactivate(one.name));
    all.put(
        "VCD: disabled",
        one -> {
          var tenant = vcloud.administrating("doppel");
          var user = tenant.find(one.name);
          tenant.replace(user.getString("id"), user.put("enabled", false));
        });
    all.put(
        "InfluxDB: deactivated, then activated",
        one -> {
          influx.deactivate(one.name);
          patch(one, "active");
        });
    all.put(
        "VCD: disabled, then enabled",
        one -> {
          var tenant = vcloud.administrating("doppel");
          var user = tenant.find(one.name);
          tenant.replace(user.getString("id"), user.copy().put("enabled", false));
          tenant.replace(user.getString("id"), user.put("enabled", true));
        });
    all.put("InfluxDB: deleted", one -> influx.delete(one.name));
    all.put("InfluxDB: deleted, made again with the same id and name", this::makeAgain);
    all.put("Milvus: dropped", this::drop);
    all.put(
        "VCD: deleted",
        one -> {
          var tenant = vcloud.administrating("doppel");
          tenant.delete(tenant.find(one.name).getString("id"));
        });
    all.put("Workspace: deletes itself", this::leave);
    all.put(
        "InfluxDB: signed out",
        one -> done(http.send("POST", "/api/v2/signout", "", "Cookie", one.cookie)));
    all.put("VCD: signed out", one -> done(vcloudSession(one, "DELETE")));
    return all;
  }

  private static void change(VendorClient client, Held one) {
    client.changePassword(one.name, PASSWORD, OTHER);
  }

  private void drop(Held one) {
    done(
        http.send(
            "POST",
            "/v2/vectordb/users/drop",
            "{\"userName\":\"%s\"}".formatted(one.name),
            "Authorization",
            "Bearer root:Milvus"));
  }

  private void patch(Held one, String status) {
    done(
        http.send(
            "PATCH",
            "/api/v2/users/" + one.id,
            new JsonObject().put("status", status).encode(),
            "Authorization",
            "Token " + OPERATOR));
  }

  /** Creates the user again, with another password. */
  private void makeAgain(Held one) {
    influx.delete(one.name);
    done(
        http.send(
            "POST",
            "/api/v2/users",
            new JsonObject().put("id", one.id).put("name", one.name).encode(),
            "Authorization",
            "Token " + OPERATOR));
    done(
        http.send(
            "POST",
            "/api/v2/users/" + one.id + "/password",
            new JsonObject().put("password", OTHER).encode(),
            "Authorization",
            "Token " + OPERATOR));
    assertThat(influx.signsIn(one.name, OTHER)).isTrue();
  }

  private void leave(Held one) {
    var id = workspace.profile(one.name, PASSWORD).getString("id");
    done(http.send("DELETE", "/v1/users/" + id, "", "Authorization", "Bearer " + one.workspace));
  }

  private static void done(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
  }

  @Test
  void everyChange_revokesCredentialsAsInTable() throws IOException {
    var table = new StringBuilder();
    int user = 0;
    for (var change : changes().entrySet()) {
      var held = signedIn("held_" + user++);
      var before = left(held);
      assertThat(before.values()).as(before.toString()).doesNotContain(false);
      if (table.isEmpty()) {
        table.append("| | ").append(String.join(" | ", before.keySet())).append(" |\n|---");
        table.append("|---".repeat(before.size())).append("|\n");
      }
      change.getValue().accept(held);
      table.append("| ").append(change.getKey()).append(" |");
      left(held).values().forEach(still -> table.append(still ? " stays |" : " ends |"));
      table.append('\n');
    }
    if (Boolean.getBoolean("doppel.write")) {
      Files.createDirectories(TABLE.getParent());
      Files.writeString(TABLE, table.toString());
    }
    assertThat(table.toString()).isEqualTo(Files.readString(TABLE));
  }
}
