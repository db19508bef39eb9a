package dev.doppel.passwords;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;

/**
 * The hashes of crypt(3) that are based on MD5 and SHA-2: of {@code /etc/shadow}, of Apache's
 * {@code htpasswd}, and with Kratos's names. Those based on MD5 are weak.
 */
final class CryptFamily implements HashFamily {

  private static final Map<String, String> KRATOS_NAMES =
      Map.of("md5-crypt", "1", "sha256-crypt", "5", "sha512-crypt", "6");

  private static final String DIGIT = "[./0-9A-Za-z]";
  private static final Pattern FORM =
      Pattern.compile(
          "\\$(1|5|6|apr1)\\$(?:rounds=(\\d{1,9})\\$)?(%1$s{1,16})\\$(%1$s+)".formatted(DIGIT));

  /** The algorithms, with the lengths of their digests in characters. */
  private enum Algorithm {
    MD5("1", 22),
    APR1("apr1", 22),
    SHA256("5", 43),
    SHA512("6", 86);

    final String id;
    final int length;

    Algorithm(String id, int length) {
      this.id = id;
      this.length = length;
    }

    static Algorithm of(String id) {
      return Arrays.stream(values()).filter(one -> one.id.equals(id)).findFirst().orElseThrow();
    }

    boolean isWeak() {
      return this == MD5 || this == APR1;
    }
  }

  /** Characters. */
  private static final int MAX_MD5_SALT = 8;

  private static final byte[] NO_DIGEST = {};

  @Override
  public String name() {
    return "crypt";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "$1$…",
        "$apr1$…",
        "$5$…",
        "$6$…",
        "$6$rounds=…$…",
        "$md5-crypt$…",
        "$sha256-crypt$…",
        "$sha512-crypt$…");
  }

  @Override
  public boolean recognizes(String encoded) {
    return withoutKratosName(encoded).matches("(?s)\\$(1|5|6|apr1)\\$.*");
  }

  @Override
  public StoredHash parse(String encoded) {
    var crypt = withoutKratosName(encoded);
    var form = FORM.matcher(crypt);
    if (!form.matches()) {
      throw HashText.newMalformedException("$6$<salt of 1 to 16 characters>$<digest>");
    }
    var algorithm = Algorithm.of(form.group(1));
    var digest = form.group(4);
    if (digest.length() != algorithm.length) {
      throw new UnsupportedHashException(
          "crypt $%s$ digest has %s characters, not %s"
              .formatted(algorithm.id, digest.length(), algorithm.length));
    }
    if (form.group(2) != null) {
      HashLimits.requireBetween(
          "crypt rounds: a number of",
          HashText.number("crypt rounds", form.group(2)),
          HashLimits.MIN_CRYPT_ROUNDS,
          HashLimits.MAX_CRYPT_ROUNDS);
    }
    var parameters = crypt.substring(0, crypt.length() - digest.length());
    var hash =
        StoredHash.of(HashText.latin1(digest), password -> derive(algorithm, parameters, password));
    if (!algorithm.isWeak()) {
      return hash;
    }
    requireMd5Form(form.group(2), form.group(3));
    return hash.weak(parameters + ".".repeat(digest.length()));
  }

  private static void requireMd5Form(String rounds, String salt) {
    if (rounds != null || salt.length() > MAX_MD5_SALT) {
      throw HashText.newMalformedException("$1$<salt of 1 to 8 characters>$<digest>");
    }
  }

  private static String withoutKratosName(String encoded) {
    var end = encoded.indexOf('$', 1);
    var own = end < 0 ? null : KRATOS_NAMES.get(encoded.substring(1, end));
    return own == null ? encoded : "$" + own + encoded.substring(end);
  }

  /**
   * Returns the digest of a password; empty, which never matches, for one that is too long.
   *
   * @param parameters the hash up to its digest
   */
  private static byte[] derive(Algorithm algorithm, String parameters, byte[] password) {
    if (password.length > HashLimits.MAX_CRYPT_PASSWORD) {
      return NO_DIGEST;
    }
    var bytes = password.clone(); // the library erases its argument
    var hash =
        switch (algorithm) {
          case SHA256 -> Sha2Crypt.sha256Crypt(bytes, parameters);
          case SHA512 -> Sha2Crypt.sha512Crypt(bytes, parameters);
          case MD5 -> Md5Crypt.md5Crypt(bytes, parameters);
          case APR1 -> Md5Crypt.apr1Crypt(bytes, parameters);
        };
    return HashText.latin1(hash.substring(hash.lastIndexOf('$') + 1));
  }
}
