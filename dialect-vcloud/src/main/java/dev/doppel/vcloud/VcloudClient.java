package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import dev.doppel.users.Token;
import java.util.Optional;
import java.util.UUID;

/**
 * The properties of an API token that only this vendor has, kept as JSON in the token's extras. The
 * client's name is the token's description.
 *
 * @param organization value of the id of the organization in which the token is valid
 * @param handedOut whether the client has received the secret, which is unknown to all until then
 */
record VcloudClient(UUID clientId, long organization, boolean handedOut) {

  /** Returns the client of a token, or empty if another dialect issued the token. */
  static Optional<VcloudClient> of(Token token) {
    return token.extras(VcloudApi.NAME).map(json -> Extras.decode(json, VcloudClient.class));
  }

  boolean isOf(Organization other) {
    return organization == other.id().value();
  }
}
