package dev.doppel.users;

import dev.doppel.passwords.HashFamilies;
import dev.doppel.passwords.UnsupportedHashException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Algorithm, parameters, salt and hash of a password in one string, as {@link PasswordHasher} and
 * most products write it ({@code $argon2id$…}, {@code $2b$10$…}). Not printed by {@link #toString};
 * compared in constant time.
 */
public final class PasswordHash {

  private final String encoded;

  public PasswordHash(String encoded) {
    this.encoded = encoded;
  }

  /** Returns the string to store. */
  public String encoded() {
    return encoded;
  }

  /**
   * Returns why no password can be verified against this hash, without a part of it; empty if one
   * can.
   */
  public Optional<String> findError() {
    try {
      HashFamilies.parse(encoded);
      return Optional.empty();
    } catch (UnsupportedHashException unsupported) {
      return Optional.of(String.valueOf(unsupported.getMessage()));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PasswordHash that
        && MessageDigest.isEqual(
            encoded.getBytes(StandardCharsets.UTF_8),
            that.encoded.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  @Override
  public String toString() {
    return "PasswordHash[hidden]";
  }
}
