package dev.doppel.passwords;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2 of all three types, as the reference implementation and PHC strings write it. */
final class Argon2Family implements HashFamily {

  private static final Map<String, Integer> TYPES =
      Map.of(
          "d", Argon2Parameters.ARGON2_d,
          "i", Argon2Parameters.ARGON2_i,
          "id", Argon2Parameters.ARGON2_id);

  private static final Pattern FORM =
      Pattern.compile("\\$argon2(id|i|d)(?:\\$v=(\\d{1,9}))?\\$([^$]+)\\$([^$]*)\\$([^$]*)");

  /** Version 1.0, the default if a hash has no {@code v=}. */
  private static final int VERSION_10 = 16;

  private static final int VERSION_13 = 19;
  private static final int MIN_SALT_BYTES = 8;

  /** KiB; with two passes, OWASP's minimum for Argon2id. */
  private static final int RECOMMENDED_MEMORY = 19_456;

  private static final int RECOMMENDED_PASSES = 2;
  private static final int RECOMMENDED_SALT_BYTES = 16;

  /**
   * The parameters of a hash. Immutable.
   *
   * @param type one of {@link #TYPES}
   * @param memory KiB
   * @param data associated data in base64; empty for none
   */
  record Parameters(String type, int version, int memory, int passes, int lanes, String data) {}

  @Override
  public String name() {
    return "Argon2";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "$argon2id$v=19$m=…,t=…,p=…$…",
        "$argon2i$…",
        "$argon2d$…",
        "without v=",
        "with keyid=, data=",
        "parameters in any order");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.startsWith("$argon2");
  }

  @Override
  public StoredHash parse(String encoded) {
    var form = FORM.matcher(encoded);
    if (!form.matches()) {
      throw HashText.newMalformedException("$argon2id$v=19$m=…,t=…,p=…$<salt>$<digest>");
    }
    var values =
        HashText.Parameters.parse(
            "Argon2", form.group(3), Set.of("m", "t", "p"), Set.of("keyid", "data"));
    return of(
        new Parameters(
            form.group(1),
            form.group(2) == null ? VERSION_10 : HashText.number("Argon2 version", form.group(2)),
            values.number("m"),
            values.number("t"),
            values.number("p"),
            values.text("data").orElse("")),
        HashText.base64("Argon2 salt", form.group(4)),
        HashText.base64("Argon2 digest", form.group(5)));
  }

  /**
   * Creates a hash.
   *
   * @throws UnsupportedHashException as {@link #parse}
   */
  static StoredHash of(Parameters parameters, byte[] salt, byte[] digest) {
    check(parameters);
    var data = HashText.base64("Argon2 data", parameters.data);
    HashLimits.requireSalt("Argon2", salt.length, MIN_SALT_BYTES);
    HashLimits.requireDigest("Argon2", digest.length);
    return StoredHash.of(
            digest, password -> derive(parameters, data, salt, password, digest.length))
        .withMemory((long) parameters.memory << 10)
        .withRecommended(isRecommended(parameters, salt));
  }

  private static void check(Parameters parameters) {
    if (!TYPES.containsKey(parameters.type)) {
      throw new UnsupportedHashException("Argon2 of an unknown type; i, d and id are allowed");
    }
    if (parameters.version != VERSION_10 && parameters.version != VERSION_13) {
      throw new UnsupportedHashException(
          "Argon2 version %s is not allowed; 16 and 19 are".formatted(parameters.version));
    }
    HashLimits.requireBetween("Argon2 p", parameters.lanes, 1, HashLimits.MAX_ARGON2_LANES);
    if (parameters.memory < 8 * parameters.lanes) {
      throw new UnsupportedHashException("Argon2 m must be 8 times p at least");
    }
    HashLimits.requireMemory("Argon2", (long) parameters.memory << 10);
    HashLimits.requireBetween(
        "Argon2 t", parameters.passes, 1, HashLimits.MAX_ARGON2_WORK / parameters.memory);
  }

  private static boolean isRecommended(Parameters parameters, byte[] salt) {
    return parameters.type.equals("id")
        && parameters.version == VERSION_13
        && parameters.memory >= RECOMMENDED_MEMORY
        && parameters.passes >= RECOMMENDED_PASSES
        && salt.length >= RECOMMENDED_SALT_BYTES;
  }

  private static byte[] derive(
      Parameters parameters, byte[] data, byte[] salt, byte[] password, int digestLength) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(
                TYPES.getOrDefault(parameters.type, Argon2Parameters.ARGON2_id))
            .withVersion(parameters.version)
            .withMemoryAsKB(parameters.memory)
            .withIterations(parameters.passes)
            .withParallelism(parameters.lanes)
            .withAdditional(data)
            .withSalt(salt)
            .build());
    var digest = new byte[digestLength];
    generator.generateBytes(password, digest);
    return digest;
  }
}
