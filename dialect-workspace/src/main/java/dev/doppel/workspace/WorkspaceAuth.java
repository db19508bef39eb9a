package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Authenticates calls by their bearer token. The scheme's case doesn't matter. */
final class WorkspaceAuth {

  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S.*)");

  private final WorkspaceTokens tokens;
  private final Organizations organizations;

  WorkspaceAuth(WorkspaceTokens tokens, Organizations organizations) {
    this.tokens = tokens;
    this.organizations = organizations;
  }

  /**
   * Returns the caller. Fails with NO_CREDENTIALS without a bearer token, also if there are
   * credentials of another scheme; otherwise fails as {@link WorkspaceTokens#findBearer} and {@link
   * WorkspaceTokens#owner} do.
   */
  Future<Caller> caller(Call call) {
    var secret = call.header("Authorization").flatMap(WorkspaceAuth::token);
    if (secret.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS));
    }
    return tokens
        .findBearer(secret.get())
        .compose(
            token ->
                tokens
                    .owner(token)
                    .map(
                        user ->
                            Caller.of(user, Optional.of(token), organizations.authorityOf(user))));
  }

  /** Returns the caller as it is in a change. Fails as {@link WorkspaceTokens#owner} does. */
  static Future<User> caller(Realm now, Call call) {
    return WorkspaceTokens.owner(now, call.caller().token().orElseThrow());
  }

  private static Optional<String> token(String header) {
    return Optional.of(BEARER.matcher(header.strip()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1));
  }
}
