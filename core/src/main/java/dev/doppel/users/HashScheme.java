package dev.doppel.users;

import com.password4j.Argon2Function;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.doppel.passwords.StoredHash;
import java.util.function.Supplier;

/**
 * The algorithm and parameters of new password hashes. With either scheme, passwords are verified
 * against hashes of every {@linkplain dev.doppel.passwords.HashFamilies family}.
 */
public enum HashScheme {
  /** Argon2id with 19 MiB, 2 passes and 1 lane, as OWASP recommends: for persistent stores. */
  ARGON2ID(
      () -> Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID),
      "$argon2id$v=19$m=19456,t=2,p=1$",
      "ulwv260aPQ+HlWjgAGtz+A$GtjhWO3sCN7nzxVxbWdEj8FWaux2IIcb5tL4mzuC8iA") {
    @Override
    boolean isGoodEnough(StoredHash hash) {
      return hash.isRecommended();
    }
  },
  /** PBKDF2-HMAC-SHA256 with few rounds: salted and one-way, yet cheap. For tests. */
  FAST(
      () -> CompressedPBKDF2Function.getInstance("SHA256", 64, 256),
      "$3$274877907200$",
      "wdbsIpBwS0tTzWNxCxo/Tw==$8g9UOs1k41pd3EvVKRv5RuI7KGdTlLUe89FlzwuVvSg=") {
    @Override
    boolean isGoodEnough(StoredHash hash) {
      return false; // so that the next sign-in is fast
    }
  };

  private static final int SALT_BYTES = 16;

  /** Created when first used, since Argon2's allocates its memory at once and keeps it. */
  @SuppressWarnings("ImmutableEnumChecker") // the library's functions are immutable, unannotated
  private final Supplier<HashingFunction> function;

  private final String parameters;
  private final String dummy;

  HashScheme(Supplier<HashingFunction> function, String parameters, String dummy) {
    this.function = function;
    this.parameters = parameters;
    this.dummy = parameters + dummy;
  }

  /** Returns whether a hash that isn't {@linkplain #isCurrent current} can be kept. */
  abstract boolean isGoodEnough(StoredHash hash);

  /**
   * Returns a hash of this scheme with an unknown password. Verifying against it takes as long for
   * a user without a password as for any other.
   */
  PasswordHash dummyHash() {
    return new PasswordHash(dummy);
  }

  /** Hashes a text with a new salt. Slow by design: never call it on an event loop. */
  String hash(String text) {
    return Password.hash(text).addRandomSalt(SALT_BYTES).with(function.get()).getResult();
  }

  /** Returns whether the hash has the algorithm and parameters of this scheme. */
  boolean isCurrent(PasswordHash hash) {
    return hash.encoded().startsWith(parameters);
  }
}
