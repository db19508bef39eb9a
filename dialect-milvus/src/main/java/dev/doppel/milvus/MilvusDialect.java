package dev.doppel.milvus;

import static dev.doppel.dialect.Operation.post;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fault;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.GoJson;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.PathRules;
import dev.doppel.dialect.Reply;
import dev.doppel.milvus.MilvusWire.NewPasswordReq;
import dev.doppel.milvus.MilvusWire.PasswordReq;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;

/** Milvus users over REST v2, one line per operation, named and ordered as in its reference. */
public final class MilvusDialect implements Dialect {

  static final String NAME = "milvus";

  private static final String PREFIX = "/v2/vectordb";

  private final Fidelity fidelity;
  private final MilvusAuth auth;
  private final List<Operation> operations;

  public MilvusDialect(Realm realm, Fidelity fidelity) {
    this.fidelity = fidelity;
    auth = new MilvusAuth(realm.users());
    var users = new MilvusUsers(realm, MilvusRules.of(fidelity));
    // spotless:off
    operations = List.of(
        post(PREFIX + "/users/create", "CreateUser", PasswordReq.class, users::create),
        post(PREFIX + "/users/update_password", "UpdateUserPassword", NewPasswordReq.class, users::updatePassword));
    // spotless:on
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return "2.6.19";
  }

  @Override
  public Fidelity fidelity() {
    return fidelity;
  }

  @Override
  public List<String> prefixes() {
    return List.of(PREFIX);
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  @Override
  public PathRules paths() {
    return PathRules.EXACT;
  }

  /**
   * A slash behind a known path is redirected, any preflight is let through; neither needs more.
   */
  @Override
  public Optional<Reply> intercept(Call call) {
    if (redirects(call)) {
      var path = call.path();
      return Optional.of(Reply.empty(307).with("Location", path.substring(0, path.length() - 1)));
    }
    return call.method().equals(HttpMethod.OPTIONS)
        ? Optional.of(Reply.noContent())
        : Optional.empty();
  }

  private boolean redirects(Call call) {
    return call.method().equals(HttpMethod.POST)
        && operations.stream().anyMatch(one -> call.path().equals(one.path() + "/"));
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
    if (call.body().length() == 0) {
      throw MilvusFaults.EMPTY_BODY.refuse(Reason.MALFORMED_BODY);
    }
    try {
      return GoJson.read(call.body(), type);
    } catch (GoJson.UnreadableException unreadable) {
      throw unreadable.text().equals("EOF")
          ? MilvusFaults.EMPTY_BODY.refuse(Reason.MALFORMED_BODY)
          : MilvusFaults.UNREADABLE_BODY.refuse(Reason.MALFORMED_BODY, unreadable.text());
    }
  }

  @Override
  public Fault fault(Reason reason) {
    return MilvusFaults.of(reason);
  }

  @Override
  public ObjectMapper json() {
    return MilvusWire.JSON;
  }

  @Override
  public String contentType(Call call) {
    return "application/json; charset=utf-8";
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    if (redirects(call)) {
      return; // comes before the step that adds these
    }
    headers.set("Access-Control-Allow-Origin", "*");
    headers.set("Access-Control-Allow-Credentials", "true");
    headers.set(
        "Access-Control-Allow-Headers",
        "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, accept,"
            + " origin, Cache-Control, X-Requested-With");
    headers.set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH");
    headers.set("X-Content-Type-Options", "nosniff");
    if (BasicCredentials.of(call).isPresent()) {
      headers.set("WWW-Authenticate", "Basic realm=\"restricted\", charset=\"UTF-8\"");
    }
  }
}
