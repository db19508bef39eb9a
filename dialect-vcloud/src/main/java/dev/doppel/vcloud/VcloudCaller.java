package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Organization;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.Optional;

/**
 * A user in a session.
 *
 * @param organization the one that was signed in to
 */
record VcloudCaller(User user, Token sessionToken, Organization organization) implements Caller {

  static VcloudCaller of(Call call) {
    return call.caller(VcloudCaller.class);
  }

  @Override
  public Optional<Token> token() {
    return Optional.of(sessionToken);
  }

  VcloudSession session() {
    return VcloudSession.of(sessionToken);
  }

  boolean provider() {
    return VcloudTenancy.isProvider(organization);
  }
}
