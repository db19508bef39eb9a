package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.SignIn;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceWire.LoggedIn;
import dev.doppel.workspace.WorkspaceWire.Login;
import dev.doppel.workspace.WorkspaceWire.Refresh;
import dev.doppel.workspace.WorkspaceWire.Success;
import io.vertx.core.Future;

/** Signing in and renewing tokens: the group "User Authentication". */
final class WorkspaceSessions {

  private static final String BY_PASSWORD = "traditional";

  private final Users users;
  private final WorkspaceTokens tokens;
  private final WorkspaceUsers views;

  WorkspaceSessions(Users users, WorkspaceTokens tokens, WorkspaceUsers views) {
    this.users = users;
    this.tokens = tokens;
    this.views = views;
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
                views
                    .view(user)
                    .compose(view -> tokens.issue(user).map(pair -> LoggedIn.of(pair, view))))
        .map(loggedIn -> Reply.ok(Success.of(loggedIn)));
  }

  Future<Reply> refresh(Call call, Refresh body) {
    return tokens
        .renew(body.refreshToken(), body.lastAccessToken())
        .map(pair -> Reply.ok(Success.of(pair)));
  }
}
