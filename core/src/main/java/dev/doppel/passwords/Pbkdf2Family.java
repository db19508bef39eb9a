package dev.doppel.passwords;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** PBKDF2 as passlib, PHC strings, Kratos and Password4j write it. */
final class Pbkdf2Family implements HashFamily {

  private static final Pattern NAMED =
      Pattern.compile(
          "\\$pbkdf2(?:-(sha1|sha224|sha256|sha384|sha512))?\\$([^$]+)\\$([^$]*)\\$([^$]*)");

  /** Password4j's: a hash function's number; iterations times 2^32, plus bits of output. */
  private static final Pattern PASSWORD4J =
      Pattern.compile("\\$([1-5])\\$(\\d{10,18})\\$([^$]*)\\$([^$]*)");

  private static final List<HashFunction> PASSWORD4J_NUMBERS =
      List.of(
          HashFunction.SHA1,
          HashFunction.SHA224,
          HashFunction.SHA256,
          HashFunction.SHA384,
          HashFunction.SHA512);

  @Override
  public String name() {
    return "PBKDF2";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "$pbkdf2$<rounds>$…",
        "$pbkdf2-sha256$<rounds>$…",
        "$pbkdf2-sha256$i=…,l=…$…",
        "$3$<number>$… of Password4j",
        "each with sha1, sha224, sha256, sha384, sha512");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.startsWith("$pbkdf2") || PASSWORD4J.matcher(encoded).matches();
  }

  @Override
  public StoredHash parse(String encoded) {
    var password4j = PASSWORD4J.matcher(encoded);
    if (password4j.matches()) {
      var number = Long.parseLong(password4j.group(2));
      var digest = HashText.base64("PBKDF2 digest", password4j.group(4));
      requireLength(number & 0xffff_ffffL, 8L * digest.length, "bits");
      return of(
          PASSWORD4J_NUMBERS.get(Integer.parseInt(password4j.group(1)) - 1),
          number >>> 32,
          HashText.base64("PBKDF2 salt", password4j.group(3)),
          digest);
    }
    var named = NAMED.matcher(encoded);
    if (!named.matches()) {
      throw HashText.newMalformedException("$pbkdf2-sha256$<rounds>$<salt>$<digest>");
    }
    return parse(
        named.group(1) == null ? HashFunction.SHA1 : HashFunction.named(named.group(1)),
        named.group(2),
        HashText.passlibBase64("PBKDF2 salt", named.group(3)),
        HashText.passlibBase64("PBKDF2 digest", named.group(4)));
  }

  private static StoredHash parse(
      HashFunction function, String rounds, byte[] salt, byte[] digest) {
    if (!rounds.contains("=")) {
      return of(function, HashText.number("PBKDF2 rounds", rounds), salt, digest);
    }
    var values = HashText.Parameters.parse("PBKDF2", rounds, Set.of("i"), Set.of("l"));
    if (values.text("l").isPresent()) {
      requireLength(values.number("l"), digest.length, "bytes");
    }
    return of(function, values.number("i"), salt, digest);
  }

  private static void requireLength(long declared, long actual, String unit) {
    if (declared != actual) {
      throw new UnsupportedHashException(
          "PBKDF2 digest has %s %s, not %s as it says".formatted(actual, unit, declared));
    }
  }

  /**
   * Creates a hash.
   *
   * @throws UnsupportedHashException as {@link #parse(String)}
   */
  static StoredHash of(HashFunction function, long rounds, byte[] salt, byte[] digest) {
    HashLimits.requireDigest("PBKDF2", digest.length);
    HashLimits.requireSalt("PBKDF2", salt.length, 1);
    var blocks = (digest.length + function.length() - 1) / function.length();
    HashLimits.requireBetween(
        "PBKDF2 rounds: a number of", rounds, 1, HashLimits.MAX_PBKDF2_ROUNDS / blocks);
    var algorithm = "PBKDF2WithHmac" + function;
    return StoredHash.of(
        digest, password -> derive(algorithm, (int) rounds, salt, password, digest.length));
  }

  private static byte[] derive(
      String algorithm, int rounds, byte[] salt, byte[] password, int digestLength) {
    var text = new String(password, StandardCharsets.UTF_8); // which the JDK encodes again
    var key = new PBEKeySpec(text.toCharArray(), salt, rounds, 8 * digestLength);
    try {
      return SecretKeyFactory.getInstance(algorithm).generateSecret(key).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    } finally {
      key.clearPassword();
    }
  }
}
