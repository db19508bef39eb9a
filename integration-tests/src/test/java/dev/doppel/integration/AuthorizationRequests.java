package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static dev.doppel.integration.AuthorizationScene.PASSWORD;
import static dev.doppel.integration.AuthorizationScene.SYSTEM;
import static dev.doppel.integration.AuthorizationScene.UNKNOWN;

import dev.doppel.gateway.VendorClient;
import dev.doppel.integration.AuthorizationScene.Account;
import dev.doppel.integration.AuthorizationScene.Credentials;
import dev.doppel.integration.AuthorizationScene.Subject;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Valid requests for all operations, with existing ids, free names, and credentials where the
 * operation takes them. They fail only if the caller lacks a permission.
 */
final class AuthorizationRequests {

  private static final String NEW_PASSWORD = "N3w-P@ssw0rd";
  private static final String FREE = "made";
  private static final String FREE_ADDRESS = "made@example.com";

  private static final String TWO_FACTOR_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  /** No group exists, because users of groups come from identity providers. */
  private static final String NO_GROUP = "0000000000000001";

  /** Catalog: Add vApp from My Cloud, which tenants have. */
  private static final String RIGHT = "urn:vcloud:right:4886663f-ae31-37fc-9a70-3dbe2f24a8c5";

  /** Catalog. */
  private static final String CATEGORY =
      "urn:vcloud:rightsCategory:b59d1fae-5bed-399e-9c8f-bdd1a0d0b1c3";

  /** vApp User. */
  private static final String ROLE_HREF =
      "https://localhost/api/admin/role/d05a1c36-9646-36f9-99cf-d6a81e218d0f";

  /** A request over HTTP. */
  record Request(String method, String path, String body, String[] headers) {}

  private final AuthorizationScene scene;

  AuthorizationRequests(AuthorizationScene scene) {
    this.scene = scene;
  }

  /**
   * Returns the request for an operation.
   *
   * @param path as in the dialect's table, with parameters
   */
  Request request(
      String dialect, String method, String path, Subject subject, Credentials credentials) {
    var operation = method + " " + path;
    var form = dialect.equals("vcloud") && path.startsWith("/oauth") && !path.endsWith("/register");
    var hasBody = !method.equals("GET") && !method.equals("HEAD");
    var headers = new ArrayList<>(List.of(headers(dialect, operation, credentials)));
    headers.add("Content-Type");
    headers.add(form ? "application/x-www-form-urlencoded" : "application/json");
    var body =
        form
            ? form(operation, subject, credentials)
            : body(dialect, operation, subject, credentials).encode();
    return new Request(
        method,
        path(dialect, operation, path, subject, credentials),
        hasBody ? body : "",
        headers.toArray(String[]::new));
  }

  // ---- credentials

  private static String[] headers(String dialect, String operation, Credentials credentials) {
    if (credentials.account().isEmpty()) {
      return credentials.headers();
    }
    var account = credentials.account().get();
    return switch (dialect + " " + operation) {
      case "influx POST /api/v2/signin" -> authorized(basic(account.name(), PASSWORD));
      case "influx PUT /api/v2/me/password",
          "influx PUT /api/v2/users/:userID/password",
          "influx PUT /api/v2/users/password" ->
          and(credentials.headers(), "Authorization", basic(account.name(), PASSWORD));
      case "vcloud POST /api/sessions", "vcloud POST /cloudapi/1.0.0/sessions" ->
          signingIn(account.name(), account.organization());
      case "vcloud POST /cloudapi/1.0.0/sessions/provider" -> signingIn(account.name(), SYSTEM);
      case "vcloud POST /oauth/tenant/:organization/register" ->
          credentials.own().containsKey("tenant session")
              ? and(
                  authorized(credentials.own("tenant session")),
                  "Accept",
                  VendorClient.Vcloud.ACCEPT)
              : credentials.headers();
      default -> credentials.headers();
    };
  }

  private static String[] signingIn(String name, String organization) {
    return and(
        authorized(basic(name + "@" + organization, PASSWORD)),
        "Accept",
        VendorClient.Vcloud.ACCEPT);
  }

  private static String[] authorized(String value) {
    return new String[] {"Authorization", value};
  }

  private static String[] and(String[] headers, String... more) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static String bearer(Credentials credentials) {
    var headers = credentials.headers();
    return headers[0].equals("Authorization") ? headers[1].replace("Bearer ", "") : UNKNOWN;
  }

  // ---- paths

  private String path(
      String dialect, String operation, String path, Subject subject, Credentials credentials) {
    var user = scene.id(user(operation, subject, credentials));
    UnaryOperator<String> id =
        switch (dialect) {
          case "vcloud" -> hex -> path.startsWith("/api/") ? uuid(hex) : urn("user", hex);
          case "workspace" -> VendorClient.Workspace::objectId;
          default -> hex -> hex;
        };
    var organization = subject.thing("id");
    return path.replaceAll(":user(ID|Id|Urn)|:collaboratorId", id.apply(user))
        .replace(":orgID", organization)
        .replace(":organizationId", VendorClient.Workspace.objectId(organization))
        .replace(":serviceAccountId", subject.thing("robot"))
        .replace(":invitationId", subject.thing("invitation"))
        .replace(":organizationSlug", subject.organization())
        .replace(":type", "saml")
        .replace(":slug", FREE)
        .replace(":orgUrn", urn("org", organization))
        .replace(":organization", subject.organization())
        .replace(":authID", subject.thing("authorization"))
        .replace(":bucketID", subject.thing("bucket"))
        .replace(":labelID", subject.thing("label"))
        .replace(":secretID", FREE)
        .replace(":sessionUrn", own("session", subject, credentials))
        .replace(":taskId", own("task", subject, credentials))
        .replace(":tokenUrn", "urn:vcloud:token:" + subject.thing("client"))
        .replace(
            ":serviceAccountUrn", "urn:vcloud:serviceAccount:" + subject.thing("service account"))
        .replace(":roleUrn", subject.thing("role"))
        .replace(":roleId", subject.thing("role").replace("urn:vcloud:role:", ""))
        .replace(":rightUrn", RIGHT)
        .replace(":rightId", RIGHT.replace("urn:vcloud:right:", ""))
        .replace(":categoryUrn", CATEGORY)
        .replace("globalRoles/:urn", "globalRoles/" + subject.thing("globalRoles"))
        .replace("rightsBundles/:urn", "rightsBundles/" + subject.thing("rightsBundles"))
        .replace(":orgId", uuid(organization))
        .replace(":groupUrn", path.startsWith("/api/") ? uuid(NO_GROUP) : urn("group", NO_GROUP))
        .concat(query(operation));
  }

  private static String query(String operation) {
    return switch (operation) {
      case "GET /api/query" -> "?type=user";
      case "DELETE /cloudapi/1.0.0/orgs/:orgUrn", "DELETE /api/admin/org/:orgId" -> "?force=true";
      default -> "";
    };
  }

  private static String user(String operation, Subject subject, Credentials credentials) {
    if (operation.startsWith("DELETE /api/v2/orgs/:orgID/")
        || operation.startsWith("DELETE /v1/organizations/:organizationId/collaborators/")) {
      return subject.thing("leaving");
    }
    return operation.endsWith("/changePassword")
        ? credentials.own().getOrDefault("password of", subject.user())
        : subject.user();
  }

  /** Returns the administrator's own id for things that no caller can access of other users. */
  private static String own(String thing, Subject subject, Credentials credentials) {
    return credentials.own().getOrDefault(thing, subject.thing(thing));
  }

  private static String form(String operation, Subject subject, Credentials credentials) {
    return operation.endsWith("/device_authorization")
        ? "client_id="
            + (operation.contains("/provider/")
                ? own("service account", subject, credentials, "provider service account")
                : subject.thing("service account"))
        : AuthorizationScene.tokenForm(
            bearer(credentials), client(operation, subject, credentials));
  }

  private static String client(String operation, Subject subject, Credentials credentials) {
    return operation.equals("POST /oauth/provider/token")
        ? own("client", subject, credentials, "provider client")
        : own("client", subject, credentials);
  }

  private static String own(
      String thing, Subject subject, Credentials credentials, String instead) {
    return credentials.own().getOrDefault(instead, own(thing, subject, credentials));
  }

  static String urn(String type, String hex) {
    return "urn:vcloud:" + type + ":" + uuid(hex);
  }

  /** Returns a UUID of version 8, whose 64 bits are split by version and variant. */
  private static String uuid(String hex) {
    var id = Long.parseUnsignedLong(hex, 16);
    return new UUID((id & ~0xFFFFL) | 0x8000L | ((id >>> 4) & 0xFFFL), Long.MIN_VALUE | (id & 0xFL))
        .toString();
  }

  // ---- bodies

  private JsonObject body(
      String dialect, String operation, Subject subject, Credentials credentials) {
    return switch (dialect) {
      case "milvus" -> milvus(operation.replace("POST /v2/vectordb/", ""), subject);
      case "influx" -> influx(operation, subject);
      case "vcloud" -> vcloud(operation, subject);
      default -> workspace(operation, subject, credentials);
    };
  }

  private static JsonObject milvus(String operation, Subject subject) {
    var body = new JsonObject();
    return switch (operation) {
      case "users/create" -> body.put("userName", FREE).put("password", PASSWORD);
      case "users/update_password" ->
          body.put("userName", subject.user())
              .put("password", PASSWORD)
              .put("newPassword", NEW_PASSWORD);
      case "users/grant_role", "users/revoke_role" ->
          body.put("userName", subject.user()).put("roleName", "auditor");
      case "roles/create" -> body.put("roleName", FREE);
      case "roles/grant_privilege", "roles/revoke_privilege" ->
          body.put("roleName", "grantee")
              .put("objectType", "User")
              .put("objectName", "*")
              .put("privilege", "SelectUser");
      case "roles/grant_privilege_v2", "roles/revoke_privilege_v2" ->
          body.put("roleName", "grantee")
              .put("privilege", "SelectUser")
              .put("dbName", "*")
              .put("collectionName", "*");
      case "privilege_groups/create" -> body.put("privilegeGroupName", FREE);
      case "privilege_groups/drop" -> body.put("privilegeGroupName", "readers");
      case "privilege_groups/add_privileges_to_group" ->
          body.put("privilegeGroupName", "readers")
              .put("privileges", new JsonArray().add("Search"));
      case "privilege_groups/remove_privileges_from_group" ->
          body.put("privilegeGroupName", "readers").put("privileges", new JsonArray().add("Query"));
      case "aliases/describe" -> body.put("aliasName", "novels");
      case "aliases/list" -> body;
      case "databases/create", "databases/drop" -> body.put("dbName", FREE);
      case "databases/describe" -> body.put("dbName", "default");
      default ->
          operation.matches("(collections|partitions)/.*")
              ? body.put("collectionName", "books")
              : milvusUser(operation, subject);
    };
  }

  private static JsonObject milvusUser(String operation, Subject subject) {
    var body = new JsonObject();
    return operation.startsWith("roles/")
        ? body.put("roleName", "auditor").put("description", "of books")
        : body.put("userName", subject.user());
  }

  /**
   * Returns the text for a field of a gRPC message.
   *
   * @param field name of the message and its field, separated by a dot
   */
  static String field(String operation, String field, Subject subject) {
    return switch (field) {
      case "CreateCredentialRequest.username",
          "CreatePrivilegeGroupRequest.group_name",
          "PrivilegeGroupInfo.group_name" ->
          FREE;
      case "UserInfo.password" -> ""; // there, a hash
      case "UserEntity.name" -> subject.user();
      case "RoleEntity.name" ->
          switch (operation) {
            case "CreateRole", "RestoreRBAC" -> FREE;
            case "SelectRole" -> "auditor";
            default -> "grantee";
          };
      case "PrivilegeEntity.name" ->
          operation.equals("OperatePrivilegeGroup") ? "Search" : "SelectUser";
      case "ObjectEntity.name" -> "User";
      default ->
          switch (field.substring(field.indexOf('.') + 1)) {
            case "username" -> subject.user();
            case "role_name" -> "auditor";
            case "group_name" -> "readers";
            case "password", "oldPassword" -> base64(PASSWORD);
            case "newPassword" -> base64(NEW_PASSWORD);
            case "object_name" -> "*";
            case "db_name", "dbName" -> database(operation);
            case "collection_name", "collectionName" -> collection(operation);
            case "resource_group" -> "__default_resource_group";
            case "request" -> "{\"metric_type\":\"system_info\"}";
            default -> FREE;
          };
    };
  }

  private static String database(String operation) {
    return switch (operation) {
      case "OperatePrivilege", "OperatePrivilegeV2", "SelectGrant" -> "*";
      case "CreateDatabase", "DropDatabase" -> FREE;
      default -> "default";
    };
  }

  /** Some calls succeed without a collection only, since there is none. */
  private static String collection(String operation) {
    return switch (operation) {
      case "OperatePrivilegeV2" -> "*";
      case "ListAliases", "GetFlushState", "GetReplicas" -> "";
      default -> "books";
    };
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private JsonObject influx(String operation, Subject subject) {
    var body = new JsonObject();
    return switch (operation) {
      case "POST /api/v2/setup" ->
          body.put("username", FREE).put("password", PASSWORD).put("org", FREE).put("bucket", FREE);
      case "POST /api/v2/users/:userID/password",
          "PUT /api/v2/users/:userID/password",
          "PUT /api/v2/users/password",
          "PUT /api/v2/me/password" ->
          body.put("password", NEW_PASSWORD);
      case "POST /api/v2/authorizations" ->
          body.put("orgID", subject.thing("id"))
              .put("userID", scene.id(subject.user()))
              .put("permissions", new JsonArray().add(reading(subject)));
      case "PATCH /api/v2/authorizations/:authID" ->
          body.put("status", "inactive").put("description", FREE);
      case "POST /api/v2/orgs/:orgID/members",
          "POST /api/v2/orgs/:orgID/owners",
          "POST /api/v2/buckets/:bucketID/members",
          "POST /api/v2/buckets/:bucketID/owners" ->
          body.put("id", scene.id(subject.thing("joining")));
      case "POST /api/v2/buckets", "POST /api/v2/labels" ->
          body.put("orgID", subject.thing("id")).put("name", FREE);
      case "POST /api/v2/buckets/:bucketID/labels" ->
          body.put("labelID", subject.thing("loose label"));
      case "POST /api/v2/orgs/:orgID/secrets/delete" ->
          body.put("secrets", new JsonArray().add(FREE));
      default -> body.put("name", FREE);
    };
  }

  private JsonObject reading(Subject subject) {
    return new JsonObject()
        .put("action", "read")
        .put("resource", new JsonObject().put("type", "users").put("id", scene.id(subject.user())));
  }

  private static JsonObject vcloud(String operation, Subject subject) {
    var user = VendorClient.Vcloud.Tenant.user(FREE, "vApp User");
    return switch (operation) {
      case "POST /cloudapi/1.0.0/users" -> user.put("password", PASSWORD);
      case "PUT /cloudapi/1.0.0/users/:userUrn" ->
          user.put("username", subject.user()).put("fullName", "Made Anew").put("enabled", true);
      case "POST /cloudapi/1.0.0/users/:userUrn/changePassword" ->
          new JsonObject().put("currentPassword", PASSWORD).put("newPassword", NEW_PASSWORD);
      case "PUT /cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn" ->
          new JsonObject()
              .put("name", FREE)
              .put("softwareId", AuthorizationScene.SOFTWARE)
              .put("role", new JsonObject().put("name", "vApp User"));
      case "POST /cloudapi/1.0.0/deviceLookup",
          "POST /cloudapi/1.0.0/deviceLookup/grant",
          "POST /cloudapi/1.0.0/deviceLookup/deny" ->
          new JsonObject().put("userCode", subject.thing("user code"));
      case "PUT /cloudapi/1.0.0/users/:userUrn/quotas",
          "PUT /cloudapi/1.0.0/groups/:groupUrn/quotas",
          "PUT /cloudapi/1.0.0/orgs/:orgUrn/quotas",
          "PUT /cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/quotas" ->
          new JsonObject().put("quotaPools", new JsonArray());
      case "POST /cloudapi/1.0.0/orgs" ->
          new JsonObject().put("name", FREE).put("displayName", "Made");
      case "PUT /cloudapi/1.0.0/orgs/:orgUrn" ->
          new JsonObject()
              .put("name", subject.organization())
              .put("displayName", "Made Anew")
              .put("isEnabled", true);
      case "POST /api/admin/orgs" ->
          new JsonObject().put("name", FREE).put("fullName", "Made").put("isEnabled", true);
      case "PUT /api/admin/org/:orgId" ->
          new JsonObject()
              .put("name", subject.organization())
              .put("fullName", "Made Anew")
              .put("isEnabled", true);
      case "POST /api/admin/org/:orgId/users" -> olderUser(FREE).put("password", PASSWORD);
      case "PUT /api/admin/user/:userId" -> olderUser(subject.user());
      case "POST /cloudapi/1.0.0/roles/:roleUrn/rights",
          "PUT /cloudapi/1.0.0/roles/:roleUrn/rights",
          "POST /cloudapi/1.0.0/globalRoles/:urn/rights",
          "PUT /cloudapi/1.0.0/globalRoles/:urn/rights",
          "POST /cloudapi/1.0.0/rightsBundles/:urn/rights",
          "PUT /cloudapi/1.0.0/rightsBundles/:urn/rights" ->
          references("UI Plugins: View");
      case "PUT /cloudapi/1.0.0/globalRoles/:urn/tenants",
          "POST /cloudapi/1.0.0/globalRoles/:urn/tenants/publish",
          "POST /cloudapi/1.0.0/globalRoles/:urn/tenants/unpublish",
          "PUT /cloudapi/1.0.0/rightsBundles/:urn/tenants",
          "POST /cloudapi/1.0.0/rightsBundles/:urn/tenants/publish",
          "POST /cloudapi/1.0.0/rightsBundles/:urn/tenants/unpublish" ->
          references(subject.organization());
      default -> new JsonObject().put("client_name", FREE).put("name", FREE);
    };
  }

  private static JsonObject olderUser(String name) {
    return new JsonObject()
        .put("name", name)
        .put("isEnabled", true)
        .put("role", new JsonObject().put("href", ROLE_HREF));
  }

  private static JsonObject references(String name) {
    return new JsonObject().put("values", new JsonArray().add(new JsonObject().put("name", name)));
  }

  private JsonObject workspace(String operation, Subject subject, Credentials credentials) {
    var body = new JsonObject();
    return switch (operation) {
      case "POST /v1/auth/login" -> {
        var email = credentials.account().map(Account::name).orElse(UNKNOWN);
        yield body.put("provider", "traditional")
            .put("payload", new JsonObject().put("email", email).put("password", PASSWORD));
      }
      case "POST /v1/auth/refresh" ->
          body.put("lastAccessToken", credentials.own("access token"))
              .put("refreshToken", credentials.own("refresh token"));
      case "POST /v1/auth/register" ->
          body.put("email", FREE_ADDRESS)
              .put("password", PASSWORD)
              .put("firstName", "Made")
              .put("lastName", "Anew")
              .put("newsletter", false);
      case "POST /v1/auth/register/update-password" ->
          body.put("password", PASSWORD).put("newPassword", NEW_PASSWORD);
      case "POST /v1/auth/register/forgot-password" -> body.put("email", FREE_ADDRESS);
      case "POST /v1/auth/register/change-password" ->
          body.put("token", credentials.own("forgot-password")).put("password", NEW_PASSWORD);
      case "POST /v1/auth/register/verify" -> body.put("token", credentials.own("verify"));
      case "POST /v1/auth/register/verify-resend" ->
          body.put("email", credentials.account().map(Account::name).orElse(UNKNOWN))
              .put("password", PASSWORD);
      case "POST /v1/auth/two-factor" ->
          body.put("secret", TWO_FACTOR_SECRET)
              .put("twoFactorCode", scene.codeOf(TWO_FACTOR_SECRET));
      case "DELETE /v1/auth/two-factor" -> body.put("password", PASSWORD);
      case "POST /v1/organizations" -> body.put("name", FREE);
      case "PUT /v1/organizations/:organizationId" -> body.put("webSiteUrl", "https://made.org");
      case "POST /v1/organizations/:organizationId/providers" -> body.put("type", "saml");
      case "POST /v1/organizations/:organizationId/collaborators",
          "POST /v1/organizations/:organizationId/collaborators/invitations" ->
          body.put("email", FREE_ADDRESS).put("role", "viewer");
      case "POST /v1/organizations/:organizationId/service-accounts",
          "PUT /v1/organizations/:organizationId/service-accounts/:serviceAccountId" ->
          body.put("role", "editor");
      case "PUT /v1/users/:userId" -> body.put("firstName", "Made").put("role", "user");
      case "POST /v1/organizations/:organizationId/change-owner" ->
          body.put("newOwner", VendorClient.Workspace.objectId(scene.id(subject.user())));
      case "PUT /v1/organizations/:organizationId/collaborators/:collaboratorId" ->
          body.put("role", "editor");
      case "POST /v1/organizations/:organizationId/oem/users" ->
          body.put("email", FREE_ADDRESS).put("firstName", "Made");
      default -> body.put("oldPassword", PASSWORD).put("newPassword", NEW_PASSWORD);
    };
  }
}
