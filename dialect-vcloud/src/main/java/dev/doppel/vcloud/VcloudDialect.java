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
import dev.doppel.vcloud.VcloudWire.PasswordChangeRequest;
import dev.doppel.vcloud.VcloudWire.VcdUser;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** The collections that are read-only here but not in the product. */
  private static final Pattern READ_ONLY =
      Pattern.compile(VcloudApi.VERSIONED + "/(groups|orgs|roles)(/[^/]+)?/?");

  /** The paths that clients of the older API call for users. No operation supports them. */
  private static final List<String> OLDER_USERS = List.of("/api/org", "/api/admin", "/api/query");

  private static final Set<HttpMethod> CHANGING =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);

  /** Paths that are this vendor's. */
  static final List<String> PREFIXES =
      Stream.concat(
              Stream.of(
                  VcloudApi.ROOT, VERSIONS, "/api/sessions", "/api/session", "/api/task", OAUTH),
              OLDER_USERS.stream())
          .toList();

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
    var roles = new VcloudRoles(tenancy);
    var organizations = new VcloudOrganizations(realm, tenancy);
    var groups = new VcloudGroups(tenancy);
    var tokens = new VcloudApiTokens(realm, tenancy);
    var oauth = new VcloudOAuth(realm, auth, sessions);
    // spotless:off
    operations = List.of(
        get(VERSIONS, GET_VERSIONS, VcloudApiVersions::get).forEveryone(),
        post("/api/sessions", LOGIN_OLDER_API, sessions::loginOlderApi).forEveryone(),
        get("/api/session", GET_SESSION_OLDER_API, sessions::currentOlderApi),
        delete("/api/session", LOGOUT_OLDER_API, sessions::endCurrent),
        get("/api/task/:taskId", GET_TASK_OLDER_API, tasks::get),

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
        get("/cloudapi/1.0.0/roles", QUERY_ROLES, roles::query),
        get("/cloudapi/1.0.0/roles/:roleUrn", GET_ROLE, roles::get),

        since(VcloudVersion.WITH_API_TOKENS,
            interactive(get("/cloudapi/1.0.0/tokens", QUERY_TOKENS, tokens::query))),
        since(VcloudVersion.WITH_API_TOKENS,
            interactive(get("/cloudapi/1.0.0/tokens/:tokenUrn", GET_TOKEN, tokens::get))),
        since(VcloudVersion.WITH_API_TOKENS,
            interactive(delete("/cloudapi/1.0.0/tokens/:tokenUrn", DELETE_TOKEN, tokens::delete))),
        interactive(post("/oauth/provider/register", REGISTER_PROVIDER_CLIENT, ClientMetadata.class, oauth::registerProvider)),
        interactive(post("/oauth/tenant/:organization/register", REGISTER_TENANT_CLIENT, ClientMetadata.class, oauth::registerTenant)),
        post("/oauth/provider/token", PROVIDER_TOKEN, oauth::tokenForProvider).forEveryone(),
        post("/oauth/tenant/:organization/token", TENANT_TOKEN, oauth::tokenForTenant).forEveryone());
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
    if (OLDER_USERS.stream().anyMatch(path::startsWith)) {
      throw Failure.of(Reason.NOT_SUPPORTED, call.method() + " " + path + " of the older XML API");
    }
    return Optional.empty();
  }

  @Override
  public boolean authenticatesFirst() {
    return true;
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
    return reason == Reason.WRONG_METHOD ? VcloudDialect::wrongMethod : VcloudErrors.of(reason);
  }

  private static Reply wrongMethod(Call call, Failure failure) {
    return READ_ONLY.matcher(call.path()).matches() && CHANGING.contains(call.method())
        ? VcloudErrors.of(Reason.NOT_SUPPORTED)
            .reply(call, Failure.of(Reason.NOT_SUPPORTED, call.method() + " " + call.path()))
        : VcloudErrors.METHOD_NOT_ALLOWED.reply(call, failure);
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
