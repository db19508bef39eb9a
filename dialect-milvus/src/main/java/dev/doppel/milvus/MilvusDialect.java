package dev.doppel.milvus;

import static dev.doppel.dialect.Operation.post;
import static dev.doppel.milvus.MilvusOperation.*;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.CallServer;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Deviations;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.FixedHeader;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.PathRules;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.VendorError;
import dev.doppel.milvus.MilvusWire.AliasReq;
import dev.doppel.milvus.MilvusWire.CollectionNameReq;
import dev.doppel.milvus.MilvusWire.DatabaseReq;
import dev.doppel.milvus.MilvusWire.DatabaseReqRequiredName;
import dev.doppel.milvus.MilvusWire.DatabaseReqWithProperties;
import dev.doppel.milvus.MilvusWire.EmptyReq;
import dev.doppel.milvus.MilvusWire.GrantReq;
import dev.doppel.milvus.MilvusWire.GrantV2Req;
import dev.doppel.milvus.MilvusWire.NewPasswordReq;
import dev.doppel.milvus.MilvusWire.OptionalCollectionNameReq;
import dev.doppel.milvus.MilvusWire.PasswordReq;
import dev.doppel.milvus.MilvusWire.PrivilegeGroupReq;
import dev.doppel.milvus.MilvusWire.RoleReq;
import dev.doppel.milvus.MilvusWire.UserReq;
import dev.doppel.milvus.MilvusWire.UserRoleReq;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoBasicAuth;
import dev.doppel.wire.go.GoJson;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * Milvus over REST v2, one line per operation, named and ordered as in its reference, and over gRPC
 * on the same port.
 */
public final class MilvusDialect implements Dialect {

  /** The name of the dialect, in configuration and seeds. */
  public static final String NAME = MilvusExtras.DIALECT;

  private static final String PREFIX = "/v2/vectordb";

  /** The REST API before version 2, which has no calls about users. */
  private static final String PREFIX_V1 = "/v1/vector";

  private static final CharSequence CONTENT_TYPE =
      HttpHeaders.createOptimized("application/json; charset=utf-8");

  private static final List<FixedHeader> CROSS_ORIGIN =
      List.of(
          new FixedHeader("Access-Control-Allow-Origin", "*"),
          new FixedHeader("Access-Control-Allow-Credentials", "true"),
          new FixedHeader(
              "Access-Control-Allow-Headers",
              "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, accept,"
                  + " origin, Cache-Control, X-Requested-With"),
          new FixedHeader(
              "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH"));

  private static final FixedHeader NOT_SNIFFED =
      new FixedHeader("X-Content-Type-Options", "nosniff");
  private static final FixedHeader CHALLENGE =
      new FixedHeader("WWW-Authenticate", "Basic realm=\"restricted\", charset=\"UTF-8\"");

  /** Resources of the server that hold or manage data; a few of their operations are served. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "/aliases/",
          "/collections/",
          "/databases/",
          "/entities/",
          "/indexes/",
          "/jobs/",
          "/partitions/",
          "/resource_groups/",
          "/segments/",
          "/quotacenter/",
          "/common/");

  /** A release of the server, with its properties that clients can see. */
  public enum Version {
    /** The last line whose errors all have one code, and that has no descriptions. */
    V2_5("2.5.27", MilvusEra.FIRST),
    V2_6("2.6.19", MilvusEra.THIRD);

    private final String text;
    private final MilvusEra era;

    Version(String text, MilvusEra era) {
      this.text = text;
      this.era = era;
    }

    /** The version in the server's own form. */
    public String text() {
      return text;
    }
  }

  /**
   * Settings of the server.
   *
   * @param authorization whether callers must authenticate; the open-source server's own default is
   *     off, so that everyone may do everything
   * @param authorizationOffAnywhere whether authorization may be off on an address that is not
   *     loopback
   */
  public record Settings(Version version, boolean authorization, boolean authorizationOffAnywhere) {

    /** Settings that refuse to run without authorization beyond loopback. */
    public Settings(Version version, boolean authorization) {
      this(version, authorization, false);
    }

    /** 2.6.19 with authorization. */
    public static final Settings DEFAULT = new Settings(Version.V2_6, true);
  }

  /**
   * Checks the privileges of a role that were written elsewhere: {@code {"grants": [{"privilege":
   * "Search", "objectName": "docs", "dbName": "default"}]}}.
   *
   * @return the text that the dialect stores with the role
   * @throws IllegalArgumentException if Milvus has no such privileges; the message names the
   *     invalid part
   */
  public static String roleExtras(String json) {
    return MilvusRoleExtras.checked(json);
  }

  /** Paths that are this vendor's. */
  static final List<String> PREFIXES =
      List.of(
          PREFIX,
          PREFIX_V1,
          "/" + MilvusGrpc.SERVICE,
          "/" + MilvusGrpc.TELEMETRY,
          "/" + MilvusGrpc.HEALTH);

  private final Fidelity fidelity;
  private final Settings settings;
  private final MilvusAuth auth;
  private final MilvusOperations users;
  private final List<Operation> operations;

  public MilvusDialect(Realm realm, Fidelity fidelity) {
    this(realm, fidelity, Settings.DEFAULT);
  }

  public MilvusDialect(Realm realm, Fidelity fidelity, Settings settings) {
    this.fidelity = fidelity;
    this.settings = settings;
    auth = new MilvusAuth(realm);
    var era = settings.version().era;
    users = new MilvusOperations(realm, era);
    operations =
        operations(new MilvusRest(users, settings.authorization())).stream()
            .filter(one -> era == MilvusEra.THIRD || one.id() != ALTER_ROLE)
            .map(this::configured)
            .toList();
  }

  private Operation configured(Operation operation) {
    var timed = operation.with(MilvusRest.timed(operation.action()));
    return settings.authorization() ? timed : timed.forEveryone();
  }

  private static List<Operation> operations(MilvusRest rest) {
    // spotless:off
    return List.of(
        post(PREFIX + "/users/create", CREATE_USER, PasswordReq.class, rest::createUser),
        post(PREFIX + "/users/describe", DESCRIBE_USER, UserReq.class, rest::describeUser),
        post(PREFIX + "/users/drop", DROP_USER, UserReq.class, rest::dropUser),
        post(PREFIX + "/users/list", LIST_USERS, DatabaseReq.class, rest::listUsers),
        post(PREFIX + "/users/update_password", UPDATE_USER_PASSWORD, NewPasswordReq.class, rest::updatePassword),
        post(PREFIX + "/users/grant_role", GRANT_ROLE_TO_USER, UserRoleReq.class, rest::grantRole),
        post(PREFIX + "/users/revoke_role", REVOKE_ROLE_FROM_USER, UserRoleReq.class, rest::revokeRole),

        post(PREFIX + "/roles/create", CREATE_ROLE, RoleReq.class, rest::createRole),
        post(PREFIX + "/roles/describe", DESCRIBE_ROLE, RoleReq.class, rest::describeRole),
        post(PREFIX + "/roles/alter", ALTER_ROLE, RoleReq.class, rest::alterRole),
        post(PREFIX + "/roles/drop", DROP_ROLE, RoleReq.class, rest::dropRole),
        post(PREFIX + "/roles/list", LIST_ROLES, DatabaseReq.class, rest::listRoles),
        post(PREFIX + "/roles/grant_privilege", GRANT_PRIVILEGE_TO_ROLE, GrantReq.class, rest::grantPrivilege),
        post(PREFIX + "/roles/revoke_privilege", REVOKE_PRIVILEGE_FROM_ROLE, GrantReq.class, rest::revokePrivilege),
        post(PREFIX + "/roles/grant_privilege_v2", GRANT_PRIVILEGE_TO_ROLE_V2, GrantV2Req.class, rest::grantPrivilegeV2),
        post(PREFIX + "/roles/revoke_privilege_v2", REVOKE_PRIVILEGE_FROM_ROLE_V2, GrantV2Req.class, rest::revokePrivilegeV2),

        post(PREFIX + "/privilege_groups/create", CREATE_PRIVILEGE_GROUP, PrivilegeGroupReq.class, rest::createGroup),
        post(PREFIX + "/privilege_groups/drop", DROP_PRIVILEGE_GROUP, PrivilegeGroupReq.class, rest::dropGroup),
        post(PREFIX + "/privilege_groups/list", LIST_PRIVILEGE_GROUPS, DatabaseReq.class, rest::listGroups),
        post(PREFIX + "/privilege_groups/add_privileges_to_group", ADD_PRIVILEGES_TO_GROUP, PrivilegeGroupReq.class, rest::addToGroup),
        post(PREFIX + "/privilege_groups/remove_privileges_from_group", REMOVE_PRIVILEGES_FROM_GROUP, PrivilegeGroupReq.class, rest::removeFromGroup),

        post(PREFIX + "/collections/list", LIST_COLLECTIONS, DatabaseReq.class, rest::listCollections),
        post(PREFIX + "/collections/has", HAS_COLLECTION, CollectionNameReq.class, rest::hasCollection),
        post(PREFIX + "/collections/describe", DESCRIBE_COLLECTION, CollectionNameReq.class, rest::describeCollection),
        post(PREFIX + "/collections/get_stats", GET_COLLECTION_STATS, CollectionNameReq.class, rest::collectionStats),
        post(PREFIX + "/collections/get_load_state", GET_COLLECTION_LOAD_STATE, CollectionNameReq.class, rest::collectionLoadState),
        post(PREFIX + "/partitions/list", LIST_PARTITIONS, CollectionNameReq.class, rest::listPartitions),
        post(PREFIX + "/aliases/list", LIST_ALIASES, OptionalCollectionNameReq.class, rest::listAliases),
        post(PREFIX + "/aliases/describe", DESCRIBE_ALIAS, AliasReq.class, rest::describeAlias),

        post(PREFIX + "/databases/create", CREATE_DATABASE, DatabaseReqWithProperties.class, rest::createDatabase),
        post(PREFIX + "/databases/drop", DROP_DATABASE, DatabaseReqRequiredName.class, rest::dropDatabase),
        post(PREFIX + "/databases/list", LIST_DATABASES, EmptyReq.class, rest::listDatabases),
        post(PREFIX + "/databases/describe", DESCRIBE_DATABASE, DatabaseReqRequiredName.class, rest::describeDatabase));
    // spotless:on
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return settings.version().text();
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
  public Optional<Handler<HttpServerRequest>> grpc(CallServer server) {
    var grpcAuth = new MilvusGrpcAuth(auth, settings.authorization());
    return Optional.of(new MilvusGrpc(server, fidelity, grpcAuth, users, version()));
  }

  @Override
  public List<String> grpcOperations() {
    return MilvusGrpc.operations(settings.version().era);
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  @Override
  public PathRules paths() {
    return PathRules.EXACT;
  }

  /** Redirects a known path with a slash at the end, and accepts every preflight request. */
  @Override
  public Optional<Reply> intercept(Call call) {
    if (redirects(call)) {
      var slash = call.path().length() - 1;
      var location = new StringBuilder(call.uri()).deleteCharAt(slash).toString();
      return Optional.of(Reply.empty(307).with("Location", location));
    }
    return call.method().equals(HttpMethod.OPTIONS)
        ? Optional.of(Reply.noContent())
        : Optional.empty();
  }

  private boolean redirects(Call call) {
    return call.path().endsWith("/")
        && call.method().equals(HttpMethod.POST)
        && operations.stream().anyMatch(one -> call.path().equals(one.path() + "/"));
  }

  @Override
  public boolean authenticatesFirst() {
    return settings.authorization();
  }

  @Override
  public Future<Caller> authenticate(Call call) {
    return auth.caller(call);
  }

  @Override
  public Future<Optional<String>> subject(Call call) {
    return Future.succeededFuture(call.bodyText("userName"));
  }

  @Override
  public Future<ShownUser> show(User user) {
    return Future.succeededFuture(users.shown(user, new Deviations(fidelity)));
  }

  @Override
  public <T> T decode(Call call, Class<T> type) {
    if (call.body().length() == 0) {
      throw MilvusErrors.EMPTY_BODY.newException(Reason.MALFORMED_BODY);
    }
    try {
      return GoJson.read(call.body(), type);
    } catch (GoJson.UnreadableException unreadable) {
      throw unreadable.text().equals("EOF")
          ? MilvusErrors.EMPTY_BODY.newException(Reason.MALFORMED_BODY)
          : MilvusErrors.UNREADABLE_BODY.newException(Reason.MALFORMED_BODY, unreadable.text());
    }
  }

  @Override
  public VendorError error(Reason reason) {
    return reason == Reason.NO_SUCH_PATH ? MilvusDialect::noSuchPath : MilvusErrors.of(reason);
  }

  /** Names paths that the server has and we don't; other paths are unknown, as to the server. */
  private static Reply noSuchPath(Call call, Failure failure) {
    var known =
        call.method().equals(HttpMethod.POST)
            && UNSUPPORTED.stream().anyMatch(one -> call.path().startsWith(PREFIX + one));
    return known || isOfV1(call)
        ? MilvusErrors.of(Reason.NOT_SUPPORTED)
            .reply(call, Failure.of(Reason.NOT_SUPPORTED, call.method() + " " + call.path()))
        : MilvusErrors.of(Reason.NO_SUCH_PATH).reply(call, failure);
  }

  private static boolean isOfV1(Call call) {
    return call.path().startsWith(PREFIX_V1 + "/")
        && (call.method().equals(HttpMethod.GET) || call.method().equals(HttpMethod.POST));
  }

  @Override
  public ObjectMapper json() {
    return MilvusWire.JSON;
  }

  @Override
  public CharSequence contentType(Call call) {
    return CONTENT_TYPE;
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    if (redirects(call)) {
      return; // The server redirects before the step that adds these headers.
    }
    CROSS_ORIGIN.forEach(header -> header.setIn(headers));
    if (settings.version() != Version.V2_5) {
      NOT_SNIFFED.setIn(headers);
    }
    if (settings.authorization()
        && !call.method().equals(HttpMethod.OPTIONS)
        && GoBasicAuth.of(call).isPresent()) {
      CHALLENGE.setIn(headers);
    }
  }
}
