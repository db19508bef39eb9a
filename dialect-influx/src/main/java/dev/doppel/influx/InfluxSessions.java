package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.serve.HttpDate;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoBasicAuth;
import io.vertx.core.Future;
import java.time.Duration;

/** Sign-in and sign-out (2.9.1: session/http_server.go). */
final class InfluxSessions {

  private static final int KEY_BYTES = 64;

  private final Realm realm;
  private final InfluxAuth auth;
  private final InfluxPasswords passwords;
  private final Duration life;

  /**
   * @param life how long an unused session lives
   */
  InfluxSessions(Realm realm, InfluxAuth auth, InfluxPasswords passwords, Duration life) {
    this.realm = realm;
    this.auth = auth;
    this.passwords = passwords;
    this.life = life;
  }

  Future<Reply> signIn(Call call) {
    var basic = GoBasicAuth.of(call);
    if (basic.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.WRONG_SIGN_IN));
    }
    return realm
        .users()
        .verify(basic.get().signIn(call))
        .compose(
            user -> {
              if (!user.active() && call.asDocumented(InfluxDifference.INACTIVE_SIGN_IN)) {
                throw InfluxErrors.INACTIVE_SIGN_IN.newException(Reason.INACTIVE_USER);
              }
              var complaint = passwords.complaint(basic.get().password());
              if (complaint.isPresent()) {
                throw InfluxErrors.PASSWORD_CHANGE_REQUIRED.newException(
                    Reason.INVALID_PASSWORD, complaint.get());
              }
              return session(user, call.encrypted());
            });
  }

  private Future<Reply> session(User user, boolean encrypted) {
    var key = realm.secrets().base64Url(KEY_BYTES);
    return realm
        .tokens()
        .startSession(key, user, InfluxDialect.NAME, life)
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
    return auth.session(InfluxCredentials.session(call).orElse(""))
        .compose(session -> realm.tokens().end(session))
        .map(ended -> Reply.noContent())
        .recover(InfluxSessions::unauthorized);
  }

  private static Future<Reply> unauthorized(Throwable thrown) {
    return switch (Failure.from(thrown).reason()) {
      case BAD_CREDENTIALS, EXPIRED_CREDENTIALS, NO_SUCH_TOKEN ->
          Future.failedFuture(InfluxErrors.UNAUTHORIZED.newException(Reason.BAD_CREDENTIALS));
      default -> Future.failedFuture(thrown);
    };
  }
}
