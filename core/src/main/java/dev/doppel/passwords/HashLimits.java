package dev.doppel.passwords;

/**
 * Limits on the cost of verifying one password. The limits on work correspond to about two seconds
 * on one core of a small server.
 */
final class HashLimits {

  /** Bytes; less in a process whose heap is smaller than four times as much. */
  static final long MAX_MEMORY = 256L << 20;

  /** Bytes; as much as this project's own hashes need must always be allowed. */
  private static final long MIN_MEMORY_LIMIT = 20L << 20;

  static final int MIN_BCRYPT_COST = 4;
  static final int MAX_BCRYPT_COST = 15;

  /** Iterations times blocks of output. */
  static final long MAX_PBKDF2_ROUNDS = 2_000_000;

  /** KiB times passes. */
  static final long MAX_ARGON2_WORK = 1L << 20;

  static final int MAX_ARGON2_LANES = 64;

  static final int MAX_SCRYPT_R = 32;
  static final int MAX_SCRYPT_P = 64;

  /** Bytes of the large table, times parallelization. */
  static final long MAX_SCRYPT_WORK = 512L << 20;

  static final int MIN_CRYPT_ROUNDS = 1_000;
  static final int MAX_CRYPT_ROUNDS = 1_000_000;

  /** Bytes; as in libxcrypt, {@code CRYPT_MAX_PASSPHRASE_SIZE}. Longer passwords never match. */
  static final int MAX_CRYPT_PASSWORD = 512;

  static final int MIN_PHPASS_COST = 7;
  static final int MAX_PHPASS_COST = 20;

  /** Rounds times bytes of the password. Passwords that are too long for that never match. */
  static final long MAX_PHPASS_WORK = 1L << 30;

  /** Bytes; for algorithms with digests of any length. */
  static final int MIN_DIGEST = 16;

  /** Bytes; for algorithms with digests of any length. */
  static final int MAX_DIGEST = 128;

  /** Bytes. */
  static final int MAX_SALT = 1_024;

  /** Characters of a hash with its parameters. */
  static final int MAX_LENGTH = 8_192;

  private HashLimits() {}

  /** Returns the maximum number of bytes that verifying one password may need in this process. */
  static long memory() {
    var share = Runtime.getRuntime().maxMemory() / 4;
    return Math.min(MAX_MEMORY, Math.max(share, MIN_MEMORY_LIMIT));
  }

  /**
   * Checks a parameter.
   *
   * @param what names the parameter in the message, such as {@code bcrypt cost}
   * @throws UnsupportedHashException if the value is out of the range, bounds included
   */
  static void requireBetween(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new UnsupportedHashException(
          "%s %s is not allowed; %s to %s are".formatted(what, value, min, max));
    }
  }

  /**
   * Checks the memory that a computation needs.
   *
   * @param bytes that it would allocate
   * @throws UnsupportedHashException if that is more than {@link #memory}
   */
  static void requireMemory(String algorithm, long bytes) {
    if (bytes > memory()) {
      throw UnsupportedHashException.newMemoryException(
          "%s needs %s MiB; at most %s MiB are allowed%s"
              .formatted(
                  algorithm,
                  bytes >> 20,
                  memory() >> 20,
                  memory() < MAX_MEMORY ? ", a quarter of this process's heap" : ""));
    }
  }

  /**
   * Checks the length of a digest.
   *
   * @throws UnsupportedHashException if it is too short to be safe, or too long
   */
  static void requireDigest(String algorithm, int bytes) {
    requireBetween(algorithm + " digest: a length of", bytes, MIN_DIGEST, MAX_DIGEST);
  }

  /**
   * Checks the length of a salt.
   *
   * @throws UnsupportedHashException if it is too short or too long
   */
  static void requireSalt(String algorithm, int bytes, int min) {
    requireBetween(algorithm + " salt: a length of", bytes, min, MAX_SALT);
  }
}
