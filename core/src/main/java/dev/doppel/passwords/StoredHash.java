package dev.doppel.passwords;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A parsed password hash, within the {@link HashLimits}. Immutable; never prints itself. */
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
   * A salted hash that needs little memory and reads passwords whole.
   *
   * @param digest what the derivation returns for the right password
   */
  static StoredHash of(byte[] digest, Derivation derivation) {
    return new StoredHash(digest, derivation, 0, Integer.MAX_VALUE, false, Optional.empty());
  }

  /** Returns a hash that needs this many bytes of memory to compute. */
  StoredHash withMemory(long bytes) {
    return new StoredHash(digest, derivation, bytes, readBytes, recommended, blank);
  }

  /** Returns a hash that ignores what a password has beyond this many bytes. */
  StoredHash withReadBytes(int bytes) {
    return new StoredHash(digest, derivation, memory, bytes, recommended, blank);
  }

  /** Returns a hash whose parameters are as good as those of new hashes. */
  StoredHash withRecommended(boolean recommended) {
    return new StoredHash(digest, derivation, memory, readBytes, recommended, blank);
  }

  /**
   * Returns a hash that must not be stored as it is.
   *
   * @param blank the same hash with another digest
   */
  StoredHash weak(String blank) {
    return new StoredHash(digest, derivation, memory, readBytes, recommended, Optional.of(blank));
  }

  /** Returns a hash of what the function makes of a password, which thereby is read whole. */
  StoredHash ofDigested(UnaryOperator<byte[]> function) {
    return new StoredHash(
        digest,
        password -> derivation.derive(function.apply(password)),
        memory,
        Integer.MAX_VALUE,
        false,
        blank);
  }

  /** Returns whether this is the hash of the password. May take up to two seconds. */
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(digest, derivation.derive(password));
  }

  /** Returns how many bytes of memory {@link #matches} needs. */
  public long memory() {
    return memory;
  }

  /** Returns whether {@link #matches} looks at every byte of the password. */
  public boolean readsWhole(byte[] password) {
    return password.length < readBytes;
  }

  /** Returns whether the hash is as good as a new one: Argon2id as OWASP recommends, or better. */
  public boolean isRecommended() {
    return recommended;
  }

  /** Returns whether the hash is unsalted or built on MD5, and to be {@link #wrap wrapped}. */
  public boolean isWeak() {
    return blank.isPresent();
  }

  /**
   * Returns the hash, hashed once more, so that it can be stored: its parameters, and a strong hash
   * of its digest.
   *
   * @param hasher hashes a text; its result begins with {@code $} and is of one of the {@link
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

  /** Returns what a wrapped hash is the hash of, for a password. */
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
