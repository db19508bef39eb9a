package dev.doppel.influx;

import static dev.doppel.dialect.Operation.delete;
import static dev.doppel.dialect.Operation.get;
import static dev.doppel.dialect.Operation.head;
import static dev.doppel.dialect.Operation.patch;
import static dev.doppel.dialect.Operation.post;
import static dev.doppel.dialect.Operation.put;
import static dev.doppel.influx.InfluxOperation.*;
import static dev.doppel.users.Failure.Reason.MALFORMED_BODY;
import static dev.doppel.users.Failure.Reason.NOT_SUPPORTED;
import static dev.doppel.users.Failure.Reason.NO_SUCH_ORGANIZATION;
import static dev.doppel.users.Failure.Reason.NO_SUCH_PATH;
import static dev.doppel.users.Failure.Reason.NO_SUCH_USER;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.FixedHeader;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Operation.Action;
import dev.doppel.dialect.PathRules;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.VendorError;
import dev.doppel.influx.InfluxWire.LabelBody;
import dev.doppel.influx.InfluxWire.NewAuthorization;
import dev.doppel.influx.InfluxWire.NewBucket;
import dev.doppel.influx.InfluxWire.NewOrg;
import dev.doppel.influx.InfluxWire.NewPassword;
import dev.doppel.influx.InfluxWire.NewUserBody;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.IdForm;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.TokenHash;
import dev.doppel.users.Tokens.NewToken;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.wire.go.GoJson;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The InfluxDB OSS 2.x dialect: one line for each operation, with the names and the order of the
 * reference.
 */
public final class InfluxDialect implements Dialect {

  static final String NAME = "influx";

  /** The form of the ids of users. */
  public static final IdForm ID_FORM =
      new IdForm(
          NAME,
          UserId::toString,
          UserId::parse,
          Pattern.compile("(?!0{16})[0-9a-f]{16}"),
          "16 lower-case hexadecimal digits are allowed, not all of them 0");

  /** Methods that the server's router knows. */
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.CONNECT,
          HttpMethod.DELETE,
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.OPTIONS,
          HttpMethod.PATCH,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.TRACE);

  /** A release of the server, with its values that a client can see. */
  public enum Version {
    /** The last release that shows tokens again after they were created. */
    V2_7("v2.7.12", "ec9dcde5d6"),
    V2_9("v2.9.1", "d4fa1941fd");

    private final String text;
    private final String commit;

    Version(String text, String commit) {
      this.text = text;
      this.commit = commit;
    }

    /** Returns the version in the form of the server, such as {@code v2.9.1}. */
    public String text() {
      return text;
    }

    /** Returns the commit of its source in the form of the server. */
    public String commit() {
      return commit;
    }
  }

  /**
   * The settings with which the server can be started, by their own names. Immutable.
   *
   * @param useHashedTokens whether a token is shown only when it is created; otherwise it is stored
   *     readable
   * @param strongPasswords whether a new password needs three of four classes of characters
   * @param sessionLength how long an unused session lives
   * @param sessionRenewal whether using a session prolongs it
   * @param bucket made in the default organization of a store without users
   */
  public record Settings(
      Version version,
      boolean useHashedTokens,
      boolean strongPasswords,
      Duration sessionLength,
      boolean sessionRenewal,
      Optional<Bucket> bucket) {

    /** Settings without a bucket. */
    public Settings(
        Version version,
        boolean useHashedTokens,
        boolean strongPasswords,
        Duration sessionLength,
        boolean sessionRenewal) {
      this(
          version,
          useHashedTokens,
          strongPasswords,
          sessionLength,
          sessionRenewal,
          Optional.empty());
    }

    /** The defaults of 2.9.1. */
    public static final Settings DEFAULT = of(Version.V2_9);

    /** Returns the defaults of a release. */
    public static Settings of(Version version) {
      return new Settings(version, version != Version.V2_7, false, Duration.ofMinutes(60), true);
    }
  }

  /**
   * A bucket.
   *
   * @param retention how long it keeps data; zero means forever
   */
  public record Bucket(String name, Duration retention) {}

  /**
   * A permission of a token. Immutable.
   *
   * @param action {@code read} or {@code write}
   * @param type of resource, by the server's name, such as {@code buckets}
   * @param id of the one resource, 16 hex digits; empty for all resources
   * @param withinOrganization whether it is limited to resources of the token's organization
   */
  public record Permission(
      String action, String type, Optional<String> id, boolean withinOrganization) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if the server has no such permission; the message says which
     *     component is wrong and what is allowed
     */
    public Permission {
      if (InfluxAction.parse(action).isEmpty()) {
        throw new IllegalArgumentException(
            "action: " + Suggestions.notAllowed(action, List.of("read", "write")));
      }
      if (!InfluxPermission.TYPES.contains(type)) {
        throw new IllegalArgumentException(
            "type: " + Suggestions.notAllowed(type, InfluxPermission.TYPES));
      }
      id =
          id.map(
              text ->
                  UserId.parse(text)
                      .orElseThrow(
                          () ->
                              new IllegalArgumentException(
                                  "id: " + Suggestions.notAllowed(text, "16 hex digits")))
                      .toString());
    }

    private InfluxPermission of(Organization organization) {
      return new InfluxPermission(
          InfluxAction.parse(action).orElseThrow(),
          type,
          id.orElse(null),
          withinOrganization ? organization.id().toString() : null);
    }
  }

  private static final CharSequence CONTENT_TYPE =
      HttpHeaders.createOptimized(InfluxWire.CONTENT_TYPE);
  private static final FixedHeader BUILD = new FixedHeader("X-Influxdb-Build", "OSS");

  /** Paths that are this vendor's. */
  static final List<String> PREFIXES =
      List.of("/api/v2", "/health", "/ready", "/ping", "/metrics", "/query", "/write", "/");

  private final Realm realm;
  private final FixedHeader versionHeader;
  private final Fidelity fidelity;
  private final Settings settings;
  private final InfluxAuth auth;
  private final InfluxSystem system;
  private final InfluxUsers users;
  private final List<Operation> operations;

  public InfluxDialect(Realm realm, Fidelity fidelity) {
    this(realm, fidelity, Settings.DEFAULT);
  }

  public InfluxDialect(Realm realm, Fidelity fidelity, Settings settings) {
    this.realm = realm;
    this.fidelity = fidelity;
    this.settings = settings;
    versionHeader = new FixedHeader("X-Influxdb-Version", settings.version().text());
    auth = new InfluxAuth(realm, settings);
    system = new InfluxSystem(realm.clock(), settings);
    var passwords = new InfluxPasswords(settings.strongPasswords());
    users = new InfluxUsers(realm.users(), passwords);
    operations = operations(realm, passwords);
  }

  /**
   * Creates a bucket in the default organization of a realm.
   *
   * @param name without quotation marks and without a leading underscore; otherwise the future
   *     fails
   * @param retention how long it keeps data, an hour at least; zero is for ever
   */
  public static Future<Void> createBucket(Realm realm, String name, Duration retention) {
    return realm.change(
        now -> {
          var buckets = new InfluxBuckets(now, new InfluxOrganizations(now));
          var wanted = InfluxRetention.ofSeconds(retention.toSeconds(), 0);
          return now.organizations()
              .defaultOrganization()
              .compose(org -> buckets.insert(org, buckets.bucket(name, "", "", wanted), wanted))
              .mapEmpty();
        });
  }

  /**
   * Returns a token with a given hash. It is valid in this dialect only and has exactly these
   * permissions.
   *
   * @param settings of the dialect that serves the realm
   * @param secret if it is known; without it the token can't be read again, whatever the settings
   * @param organization that the token belongs to
   */
  public static NewToken token(
      Settings settings,
      TokenHash hash,
      Optional<String> secret,
      User owner,
      Organization organization,
      String description,
      List<Permission> permissions) {
    var authorization =
        new InfluxAuthorization(
            organization.id().toString(),
            permissions.stream().map(one -> one.of(organization)).toList(),
            secret.filter(known -> !settings.useHashedTokens()).orElse(null),
            owner.administrator(),
            false);
    return new NewToken(
        hash,
        owner,
        Optional.of(NAME),
        Status.ACTIVE,
        Optional.empty(),
        description,
        Map.of(NAME, authorization.json()));
  }

  /** The prefix of the hash of a token that is stored as SHA-256. */
  private static final String TOKEN_HASH = "$influxdb2-sha256$";

  /**
   * Reads the hash of a token in the form that the server stores since 2.8: {@code
   * $influxdb2-sha256$} and URL-safe Base64 of 32 bytes, with padding.
   *
   * @throws IllegalArgumentException if it has another form; the message says what is allowed
   */
  public static TokenHash parseTokenHash(String text) {
    if (text.startsWith(TOKEN_HASH)) {
      var hash = Base64.getUrlDecoder().decode(text.substring(TOKEN_HASH.length()));
      if (hash.length == TokenHash.BYTES) {
        return new TokenHash(HexFormat.of().formatHex(hash));
      }
    }
    throw new IllegalArgumentException(
        TOKEN_HASH + "… with 32 bytes in URL-safe base64 is allowed");
  }

  private List<Operation> operations(Realm realm, InfluxPasswords passwords) {
    var me = new InfluxMe(users);
    var sessions = new InfluxSessions(realm, auth, passwords, settings.sessionLength());
    var orgs = new InfluxOrganizations(realm);
    var ofOrgs = new InfluxOrganizationMembers(realm, orgs, users);
    var members = new InfluxMembers<>(realm, users, ofOrgs, Membership.MEMBER);
    var owners = new InfluxMembers<>(realm, users, ofOrgs, Membership.OWNER);
    var buckets = new InfluxBuckets(realm, orgs);
    var ofBuckets = new InfluxBucketMembers(realm, buckets, users);
    var bucketMembers = new InfluxMembers<>(realm, users, ofBuckets, Membership.MEMBER);
    var bucketOwners = new InfluxMembers<>(realm, users, ofBuckets, Membership.OWNER);
    var secrets = new InfluxSecrets(orgs);
    var labels = new InfluxLabels(realm, orgs, buckets);
    var tokens = new InfluxAuthorizations(realm, users, orgs, buckets, settings);
    var setup =
        new InfluxOnboarding(realm, passwords, orgs, buckets, tokens, settings.useHashedTokens());
    // spotless:off
    return List.of(
        get("/health", GET_HEALTH, system::health).forEveryone(),
        get("/ready", GET_READY, system::ready).forEveryone(),
        get("/ping", GET_PING, system::ping).forEveryone(),
        head("/ping", HEAD_PING, system::ping).forEveryone(),
        get("/api/v2", GET_ROUTES, open(system::index)).forEveryone(),
        get("/api/v2/resources", GET_RESOURCES, system::resources),
        get("/api/v2/flags", GET_FLAGS, system::flags),
        get("/api/v2/config", GET_CONFIG, system::config),

        get("/api/v2/setup", GET_SETUP, open(setup::state)).forEveryone(),
        post("/api/v2/setup", POST_SETUP, open(setup::setUp)).forEveryone(),
        post("/api/v2/signin", POST_SIGNIN, open(sessions::signIn)).forEveryone(),
        post("/api/v2/signout", POST_SIGNOUT, open(sessions::signOut)).forEveryone(),

        get("/api/v2/me", GET_ME, me::get),
        put("/api/v2/me/password", PUT_ME_PASSWORD, me::password)
            .when(MALFORMED_BODY, InfluxErrors.UNREADABLE_OWN_RESET)
            .when(NO_SUCH_USER, InfluxErrors.INCORRECT_USER),
        get("/api/v2/users", GET_USERS, users::list),
        post("/api/v2/users", POST_USERS, NewUserBody.class, users::create),
        get("/api/v2/users/:userID", GET_USERS_ID, users::get),
        patch("/api/v2/users/:userID", PATCH_USERS_ID, users::update),
        delete("/api/v2/users/:userID", DELETE_USERS_ID, users::delete),
        post("/api/v2/users/:userID/password", POST_USERS_ID_PASSWORD, NewPassword.class, users::setPassword)
            .when(MALFORMED_BODY, InfluxErrors.INVALID)
            .when(NO_SUCH_USER, InfluxErrors.INCORRECT_USER),
        put("/api/v2/users/:userID/password", PUT_USERS_ID_PASSWORD, users::changePassword)
            .when(MALFORMED_BODY, InfluxErrors.UNREADABLE_RESET)
            .when(NO_SUCH_USER, InfluxErrors.INCORRECT_USER),
        put("/api/v2/users/password", PUT_USERS_PASSWORD, users::changePasswordWithoutId)
            .when(MALFORMED_BODY, InfluxErrors.UNREADABLE_RESET),
        get("/api/v2/users/:userID/permissions", GET_USERS_ID_PERMISSIONS, users::permissions),

        get("/api/v2/authorizations", GET_AUTHORIZATIONS, tokens::list),
        post("/api/v2/authorizations", POST_AUTHORIZATIONS, NewAuthorization.class, tokens::create)
            .when(MALFORMED_BODY, InfluxErrors.AUTHORIZATION_MALFORMED),
        get("/api/v2/authorizations/:authID", GET_AUTHORIZATIONS_ID, tokens::get),
        patch("/api/v2/authorizations/:authID", PATCH_AUTHORIZATIONS_ID, tokens::update),
        delete("/api/v2/authorizations/:authID", DELETE_AUTHORIZATIONS_ID, tokens::delete),

        get("/api/v2/orgs", GET_ORGS, orgs::list),
        post("/api/v2/orgs", POST_ORGS, NewOrg.class, orgs::create)
            .when(MALFORMED_BODY, InfluxErrors.UNMARSHAL),
        get("/api/v2/orgs/:orgID", GET_ORGS_ID, orgs::get),
        patch("/api/v2/orgs/:orgID", PATCH_ORGS_ID, orgs::update)
            .when(MALFORMED_BODY, InfluxErrors.UNMARSHAL),
        delete("/api/v2/orgs/:orgID", DELETE_ORGS_ID, orgs::delete)
            .when(NO_SUCH_ORGANIZATION, orgToDeleteNotFound()),
        get("/api/v2/orgs/:orgID/members", GET_ORGS_ID_MEMBERS, members.list()),
        post("/api/v2/orgs/:orgID/members", POST_ORGS_ID_MEMBERS, members.add()),
        delete("/api/v2/orgs/:orgID/members/:userID", DELETE_ORGS_ID_MEMBERS_ID, members.remove()),
        get("/api/v2/orgs/:orgID/owners", GET_ORGS_ID_OWNERS, owners.list()),
        post("/api/v2/orgs/:orgID/owners", POST_ORGS_ID_OWNERS, owners.add()),
        delete("/api/v2/orgs/:orgID/owners/:userID", DELETE_ORGS_ID_OWNERS_ID, owners.remove()),
        get("/api/v2/orgs/:orgID/secrets", GET_ORGS_ID_SECRETS, secrets::list),
        patch("/api/v2/orgs/:orgID/secrets", PATCH_ORGS_ID_SECRETS, secrets::put)
            .when(MALFORMED_BODY, InfluxErrors.UNMARSHAL),
        post("/api/v2/orgs/:orgID/secrets/delete", POST_ORGS_ID_SECRETS, secrets::deleteAll)
            .when(MALFORMED_BODY, InfluxErrors.UNMARSHAL),
        delete("/api/v2/orgs/:orgID/secrets/:secretID", DELETE_ORGS_ID_SECRETS_ID, secrets::delete),

        get("/api/v2/buckets", GET_BUCKETS, buckets::list),
        post("/api/v2/buckets", POST_BUCKETS, NewBucket.class, buckets::create)
            .when(MALFORMED_BODY, InfluxErrors.UNMARSHAL),
        get("/api/v2/buckets/:bucketID", GET_BUCKETS_ID, buckets::get),
        patch("/api/v2/buckets/:bucketID", PATCH_BUCKETS_ID, buckets::update)
            .when(MALFORMED_BODY, InfluxErrors.UNMARSHAL),
        delete("/api/v2/buckets/:bucketID", DELETE_BUCKETS_ID, buckets::delete),
        get("/api/v2/buckets/:bucketID/members", GET_BUCKETS_ID_MEMBERS, bucketMembers.list()),
        post("/api/v2/buckets/:bucketID/members", POST_BUCKETS_ID_MEMBERS, bucketMembers.add()),
        delete("/api/v2/buckets/:bucketID/members/:userID", DELETE_BUCKETS_ID_MEMBERS_ID, bucketMembers.remove()),
        get("/api/v2/buckets/:bucketID/owners", GET_BUCKETS_ID_OWNERS, bucketOwners.list()),
        post("/api/v2/buckets/:bucketID/owners", POST_BUCKETS_ID_OWNERS, bucketOwners.add()),
        delete("/api/v2/buckets/:bucketID/owners/:userID", DELETE_BUCKETS_ID_OWNERS_ID, bucketOwners.remove()),
        get("/api/v2/buckets/:bucketID/labels", GET_BUCKETS_ID_LABELS, labels::listOfBucket),
        post("/api/v2/buckets/:bucketID/labels", POST_BUCKETS_ID_LABELS, labels::addToBucket),
        delete("/api/v2/buckets/:bucketID/labels/:labelID", DELETE_BUCKETS_ID_LABELS_ID, labels::removeFromBucket),
        get("/api/v2/labels", GET_LABELS, labels::list),
        post("/api/v2/labels", POST_LABELS, LabelBody.class, labels::create)
            .when(MALFORMED_BODY, InfluxErrors.UNMARSHAL),
        get("/api/v2/labels/:labelID", GET_LABELS_ID, labels::get),
        patch("/api/v2/labels/:labelID", PATCH_LABELS_ID, labels::update),
        delete("/api/v2/labels/:labelID", DELETE_LABELS_ID, labels::delete));
    // spotless:on
  }

  /**
   * Opens an action to callers without credentials. The server compares open paths exactly: with a
   * trailing slash they need credentials.
   */
  private Action open(Action action) {
    return call ->
        call.path().endsWith("/")
            ? auth.caller(call).compose(known -> action.answer(call))
            : action.answer(call);
  }

  private VendorError orgToDeleteNotFound() {
    return settings.version() == Version.V2_7
        ? InfluxErrors.ORG_NOT_FOUND
        : InfluxErrors.error(
            404, "not found", "error deleting organization id: %s: organization not found");
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
  public List<Operation> operations() {
    return operations;
  }

  /** Returns the answers that the server gives before authentication, whatever the method. */
  @Override
  public Optional<Reply> intercept(Call call) {
    var malformed = InfluxRequestLine.refusal(call);
    if (malformed.isPresent()) {
      return malformed;
    }
    if (!METHODS.contains(call.method())) {
      return Optional.of(InfluxErrors.UNKNOWN_METHOD);
    }
    var path = call.path();
    if (InfluxPaths.isAt("/health", path)) {
      return Optional.of(system.health());
    }
    if (InfluxPaths.isAt("/ready", path)) {
      return Optional.of(system.ready());
    }
    if (InfluxPaths.isAt("/metrics", path)) {
      return Optional.of(system.metrics());
    }
    if (path.equals("/ping")) {
      return system.pingByAnotherMethod(call);
    }
    if (InfluxUnsupported.isOpen(path)) {
      throw Failure.of(NOT_SUPPORTED, call.method() + " " + path);
    }
    if (InfluxPaths.isOfApi(path)) {
      return preflight(call);
    }
    return InfluxPaths.isOfOldApi(path)
        ? Optional.empty()
        : Optional.of(InfluxErrors.PAGE_NOT_FOUND.reply(call, Failure.of(NO_SUCH_PATH)));
  }

  private static Optional<Reply> preflight(Call call) {
    if (!call.method().equals(HttpMethod.OPTIONS)) {
      return Optional.empty();
    }
    return Optional.of(
        call.header("Origin").isEmpty()
            ? Reply.empty(405)
            : Reply.noContent()
                .with("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE, PATCH")
                .with(
                    "Access-Control-Allow-Headers",
                    "Accept, Content-Type, Content-Length, Accept-Encoding, Authorization,"
                        + " User-Agent"));
  }

  @Override
  public PathRules paths() {
    return InfluxPaths.RULES;
  }

  @Override
  public boolean authenticatesFirst() {
    return true;
  }

  @Override
  public Future<Caller> authenticate(Call call) {
    return auth.caller(call);
  }

  /** Makes the checks of the routers that are mounted below a resource. */
  @Override
  public Future<Void> checkMissing(Call call) {
    var path = InfluxPaths.routed(call.path());
    if (InfluxPaths.isAt(InfluxPaths.CONFIG, path)) {
      InfluxSystem.requireOperator(call);
    }
    var orgs = new InfluxOrganizations(realm);
    var org = InfluxPaths.organizationAbove(path);
    if (org.isPresent()) {
      return InfluxSubresource.organization(call, org.get(), orgs).mapEmpty();
    }
    return InfluxPaths.bucketAbove(path)
        .map(id -> InfluxSubresource.bucket(call, id, new InfluxBuckets(realm, orgs)))
        .map(Future::<Void>mapEmpty)
        .orElseGet(Future::succeededFuture);
  }

  @Override
  public Future<Optional<String>> subject(Call call) {
    return users.subject(call);
  }

  @Override
  public Future<ShownUser> show(User user) {
    return Future.succeededFuture(InfluxUsers.shown(user));
  }

  @Override
  public <T> T decode(Call call, Class<T> type) {
    try {
      return GoJson.read(call.body(), type);
    } catch (GoJson.UnreadableException unreadable) {
      throw Failure.of(MALFORMED_BODY, unreadable.text());
    }
  }

  @Override
  public VendorError error(Reason reason) {
    return switch (reason) {
      case NO_SUCH_PATH -> this::noSuchPath;
      case WRONG_METHOD -> this::wrongMethod;
      default -> InfluxErrors.of(reason);
    };
  }

  private Reply noSuchPath(Call call, Failure failure) {
    var path = InfluxPaths.routed(call.path());
    if (InfluxUnsupported.has(path)) {
      return InfluxErrors.of(NOT_SUPPORTED)
          .reply(call, Failure.of(NOT_SUPPORTED, call.method() + " " + call.path()));
    }
    var plain = InfluxPaths.isBelowResource(path) && !InfluxPaths.isLabelsOfBucket(path);
    return system
        .byAnyMethod(path)
        .orElseGet(
            () ->
                (plain ? InfluxErrors.PAGE_NOT_FOUND : InfluxErrors.PATH_NOT_FOUND)
                    .reply(call, failure));
  }

  private Reply wrongMethod(Call call, Failure failure) {
    var path = InfluxPaths.routed(call.path());
    return system
        .byAnyMethod(path)
        .orElseGet(
            () ->
                (InfluxPaths.isLabelsOfBucket(path)
                        ? InfluxErrors.METHOD_NOT_ALLOWED_IN_JSON
                        : InfluxErrors.METHOD_NOT_ALLOWED)
                    .reply(call, failure));
  }

  @Override
  public ObjectMapper json() {
    return InfluxWire.JSON;
  }

  @Override
  public CharSequence contentType(Call call) {
    return CONTENT_TYPE;
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    if (InfluxRequestLine.isRefusal(reply)) {
      return;
    }
    BUILD.setIn(headers);
    versionHeader.setIn(headers);
    if (InfluxPaths.isOfApi(call.path()) && METHODS.contains(call.method())) {
      call.header("Origin").ifPresent(from -> headers.set("Access-Control-Allow-Origin", from));
    }
  }
}
