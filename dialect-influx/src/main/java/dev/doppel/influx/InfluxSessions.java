package dev.doppel.influx;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.HttpDate;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.time.Duration;

/** Signing in and out (2.9.1: session/http_server.go). */
final class InfluxSessions {

  private static final Duration LIFE = Duration.ofMinutes(60);
  private static final int KEY_BYTES = 64;

  private final Realm realm;
  private final InfluxRules rules;
  private final InfluxAuth auth;

  InfluxSessions(Realm realm, InfluxRules rules, InfluxAuth auth) {
    this.realm = realm;
    this.rules = rules;
    this.auth = auth;
  }

  Future<Reply> signIn(Call call) {
    return forEveryone(call).compose(open -> start(call));
  }

  private Future<Reply> start(Call call) {
    var basic = BasicCredentials.of(call);
    if (basic.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.WRONG_SIGN_IN));
    }
    return realm
        .users()
        .verify(basic.get().name(), basic.get().password())
        .compose(
            user -> {
              if (rules.refusesInactiveSignIn() && !user.active()) {
                throw InfluxFaults.INACTIVE_SIGN_IN.refuse(Reason.INACTIVE_USER);
              }
              if (!InfluxPasswords.takes(basic.get().password())) {
                throw InfluxFaults.PASSWORD_CHANGE_REQUIRED.refuse(Reason.INVALID_PASSWORD);
              }
              return session(user, call.encrypted());
            });
  }

  private Future<Reply> session(User user, boolean encrypted) {
    var key = realm.secrets().base64Url(KEY_BYTES);
    return realm
        .tokens()
        .startSession(key, user, InfluxDialect.NAME, LIFE)
        .map(session -> Reply.noContent().with("Set-Cookie", cookie(key, session, encrypted)));
  }

  private static String cookie(String key, Token session, boolean encrypted) {
    return "%s=%s; Path=/api/; Expires=%s; HttpOnly; %sSameSite=Strict"
        .formatted(
            InfluxCredentials.COOKIE,
            key,
            HttpDate.of(session.expires().orElseThrow()),
            encrypted ? "Secure; " : "");
  }

  Future<Reply> signOut(Call call) {
    return forEveryone(call)
        .compose(open -> auth.session(InfluxCredentials.session(call).orElse("")))
        .compose(session -> realm.tokens().end(session))
        .map(ended -> Reply.noContent())
        .recover(InfluxSessions::unauthorized);
  }

  private static Future<Reply> unauthorized(Throwable thrown) {
    return switch (Failure.from(thrown).reason()) {
      case BAD_CREDENTIALS, EXPIRED_CREDENTIALS, NO_SUCH_TOKEN ->
          Future.failedFuture(InfluxFaults.UNAUTHORIZED.refuse(Reason.BAD_CREDENTIALS));
      default -> Future.failedFuture(thrown);
    };
  }

  /** The server knows its open paths by their exact text: with a slash behind, they aren't open. */
  private Future<Void> forEveryone(Call call) {
    return call.path().endsWith("/") ? auth.caller(call).mapEmpty() : Future.succeededFuture();
  }
}
