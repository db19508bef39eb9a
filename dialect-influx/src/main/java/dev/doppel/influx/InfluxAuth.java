package dev.doppel.influx;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Operation;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks. A token header always wins; without a usable one the session cookie counts. Owner and
 * status are looked at in every request, so that a change binds at once.
 */
final class InfluxAuth {

  static final String PUT_ME_PASSWORD = "PutMePassword";
  static final String PUT_USERS_PASSWORD = "PutUsersIDPassword";

  /** A session that is used lives at least so long from then. */
  private static final Duration RENEWAL = Duration.ofMinutes(5);

  private final Realm realm;
  private final InfluxRules rules;

  InfluxAuth(Realm realm, InfluxRules rules) {
    this.realm = realm;
    this.rules = rules;
  }

  Future<Caller> caller(Call call) {
    var token = InfluxCredentials.token(call);
    if (token.isPresent()) {
      return realm.tokens().find(token.get(), InfluxDialect.NAME).compose(this::owner);
    }
    var session = InfluxCredentials.session(call);
    if (session.isPresent()) {
      return session(session.get())
          .compose(found -> realm.tokens().prolong(found, RENEWAL))
          .compose(this::owner);
    }
    if (rules.passwordByTokenOrBasicAlone() && changesPassword(call)) {
      return byBasic(call);
    }
    return Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS));
  }

  /** The session with this key. Fails with BAD_CREDENTIALS or EXPIRED_CREDENTIALS. */
  Future<Token> session(String key) {
    return realm
        .tokens()
        .find(key, InfluxDialect.NAME)
        .compose(
            token ->
                token.kind() == Token.Kind.SESSION
                    ? Future.succeededFuture(token)
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  private Future<Caller> owner(Token token) {
    return realm
        .users()
        .find(token.owner())
        .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.INACTIVE_USER))
        .compose(Users::active)
        .map(user -> Caller.of(user, Optional.of(token)));
  }

  private static boolean changesPassword(Call call) {
    return call.operation()
        .map(Operation::name)
        .filter(Set.of(PUT_ME_PASSWORD, PUT_USERS_PASSWORD)::contains)
        .isPresent();
  }

  private Future<Caller> byBasic(Call call) {
    var basic = BasicCredentials.of(call);
    if (basic.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS));
    }
    return realm
        .users()
        .signIn(basic.get().name(), basic.get().password())
        .map(user -> Caller.of(user, Optional.empty()))
        .recover(Failure.replacing(Reason.WRONG_SIGN_IN, Reason.BAD_CREDENTIALS));
  }
}
