package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import java.util.Optional;

/** What this vendor alone knows about a token, kept as JSON under its name. */
final class WorkspaceExtras {

  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkspaceExtras() {}

  /**
   * Of a refresh token, and of no other.
   *
   * @param accessToken the access token it was issued with; hashes of random secrets, so comparing
   *     them gives nothing away
   */
  record OfRefreshToken(TokenHash accessToken) {

    private static final String ACCESS_TOKEN = "accessToken";

    static Optional<OfRefreshToken> of(Token token) {
      return Optional.ofNullable(token.extras().get(WorkspaceApi.NAME))
          .map(json -> read(json).path(ACCESS_TOKEN))
          .filter(JsonNode::isTextual)
          .map(hash -> new OfRefreshToken(new TokenHash(hash.asText())));
    }

    boolean belongsTo(String secret) {
      return accessToken.equals(TokenHash.of(secret));
    }

    String json() {
      return JSON.createObjectNode().put(ACCESS_TOKEN, accessToken.hex()).toString();
    }
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("extras that this dialect did not write", e);
    }
  }
}
