package dev.doppel.passwords;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/** scrypt as passlib, PHC strings, Kratos and Password4j write it, and Firebase's variant. */
final class ScryptFamily implements HashFamily {

  private static final Pattern NAMED = Pattern.compile("\\$scrypt\\$([^$]+)\\$([^$]*)\\$([^$]*)");

  /** Parameters, salt, hash, salt separator, signer key. */
  private static final Pattern FIREBASE =
      Pattern.compile("\\$firescrypt\\$([^$]+)\\$([^$]*)\\$([^$]*)\\$([^$]*)\\$([^$]*)");

  /** Password4j's: the logarithm of N, then two digits each of r and p, all hexadecimal. */
  private static final Pattern PASSWORD4J =
      Pattern.compile("\\$([0-9a-f]{1,4})([0-9a-f]{2})([0-9a-f]{2})\\$([^$]*)\\$([^$]*)");

  private static final Set<String> PARAMETERS = Set.of("ln", "r", "p");

  /** Kratos writes N itself as {@code ln}, others write its logarithm, which is never greater. */
  private static final int MAX_LOGARITHM = 31;

  private static final int FIREBASE_KEY_BYTES = 32;

  /** The parameters of a hash; {@code n} is a power of two. Immutable. */
  record Parameters(int n, int r, int p) {

    /**
     * @throws UnsupportedHashException if computing takes too much memory or time
     */
    Parameters {
      HashLimits.requireBetween("scrypt r", r, 1, HashLimits.MAX_SCRYPT_R);
      HashLimits.requireBetween("scrypt p", p, 1, HashLimits.MAX_SCRYPT_P);
      if (n < 2 || Integer.bitCount(n) != 1) {
        throw new UnsupportedHashException("scrypt N must be a power of two");
      }
      HashLimits.requireMemory("scrypt", memory(n, r, p));
      HashLimits.requireBetween("scrypt p", p, 1, HashLimits.MAX_SCRYPT_WORK / (128L * n * r));
      if (r == 1 && n >= 1 << 16) {
        throw new UnsupportedHashException("scrypt N must be less than 65536 where r is 1");
      }
    }

    /** Returns the bytes of the large table, and of three copies of each block. */
    private static long memory(long n, long r, long p) {
      return 128 * r * (n + 3 * p);
    }

    long memory() {
      return memory(n, r, p);
    }

    byte[] derive(byte[] password, byte[] salt, int length) {
      return SCrypt.generate(password, salt, n, r, p, length);
    }
  }

  @Override
  public String name() {
    return "scrypt";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "$scrypt$ln=…,r=…,p=…$…",
        "$e0801$… of Password4j",
        "$firescrypt$ln=…,r=…,p=…$<salt>$<hash>$<separator>$<signer key> of Firebase");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.startsWith("$scrypt$")
        || encoded.startsWith("$firescrypt$")
        || PASSWORD4J.matcher(encoded).matches();
  }

  @Override
  public StoredHash parse(String encoded) {
    var firebase = FIREBASE.matcher(encoded);
    if (firebase.matches()) {
      return firebase(
          parameters(firebase.group(1)),
          HashText.base64("scrypt salt", firebase.group(2)),
          HashText.base64("scrypt hash", firebase.group(3)),
          HashText.base64("scrypt salt separator", firebase.group(4)),
          HashText.base64("scrypt signer key", firebase.group(5)));
    }
    var password4j = PASSWORD4J.matcher(encoded);
    if (password4j.matches()) {
      return of(
          new Parameters(
              power(Integer.parseInt(password4j.group(1), 16)),
              Integer.parseInt(password4j.group(2), 16),
              Integer.parseInt(password4j.group(3), 16)),
          HashText.base64("scrypt salt", password4j.group(4)),
          HashText.base64("scrypt digest", password4j.group(5)));
    }
    var named = NAMED.matcher(encoded);
    if (!named.matches()) {
      throw HashText.newMalformedException("$scrypt$ln=…,r=…,p=…$<salt>$<digest>");
    }
    return of(
        parameters(named.group(1)),
        HashText.base64("scrypt salt", named.group(2)),
        HashText.base64("scrypt digest", named.group(3)));
  }

  private static Parameters parameters(String text) {
    var values = HashText.Parameters.parse("scrypt", text, PARAMETERS, Set.of());
    var cost = values.number("ln");
    return new Parameters(
        cost <= MAX_LOGARITHM ? power(cost) : cost, values.number("r"), values.number("p"));
  }

  private static int power(int logarithm) {
    HashLimits.requireBetween("scrypt ln", logarithm, 1, 24);
    return 1 << logarithm;
  }

  /**
   * Creates a hash.
   *
   * @throws UnsupportedHashException as {@link #parse}
   */
  static StoredHash of(Parameters parameters, byte[] salt, byte[] digest) {
    HashLimits.requireSalt("scrypt", salt.length, 1);
    HashLimits.requireDigest("scrypt", digest.length);
    return StoredHash.of(digest, password -> parameters.derive(password, salt, digest.length))
        .withMemory(parameters.memory());
  }

  private static StoredHash firebase(
      Parameters parameters, byte[] salt, byte[] digest, byte[] separator, byte[] signerKey) {
    HashLimits.requireSalt("scrypt", salt.length, 1);
    HashLimits.requireDigest("scrypt", digest.length);
    if (digest.length != signerKey.length) {
      throw new UnsupportedHashException("scrypt hash is not as long as the signer key");
    }
    var salted = Arrays.copyOf(salt, salt.length + separator.length);
    System.arraycopy(separator, 0, salted, salt.length, separator.length);
    return StoredHash.of(
            digest,
            password ->
                encrypted(parameters.derive(password, salted, FIREBASE_KEY_BYTES), signerKey))
        .withMemory(parameters.memory());
  }

  private static byte[] encrypted(byte[] key, byte[] signerKey) {
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
      return cipher.doFinal(signerKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES", e);
    }
  }
}
