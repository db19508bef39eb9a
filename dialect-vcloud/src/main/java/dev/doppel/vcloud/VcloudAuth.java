package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Who asks: the bearer of a session's access token, whose user and status are read every time. */
final class VcloudAuth {

  static final Duration IDLE = Duration.ofMinutes(30);

  /** How long a session lives however busy it is. */
  private static final Duration LONGEST = Duration.ofHours(24);

  private static final String SCHEME = "bearer ";

  private final Realm realm;

  VcloudAuth(Realm realm) {
    this.realm = realm;
  }

  Future<Caller> caller(Call call) {
    var token = token(call);
    if (token.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS));
    }
    return realm
        .tokens()
        .find(token.get(), VcloudDialect.NAME)
        .compose(this::prolonged)
        .compose(this::owner);
  }

  private static Optional<String> token(Call call) {
    return call.header("Authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(value -> value.substring(SCHEME.length()).strip())
        .or(() -> call.header("X-VMWARE-VCLOUD-ACCESS-TOKEN"))
        .filter(text -> !text.isEmpty());
  }

  private Future<Token> prolonged(Token token) {
    var left = Duration.between(realm.clock().instant(), token.created().plus(LONGEST));
    if (token.kind() != Token.Kind.SESSION || left.isNegative() || left.isZero()) {
      return Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS));
    }
    return realm.tokens().prolong(token, left.compareTo(IDLE) < 0 ? left : IDLE);
  }

  private Future<Caller> owner(Token token) {
    return realm
        .users()
        .find(token.owner())
        .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.BAD_CREDENTIALS))
        .compose(Users::active)
        .map(user -> Caller.of(user, Optional.of(token)));
  }
}
