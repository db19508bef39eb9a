package dev.doppel.gateway;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Vendors;
import dev.doppel.dialect.Vendor;
import dev.doppel.users.Ids;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Operations on users that a client of every vendor has. */
public interface VendorClient {

  /** Returns a client of every vendor that comes with Doppel; fails if one of them has none. */
  static List<VendorClient> all(Http http) {
    List<VendorClient> all =
        List.of(new Milvus(http), new Influx(http), new Vcloud(http), new Workspace(http));
    assertThat(all)
        .extracting(client -> client.getClass().getSimpleName().toLowerCase(Locale.ROOT))
        .containsExactlyElementsOf(Vendors.builtIn().stream().map(Vendor::name).toList());
    return all;
  }

  /** Returns whether an administrator finds a user of this name. */
  boolean finds(String name);

  /** Returns whether a user can sign in with a password. */
  boolean signsIn(String name, String password);

  /** Changes a user's own password. */
  void changePassword(String name, String password, String wanted);

  /** A client that can create users, too. */
  interface Maker extends VendorClient {
    void create(String name, String password);
  }

  record Milvus(Http http) implements Maker {

    private static final String ROOT = "Bearer root:Milvus";

    @Override
    public void create(String name, String password) {
      assertThat(create(ROOT, name, password).body()).isEqualTo("{\"code\":0,\"data\":{}}");
    }

    private HttpResponse<String> create(String authorization, String name, String password) {
      var body = new JsonObject().put("userName", name).put("password", password).encode();
      return http.send("POST", "/v2/vectordb/users/create", body, "Authorization", authorization);
    }

    @Override
    public boolean finds(String name) {
      var answer = http.send("POST", "/v2/vectordb/users/list", "{}", "Authorization", ROOT);
      return new JsonObject(answer.body()).getJsonArray("data").contains(name);
    }

    /** An ordinary user gets 403, wrong credentials get 401. */
    @Override
    public boolean signsIn(String name, String password) {
      var answer = create("Bearer " + name + ":" + password, "x", "P@ssw0rd");
      assertThat(answer.statusCode()).isIn(401, 403);
      return answer.statusCode() == 403;
    }

    @Override
    public void changePassword(String name, String password, String wanted) {
      var body =
          new JsonObject()
              .put("userName", name)
              .put("password", password)
              .put("newPassword", wanted)
              .encode();
      var answer =
          http.send(
              "POST",
              "/v2/vectordb/users/update_password",
              body,
              "Authorization",
              "Bearer " + name + ":" + password);
      assertThat(answer.body()).isEqualTo("{\"code\":0,\"data\":{}}");
    }
  }

  record Influx(Http http) implements Maker {

    private static final String OPERATOR = "Token doppel-operator-token";

    @Override
    public void create(String name, String password) {
      var created =
          http.send(
              "POST",
              "/api/v2/users",
              new JsonObject().put("name", name).encode(),
              "Authorization",
              OPERATOR);
      assertThat(created.statusCode()).isEqualTo(201);
      var id = new JsonObject(created.body()).getString("id");
      var body = new JsonObject().put("password", password).encode();
      var set =
          http.send("POST", "/api/v2/users/" + id + "/password", body, "Authorization", OPERATOR);
      assertThat(set.statusCode()).isEqualTo(204);
    }

    private HttpResponse<String> find(String name) {
      return http.send(
          "GET",
          "/api/v2/users?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8),
          "",
          "Authorization",
          OPERATOR);
    }

    private String id(String name) {
      return new JsonObject(find(name).body())
          .getJsonArray("users")
          .getJsonObject(0)
          .getString("id");
    }

    @Override
    public boolean finds(String name) {
      return find(name).statusCode() == 200;
    }

    @Override
    public boolean signsIn(String name, String password) {
      return signIn(name, password).statusCode() == 204;
    }

    private HttpResponse<String> signIn(String name, String password) {
      return http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, password));
    }

    @Override
    public void changePassword(String name, String password, String wanted) {
      var cookie = signIn(name, password).headers().firstValue("Set-Cookie").orElseThrow();
      var changed =
          http.send(
              "PUT",
              "/api/v2/me/password",
              new JsonObject().put("password", wanted).encode(),
              "Cookie",
              cookie,
              "Authorization",
              basic(name, password));
      assertThat(changed.statusCode()).isEqualTo(204);
    }

    /**
     * Returns the number of users that a user can see: itself, or all if it is an administrator.
     */
    public int sees(String name, String password) {
      var cookie = signIn(name, password).headers().firstValue("Set-Cookie").orElseThrow();
      var users = http.send("GET", "/api/v2/users", "", "Cookie", cookie);
      return new JsonObject(users.body()).getJsonArray("users").size();
    }

    public boolean ownsOrganization(String organization, String user) {
      var orgs =
          http.send("GET", "/api/v2/orgs?org=" + organization, "", "Authorization", OPERATOR);
      var id = new JsonObject(orgs.body()).getJsonArray("orgs").getJsonObject(0).getString("id");
      var owners =
          http.send("GET", "/api/v2/orgs/" + id + "/owners", "", "Authorization", OPERATOR);
      return new JsonObject(owners.body())
          .getJsonArray("users").stream()
              .map(JsonObject.class::cast)
              .anyMatch(owner -> owner.getString("name").equals(user));
    }

    public void deactivate(String name) {
      var changed =
          http.send(
              "PATCH",
              "/api/v2/users/" + id(name),
              "{\"status\":\"inactive\"}",
              "Authorization",
              OPERATOR);
      assertThat(changed.statusCode()).isEqualTo(200);
    }

    public void delete(String name) {
      var deleted = http.send("DELETE", "/api/v2/users/" + id(name), "", "Authorization", OPERATOR);
      assertThat(deleted.statusCode()).isEqualTo(204);
    }
  }

  record Vcloud(Http http) implements VendorClient {

    public static final String ACCEPT = "application/json;version=39.1";

    private HttpResponse<String> signIn(String path, String user, String password) {
      return http.send(
          "POST",
          "/cloudapi/1.0.0/sessions" + path,
          "",
          "Accept",
          ACCEPT,
          "Authorization",
          basic(user, password));
    }

    /** Signs a user in and returns the value of {@code Authorization} for its session. */
    public String bearer(String path, String user, String password) {
      return bearer(signIn(path, user, password));
    }

    private static String bearer(HttpResponse<String> session) {
      return "Bearer " + session.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow();
    }

    @Override
    public boolean finds(String name) {
      var administrator = bearer(signIn("/provider", "administrator@System", "Milvus"));
      var filter = URLEncoder.encode("username==" + name, StandardCharsets.UTF_8);
      var found =
          http.send(
              "GET",
              "/cloudapi/1.0.0/users?filter=" + filter,
              "",
              "Accept",
              ACCEPT,
              "Authorization",
              administrator,
              "X-VMWARE-VCLOUD-TENANT-CONTEXT",
              defaultOrganization());
      return new JsonObject(found.body()).getInteger("resultTotal") == 1;
    }

    /**
     * Returns the ID of the default organization from a session of the administrator, its owner.
     */
    private String defaultOrganization() {
      var session = signIn("", "root@doppel", "Milvus");
      return new JsonObject(session.body()).getJsonObject("org").getString("id");
    }

    /** Operations of an organization's administrator on its users. */
    public record Tenant(Http http, String bearer) {

      public static JsonObject user(String name, String role) {
        return new JsonObject()
            .put("username", name)
            .put("roleEntityRefs", new JsonArray().add(new JsonObject().put("name", role)));
      }

      private HttpResponse<String> send(String method, String path, String body) {
        return http.send(
            method,
            "/cloudapi/1.0.0/users" + path,
            body,
            "Accept",
            ACCEPT,
            "Content-Type",
            "application/json",
            "Authorization",
            bearer);
      }

      /** Creates a user and returns its URN. */
      public String create(JsonObject user) {
        var created = send("POST", "", user.encode());
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return new JsonObject(created.body()).getString("id");
      }

      public JsonObject find(String name) {
        var filter = URLEncoder.encode("username==" + name, StandardCharsets.UTF_8);
        return new JsonObject(send("GET", "?filter=" + filter, "").body())
            .getJsonArray("values")
            .getJsonObject(0);
      }

      public JsonObject read(String urn) {
        return new JsonObject(send("GET", "/" + urn, "").body());
      }

      public void replace(String urn, JsonObject user) {
        var replaced = send("PUT", "/" + urn, user.encode());
        assertThat(replaced.statusCode()).as(replaced.body()).isEqualTo(200);
      }

      public void delete(String urn) {
        assertThat(send("DELETE", "/" + urn, "").statusCode()).isEqualTo(202);
      }
    }

    public Tenant administrating(String organization) {
      var path = organization.equals("System") ? "/provider" : "";
      return new Tenant(http, bearer(signIn(path, "root@" + organization, "Milvus")));
    }

    @Override
    public boolean signsIn(String name, String password) {
      return signsIn(name, "doppel", password);
    }

    public boolean signsIn(String name, String organization, String password) {
      var path = organization.equals("System") ? "/provider" : "";
      return signIn(path, name + "@" + organization, password).statusCode() == 200;
    }

    @Override
    public void changePassword(String name, String password, String wanted) {
      var session = signIn("", name + "@doppel", password);
      var urn = new JsonObject(session.body()).getJsonObject("user").getString("id");
      var changed =
          http.send(
              "POST",
              "/cloudapi/1.0.0/users/" + urn + "/changePassword",
              new JsonObject().put("currentPassword", password).put("newPassword", wanted).encode(),
              "Accept",
              ACCEPT,
              "Content-Type",
              "application/json",
              "Authorization",
              bearer(session));
      assertThat(changed.statusCode()).isEqualTo(204);
    }
  }

  record Workspace(Http http) implements VendorClient {

    private HttpResponse<String> signIn(String name, String password) {
      var payload = new JsonObject().put("email", name).put("password", password);
      return http.send(
          "POST",
          "/v1/auth/login",
          new JsonObject().put("provider", "traditional").put("payload", payload).encode(),
          "Content-Type",
          "application/json");
    }

    /** Finds a user by its ID, taken from the control plane. */
    @Override
    public boolean finds(String name) {
      var users = http.send("GET", "/_doppel/users?dialect=workspace&limit=1000", "");
      return new JsonObject(users.body())
          .getJsonArray("users").stream()
              .map(JsonObject.class::cast)
              .filter(user -> user.getString("name").equals(name))
              .map(user -> objectId(user.getString("id")))
              .anyMatch(
                  id ->
                      http.send(
                                  "GET",
                                  "/v1/users/" + id,
                                  "",
                                  "Authorization",
                                  "Bearer doppel-operator-token")
                              .statusCode()
                          == 200);
    }

    /**
     * Returns an object ID: the second of creation and the 64 bits of the ID. In IDs of
     * organizations the second may be any.
     */
    public static String objectId(String id) {
      var second = Ids.time(Long.parseUnsignedLong(id, 16)).getEpochSecond();
      return "%08x%s".formatted((int) second, id);
    }

    @Override
    public boolean signsIn(String name, String password) {
      return signIn(name, password).statusCode() == 200;
    }

    public String token(String name, String password) {
      return new JsonObject(signIn(name, password).body())
          .getJsonObject("data")
          .getJsonObject("accessToken")
          .getString("token");
    }

    /** Returns the profile that a user gets when it signs in. */
    public JsonObject profile(String name, String password) {
      return new JsonObject(signIn(name, password).body())
          .getJsonObject("data")
          .getJsonObject("user");
    }

    @Override
    public void changePassword(String name, String password, String wanted) {
      var session = new JsonObject(signIn(name, password).body()).getJsonObject("data");
      var changed =
          http.send(
              "POST",
              "/v1/users/" + session.getJsonObject("user").getString("id") + "/change-password",
              new JsonObject().put("oldPassword", password).put("newPassword", wanted).encode(),
              "Content-Type",
              "application/json",
              "Authorization",
              "Bearer " + session.getJsonObject("accessToken").getString("token"));
      assertThat(changed.body())
          .isEqualTo("{\"status\":true,\"data\":{\"passwordChanged\":\"OK\"}}");
    }
  }
}
