package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.Tokens.NewSession;
import dev.doppel.users.User;
import dev.doppel.workspace.WorkspaceExtras.OfRefreshToken;
import dev.doppel.workspace.WorkspaceWire.TokenPair;
import dev.doppel.workspace.WorkspaceWire.TokenView;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Tokens, which are issued in pairs: an access token that authenticates requests, and a refresh
 * token that is exchanged, together with its access token, for the next pair.
 *
 * <p>The owner is read with every request, so that a change of the user takes effect immediately.
 */
final class WorkspaceTokens {

  private static final Duration ACCESS_LIFETIME = Duration.ofHours(1);
  private static final Duration REFRESH_LIFETIME = Duration.ofDays(30);
  private static final int ACCESS_BYTES = 32;
  private static final int REFRESH_BYTES = 40;

  private final Realm realm;

  WorkspaceTokens(Realm realm) {
    this.realm = realm;
  }

  /** Starts the two sessions of a new pair: both, or none. */
  Future<TokenPair> issue(User user) {
    return issue(realm, user);
  }

  private static Future<TokenPair> issue(Realm now, User user) {
    var access = now.secrets().hex(ACCESS_BYTES);
    var refresh = WorkspaceId.of(user) + "." + now.secrets().hex(REFRESH_BYTES);
    var extras = new OfRefreshToken(TokenHash.of(access)).toJson();
    return now.tokens()
        .startSessions(
            user,
            WorkspaceApi.NAME,
            List.of(
                NewSession.of(access, ACCESS_LIFETIME),
                NewSession.of(refresh, REFRESH_LIFETIME).withExtras(WorkspaceApi.NAME, extras)))
        .map(
            pair ->
                new TokenPair(
                    TokenView.of(access, pair.get(0)), TokenView.of(refresh, pair.get(1))));
  }

  /**
   * Finds the token that authenticates a request: an access token, or one that is valid in every
   * dialect. Fails with BAD_CREDENTIALS, also for a refresh token, or with EXPIRED_CREDENTIALS.
   */
  Future<Token> findBearer(String secret) {
    return realm
        .tokens()
        .find(secret, WorkspaceApi.NAME)
        .compose(
            token ->
                token.status() == Status.ACTIVE && OfRefreshToken.of(token).isEmpty()
                    ? Future.succeededFuture(token)
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  /**
   * Exchanges a refresh token, whose access token may have expired, for the next pair: the refresh
   * token ends and the pair begins, or neither. Of concurrent calls, one succeeds. Fails with
   * BAD_CREDENTIALS, EXPIRED_CREDENTIALS or INACTIVE_USER.
   */
  Future<TokenPair> renew(String refresh, String lastAccess) {
    // Also checked outside the change, so that a client without a pair takes no lock.
    return find(realm, refresh, lastAccess)
        .compose(
            found ->
                realm.change(
                    now ->
                        find(now, refresh, lastAccess)
                            .compose(
                                owned ->
                                    end(now, owned.token)
                                        .compose(ended -> issue(now, owned.owner)))));
  }

  private record Owned(Token token, User owner) {}

  private static Future<Owned> find(Realm now, String refresh, String lastAccess) {
    return now.tokens()
        .find(refresh, WorkspaceApi.NAME)
        .compose(
            token ->
                OfRefreshToken.of(token).filter(extras -> extras.belongsTo(lastAccess)).isPresent()
                    ? owner(now, token).map(owner -> new Owned(token, owner))
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  private static Future<Token> end(Realm now, Token token) {
    return now.tokens()
        .end(token)
        .recover(Failure.replacing(Reason.NO_SUCH_TOKEN, Reason.BAD_CREDENTIALS));
  }

  /**
   * Finds the owner of a token. Fails with BAD_CREDENTIALS if the owner was deleted, the session
   * ended, or it is the token of a service account that isn't its organization's anymore; or with
   * INACTIVE_USER.
   */
  Future<User> owner(Token token) {
    return owner(realm, token);
  }

  /** Finds the owner of a token in a change, and fails as {@link #owner(Token)} does. */
  static Future<User> owner(Realm now, Token token) {
    return now.users()
        .authenticate(token, Reason.BAD_CREDENTIALS)
        .compose(
            user ->
                isOfServiceAccount(token) && WorkspaceProfile.isServiceAccountOfNone(user)
                    ? Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS))
                    : Future.succeededFuture(user));
  }

  /** Of this dialect's tokens, only those of service accounts are no sessions. */
  private static boolean isOfServiceAccount(Token token) {
    return token.kind() == Token.Kind.API && token.dialect().isPresent();
  }
}
