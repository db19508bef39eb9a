package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
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

  /**
   * The extras of a token that a mail carries. No other token has them.
   *
   * @param purpose what the token is for
   * @param address the address that the mail was sent to
   * @param password the fingerprint of the password at that time, so that no token outlives it
   */
  record OfMailToken(String purpose, String address, String password) {

    private static final String PURPOSE = "purpose";
    private static final String ADDRESS = "address";
    private static final String PASSWORD = "password";

    static OfMailToken of(String purpose, String address, User user) {
      return new OfMailToken(purpose, address, fingerprint(user));
    }

    /** Returns the extras of a token, or empty if no mail carries it. */
    static Optional<OfMailToken> of(Token token) {
      return Optional.ofNullable(token.extras().get(WorkspaceApi.NAME))
          .map(WorkspaceExtras::fromJson)
          .filter(json -> json.path(PURPOSE).isTextual())
          .map(
              json ->
                  new OfMailToken(
                      json.path(PURPOSE).asText(),
                      json.path(ADDRESS).asText(),
                      json.path(PASSWORD).asText()));
    }

    /** Returns whether the user still has the password of the time when the token was issued. */
    boolean hasPasswordOf(User user) {
      return password.equals(fingerprint(user));
    }

    private static String fingerprint(User user) {
      return user.password().map(hash -> TokenHash.of(hash.encoded()).hex()).orElse("");
    }

    String toJson() {
      return JSON.createObjectNode()
          .put(PURPOSE, purpose)
          .put(ADDRESS, address)
          .put(PASSWORD, password)
          .toString();
    }
  }

  private static JsonNode fromJson(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      // Without the cause, whose message quotes the extras.
      throw new IllegalStateException("extras that this dialect did not write");
    }
  }
}
