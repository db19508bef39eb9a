package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import java.util.Optional;

/** What this vendor alone knows about a user or a token, kept as JSON under its name. */
final class WorkspaceExtras {

  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkspaceExtras() {}

  /** Of a user; what was never set has the value that it has in a fresh account. */
  record OfUser(String language, boolean newsletter, Optional<String> picture) {

    static OfUser of(User user) {
      var kept = user.extras(WorkspaceDialect.NAME).map(WorkspaceExtras::read);
      return new OfUser(
          kept.map(json -> json.path("language").asText("en")).orElse("en"),
          kept.map(json -> json.path("newsletter").asBoolean(false)).orElse(false),
          kept.flatMap(json -> json.path("picture").asOptional().map(JsonNode::asText)));
    }
  }

  /**
   * Of a refresh token, and of no other.
   *
   * @param accessToken the access token it was issued with; hashes of random secrets, so comparing
   *     them gives nothing away
   */
  record OfRefreshToken(TokenHash accessToken) {

    private static final String ACCESS_TOKEN = "accessToken";

    static Optional<OfRefreshToken> of(Token token) {
      return Optional.ofNullable(token.extras().get(WorkspaceDialect.NAME))
          .map(json -> read(json).path(ACCESS_TOKEN).asText())
          .map(hash -> new OfRefreshToken(new TokenHash(hash)));
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
