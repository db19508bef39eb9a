package dev.doppel.vcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The requests of the vendor's own clients in their order and with their exact headers, and the
 * parts of the responses that they read (go-vcloud-director 3.1, pyvcloud 23, the Swagger client of
 * 37.2, {@code @vcd/node-client} 0.0.5).
 */
class VcloudClientTest {

  private static final String CLOUDAPI = "/cloudapi/1.0.0";

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;

  private void start(Fidelity fidelity) {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new VcloudDialect(realm.realm(), fidelity));
  }

  @AfterEach
  void stop() {
    server.close();
    realm.close();
    Await.await(vertx.close());
  }

  private TestServer.Answer send(String method, String path, String body, String... headers) {
    var lines = new ArrayList<Map.Entry<String, String>>();
    for (int i = 0; i < headers.length; i += 2) {
      lines.add(Map.entry(headers[i], headers[i + 1]));
    }
    return server.send(method, path, lines, body);
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String[] with(String[] headers, String... more) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Map<String, String> loginUrls(String versions) {
    var urls = new HashMap<String, String>();
    var info =
        Pattern.compile("<Version>([0-9.]+)</Version><LoginUrl>([^<]+)</LoginUrl>")
            .matcher(versions);
    while (info.find()) {
      urls.put(info.group(1), info.group(2));
    }
    return urls;
  }

  private static String pathOf(String url) {
    return URI.create(url).getPath();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void goVcloudDirector(Fidelity fidelity) {
    start(fidelity);
    var versions = send("GET", "/api/versions", "");
    var login = pathOf(loginUrls(versions.body()).get("37.0")) + "/provider";
    var session =
        send(
            "POST",
            login,
            "",
            "Authorization",
            basic("administrator@System:Milvus"),
            "Accept",
            "application/*;version=37.0");
    assertThat(session.status()).isEqualTo(200);
    var token = session.headers().get("x-vmware-vcloud-access-token");
    assertThat(token.length()).isGreaterThan(32);
    String[] signedIn = {
      "User-Agent",
      "go-vcloud-director",
      "X-Vmware-Vcloud-Access-Token",
      token,
      "Authorization",
      "bearer " + token,
      "X-Vmware-Vcloud-Token-Type",
      "Bearer",
      "X-Vmware-Vcloud-Client-Request-Id",
      "41-2025-03-12-14-14-00-054-",
      "Content-Type",
      "application/json"
    };
    var newest = with(signedIn, "Accept", "application/json;version=39.1");
    var current = new JsonObject(send("GET", CLOUDAPI + "/sessions/current", "", newest).body());
    assertThat(current.getJsonObject("org").getString("name")).isEqualTo("System");
    assertThat(current.getJsonObject("user").getString("name")).isEqualTo("administrator");
    assertThat(current.getJsonArray("roles")).containsExactly("System Administrator");

    var orgs = send("GET", CLOUDAPI + "/orgs/?filter=name==doppel&filterEncoded=true", "", newest);
    var org = new JsonObject(orgs.body()).getJsonArray("values").getJsonObject(0);
    var inTenant =
        with(
            newest,
            "X-VMWARE-VCLOUD-TENANT-CONTEXT",
            org.getString("id").replaceAll(".*:", ""),
            "X-VMWARE-VCLOUD-AUTH-CONTEXT",
            "doppel");
    var roles =
        send(
            "GET",
            CLOUDAPI + "/roles/?filter=" + encoded("name==vApp Author") + "&filterEncoded=true",
            "",
            inTenant);
    assertThat(roles.headers().get("x-vmware-vcloud-request-id"))
        .startsWith("41-2025-03-12-14-14-00-054--");
    var role = new JsonObject(roles.body()).getJsonArray("values").getJsonObject(0);
    var wanted =
        new JsonObject()
            .put("username", "carol")
            .put("password", "secret1")
            .put(
                "roleEntityRefs",
                new JsonArray().add(new JsonObject().put("id", role.getString("id"))));
    var created = send("POST", CLOUDAPI + "/users/", wanted.encode(), inTenant);
    assertThat(created.status()).isEqualTo(201);
    var carol = new JsonObject(created.body());

    var path = CLOUDAPI + "/users/" + carol.getString("id");
    var updated = send("PUT", path, carol.put("fullName", "Carol").encode(), inTenant);
    assertThat(new JsonObject(updated.body()).getString("fullName")).isEqualTo("Carol");
    assertThat(allPages(inTenant)).containsExactly("alice", "bob", "carol", "root");

    var deleted = send("DELETE", path, "", inTenant);
    assertThat(deleted.status()).isEqualTo(202);
    var task =
        send(
            "GET",
            pathOf(deleted.headers().get("location")),
            "",
            with(signedIn, "Accept", "application/*+xml;version=39.1"));
    assertThat(task.body()).contains("status=\"success\"");
    assertThat(send("GET", path, "", inTenant).status()).isEqualTo(403);

    // The client signs out at the URL of the sign-in, for which the server has no operation.
    var out = send("DELETE", login, "", with(signedIn, "Accept", "application/xml;version=39.1"));
    assertThat(out.status()).isEqualTo(405);
  }

  /** Follows the links to the next page, as the client does instead of counting. */
  private List<String> allPages(String[] headers) {
    var names = new ArrayList<String>();
    var next = CLOUDAPI + "/users/?pageSize=2&sortAsc=username";
    while (!next.isEmpty()) {
      var page = send("GET", next, "", headers);
      new JsonObject(page.body())
          .getJsonArray("values")
          .forEach(user -> names.add(((JsonObject) user).getString("username")));
      next =
          Arrays.stream(page.headers().get("link").split("\n"))
              .filter(link -> link.contains("nextPage"))
              .map(link -> link.replaceAll("<([^>]+)>.*", "$1"))
              .map(url -> pathOf(url) + "?" + URI.create(url).getRawQuery())
              .findFirst()
              .orElse("");
    }
    return names;
  }

  @ParameterizedTest
  @EnumSource
  void goVcloudDirector_withAnApiToken(Fidelity fidelity) {
    start(fidelity);
    var session =
        send(
            "POST",
            CLOUDAPI + "/sessions",
            "",
            "Authorization",
            basic("alice@doppel:" + TestRealm.PASSWORD),
            "Accept",
            "application/*;version=37.0");
    var token = session.headers().get("x-vmware-vcloud-access-token");
    var registered =
        send(
            "POST",
            "/oauth/tenant/doppel/register",
            "{\"client_name\":\"laptop\"}",
            "Authorization",
            "bearer " + token,
            "Accept",
            "application/json;version=",
            "Content-Type",
            "application/json");
    var client = new JsonObject(registered.body()).getString("client_id");
    var known =
        send(
            "GET",
            CLOUDAPI + "/tokens/urn:vcloud:token:" + client,
            "",
            "Authorization",
            "bearer " + token,
            "Accept",
            "application/json;version=37.0");
    assertThat(new JsonObject(known.body()).getJsonObject("org").getString("name"))
        .isEqualTo("doppel");
    var form =
        "grant_type=%s&assertion=%s&client_id=%s"
            .formatted(encoded("urn:ietf:params:oauth:grant-type:jwt-bearer"), token, client);
    var secret = token(form).getString("refresh_token");
    var bearer = token("grant_type=refresh_token&refresh_token=" + encoded(secret));
    var current =
        send(
            "GET",
            CLOUDAPI + "/sessions/current",
            "",
            "Authorization",
            "bearer " + bearer.getString("access_token"),
            "Accept",
            "application/json;version=39.1");
    assertThat(new JsonObject(current.body()).getJsonObject("user").getString("name"))
        .isEqualTo("alice");
  }

  private JsonObject token(String form) {
    var answer =
        send(
            "POST",
            "/oauth/tenant/doppel/token",
            form,
            "Accept",
            "application/json;version=36.1",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(answer.status()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  /** With a configured version: the ones that the client knows are deprecated. */
  @ParameterizedTest
  @EnumSource
  void pyvcloud(Fidelity fidelity) {
    start(fidelity);
    var versions = send("GET", "/api/versions", "", "Accept", "application/*+xml");
    var login = pathOf(loginUrls(versions.body()).get("36.0"));
    var accept = "application/*+json;version=36.0";
    var session =
        send(
            "POST",
            login,
            "",
            "Authorization",
            basic("alice@doppel:" + TestRealm.PASSWORD),
            "Accept",
            accept);
    assertThat(session.status()).isEqualTo(200);
    var token = session.headers().get("x-vmware-vcloud-access-token");
    String[] signedIn = {
      "Authorization",
      "Bearer " + token,
      "X-VMWARE-VCLOUD-ACCESS-TOKEN",
      token,
      "Accept",
      "application/*+xml;version=36.0"
    };
    var old = send("GET", "/api/session", "", signedIn);
    assertThat(old.body()).contains("user=\"alice\"", "org=\"doppel\"", "<Link rel=\"remove\"");
    var unsupported = send("GET", "/api/extensibility", "", signedIn);
    assertThat(unsupported.status()).isEqualTo(400);
    assertThat(unsupported.body()).contains("GET /api/extensibility is not supported");
    assertThat(send("DELETE", "/api/session", "", signedIn).status()).isEqualTo(204);
    assertThat(send("GET", "/api/session", "", signedIn).status()).isEqualTo(401);
  }

  /** A generated client, with the media range that its generator corrupts. */
  @ParameterizedTest
  @EnumSource
  void swaggerClient(Fidelity fidelity) {
    start(fidelity);
    var session =
        send(
            "POST",
            CLOUDAPI + "/sessions",
            "",
            "Authorization",
            basic("root@doppel:Milvus"),
            "Accept",
            "*_/_*;version=37.2");
    assertThat(session.status()).isEqualTo(200);
    String[] json = {
      "Authorization",
      "Bearer " + session.headers().get("x-vmware-vcloud-access-token"),
      "Content-Type",
      "application/json",
      "Accept",
      "application/json;version=37.2"
    };
    String[] bodyless = {json[0], json[1], "Accept", "*_/_*;version=37.2"};
    var page =
        new JsonObject(
            send("GET", CLOUDAPI + "/users?filter=username%3D%3Dbob&page=1&pageSize=25", "", json)
                .body());
    assertThat(page.fieldNames())
        .containsExactly("resultTotal", "pageCount", "page", "pageSize", "associations", "values");
    var bob = page.getJsonArray("values").getJsonObject(0);
    var path = CLOUDAPI + "/users/" + bob.getString("id").replace(":", "%3A");
    var enabled = send("PUT", path, bob.put("enabled", true).encode(), json);
    assertThat(new JsonObject(enabled.body()).getBoolean("enabled")).isTrue();
    assertThat(send("GET", path + "/groups?page=1&pageSize=25", "", json).status()).isEqualTo(200);
    assertThat(send("POST", path + "/takeOwnership", "", bodyless).status()).isEqualTo(204);

    var own =
        send(
            "POST",
            CLOUDAPI + "/sessions",
            "",
            "Authorization",
            basic("bob@doppel:" + TestRealm.PASSWORD),
            "Accept",
            "*/*;version=37.2");
    var changed =
        send(
            "POST",
            path + "/changePassword",
            new JsonObject()
                .put("currentPassword", TestRealm.PASSWORD)
                .put("newPassword", "secret1")
                .encode(),
            "Authorization",
            "Bearer " + own.headers().get("x-vmware-vcloud-access-token"),
            "Content-Type",
            "application/json",
            "Accept",
            "*_/_*;version=37.2");
    assertThat(changed.status()).isEqualTo(204);
    assertThat(changed.body()).isEmpty();

    var deleted = send("DELETE", path, "", bodyless);
    assertThat(deleted.status()).isEqualTo(202);
    assertThat(send("DELETE", CLOUDAPI + "/sessions/current", "", bodyless).status())
        .isEqualTo(204);
    assertThat(send("GET", CLOUDAPI + "/sessions/current", "", json).status()).isEqualTo(401);
  }

  /** With the version that the client is built for, and its headers in lower case. */
  @Test
  void nodeClient() {
    start(Fidelity.OBSERVED);
    var session =
        send(
            "POST",
            CLOUDAPI + "/sessions/provider",
            "{}",
            "authorization",
            basic("administrator@System:Milvus"),
            "accept",
            "application/json;version=35.0");
    String[] signedIn = {
      "authorization",
      "Bearer " + session.headers().get("x-vmware-vcloud-access-token"),
      "accept",
      "application/json;version=35.0",
      "content-type",
      "application/json"
    };
    var user =
        new JsonObject()
            .put("username", "ops")
            .put("password", "secret1")
            .put("deployedVmQuota", 5)
            .put(
                "roleEntityRefs",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", "System Administrator")
                            .put("id", "urn:vcloud:role:67e119b7-083b-349e-8dfd-6cf0c19b83cf")));
    var created = new JsonObject(send("POST", CLOUDAPI + "/users", user.encode(), signedIn).body());
    assertThat(created.getInteger("deployedVmQuota")).isEqualTo(5);
    assertThat(created.containsKey("locked")).isFalse();
    var path = CLOUDAPI + "/users/" + created.getString("id");
    assertThat(send("DELETE", path, "", signedIn).status()).isEqualTo(202);
  }
}
