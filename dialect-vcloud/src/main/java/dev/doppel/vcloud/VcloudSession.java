package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Token;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this vendor remembers of a session.
 *
 * @param organization the 64 bits of the one that was signed in to
 * @param limited whether it was made from an API token; null in sessions of older stores
 */
record VcloudSession(UUID id, long organization, @Nullable Boolean limited) {

  static VcloudSession of(Token token) {
    return Extras.read(token.extras(VcloudApi.NAME).orElseThrow(), VcloudSession.class);
  }

  /**
   * Whether it may not change passwords, manage users, or make, view or revoke tokens (vendor's
   * guide 10.6, "Generate an API Access Token").
   */
  boolean isLimited() {
    return limited != null && limited;
  }

  OrganizationId organizationId() {
    return new OrganizationId(organization);
  }

  String json() {
    return Extras.json(this);
  }
}
