package dev.doppel.users;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of a token's secret, as 64 lower-case hex digits. Enough to recognise the secret, of no
 * use to who steals it: a secret is random and long, so it can't be guessed from its hash.
 */
public record TokenHash(String hex) {

  /** How many bytes a hash has. */
  public static final int BYTES = 32;

  public static TokenHash of(String secret) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return new TokenHash(
          HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "TokenHash[hidden]";
  }
}
