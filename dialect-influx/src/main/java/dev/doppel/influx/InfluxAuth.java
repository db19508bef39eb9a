package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Operation;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoBasicAuth;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the caller of a request. A token header always wins; without a usable one the session
 * cookie counts. Owner, status and permissions are read for every request, so that a change takes
 * effect at once.
 */
final class InfluxAuth {

  /** The minimum time that a session lives after it was used. */
  private static final Duration RENEWAL = Duration.ofMinutes(5);

  private final Realm realm;
  private final InfluxDialect.Settings settings;

  InfluxAuth(Realm realm, InfluxDialect.Settings settings) {
    this.realm = realm;
    this.settings = settings;
  }

  Future<Caller> caller(Call call) {
    if (InfluxPaths.isOfOldApi(call.path())) {
      return InfluxCredentials.oldToken(call)
          .map(this::byOldToken)
          .orElseGet(InfluxAuth::noCredentials);
    }
    var token = InfluxCredentials.token(call);
    if (token.isPresent()) {
      return byToken(token.get());
    }
    var session = InfluxCredentials.session(call);
    if (session.isPresent()) {
      return session(session.get())
          .compose(this::renew)
          .compose(found -> admitted(found).compose(this::bySession));
    }
    return changesPassword(call)
        ? call.asDocumentedOrRefused(
            InfluxDifference.PASSWORD_BY_BASIC, () -> byBasic(call), InfluxAuth::noCredentials)
        : noCredentials();
  }

  private Future<Caller> byToken(String secret) {
    return realm
        .tokens()
        .find(secret, InfluxDialect.NAME)
        .compose(
            found ->
                found.kind() == Token.Kind.SESSION
                    ? Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS))
                    : admitted(found).map(user -> byToken(user, found)));
  }

  /** Refuses a token that is unknown or inactive, or whose owner is inactive, with one error. */
  private Future<Caller> byOldToken(String secret) {
    return byToken(secret)
        .map(
            caller -> {
              if (caller instanceof InfluxCaller known && known.inactiveToken()) {
                throw Failure.of(Reason.BAD_CREDENTIALS);
              }
              return caller;
            })
        .recover(
            thrown ->
                Future.failedFuture(
                    switch (Failure.from(thrown).reason()) {
                      case BAD_CREDENTIALS, EXPIRED_CREDENTIALS, INACTIVE_USER ->
                          InfluxErrors.OLD_UNAUTHORIZED.newException(Reason.BAD_CREDENTIALS);
                      default -> thrown;
                    }));
  }

  private static Future<Caller> noCredentials() {
    return Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS));
  }

  /** Returns the session with this key. Fails with BAD_CREDENTIALS or EXPIRED_CREDENTIALS. */
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

  /** Prolongs a session. Fails with BAD_CREDENTIALS if it has ended since it was found. */
  private Future<Token> renew(Token session) {
    return settings.sessionRenewal()
        ? realm
            .tokens()
            .prolong(session, RENEWAL)
            .recover(Failure.replacing(Reason.NO_SUCH_TOKEN, Reason.BAD_CREDENTIALS))
        : Future.succeededFuture(session);
  }

  private Future<User> admitted(Token token) {
    return realm.users().authenticate(token, Reason.INACTIVE_USER);
  }

  private Caller byToken(User user, Token token) {
    return new InfluxCaller(
        user,
        Optional.of(token),
        InfluxAuthorization.permissions(token, user),
        realm.organizations().authorityOf(user));
  }

  /**
   * Returns a caller with the permissions of the user and of all its tokens, the inactive ones too.
   */
  private Future<Caller> bySession(User user) {
    return realm
        .tokens()
        .list(user, InfluxDialect.NAME)
        .map(
            tokens -> {
              var held = new ArrayList<>(InfluxMappings.permissions(user));
              tokens.forEach(token -> held.addAll(InfluxAuthorization.permissions(token, user)));
              return new InfluxCaller(
                  user, Optional.empty(), held, realm.organizations().authorityOf(user));
            });
  }

  private static boolean changesPassword(Call call) {
    return call.operation()
        .map(Operation::id)
        .filter(
            Set.of(InfluxOperation.PUT_ME_PASSWORD, InfluxOperation.PUT_USERS_ID_PASSWORD)
                ::contains)
        .isPresent();
  }

  private Future<Caller> byBasic(Call call) {
    var basic = GoBasicAuth.of(call);
    if (basic.isEmpty()) {
      return noCredentials();
    }
    return realm
        .users()
        .signIn(basic.get().signIn(call))
        .recover(Failure.replacing(Reason.WRONG_SIGN_IN, Reason.BAD_CREDENTIALS))
        .compose(this::bySession);
  }
}
