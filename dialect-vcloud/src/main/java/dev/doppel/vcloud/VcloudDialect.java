package dev.doppel.vcloud;

import static dev.doppel.dialect.Operation.delete;
import static dev.doppel.dialect.Operation.get;
import static dev.doppel.dialect.Operation.post;
import static dev.doppel.dialect.Operation.put;
import static dev.doppel.vcloud.VcloudOperation.*;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.FixedHeader;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.IdForm;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudOAuth.ClientMetadata;
import dev.doppel.vcloud.VcloudWire.ContainerRequest;
import dev.doppel.vcloud.VcloudWire.DeviceInfo;
import dev.doppel.vcloud.VcloudWire.OrgRequest;
import dev.doppel.vcloud.VcloudWire.PasswordChangeRequest;
import dev.doppel.vcloud.VcloudWire.Quotas;
import dev.doppel.vcloud.VcloudWire.References;
import dev.doppel.vcloud.VcloudWire.ServiceAccount;
import dev.doppel.vcloud.VcloudWire.VcdUser;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The users of VMware Cloud Director. The table has one line for each operation, named and ordered
 * as in the vendor's reference.
 */
public final class VcloudDialect implements Dialect {

  /** The form of user ids. */
  public static final IdForm ID_FORM =
      new IdForm(
          VcloudApi.NAME,
          VcloudUrn::of,
          text -> VcloudUrn.parseUser(text).flatMap(VcloudUrn::userId),
          Pattern.compile("urn:vcloud:user:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
          "urn:vcloud:user: and a UUID in lower case are allowed");

  private static final String VERSIONS = "/api/versions";
  private static final String OAUTH = "/oauth";

  /** The headers of every response. The CEIP id identifies an installation in usage statistics. */
  private static final List<FixedHeader> ALWAYS =
      List.of(
          new FixedHeader(
              "X-VMWARE-VCLOUD-CEIP-ID",
              VcloudUrn.named("installation", "doppel installation").uuid().toString()),
          new FixedHeader("Cache-Control", "no-store, must-revalidate"),
          new FixedHeader("Vary", "Accept-Encoding"),
          new FixedHeader("X-Frame-Options", "SAMEORIGIN"));

  /** The groups, which can only be read here: there is no identity provider to import them from. */
  private static final Pattern GROUPS =
      Pattern.compile(
          VcloudApi.VERSIONED
              + "/groups(/[^/]+)?/?|/api/admin/group/[^/]+/?|/api/admin/org/[^/]+/groups/?");

  private static final Pattern ROLE_TEMPLATES =
      Pattern.compile("/api/admin/(org/[^/]+/)?role/[^/]+/action/(unlinkFrom|linkTo)Template");

  /** What the product has in the older API, and a double without virtual data centers has not. */
  private static final Pattern NOT_USERS =
      Pattern.compile(
          "/api/(vdc|vApp|vAppTemplate|vms?|catalogs?|catalogItem|media|mediaItem|disk|network"
              + "|networks|edgeGateway|entity|extensibility|service|schema|vdcTemplates?|sites?"
              + "|supportedSystemsInfo|cloud|admin/(vdc|providervdc|catalog|network|edgeGateway"
              + "|extension|pool|vAppTemplate|media|entity|event|service|vdcTemplates?"
              + "|org/[^/]+/(settings|catalogs?|vdcs?.*|networks?|ldap|events?|tasks?)))(/.*)?");

  /** Paths that are this vendor's. */
  static final List<String> PREFIXES = List.of(VcloudApi.ROOT, VcloudApi.OLDER_ROOT, OAUTH);

  private final Fidelity fidelity;
  private final VcloudAuth auth;
  private final VcloudUsers users;
  private final List<Operation> operations;

  /** The first version of each operation that the oldest supported version lacks, by name. */
  private final Map<String, VcloudVersion> since = new HashMap<>();

  public VcloudDialect(Realm realm, Fidelity fidelity) {
    this.fidelity = fidelity;
    auth = new VcloudAuth(realm);
    var tenancy = new VcloudTenancy(realm.organizations());
    var sessions = new VcloudSessions(realm);
    var tasks = new VcloudTasks();
    users = new VcloudUsers(realm, tenancy);
    var changes = new VcloudUserChanges(realm, tenancy, users, tasks);
    var roles = new VcloudRoles(realm, tenancy);
    var rights = new VcloudRights(tenancy);
    var globalRoles = VcloudPublishing.ofGlobalRoles(realm);
    var bundles = VcloudPublishing.ofRightsBundles(realm);
    var organizationChanges = new VcloudOrganizationChanges(realm, tenancy, tasks);
    var organizations = new VcloudOrganizations(realm, tenancy);
    var groups = new VcloudGroups(tenancy);
    var tokens = new VcloudApiTokens(realm, tenancy);
    var serviceAccounts = new VcloudServiceAccounts(realm, tenancy, tasks);
    var userQuotas = new VcloudQuotas(realm, tenancy, tasks, users.quotaTarget());
    var orgQuotas = new VcloudQuotas(realm, tenancy, tasks, organizations.quotaTarget());
    var accountQuotas = new VcloudQuotas(realm, tenancy, tasks, serviceAccounts.quotaTarget());
    var oauth = new VcloudOAuth(realm, auth, sessions, serviceAccounts);
    var olderOrganizations = new VcloudOlderOrganizations(realm, tenancy, organizationChanges);
    var olderUsers = new VcloudOlderUsers(realm, tenancy, users, changes);
    var olderRoles = new VcloudOlderRoles(realm, tenancy);
    var queries = new VcloudQueries(realm, tenancy);
    // spotless:off
    operations = List.of(
        get(VERSIONS, GET_VERSIONS, VcloudApiVersions::get).forEveryone(),
        post("/api/sessions", LOGIN_OLDER_API, sessions::loginOlderApi).forEveryone(),
        get("/api/session", GET_SESSION_OLDER_API, sessions::currentOlderApi),
        delete("/api/session", LOGOUT_OLDER_API, sessions::endCurrent),
        get("/api/task/:taskId", GET_TASK_OLDER_API, tasks::get),
        get("/api/tasksList/:orgId", GET_TASKS_OLDER_API, olderOrganizations::tasks),
        get("/api/org", GET_ORGS_OLDER_API, olderOrganizations::list),
        get("/api/org/:orgId", GET_ORG_OLDER_API, olderOrganizations::get),
        get("/api/org/:orgId/metadata", GET_ORG_METADATA_OLDER_API, olderOrganizations::metadata),
        get("/api/admin", GET_ADMIN_OLDER_API, olderOrganizations::admin),
        post("/api/admin/orgs", CREATE_ORG_OLDER_API, olderOrganizations::create),
        get("/api/admin/org/:orgId", GET_ADMIN_ORG_OLDER_API, olderOrganizations::getAdmin),
        put("/api/admin/org/:orgId", UPDATE_ORG_OLDER_API, olderOrganizations::update),
        delete("/api/admin/org/:orgId", DELETE_ORG_OLDER_API, olderOrganizations::delete),
        post("/api/admin/org/:orgId/action/enable", ENABLE_ORG_OLDER_API, olderOrganizations::enable),
        post("/api/admin/org/:orgId/action/disable", DISABLE_ORG_OLDER_API, olderOrganizations::disable),
        get("/api/admin/org/:orgId/metadata", GET_ADMIN_ORG_METADATA_OLDER_API, olderOrganizations::metadata),
        interactive(post("/api/admin/org/:orgId/users", CREATE_USER_OLDER_API, olderUsers::create)),
        get("/api/admin/user/:userId", GET_USER_OLDER_API, olderUsers::get),
        interactive(put("/api/admin/user/:userId", UPDATE_USER_OLDER_API, olderUsers::update)),
        interactive(delete("/api/admin/user/:userId", DELETE_USER_OLDER_API, olderUsers::delete)),
        interactive(post("/api/admin/user/:userId/action/takeOwnership", TAKE_OWNERSHIP_OLDER_API, olderUsers::takeOwnership)),
        get("/api/admin/group/:groupUrn", GET_GROUP_OLDER_API, groups::getOlder),
        get("/api/admin/org/:orgId/rights", GET_ORG_RIGHTS_OLDER_API, olderRoles::rights),
        post("/api/admin/org/:orgId/roles", CREATE_ROLE_OLDER_API, olderRoles::create),
        get("/api/admin/org/:orgId/role/:roleId", GET_ORG_ROLE_OLDER_API, olderRoles::get),
        put("/api/admin/org/:orgId/role/:roleId", UPDATE_ORG_ROLE_OLDER_API, olderRoles::update),
        delete("/api/admin/org/:orgId/role/:roleId", DELETE_ORG_ROLE_OLDER_API, olderRoles::delete),
        get("/api/admin/role/:roleId", GET_ROLE_OLDER_API, olderRoles::get),
        put("/api/admin/role/:roleId", UPDATE_ROLE_OLDER_API, olderRoles::update),
        delete("/api/admin/role/:roleId", DELETE_ROLE_OLDER_API, olderRoles::delete),
        get("/api/admin/right/:rightId", GET_RIGHT_OLDER_API, olderRoles::getRight),
        get("/api/query", QUERY_OLDER_API, queries::query),

        post("/cloudapi/1.0.0/sessions", LOGIN, sessions::login).forEveryone(),
        post("/cloudapi/1.0.0/sessions/provider", PROVIDER_LOGIN, sessions::loginProvider).forEveryone(),
        get("/cloudapi/1.0.0/sessions", QUERY_SESSIONS, sessions::query),
        get("/cloudapi/1.0.0/sessions/current", GET_CURRENT_SESSION, sessions::current),
        since(VcloudVersion.WITH_SESSION_CALLS,
            delete("/cloudapi/1.0.0/sessions/current", LOGOUT_CURRENT_SESSION, sessions::endCurrent)),
        get("/cloudapi/1.0.0/sessions/:sessionUrn", GET_SESSION, sessions::get),
        delete("/cloudapi/1.0.0/sessions/:sessionUrn", LOGOUT_SESSION, sessions::end),

        get("/cloudapi/1.0.0/users", QUERY_USERS, users::query),
        interactive(post("/cloudapi/1.0.0/users", CREATE_USER, VcdUser.class, changes::create)),
        get("/cloudapi/1.0.0/users/:userUrn", GET_USER, users::get),
        interactive(put("/cloudapi/1.0.0/users/:userUrn", UPDATE_USER, VcdUser.class, changes::update)),
        interactive(delete("/cloudapi/1.0.0/users/:userUrn", DELETE_USER, changes::delete)),
        get("/cloudapi/1.0.0/users/:userUrn/groups", QUERY_USER_GROUPS, users::groups),
        since(VcloudVersion.WITH_CHANGE_PASSWORD,
            interactive(post("/cloudapi/1.0.0/users/:userUrn/changePassword", CHANGE_PASSWORD, PasswordChangeRequest.class, users::changePassword))),
        since(VcloudVersion.WITH_TAKE_OWNERSHIP,
            interactive(post("/cloudapi/1.0.0/users/:userUrn/takeOwnership", TAKE_OWNERSHIP, users::takeOwnership))),

        get("/cloudapi/1.0.0/groups", QUERY_GROUPS, groups::query),
        get("/cloudapi/1.0.0/groups/:groupUrn", GET_GROUP, groups::get),
        get("/cloudapi/1.0.0/groups/:groupUrn/users", QUERY_GROUP_USERS, groups::get),
        get("/cloudapi/1.0.0/orgs", QUERY_ORGS, organizations::query),
        get("/cloudapi/1.0.0/orgs/:orgUrn", GET_ORG, organizations::get),
        since(VcloudVersion.WITH_ORGANIZATION_WRITES,
            post("/cloudapi/1.0.0/orgs", CREATE_ORG, OrgRequest.class, organizationChanges::create)),
        since(VcloudVersion.WITH_ORGANIZATION_WRITES,
            put("/cloudapi/1.0.0/orgs/:orgUrn", UPDATE_ORG, OrgRequest.class, organizationChanges::update)),
        since(VcloudVersion.WITH_ORGANIZATION_WRITES,
            delete("/cloudapi/1.0.0/orgs/:orgUrn", DELETE_ORG, organizationChanges::delete)),
        get("/cloudapi/1.0.0/roles", QUERY_ROLES, roles::query),
        post("/cloudapi/1.0.0/roles", CREATE_ROLE, ContainerRequest.class, roles::create),
        get("/cloudapi/1.0.0/roles/:roleUrn", GET_ROLE, roles::get),
        put("/cloudapi/1.0.0/roles/:roleUrn", UPDATE_ROLE, ContainerRequest.class, roles::update),
        delete("/cloudapi/1.0.0/roles/:roleUrn", DELETE_ROLE, roles::delete),
        get("/cloudapi/1.0.0/roles/:roleUrn/rights", QUERY_ROLE_RIGHTS, roles::queryRights),
        post("/cloudapi/1.0.0/roles/:roleUrn/rights", ADD_ROLE_RIGHTS, References.class, roles::addRights),
        put("/cloudapi/1.0.0/roles/:roleUrn/rights", UPDATE_ROLE_RIGHTS, References.class, roles::replaceRights),
        get("/cloudapi/1.0.0/rights", QUERY_RIGHTS, rights::query),
        get("/cloudapi/1.0.0/rights/:rightUrn", GET_RIGHT, rights::get),
        get("/cloudapi/1.0.0/rightsCategories", QUERY_RIGHTS_CATEGORIES, rights::queryCategories),
        get("/cloudapi/1.0.0/rightsCategories/:categoryUrn", GET_RIGHTS_CATEGORY, rights::getCategory),

        get("/cloudapi/1.0.0/globalRoles", QUERY_GLOBAL_ROLES, globalRoles::query),
        post("/cloudapi/1.0.0/globalRoles", CREATE_GLOBAL_ROLE, ContainerRequest.class, globalRoles::create),
        get("/cloudapi/1.0.0/globalRoles/:urn", GET_GLOBAL_ROLE, globalRoles::get),
        put("/cloudapi/1.0.0/globalRoles/:urn", UPDATE_GLOBAL_ROLE, ContainerRequest.class, globalRoles::update),
        delete("/cloudapi/1.0.0/globalRoles/:urn", DELETE_GLOBAL_ROLE, globalRoles::delete),
        get("/cloudapi/1.0.0/globalRoles/:urn/rights", QUERY_GLOBAL_ROLE_RIGHTS, globalRoles::queryRights),
        post("/cloudapi/1.0.0/globalRoles/:urn/rights", ADD_GLOBAL_ROLE_RIGHTS, References.class, globalRoles::addRights),
        put("/cloudapi/1.0.0/globalRoles/:urn/rights", UPDATE_GLOBAL_ROLE_RIGHTS, References.class, globalRoles::replaceRights),
        get("/cloudapi/1.0.0/globalRoles/:urn/tenants", QUERY_GLOBAL_ROLE_TENANTS, globalRoles::queryTenants),
        put("/cloudapi/1.0.0/globalRoles/:urn/tenants", UPDATE_GLOBAL_ROLE_TENANTS, References.class, globalRoles::replaceTenants),
        post("/cloudapi/1.0.0/globalRoles/:urn/tenants/publish", PUBLISH_GLOBAL_ROLE, References.class, globalRoles::publish),
        post("/cloudapi/1.0.0/globalRoles/:urn/tenants/unpublish", UNPUBLISH_GLOBAL_ROLE, References.class, globalRoles::unpublish),
        post("/cloudapi/1.0.0/globalRoles/:urn/tenants/publishAll", PUBLISH_GLOBAL_ROLE_TO_ALL, globalRoles::publishAll),
        post("/cloudapi/1.0.0/globalRoles/:urn/tenants/unpublishAll", UNPUBLISH_GLOBAL_ROLE_FROM_ALL, globalRoles::unpublishAll),
        get("/cloudapi/1.0.0/rightsBundles", QUERY_RIGHTS_BUNDLES, bundles::query),
        post("/cloudapi/1.0.0/rightsBundles", CREATE_RIGHTS_BUNDLE, ContainerRequest.class, bundles::create),
        get("/cloudapi/1.0.0/rightsBundles/:urn", GET_RIGHTS_BUNDLE, bundles::get),
        put("/cloudapi/1.0.0/rightsBundles/:urn", UPDATE_RIGHTS_BUNDLE, ContainerRequest.class, bundles::update),
        delete("/cloudapi/1.0.0/rightsBundles/:urn", DELETE_RIGHTS_BUNDLE, bundles::delete),
        get("/cloudapi/1.0.0/rightsBundles/:urn/rights", QUERY_RIGHTS_BUNDLE_RIGHTS, bundles::queryRights),
        post("/cloudapi/1.0.0/rightsBundles/:urn/rights", ADD_RIGHTS_BUNDLE_RIGHTS, References.class, bundles::addRights),
        put("/cloudapi/1.0.0/rightsBundles/:urn/rights", UPDATE_RIGHTS_BUNDLE_RIGHTS, References.class, bundles::replaceRights),
        get("/cloudapi/1.0.0/rightsBundles/:urn/tenants", QUERY_RIGHTS_BUNDLE_TENANTS, bundles::queryTenants),
        put("/cloudapi/1.0.0/rightsBundles/:urn/tenants", UPDATE_RIGHTS_BUNDLE_TENANTS, References.class, bundles::replaceTenants),
        post("/cloudapi/1.0.0/rightsBundles/:urn/tenants/publish", PUBLISH_RIGHTS_BUNDLE, References.class, bundles::publish),
        post("/cloudapi/1.0.0/rightsBundles/:urn/tenants/unpublish", UNPUBLISH_RIGHTS_BUNDLE, References.class, bundles::unpublish),
        post("/cloudapi/1.0.0/rightsBundles/:urn/tenants/publishAll", PUBLISH_RIGHTS_BUNDLE_TO_ALL, bundles::publishAll),
        post("/cloudapi/1.0.0/rightsBundles/:urn/tenants/unpublishAll", UNPUBLISH_RIGHTS_BUNDLE_FROM_ALL, bundles::unpublishAll),

        interactive(get("/cloudapi/1.0.0/tokens", QUERY_TOKENS, tokens::query)),
        interactive(get("/cloudapi/1.0.0/tokens/:tokenUrn", GET_TOKEN, tokens::get)),
        interactive(delete("/cloudapi/1.0.0/tokens/:tokenUrn", DELETE_TOKEN, tokens::delete)),
        interactive(post("/oauth/provider/register", REGISTER_PROVIDER_CLIENT, ClientMetadata.class, oauth::registerProvider)),
        interactive(post("/oauth/tenant/:organization/register", REGISTER_TENANT_CLIENT, ClientMetadata.class, oauth::registerTenant)),
        post("/oauth/provider/token", PROVIDER_TOKEN, oauth::tokenForProvider).forEveryone(),
        post("/oauth/tenant/:organization/token", TENANT_TOKEN, oauth::tokenForTenant).forEveryone(),

        post("/oauth/provider/device_authorization", AUTHORIZE_PROVIDER_DEVICE, oauth::authorizeDeviceForProvider).forEveryone(),
        post("/oauth/tenant/:organization/device_authorization", AUTHORIZE_TENANT_DEVICE, oauth::authorizeDeviceForTenant).forEveryone(),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(post("/cloudapi/1.0.0/deviceLookup", LOOK_UP_DEVICE, DeviceInfo.class, serviceAccounts::lookUp))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(post("/cloudapi/1.0.0/deviceLookup/grant", GRANT_DEVICE, DeviceInfo.class, serviceAccounts::grant))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(post("/cloudapi/1.0.0/deviceLookup/deny", DENY_DEVICE, DeviceInfo.class, serviceAccounts::deny))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(get("/cloudapi/1.0.0/serviceAccounts", QUERY_SERVICE_ACCOUNTS, serviceAccounts::query))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(get("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn", GET_SERVICE_ACCOUNT, serviceAccounts::get))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(put("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn", UPDATE_SERVICE_ACCOUNT, ServiceAccount.class, serviceAccounts::update))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(delete("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn", DELETE_SERVICE_ACCOUNT, serviceAccounts::delete))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(post("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/revoke", REVOKE_SERVICE_ACCOUNT, serviceAccounts::revoke))),
        since(VcloudVersion.WITH_TAKE_OWNERSHIP,
            interactive(post("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/takeOwnership", TAKE_OWNERSHIP_OF_SERVICE_ACCOUNT, serviceAccounts::takeOwnership))),

        get("/cloudapi/1.0.0/sessions/:sessionUrn/accessibleLocations", GET_ACCESSIBLE_LOCATIONS, sessions::accessibleLocations),
        get("/cloudapi/1.0.0/users/:userUrn/quotas", GET_USER_QUOTAS, userQuotas::get),
        interactive(put("/cloudapi/1.0.0/users/:userUrn/quotas", ASSIGN_USER_QUOTAS, Quotas.class, userQuotas::assign)),
        get("/cloudapi/1.0.0/users/:userUrn/quotaPolicy", GET_USER_QUOTA_POLICY, userQuotas::getPolicy),
        interactive(put("/cloudapi/1.0.0/users/:userUrn/quotaPolicy", ASSIGN_USER_QUOTA_POLICY, userQuotas::assignPolicy)),
        get("/cloudapi/1.0.0/groups/:groupUrn/quotas", GET_GROUP_QUOTAS, groups::get),
        interactive(put("/cloudapi/1.0.0/groups/:groupUrn/quotas", ASSIGN_GROUP_QUOTAS, groups::get)),
        get("/cloudapi/1.0.0/groups/:groupUrn/quotaPolicy", GET_GROUP_QUOTA_POLICY, groups::get),
        interactive(put("/cloudapi/1.0.0/groups/:groupUrn/quotaPolicy", ASSIGN_GROUP_QUOTA_POLICY, groups::get)),
        get("/cloudapi/1.0.0/orgs/:orgUrn/quotas", GET_ORG_QUOTAS, orgQuotas::get),
        interactive(put("/cloudapi/1.0.0/orgs/:orgUrn/quotas", ASSIGN_ORG_QUOTAS, Quotas.class, orgQuotas::assign)),
        get("/cloudapi/1.0.0/orgs/:orgUrn/quotaPolicy", GET_ORG_QUOTA_POLICY, orgQuotas::getPolicy),
        interactive(put("/cloudapi/1.0.0/orgs/:orgUrn/quotaPolicy", ASSIGN_ORG_QUOTA_POLICY, orgQuotas::assignPolicy)),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(get("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/quotas", GET_SERVICE_ACCOUNT_QUOTAS, accountQuotas::get))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(put("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/quotas", ASSIGN_SERVICE_ACCOUNT_QUOTAS, Quotas.class, accountQuotas::assign))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(get("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/quotaPolicy", GET_SERVICE_ACCOUNT_QUOTA_POLICY, accountQuotas::getPolicy))),
        since(VcloudVersion.WITH_SERVICE_ACCOUNTS,
            interactive(put("/cloudapi/1.0.0/serviceAccounts/:serviceAccountUrn/quotaPolicy", ASSIGN_SERVICE_ACCOUNT_QUOTA_POLICY, accountQuotas::assignPolicy))));
    // spotless:on
  }

  private Operation since(VcloudVersion version, Operation operation) {
    since.put(operation.name(), version);
    return operation;
  }

  /** Returns an operation that is forbidden in sessions that were created with an API token. */
  private static Operation interactive(Operation operation) {
    return operation.with(
        call -> {
          if (VcloudCaller.of(call).session().isLimited()) {
            throw Failure.of(Reason.FORBIDDEN);
          }
          return operation.action().answer(call);
        });
  }

  @Override
  public String name() {
    return VcloudApi.NAME;
  }

  @Override
  public String version() {
    return "10.6.1";
  }

  @Override
  public Fidelity fidelity() {
    return fidelity;
  }

  @Override
  public List<String> prefixes() {
    return PREFIXES;
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  /** Checks the version before anything else, even before authentication. */
  @Override
  public Optional<Reply> intercept(Call call) {
    var path = call.path();
    if (path.startsWith(VERSIONS) || path.startsWith(OAUTH)) {
      return Optional.empty();
    }
    VcloudVersion.of(call);
    return Optional.empty();
  }

  @Override
  public boolean authenticatesFirst() {
    return true;
  }

  /** Refuses what the product has and this double has not, unlike unknown paths. */
  @Override
  public Future<Void> checkMissing(Call call) {
    var path = call.path();
    return Stream.of(NOT_USERS, GROUPS, ROLE_TEMPLATES)
            .anyMatch(unsupported -> unsupported.matcher(path).matches())
        ? Future.failedFuture(Failure.of(Reason.NOT_SUPPORTED, call.method() + " " + path))
        : Future.succeededFuture();
  }

  @Override
  public Future<Caller> authenticate(Call call) {
    call.operation()
        .map(operation -> since.get(operation.name()))
        .ifPresent(first -> require(call, first));
    return auth.caller(call);
  }

  private void require(Call call, VcloudVersion first) {
    var version = VcloudVersion.of(call);
    if (!version.since(first)) {
      throw VcloudErrors.NOT_IN_VERSION.newException(Reason.WRONG_METHOD, version.toString());
    }
  }

  @Override
  public Future<Optional<String>> subject(Call call) {
    return users.subject(call);
  }

  @Override
  public Future<ShownUser> show(User user) {
    return users.show(user);
  }

  @Override
  public <T> T decode(Call call, Class<T> type) {
    return VcloudWire.read(call, type);
  }

  @Override
  public VendorError error(Reason reason) {
    return VcloudErrors.of(reason);
  }

  @Override
  public ObjectMapper json() {
    return VcloudWire.JSON;
  }

  @Override
  public CharSequence contentType(Call call) {
    return call.path().startsWith(OAUTH)
        ? "application/json"
        : "application/json;version=" + VcloudVersion.responseVersion(call);
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    headers.set("X-VMWARE-VCLOUD-REQUEST-ID", VcloudRequest.id(call));
    headers.set("X-VMWARE-VCLOUD-REQUEST-EXECUTION-TIME", Long.toString(call.elapsed().toMillis()));
    ALWAYS.forEach(header -> header.setIn(headers));
    if (call.encrypted()) {
      headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload");
    }
    if (call.method().equals(HttpMethod.GET)
        && reply.status() == 200
        && call.path().startsWith(VcloudApi.ROOT)) {
      headers.set("Content-Location", call.origin() + call.path());
    }
  }
}
