package dev.doppel.users;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of a token's secret, as 64 lower-case hex digits. A stolen hash doesn't reveal the
 * secret, which is random and too long to guess. Immutable.
 */
public record TokenHash(String hex) {

  /** The length of a hash in bytes. */
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
