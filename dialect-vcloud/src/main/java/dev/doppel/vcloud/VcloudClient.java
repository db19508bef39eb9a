package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import dev.doppel.users.Token;
import java.util.Optional;
import java.util.UUID;

/**
 * What this vendor keeps of an API token, whose description is its name.
 *
 * @param handedOut whether the client has been told the secret; before that nobody knows it
 */
record VcloudClient(UUID clientId, long organization, boolean handedOut) {

  /** Empty for a token that another dialect issued. */
  static Optional<VcloudClient> of(Token token) {
    return token.extras(VcloudApi.NAME).map(json -> Extras.read(json, VcloudClient.class));
  }

  boolean isOf(Organization other) {
    return organization == other.id().value();
  }
}
