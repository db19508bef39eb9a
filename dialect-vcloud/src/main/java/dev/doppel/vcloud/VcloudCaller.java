package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Authority;
import dev.doppel.users.Organization;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.Optional;

/**
 * A user in a session.
 *
 * @param organization the organization that the user signed in to
 * @param authority {@link Authority#NONE} in a session that was created with an API token
 */
record VcloudCaller(User user, Token sessionToken, Organization organization, Authority authority)
    implements Caller {

  static VcloudCaller of(Call call) {
    return call.caller(VcloudCaller.class);
  }

  @Override
  public Optional<Token> token() {
    return Optional.of(sessionToken);
  }

  /** Returns the caller with its organization as it is now. */
  VcloudCaller in(Organization now) {
    return new VcloudCaller(user, sessionToken, now, authority);
  }

  VcloudSession session() {
    return VcloudSession.of(sessionToken);
  }

  /** Returns whether the caller may act in every organization. */
  boolean provider() {
    return VcloudUrn.isProvider(organization) && user.administrator();
  }
}
