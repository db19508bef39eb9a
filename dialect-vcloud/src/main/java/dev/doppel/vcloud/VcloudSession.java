package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Token;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a session that only this vendor has, kept as JSON in its token's extras.
 *
 * @param organization value of the id of the organization that the user signed in to
 * @param limited whether it was created with an API token; null, as in older versions, for false
 * @param organizationEpoch how often the organization had been disabled; null for never
 * @param serviceAccount client id of the service account whose session it is; null for a user's
 * @param generation the account's {@link VcloudServiceAccount#generation}
 */
record VcloudSession(
    UUID id,
    long organization,
    @Nullable Boolean limited,
    @Nullable Integer organizationEpoch,
    @Nullable UUID serviceAccount,
    @Nullable Integer generation) {

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

  /** Returns whether the organization was disabled after the session had begun. */
  boolean isEndedBy(Organization organization) {
    return Objects.requireNonNullElse(organizationEpoch, 0)
        != VcloudOrganizationExtras.sessionEpoch(organization);
  }

  OrganizationId organizationId() {
    return new OrganizationId(organization);
  }

  String toJson() {
    return Extras.encode(this);
  }
}
