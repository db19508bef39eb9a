package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.workspace.WorkspaceExtras.OfRefreshToken;
import dev.doppel.workspace.WorkspaceWire.TokenPair;
import dev.doppel.workspace.WorkspaceWire.TokenView;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/**
 * Tokens, which are issued in pairs: an access token to show with every request, and a refresh
 * token that knows its access token and is exchanged, together with it, for the next pair.
 *
 * <p>The owner is looked at whenever a token is shown, so that a change of the user binds at once.
 */
final class WorkspaceTokens {

  private static final Duration ACCESS_LIFE = Duration.ofHours(1);
  private static final Duration REFRESH_LIFE = Duration.ofDays(30);
  private static final int ACCESS_BYTES = 32;
  private static final int REFRESH_BYTES = 40;

  private final Realm realm;

  WorkspaceTokens(Realm realm) {
    this.realm = realm;
  }

  Future<TokenPair> issue(User user) {
    var access = realm.secrets().hex(ACCESS_BYTES);
    var refresh = WorkspaceId.of(user) + "." + realm.secrets().hex(REFRESH_BYTES);
    var extras = new OfRefreshToken(TokenHash.of(access)).json();
    return realm
        .tokens()
        .startSession(access, user, WorkspaceDialect.NAME, ACCESS_LIFE)
        .compose(
            first ->
                realm
                    .tokens()
                    .startSession(
                        refresh,
                        user,
                        WorkspaceDialect.NAME,
                        REFRESH_LIFE,
                        Map.of(WorkspaceDialect.NAME, extras))
                    .map(
                        second ->
                            new TokenPair(
                                TokenView.of(access, first), TokenView.of(refresh, second))));
  }

  /**
   * The token that a request is made with: an access token, or one that is good in every dialect.
   * Fails with BAD_CREDENTIALS, also for a refresh token, or with EXPIRED_CREDENTIALS.
   */
  Future<Token> bearer(String secret) {
    return realm
        .tokens()
        .find(secret, WorkspaceDialect.NAME)
        .compose(
            token ->
                token.status() == Status.ACTIVE && OfRefreshToken.of(token).isEmpty()
                    ? Future.succeededFuture(token)
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  /**
   * Ends a refresh token, whose access token may have expired by now, and gives its owner. Of calls
   * at the same moment one succeeds. Fails with BAD_CREDENTIALS, EXPIRED_CREDENTIALS or
   * INACTIVE_USER.
   */
  Future<User> redeem(String refresh, String lastAccess) {
    return realm
        .tokens()
        .find(refresh, WorkspaceDialect.NAME)
        .compose(
            token ->
                OfRefreshToken.of(token).filter(known -> known.belongsTo(lastAccess)).isPresent()
                    ? owner(token).compose(user -> end(token).map(user))
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  private Future<Token> end(Token token) {
    return realm
        .tokens()
        .end(token)
        .recover(Failure.replacing(Reason.NO_SUCH_TOKEN, Reason.BAD_CREDENTIALS));
  }

  /**
   * Fails with BAD_CREDENTIALS if the owner is gone or the session was ended, or with
   * INACTIVE_USER.
   */
  Future<User> owner(Token token) {
    return realm
        .users()
        .admitted(token)
        .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.BAD_CREDENTIALS));
  }
}
