package dev.doppel.passwords;

import java.util.List;
import java.util.regex.Pattern;

/**
 * phpass's portable hashes, of WordPress before 6.8 ({@code $P$}) and phpBB 3 ({@code $H$}):
 * repeated MD5, therefore weak.
 */
final class PhpassFamily implements HashFamily {

  private static final String DIGITS =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final Pattern FORM =
      Pattern.compile("\\$([PH])\\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})");
  private static final byte[] NO_DIGEST = {};

  @Override
  public String name() {
    return "phpass";
  }

  @Override
  public List<String> forms() {
    return List.of("$P$…", "$H$…");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.startsWith("$P$") || encoded.startsWith("$H$");
  }

  @Override
  public StoredHash parse(String encoded) {
    var form = FORM.matcher(encoded);
    if (!form.matches()) {
      throw HashText.newMalformedException("$P$<31 characters>");
    }
    var cost = DIGITS.indexOf(form.group(2));
    HashLimits.requireBetween(
        "phpass cost", cost, HashLimits.MIN_PHPASS_COST, HashLimits.MAX_PHPASS_COST);
    var salt = HashText.latin1(form.group(3));
    return StoredHash.of(
            HashText.latin1(form.group(4)), password -> derive(1 << cost, salt, password))
        .weak(encoded.substring(0, encoded.length() - 22) + ".".repeat(22));
  }

  /** Returns the digest of a password; empty, which never matches, for one that is too long. */
  private static byte[] derive(int rounds, byte[] salt, byte[] password) {
    if ((long) rounds * password.length > HashLimits.MAX_PHPASS_WORK) {
      return NO_DIGEST;
    }
    var hash = HashFunction.MD5.digest(salt, password);
    for (int i = 0; i < rounds; i++) {
      hash = HashFunction.MD5.digest(hash, password);
    }
    return HashText.latin1(encode(hash));
  }

  /** Encodes three bytes at a time, the lowest six bits of a little-endian number first. */
  private static String encode(byte[] hash) {
    var text = new StringBuilder();
    for (int i = 0; i < hash.length; i += 3) {
      var bytes = Math.min(3, hash.length - i);
      var number = 0;
      for (int j = 0; j < bytes; j++) {
        number |= Byte.toUnsignedInt(hash[i + j]) << (8 * j);
      }
      for (int j = 0; j <= bytes; j++) {
        text.append(DIGITS.charAt((number >> (6 * j)) & 0x3f));
      }
    }
    return text.toString();
  }
}
