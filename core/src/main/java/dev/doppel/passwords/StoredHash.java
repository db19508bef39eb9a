package dev.doppel.passwords;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A parsed password hash, within the {@link HashLimits}. Immutable; not printed by {@link
 * #toString}.
 */
public final class StoredHash {

  static final String WRAPPED = "$wrapped$";

  /** Computes the digest of a password. Has no side effects, and may take up to two seconds. */
  @FunctionalInterface
  interface Derivation {
    byte[] derive(byte[] password);
  }

  private final byte[] digest;
  private final Derivation derivation;
  private final long memory;
  private final int readBytes;
  private final boolean recommended;
  private final Optional<String> blank;

  private StoredHash(
      byte[] digest,
      Derivation derivation,
      long memory,
      int readBytes,
      boolean recommended,
      Optional<String> blank) {
    this.digest = digest;
    this.derivation = derivation;
    this.memory = memory;
    this.readBytes = readBytes;
    this.recommended = recommended;
    this.blank = blank;
  }

  /**
   * Creates a salted hash that needs little memory and depends on every byte of a password.
   *
   * @param digest the result of the derivation for the right password
   */
  static StoredHash of(byte[] digest, Derivation derivation) {
    return new StoredHash(digest, derivation, 0, Integer.MAX_VALUE, false, Optional.empty());
  }

  /** Returns this hash with the number of bytes of memory that it needs. */
  StoredHash withMemory(long bytes) {
    return new StoredHash(digest, derivation, bytes, readBytes, recommended, blank);
  }

  /**
   * Returns this hash with the number of bytes of a password that it reads; it ignores the rest.
   */
  StoredHash withReadBytes(int bytes) {
    return new StoredHash(digest, derivation, memory, bytes, recommended, blank);
  }

  /** Returns this hash with another value of {@link #isRecommended}. */
  StoredHash withRecommended(boolean recommended) {
    return new StoredHash(digest, derivation, memory, readBytes, recommended, blank);
  }

  /**
   * Returns this hash as a {@linkplain #isWeak weak} one.
   *
   * @param blank this hash with a dummy digest
   */
  StoredHash weak(String blank) {
    return new StoredHash(digest, derivation, memory, readBytes, recommended, Optional.of(blank));
  }

  /** Returns a hash that applies a function to passwords first, and so depends on every byte. */
  StoredHash ofDigested(UnaryOperator<byte[]> function) {
    return new StoredHash(
        digest,
        password -> derivation.derive(function.apply(password)),
        memory,
        Integer.MAX_VALUE,
        false,
        blank);
  }

  /** Returns whether the password matches. May take up to two seconds. */
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(digest, derivation.derive(password));
  }

  /** Returns the number of bytes of memory that {@link #matches} needs. */
  public long memory() {
    return memory;
  }

  /** Returns whether {@link #matches} depends on every byte of the password. */
  public boolean readsWhole(byte[] password) {
    return password.length < readBytes;
  }

  /** Returns whether the hash is as strong as a new one: Argon2id as OWASP recommends. */
  public boolean isRecommended() {
    return recommended;
  }

  /** Returns whether the hash is unsalted or based on MD5, and must be {@link #wrap wrapped}. */
  public boolean isWeak() {
    return blank.isPresent();
  }

  /**
   * Returns a form of this weak hash that can be stored: its parameters, and a strong hash of its
   * digest.
   *
   * @param hasher hashes a text; its result starts with {@code $} and belongs to one of the {@link
   *     HashFamilies}
   * @throws IllegalStateException if the hash isn't {@linkplain #isWeak weak}
   */
  public String wrap(UnaryOperator<String> hasher) {
    var parameters = blank.orElseThrow(() -> new IllegalStateException("not a weak hash"));
    return WRAPPED
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(parameters.getBytes(StandardCharsets.UTF_8))
        + hasher.apply(text(digest));
  }

  /** Returns the text of which a wrapped hash is the hash, for a password. */
  byte[] inner(byte[] password) {
    return text(derivation.derive(password)).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] digest) {
    return Base64.getEncoder().encodeToString(digest);
  }

  @Override
  public String toString() {
    return "StoredHash[hidden]";
  }
}
