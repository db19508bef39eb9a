package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import java.util.Optional;

/** The properties of a token that only this vendor has, kept as JSON in the token's extras. */
final class WorkspaceExtras {

  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkspaceExtras() {}

  /**
   * The extras of a refresh token. No other token has them.
   *
   * @param accessToken the access token it was issued with. Hashes of random secrets may be
   *     compared in variable time.
   */
  record OfRefreshToken(TokenHash accessToken) {

    private static final String ACCESS_TOKEN = "accessToken";

    /** Returns the extras of a token, or empty if it isn't a refresh token. */
    static Optional<OfRefreshToken> of(Token token) {
      return Optional.ofNullable(token.extras().get(WorkspaceApi.NAME))
          .map(json -> fromJson(json).path(ACCESS_TOKEN))
          .filter(JsonNode::isTextual)
          .map(hash -> new OfRefreshToken(new TokenHash(hash.asText())));
    }

    /** Returns whether this is the secret of the access token that it was issued with. */
    boolean belongsTo(String secret) {
      return accessToken.equals(TokenHash.of(secret));
    }

    String toJson() {
      return JSON.createObjectNode().put(ACCESS_TOKEN, accessToken.hex()).toString();
    }
  }

  private static JsonNode fromJson(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("extras that this dialect did not write", e);
    }
  }
}
