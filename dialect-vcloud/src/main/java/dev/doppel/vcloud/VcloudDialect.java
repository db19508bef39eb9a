package dev.doppel.vcloud;

import static dev.doppel.dialect.Operation.delete;
import static dev.doppel.dialect.Operation.get;
import static dev.doppel.dialect.Operation.post;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fault;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.vcloud.VcloudWire.PasswordChangeRequest;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;

/** VMware Cloud Director users, one line per operation, named and ordered as in its reference. */
public final class VcloudDialect implements Dialect {

  static final String NAME = "vcloud";

  private static final String API = "/cloudapi";
  private static final String CHANGE_PASSWORD = "/changePassword";

  private final Fidelity fidelity;
  private final VcloudRules rules;
  private final VcloudAuth auth;
  private final List<Operation> operations;

  public VcloudDialect(Realm realm, Fidelity fidelity) {
    this.fidelity = fidelity;
    rules = VcloudRules.of(fidelity);
    auth = new VcloudAuth(realm);
    var sessions = new VcloudSessions(realm, rules);
    var users = new VcloudUsers(realm, rules);
    // spotless:off
    operations = List.of(
        post("/cloudapi/1.0.0/sessions", "Login", sessions::tenant).forEveryone(),
        post("/cloudapi/1.0.0/sessions/provider", "Provider Login", sessions::provider).forEveryone(),
        get("/cloudapi/1.0.0/sessions", "Query Sessions", sessions::query),
        get("/cloudapi/1.0.0/sessions/current", "Get Current Session", sessions::current),
        delete("/cloudapi/1.0.0/sessions/current", "Logout Current Session", sessions::endCurrent),
        get("/cloudapi/1.0.0/sessions/:sessionUrn", "Get Session", sessions::get),
        delete("/cloudapi/1.0.0/sessions/:sessionUrn", "Logout Session", sessions::end),
        get("/cloudapi/1.0.0/users", "Query Users", users::query),
        get("/cloudapi/1.0.0/users/:userUrn", "Get User", users::get),
        post("/cloudapi/1.0.0/users/:userUrn" + CHANGE_PASSWORD, "Change Password", PasswordChangeRequest.class, users::changePassword));
    // spotless:on
  }

  @Override
  public String name() {
    return NAME;
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
    return List.of(API, "/api/versions", "/api/sessions", "/oauth");
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  /** The version is looked at before anything else, even before who asks. */
  @Override
  public Optional<Reply> intercept(Call call) {
    if (!call.path().startsWith(API)) {
      throw Failure.of(Reason.NO_SUCH_PATH);
    }
    var version = VcloudVersion.of(call, rules);
    if (call.path().endsWith(CHANGE_PASSWORD)
        && !version.since(VcloudVersion.WITH_CHANGE_PASSWORD)) {
      throw VcloudFaults.NOT_IN_VERSION.refuse(Reason.WRONG_METHOD, version.toString());
    }
    return Optional.empty();
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
    return VcloudWire.read(call, type);
  }

  @Override
  public Fault fault(Reason reason) {
    return VcloudFaults.of(reason);
  }

  @Override
  public ObjectMapper json() {
    return VcloudWire.JSON;
  }

  @Override
  public String contentType(Call call) {
    return "application/json;version="
        + VcloudVersion.wanted(call, rules).orElse(VcloudVersion.newest());
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    headers.set("X-VMWARE-VCLOUD-REQUEST-ID", VcloudRequest.id(call));
    headers.set("Cache-Control", "no-store, must-revalidate");
    headers.set("Vary", "Accept-Encoding");
    headers.set("X-Frame-Options", "SAMEORIGIN");
    if (call.encrypted()) {
      headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload");
    }
    if (call.method().equals(HttpMethod.GET) && reply.status() == 200) {
      headers.set("Content-Location", call.origin() + call.path());
    }
  }
}
