package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import dev.doppel.users.Token;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The properties of an API token that only this vendor has, kept as JSON in the token's extras. The
 * client's name is the token's description.
 *
 * @param organization value of the id of the organization in which the token is valid. Among the
 *     first members, since lists read it of every token
 * @param handedOut whether the client has received the secret, which is unknown to all until then
 * @param serviceAccount the service account that the token stands for; null for an API token
 */
record VcloudClient(
    UUID clientId,
    long organization,
    boolean handedOut,
    @Nullable VcloudServiceAccount serviceAccount) {

  /** Returns the client of an API token. */
  static VcloudClient ofApiToken(UUID clientId, long organization, boolean handedOut) {
    return new VcloudClient(clientId, organization, handedOut, null);
  }

  /** Returns the client of a token, or empty if another dialect issued the token. */
  static Optional<VcloudClient> of(Token token) {
    return token.extras(VcloudApi.NAME).map(json -> Extras.decode(json, VcloudClient.class));
  }

  /**
   * Returns the client of a token in an organization, or empty. Reads other organizations' tokens
   * only as far as needed.
   */
  static Optional<VcloudClient> of(Token token, Organization organization) {
    return token
        .extras(VcloudApi.NAME)
        .filter(
            json ->
                Extras.member(json, "organization")
                    .filter(Long.toString(organization.id().value())::equals)
                    .isPresent())
        .map(json -> Extras.decode(json, VcloudClient.class));
  }

  boolean isOf(Organization other) {
    return organization == other.id().value();
  }

  boolean hasServiceAccount() {
    return serviceAccount != null;
  }

  VcloudClient with(VcloudServiceAccount account) {
    return new VcloudClient(clientId, organization, handedOut, account);
  }
}
