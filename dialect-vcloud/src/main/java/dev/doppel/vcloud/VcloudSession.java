package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Token;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a session that only this vendor has, kept as JSON in its token's extras.
 *
 * @param organization value of the id of the organization that the user signed in to
 * @param limited whether it was created with an API token; null, as in older versions, for false
 */
record VcloudSession(UUID id, long organization, @Nullable Boolean limited) {

  static VcloudSession of(Token token) {
    return Extras.decode(token.extras(VcloudApi.NAME).orElseThrow(), VcloudSession.class);
  }

  /**
   * Returns whether the session can't change passwords, manage users, or create, view or revoke
   * tokens (vendor's guide 10.6, "Generate an API Access Token").
   */
  boolean isLimited() {
    return limited != null && limited;
  }

  OrganizationId organizationId() {
    return new OrganizationId(organization);
  }

  String toJson() {
    return Extras.encode(this);
  }
}
