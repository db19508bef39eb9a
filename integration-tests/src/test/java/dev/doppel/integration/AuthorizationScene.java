package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The users of {@link AuthorizationTest}, their credentials, and the objects of all operations.
 * There are two organizations: the default one, and {@code acme} with an owner, a member and an
 * administrator whose home it is, and a guest whose home is elsewhere.
 */
final class AuthorizationScene {

  static final String PASSWORD = "P@ssw0rd1";
  static final String DEFAULT = "doppel";
  static final String ACME = "acme";
  static final String SYSTEM = "System";

  /** The software id of service accounts. */
  static final String SOFTWARE = "12345678-1234-1234-1234-1234567890ab";

  /** A secret, token or address that no user has. */
  static final String UNKNOWN = "nobodys";

  private static final String ACCEPT = VendorClient.Vcloud.ACCEPT;
  private static final String[] OPERATOR = {"Authorization", "Token doppel-operator-token"};
  private static final String[] WORKSPACE_OPERATOR = {
    "Authorization", "Bearer doppel-operator-token"
  };
  private static final String[] ROOT = {"Authorization", "Bearer root:Milvus"};
  private static final String TENANT = "X-VMWARE-VCLOUD-TENANT-CONTEXT";

  /** A user's name and organization; the password is {@link #PASSWORD}. */
  record Account(String name, String organization) {}

  /**
   * The credentials of a caller in one dialect.
   *
   * @param headers names and values
   * @param account empty if the caller has or sends no password
   * @param own the caller's secrets, by name
   */
  record Credentials(String[] headers, Optional<Account> account, Map<String, String> own) {

    String own(String name) {
      return own.getOrDefault(name, UNKNOWN);
    }
  }

  /** The target of a request: a user, its organization, and their objects by name. */
  record Subject(String user, String organization, Map<String, String> things) {

    String thing(String name) {
      return Objects.requireNonNull(things.get(name), name);
    }
  }

  private final Doppel doppel;
  private final Http http;
  private final VendorClient.Influx influx;
  private final VendorClient.Vcloud vcloud;

  /** Credentials by dialect and caller. */
  private final Map<String, Map<String, Credentials>> credentials = new LinkedHashMap<>();

  /** Subjects by caller. */
  private final Map<String, Subject> subjects = new LinkedHashMap<>();

  /** Tokens of mails by user and kind of the mail. A later mail ends the token of the earlier. */
  private final Map<String, String> mailed = new LinkedHashMap<>();

  private final Map<String, String> ids = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> organizations = new LinkedHashMap<>();

  AuthorizationScene(Doppel doppel) {
    this.doppel = doppel;
    http = new Http(doppel.uri());
    influx = new VendorClient.Influx(http);
    vcloud = new VendorClient.Vcloud(http);
    createUsers();
    createForMilvus();
    createThings();
    addCallers();
    influx.deactivate("off");
    influx.delete("gone");
  }

  Map<String, Credentials> callers(String dialect) {
    return Objects.requireNonNull(credentials.get(dialect));
  }

  Subject subject(String caller) {
    return Objects.requireNonNull(subjects.getOrDefault(caller, subjects.get("on another")));
  }

  /** Returns core's id in hexadecimal. */
  String id(String name) {
    return Objects.requireNonNull(ids.get(name), name);
  }

  // ---- users

  private void createUsers() {
    influx.create("late", PASSWORD);
    signIn("expired", new Account("late", DEFAULT));
    doppel.clock().advance(Duration.ofDays(400));
    for (var name :
        List.of(
            "off", "gone", "plain", "other", "member", "newcomer", "guest", "captain", "chief")) {
      influx.create(name, PASSWORD);
    }
    organizations.put(DEFAULT, things("id", organizationId(DEFAULT)));
    var acme = operator("POST", "/api/v2/orgs", new JsonObject().put("name", ACME));
    organizations.put(ACME, things("id", acme.getString("id")));
    milvus("users/grant_role", new JsonObject().put("userName", "chief").put("roleName", "admin"));
    var tenant = vcloud.administrating(ACME);
    tenant.create(user("boss", "Organization Administrator"));
    tenant.create(user("resident", "vApp User"));
    tenant.create(user("promoted", "vApp User"));
    milvus(
        "users/grant_role", new JsonObject().put("userName", "promoted").put("roleName", "admin"));
    readIds();
    addMember(DEFAULT, "member");
    addMember(ACME, "guest");
  }

  private static JsonObject user(String name, String role) {
    return VendorClient.Vcloud.Tenant.user(name, role).put("password", PASSWORD);
  }

  private void readIds() {
    new JsonObject(http.send("GET", "/_doppel/users?limit=100", "").body())
        .getJsonArray("users").stream()
            .map(JsonObject.class::cast)
            .forEach(user -> ids.put(user.getString("name"), user.getString("id")));
  }

  private String organizationId(String name) {
    return operator("GET", "/api/v2/orgs?org=" + name, new JsonObject())
        .getJsonArray("orgs")
        .getJsonObject(0)
        .getString("id");
  }

  private void addMember(String organization, String user) {
    operator(
        "POST",
        "/api/v2/orgs/" + organization(organization).get("id") + "/members",
        new JsonObject().put("id", id(user)));
  }

  // ---- things

  private void createForMilvus() {
    for (var role : List.of("auditor", "grantee", "captains")) {
      milvus("roles/create", new JsonObject().put("roleName", role));
    }
    grant("grantee", "SelectUser");
    grant("captains", "ClusterAdmin");
    milvus(
        "users/grant_role",
        new JsonObject().put("userName", "captain").put("roleName", "captains"));
    milvus("privilege_groups/create", new JsonObject().put("privilegeGroupName", "readers"));
    milvus(
        "privilege_groups/add_privileges_to_group",
        new JsonObject()
            .put("privilegeGroupName", "readers")
            .put("privileges", new JsonArray().add("Query")));
  }

  private void grant(String role, String privilege) {
    milvus(
        "roles/grant_privilege_v2",
        new JsonObject()
            .put("roleName", role)
            .put("privilege", privilege)
            .put("dbName", "*")
            .put("collectionName", "*"));
  }

  private void createThings() {
    for (var things : organizations.values()) {
      var id = Objects.requireNonNull(things.get("id"));
      things.put("bucket", createdInInflux("buckets", id, "kept"));
      things.put("label", createdInInflux("labels", id, "attached"));
      things.put("loose label", createdInInflux("labels", id, "loose"));
      operator(
          "POST",
          "/api/v2/buckets/" + things.get("bucket") + "/labels",
          new JsonObject().put("labelID", things.get("label")));
      things.put("robot", made(id, "service-accounts", "{\"role\":\"viewer\"}"));
      things.put(
          "invitation",
          made(id, "collaborators/invitations", "{\"email\":\"invited@example.com\"}"));
    }
    doppel.clock().advance(Duration.ofMinutes(2)); // so that invitations can be sent again
    organization(DEFAULT).put("leaving", "member");
    organization(DEFAULT).put("joining", "newcomer");
    organization(ACME).put("joining", "other");
    var tasks = vcloud("", new Account("chief", DEFAULT));
    var boss = vcloud("", new Account("boss", ACME));
    organization(DEFAULT).put("task", task(tasks));
    organization(ACME).put("task", task(boss));
    organization(DEFAULT).put("role", created("roles", tasks));
    organization(ACME).put("role", created("roles", boss));
    var provider = vcloud("/provider", new Account("chief", SYSTEM));
    for (var type : List.of("globalRoles", "rightsBundles")) {
      var id = created(type, provider);
      organization(DEFAULT).put(type, id);
      organization(ACME).put(type, id);
    }
    addTag(DEFAULT, "other");
    addTag(ACME, "resident");
    addSubject("on itself", "plain", DEFAULT);
    addSubject("on another", "other", DEFAULT);
    addSubject("org admin", "resident", ACME);
    subjects.put("outsider", subject("org admin"));
    addSubject("org admin on a guest", "guest", ACME);
    addSubject("org admin on an administrator", "promoted", ACME);
    addSubject("cluster admin on an administrator", "chief", DEFAULT);
  }

  private void addTag(String organization, String user) {
    var path =
        "/v1/organizations/%s/collaborators/%s"
            .formatted(
                VendorClient.Workspace.objectId(
                    Objects.requireNonNull(organization(organization).get("id"))),
                VendorClient.Workspace.objectId(id(user)));
    accepted(send("PUT", path, "{\"tags\":[\"kept\"]}", WORKSPACE_OPERATOR));
  }

  /** Creates something of a Workspace organization, and returns its id. */
  private String made(String organization, String type, String body) {
    var path = "/v1/organizations/" + VendorClient.Workspace.objectId(organization) + "/" + type;
    var made = accepted(send("POST", path, body, WORKSPACE_OPERATOR));
    return new JsonObject(made.body()).getJsonObject("data").getString("id");
  }

  private String createdInInflux(String type, String organization, String name) {
    var made =
        operator(
            "POST",
            "/api/v2/" + type,
            new JsonObject().put("orgID", organization).put("name", name));
    return made.getJsonObject("label", made).getString("id");
  }

  /** Deletes a user and returns the id of the resulting task. */
  private String task(String[] administrator) {
    var made =
        accepted(
            send(
                "POST",
                "/cloudapi/1.0.0/users",
                user("dismissed", "vApp User").encode(),
                administrator));
    var urn = new JsonObject(made.body()).getString("id");
    var deleted = accepted(send("DELETE", "/cloudapi/1.0.0/users/" + urn, "", administrator));
    var location = deleted.headers().firstValue("Location").orElseThrow();
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private void addSubject(String caller, String user, String organization) {
    var things = new LinkedHashMap<>(organization(organization));
    things.putIfAbsent("leaving", user);
    var permission =
        new JsonObject()
            .put("action", "read")
            .put("resource", new JsonObject().put("type", "users").put("id", id(user)));
    things.put(
        "authorization",
        operator(
                "POST",
                "/api/v2/authorizations",
                new JsonObject()
                    .put("orgID", things.get("id"))
                    .put("userID", id(user))
                    .put("permissions", new JsonArray().add(permission)))
            .getString("id"));
    var session = vcloud("", new Account(user, organization));
    things.put("session", sessionUrn(session));
    things.put("client", client("tenant/" + organization, session));
    addServiceAccount(things, organization);
    subjects.put(caller, new Subject(user, organization, things));
  }

  private String sessionUrn(String[] session) {
    var current = accepted(send("GET", "/cloudapi/1.0.0/sessions/current", "", session));
    return new JsonObject(current.body()).getString("id");
  }

  /** Creates a role, a global role or a rights bundle, and returns its id. */
  private String created(String type, String[] session) {
    var created = accepted(send("POST", "/cloudapi/1.0.0/" + type, "{\"name\":\"kept\"}", session));
    return new JsonObject(created.body()).getString("id");
  }

  /** Registers a client, and returns its id without fetching its token. */
  private String client(String place, String[] session) {
    var registered =
        accepted(
            send("POST", "/oauth/" + place + "/register", "{\"client_name\":\"kept\"}", session));
    return new JsonObject(registered.body()).getString("client_id");
  }

  /** Adds a service account of a tenant, and the code that its device shows. */
  private void addServiceAccount(Map<String, String> things, String organization) {
    var provider = vcloud("/provider", new Account("chief", SYSTEM));
    var account = serviceAccount("tenant/" + organization, "vApp%20User", provider);
    var codes =
        accepted(
            http.send(
                "POST",
                "/oauth/tenant/" + organization + "/device_authorization",
                "client_id=" + account,
                "Content-Type",
                "application/x-www-form-urlencoded"));
    things.put("service account", account);
    things.put("user code", new JsonObject(codes.body()).getString("user_code"));
  }

  private String serviceAccount(String place, String role, String[] session) {
    var metadata =
        new JsonObject()
            .put("client_name", "robot")
            .put("software_id", SOFTWARE)
            .put("scope", "urn:vcloud:role:" + role);
    var registered =
        accepted(send("POST", "/oauth/" + place + "/register", metadata.encode(), session));
    return new JsonObject(registered.body()).getString("client_id");
  }

  // ---- callers

  private void addCallers() {
    for (var dialect : List.of("milvus", "influx", "workspace")) {
      add(dialect, "nobody");
    }
    add("vcloud", "nobody", "Accept", ACCEPT);
    add("milvus", "garbage", "Authorization", "Bearer nobody:P@ssw0rd1");
    add("influx", "garbage", "Authorization", "Token " + UNKNOWN);
    add("vcloud", "garbage", "Authorization", "Bearer " + UNKNOWN, "Accept", ACCEPT);
    add("workspace", "garbage", "Authorization", "Bearer " + UNKNOWN);
    signIn("deactivated", new Account("off", DEFAULT));
    signIn("deleted", new Account("gone", DEFAULT));
    signIn("on itself", new Account("plain", DEFAULT));
    signIn("on another", new Account("plain", DEFAULT));
    signIn("outsider", new Account("plain", DEFAULT));
    signIn("org admin", new Account("boss", ACME));
    signIn("org admin on a guest", new Account("boss", ACME));
    signIn("org admin on an administrator", new Account("boss", ACME));
    for (var caller : List.of("cluster admin", "cluster admin on an administrator")) {
      add("milvus", caller, "Authorization", "Bearer captain:" + PASSWORD);
    }
    addScoped();
    add("influx", "operator token", OPERATOR);
    add("workspace", "operator token", WORKSPACE_OPERATOR);
    signIn("administrator", new Account("chief", DEFAULT));
    addProvider();
  }

  private void add(String dialect, String caller, String... headers) {
    put(dialect, caller, new Credentials(headers, Optional.empty(), Map.of()));
  }

  private void put(String dialect, String caller, Credentials of) {
    credentials.computeIfAbsent(dialect, none -> new LinkedHashMap<>()).put(caller, of);
  }

  private void signIn(String caller, Account account) {
    if (!caller.equals("expired")) { // a password doesn't expire
      add("milvus", caller, "Authorization", "Bearer " + account.name + ":" + PASSWORD);
    }
    var cookie =
        http.send("POST", "/api/v2/signin", "", "Authorization", basic(account.name, PASSWORD))
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();
    put("influx", caller, of(account, Map.of(), "Cookie", cookie));
    put("vcloud", caller, of(account, Map.of(), vcloud("", account)));
    var login =
        new JsonObject()
            .put("provider", "traditional")
            .put("payload", new JsonObject().put("email", account.name).put("password", PASSWORD));
    var pair =
        new JsonObject(
                accepted(
                        send(
                            "POST", "/v1/auth/login", login.encode(), "Accept", "application/json"))
                    .body())
            .getJsonObject("data");
    var access = pair.getJsonObject("accessToken").getString("token");
    var refresh = pair.getJsonObject("refreshToken").getString("token");
    put(
        "workspace",
        caller,
        of(
            account,
            Map.of(
                "access token",
                access,
                "refresh token",
                refresh,
                "forgot-password",
                mailed(account.name, "forgot-password", "{\"email\":\"%s@doppel.invalid\"}"),
                "verify",
                mailed(
                    account.name,
                    "verify-resend",
                    "{\"email\":\"%s\",\"password\":\"" + PASSWORD + "\"}")),
            "Authorization",
            "Bearer " + access));
  }

  /** Has a mail sent to a user, and returns its token. */
  private String mailed(String user, String operation, String body) {
    return mailed.computeIfAbsent(
        user + " " + operation,
        none -> {
          accepted(
              send(
                  "POST",
                  "/v1/auth/register/" + operation,
                  body.formatted(user),
                  "Accept",
                  "application/json"));
          return doppel.mails().withUser(user).latest().token().orElseThrow();
        });
  }

  /** Returns the code of a secret in Base32 now. */
  String codeOf(String secret) {
    return Totp.code(doppel, secret);
  }

  private static Credentials of(Account account, Map<String, String> own, String... headers) {
    return new Credentials(headers, Optional.of(account), own);
  }

  private String[] vcloud(String path, Account account) {
    var bearer = vcloud.bearer(path, account.name + "@" + account.organization, PASSWORD);
    return new String[] {"Authorization", bearer, "Accept", ACCEPT};
  }

  /** Adds a token that can only read users, which exists only in InfluxDB. */
  private void addScoped() {
    var permission =
        new JsonObject()
            .put("action", "read")
            .put("resource", new JsonObject().put("type", "users"));
    var made =
        operator(
            "POST",
            "/api/v2/authorizations",
            new JsonObject()
                .put("orgID", organization(DEFAULT).get("id"))
                .put("permissions", new JsonArray().add(permission)));
    add("influx", "scoped", "Authorization", "Token " + made.getString("token"));
  }

  /**
   * Adds VCD's administrator, a provider that acts in the default organization, also with a session
   * created with its API token.
   */
  private void addProvider() {
    var account = new Account("chief", DEFAULT);
    var tenant = vcloud("", account);
    var provider = vcloud("/provider", new Account("chief", SYSTEM));
    var acting = actingInDefault(provider);
    var own =
        Map.of(
            "session", sessionUrn(provider),
            "client", client("tenant/" + DEFAULT, tenant),
            "provider client", client("provider", provider),
            "tenant session", tenant[1],
            "provider service account",
                serviceAccount("provider", "System%20Administrator", provider),
            "task", task(acting));
    var withOwnPassword = new LinkedHashMap<>(own);
    withOwnPassword.put("password of", "chief");
    var assertion = provider[1].substring("Bearer ".length());
    var limited =
        accepted(
            http.send(
                "POST",
                "/oauth/provider/token",
                tokenForm(assertion, client("provider", provider)),
                "Content-Type",
                "application/x-www-form-urlencoded"));
    var bearer = "Bearer " + new JsonObject(limited.body()).getString("access_token");
    put(
        "vcloud",
        "api token session",
        new Credentials(
            actingInDefault(new String[] {"Authorization", bearer, "Accept", ACCEPT}),
            Optional.empty(),
            withOwnPassword));
    put("vcloud", "administrator", new Credentials(acting, Optional.of(account), own));
  }

  private String[] actingInDefault(String[] headers) {
    var urn = AuthorizationRequests.urn("org", String.valueOf(organization(DEFAULT).get("id")));
    return Stream.concat(Stream.of(headers), Stream.of(TENANT, urn)).toArray(String[]::new);
  }

  /** Returns the form that requests a client's token. */
  static String tokenForm(String assertion, String client) {
    return "grant_type="
        + URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8)
        + "&assertion="
        + assertion
        + "&client_id="
        + client;
  }

  // ---- requests

  private Map<String, String> organization(String name) {
    return Objects.requireNonNull(organizations.get(name));
  }

  private static Map<String, String> things(String name, String value) {
    return new LinkedHashMap<>(Map.of(name, value));
  }

  private void milvus(String path, JsonObject body) {
    var answer = send("POST", "/v2/vectordb/" + path, body.encode(), ROOT);
    assertThat(answer.body()).isEqualTo("{\"code\":0,\"data\":{}}");
  }

  private JsonObject operator(String method, String path, JsonObject body) {
    var text = method.equals("GET") ? "" : body.encode();
    return new JsonObject(accepted(send(method, path, text, OPERATOR)).body());
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    return http.send(method, path, body, all.toArray(String[]::new));
  }

  private static HttpResponse<String> accepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer;
  }
}
