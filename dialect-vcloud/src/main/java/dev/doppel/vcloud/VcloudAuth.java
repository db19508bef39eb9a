package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Who asks: the bearer of a session's token, whose user, organisation and status are read every
 * time.
 */
final class VcloudAuth {

  static final Duration IDLE = Duration.ofMinutes(30);

  /** How long a session lives however busy it is. */
  private static final Duration LONGEST = Duration.ofHours(24);

  private static final String SCHEME = "bearer ";
  private static final String COOKIE = "vcloud_jwt";

  private final Realm realm;

  VcloudAuth(Realm realm) {
    this.realm = realm;
  }

  Future<Caller> caller(Call call) {
    return token(call)
        .map(this::caller)
        .orElse(Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS)));
  }

  private static Optional<String> token(Call call) {
    return call.header("Authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(value -> value.substring(SCHEME.length()).strip())
        .or(() -> call.header("X-VMWARE-VCLOUD-ACCESS-TOKEN"))
        .or(() -> call.header("x-vcloud-authorization"))
        .or(() -> call.header("Cookie").flatMap(VcloudAuth::cookie))
        .filter(text -> !text.isEmpty());
  }

  private static Optional<String> cookie(String header) {
    return ServerCookieDecoder.LAX.decodeAll(header).stream()
        .filter(cookie -> cookie.name().equals(COOKIE))
        .map(Cookie::value)
        .findFirst();
  }

  /** The user in the session that a token is of. Fails with BAD_CREDENTIALS and the like. */
  Future<Caller> caller(String secret) {
    return realm
        .tokens()
        .find(secret, VcloudApi.NAME)
        .compose(this::prolonged)
        .compose(token -> admitted(token).compose(user -> caller(user, token)));
  }

  private Future<Token> prolonged(Token token) {
    var left = Duration.between(realm.clock().instant(), token.created().plus(LONGEST));
    if (token.kind() != Token.Kind.SESSION || left.isNegative() || left.isZero()) {
      return Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS));
    }
    return realm.tokens().prolong(token, left.compareTo(IDLE) < 0 ? left : IDLE);
  }

  private Future<User> admitted(Token token) {
    return realm
        .users()
        .admitted(token)
        .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.BAD_CREDENTIALS));
  }

  /** A session ends with the organisation, and with the user's belonging to it. */
  private Future<Caller> caller(User user, Token token) {
    return realm
        .organizations()
        .find(VcloudSession.of(token).organizationId())
        .recover(Failure.replacing(Reason.NO_SUCH_ORGANIZATION, Reason.BAD_CREDENTIALS))
        .compose(
            organization ->
                realm.organizations().has(organization, user)
                    ? Future.succeededFuture(
                        new VcloudCaller(user, token, organization, authority(user, token)))
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  private Authority authority(User user, Token token) {
    return VcloudSession.of(token).isLimited()
        ? Authority.NONE
        : realm.organizations().authorityOf(user);
  }
}
