package dev.doppel.users;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.Password;
import com.password4j.ScryptFunction;
import com.password4j.types.Argon2;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** How new passwords are hashed. Hashes of every algorithm we know can be checked under either. */
public enum HashScheme {
  /** Argon2id with 19 MiB, 2 passes and 1 lane, as OWASP asks for: for stores that last. */
  ARGON2ID(
      () -> Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID),
      "$argon2id$v=19$m=19456,t=2,p=1$ulwv260aPQ+HlWjgAGtz+A$GtjhWO3sCN7nzxVxbWdEj8FWaux2IIcb5tL4mzuC8iA"),
  /** PBKDF2-HMAC-SHA256 with few rounds: salted and one-way, yet cheap. For tests. */
  FAST(
      () -> CompressedPBKDF2Function.getInstance("SHA256", 64, 256),
      "$3$274877907200$wdbsIpBwS0tTzWNxCxo/Tw==$8g9UOs1k41pd3EvVKRv5RuI7KGdTlLUe89FlzwuVvSg=");

  private static final long MOST_BYTES = 256L << 20;
  private static final int MOST_ARGON2_PASSES = 32;
  private static final int MOST_LANES = 16;
  private static final int MOST_BCRYPT_ROUNDS = 16;
  private static final int MOST_PBKDF2_ITERATIONS = 10_000_000;

  private static final Pattern ARGON2 =
      Pattern.compile(
          "\\$argon2(?:id|i|d)\\$v=\\d{1,3}\\$m=(\\d{1,10}),t=(\\d{1,10}),p=(\\d{1,10})\\$");

  /** Made when first used, for Argon2's takes its memory at once; the library keeps it. */
  @SuppressWarnings("ImmutableEnumChecker") // the library's functions are immutable, unannotated
  private final Supplier<HashingFunction> function;

  private final String nobodys;

  HashScheme(Supplier<HashingFunction> function, String nobodys) {
    this.function = function;
    this.nobodys = nobodys;
  }

  /** A hash of this scheme to check passwords against that have none; nobody knows its password. */
  PasswordHash nobodys() {
    return new PasswordHash(nobodys);
  }

  PasswordHash hash(dev.doppel.users.Password password) {
    return new PasswordHash(
        Password.hash(password.clearText()).addRandomSalt(16).with(function.get()).getResult());
  }

  /** Whether the hash was made by this algorithm with these parameters. */
  boolean made(PasswordHash hash) {
    return functionOf(hash).filter(function.get()::equals).isPresent();
  }

  static boolean matches(dev.doppel.users.Password password, PasswordHash hash) {
    var function =
        functionOf(hash)
            .orElseThrow(() -> new IllegalStateException("a stored hash of no known algorithm"));
    return Password.check(password.clearText(), hash.encoded()).with(function);
  }

  /**
   * Whether passwords can be checked against a hash of this form: Argon2, bcrypt, scrypt, PBKDF2,
   * within 256 MiB and, by and large, a few seconds.
   */
  public static boolean knows(PasswordHash hash) {
    return functionOf(hash).isPresent();
  }

  private static Optional<HashingFunction> functionOf(PasswordHash hash) {
    var encoded = hash.encoded();
    try {
      if (encoded.startsWith("$argon2")) {
        return argon2(encoded);
      }
      if (encoded.startsWith("$2")) {
        return encoded.length() == 60
            ? Optional.of(BcryptFunction.getInstanceFromHash(encoded))
                .filter(bcrypt -> bcrypt.getLogarithmicRounds() <= MOST_BCRYPT_ROUNDS)
                .map(HashingFunction.class::cast)
            : pbkdf2(encoded);
      }
      if (encoded.matches("\\$[0-9a-f]{4,8}\\$[^$]+\\$[^$]+")) {
        return Optional.of(ScryptFunction.getInstanceFromHash(encoded))
            .filter(scrypt -> bytes(scrypt) <= MOST_BYTES)
            .map(HashingFunction.class::cast);
      }
      if (encoded.matches("\\$[1-5]\\$[^$]+\\$[^$]+\\$[^$]+")) {
        return pbkdf2(encoded);
      }
      return Optional.empty();
    } catch (RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  /** The parameters come first, for the library's function takes its memory when it is made. */
  private static Optional<HashingFunction> argon2(String encoded) {
    var parameters = ARGON2.matcher(encoded);
    return parameters.lookingAt()
            && Long.parseLong(parameters.group(1)) << 10 <= MOST_BYTES
            && Long.parseLong(parameters.group(2)) <= MOST_ARGON2_PASSES
            && Long.parseLong(parameters.group(3)) <= MOST_LANES
        ? Optional.of(Argon2Function.getInstanceFromHash(encoded))
        : Optional.empty();
  }

  private static long bytes(ScryptFunction scrypt) {
    return 128L * scrypt.getWorkFactor() * scrypt.getResources() * scrypt.getParallelization();
  }

  private static Optional<HashingFunction> pbkdf2(String encoded) {
    return Optional.of(CompressedPBKDF2Function.getInstanceFromHash(encoded))
        .filter(pbkdf2 -> pbkdf2.getIterations() <= MOST_PBKDF2_ITERATIONS)
        .map(HashingFunction.class::cast);
  }
}
