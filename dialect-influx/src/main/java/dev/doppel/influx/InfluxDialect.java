package dev.doppel.influx;

import static dev.doppel.dialect.Operation.delete;
import static dev.doppel.dialect.Operation.get;
import static dev.doppel.dialect.Operation.head;
import static dev.doppel.dialect.Operation.patch;
import static dev.doppel.dialect.Operation.post;
import static dev.doppel.dialect.Operation.put;
import static dev.doppel.users.Failure.Reason.MALFORMED_BODY;
import static dev.doppel.users.Failure.Reason.NO_SUCH_USER;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fault;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.GoJson;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.NewPassword;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;

/** InfluxDB OSS 2.x users, one line per operation, named and ordered as in its reference. */
public final class InfluxDialect implements Dialect {

  static final String NAME = "influx";

  /** Where errors come as plain text once the path goes on below them. */
  private static final List<String> RESOURCES =
      List.of("/api/v2/me", "/api/v2/users", "/api/v2/signin", "/api/v2/signout");

  private final Fidelity fidelity;
  private final InfluxRules rules;
  private final InfluxAuth auth;
  private final List<Operation> operations;

  public InfluxDialect(Realm realm, Fidelity fidelity) {
    this.fidelity = fidelity;
    rules = InfluxRules.of(fidelity);
    auth = new InfluxAuth(realm, rules);
    operations = operations(realm);
  }

  private List<Operation> operations(Realm realm) {
    var users = new InfluxUsers(realm.users(), rules);
    var me = new InfluxMe(users);
    var sessions = new InfluxSessions(realm, rules, auth);
    var system = new InfluxSystem(realm.clock());
    // spotless:off
    return List.of(
        get("/health", "GetHealth", system::health).forEveryone(),
        get("/ready", "GetReady", system::ready).forEveryone(),
        get("/ping", "GetPing", system::ping).forEveryone(),
        head("/ping", "HeadPing", system::ping).forEveryone(),
        post("/api/v2/signin", "PostSignin", sessions::signIn).forEveryone(),
        post("/api/v2/signout", "PostSignout", sessions::signOut).forEveryone(),
        get("/api/v2/me", "GetMe", me::get),
        put("/api/v2/me/password", InfluxAuth.PUT_ME_PASSWORD, me::password)
            .when(MALFORMED_BODY, rules.unreadablePasswordReset())
            .when(NO_SUCH_USER, InfluxFaults.INCORRECT_USER),
        get("/api/v2/users", "GetUsers", users::list),
        post("/api/v2/users", "PostUsers", InfluxWire.NewUserBody.class, users::create),
        get("/api/v2/users/:userID", "GetUsersID", users::get),
        patch("/api/v2/users/:userID", "PatchUsersID", users::update),
        delete("/api/v2/users/:userID", "DeleteUsersID", users::delete),
        post("/api/v2/users/:userID/password", "PostUsersIDPassword", NewPassword.class, users::setPassword)
            .when(MALFORMED_BODY, InfluxFaults.INVALID)
            .when(NO_SUCH_USER, InfluxFaults.INCORRECT_USER),
        put("/api/v2/users/:userID/password", InfluxAuth.PUT_USERS_PASSWORD, users::changePassword)
            .when(MALFORMED_BODY, rules.unreadablePasswordReset())
            .when(NO_SUCH_USER, InfluxFaults.INCORRECT_USER));
    // spotless:on
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return InfluxSystem.VERSION;
  }

  @Override
  public Fidelity fidelity() {
    return fidelity;
  }

  @Override
  public List<String> prefixes() {
    return List.of("/api/v2", "/health", "/ready", "/ping");
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  /** Preflight requests are answered before anything else is looked at. */
  @Override
  public Optional<Reply> intercept(Call call) {
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
  public boolean authenticatesFirst() {
    return true;
  }

  @Override
  public Future<Caller> authenticate(Call call) {
    return auth.caller(call);
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
  public Fault fault(Reason reason) {
    return switch (reason) {
      case MALFORMED_BODY -> rules.unreadableBody();
      case NO_SUCH_PATH -> InfluxDialect::noSuchPath;
      default -> InfluxFaults.of(reason);
    };
  }

  private static Reply noSuchPath(Call call, Failure failure) {
    var below = RESOURCES.stream().anyMatch(path -> call.path().startsWith(path + "/"));
    return (below ? InfluxFaults.PAGE_NOT_FOUND : InfluxFaults.PATH_NOT_FOUND).tell(call, failure);
  }

  @Override
  public ObjectMapper json() {
    return InfluxWire.JSON;
  }

  @Override
  public String contentType(Call call) {
    return InfluxWire.CONTENT_TYPE;
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    headers.set("X-Influxdb-Build", "OSS");
    headers.set("X-Influxdb-Version", version());
    call.header("Origin").ifPresent(from -> headers.set("Access-Control-Allow-Origin", from));
  }
}
