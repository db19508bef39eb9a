package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceWire.LoggedIn;
import dev.doppel.workspace.WorkspaceWire.Login;
import dev.doppel.workspace.WorkspaceWire.Refresh;
import dev.doppel.workspace.WorkspaceWire.Success;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;

/** Signing in and renewing tokens: the group "User Authentication". */
final class WorkspaceSessions {

  private static final String BY_PASSWORD = "traditional";

  private final Users users;
  private final WorkspaceTokens tokens;
  private final WorkspaceUsers views;
  private final WorkspaceTwoFactor twoFactor;
  private final Clock clock;

  WorkspaceSessions(
      Realm realm, WorkspaceTokens tokens, WorkspaceUsers views, WorkspaceTwoFactor twoFactor) {
    users = realm.users();
    clock = realm.clock();
    this.tokens = tokens;
    this.views = views;
    this.twoFactor = twoFactor;
  }

  Future<Reply> login(Call call, Login body) {
    if (!body.provider().equals(BY_PASSWORD)) {
      throw Failure.of(Reason.NOT_SUPPORTED);
    }
    var signIn = new SignIn(body.payload().email(), body.payload().password(), call.address());
    return WorkspaceAddress.find(users, signIn.name())
        .compose(found -> users.verify(found, signIn))
        .compose(Users::requireActive)
        .compose(
            user ->
                twoFactor.verify(
                    user, Optional.ofNullable(body.payload().twoFactorCode()), call.address()))
        .compose(this::recordLogin)
        .compose(
            user ->
                views
                    .view(user)
                    .compose(view -> tokens.issue(user).map(pair -> LoggedIn.of(pair, view))))
        .map(loggedIn -> Reply.ok(Success.of(loggedIn)));
  }

  /** Refuses the answer of another provider: single sign-on isn't served. */
  Future<Reply> singleSignOn(Call call) {
    return Future.failedFuture(Failure.of(Reason.NOT_SUPPORTED));
  }

  private Future<User> recordLogin(WorkspaceTwoFactor.Passed passed) {
    var now = clock.instant();
    return users
        .recordSignIn(
            passed.user(),
            WorkspaceApi.NAME,
            json -> passed.use(WorkspaceProfile.of(json)).withLastLogin(now).toJson())
        .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.WRONG_SIGN_IN)); // deleted meanwhile
  }

  Future<Reply> refresh(Call call, Refresh body) {
    return tokens
        .renew(body.refreshToken(), body.lastAccessToken())
        .map(pair -> Reply.ok(Success.of(pair)));
  }
}
