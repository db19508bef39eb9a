package dev.doppel.passwords;

import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * bcrypt. The prefixes {@code $2a$}, {@code $2b$} and {@code $2y$} are equivalent: hashes with each
 * of them are computed as by OpenBSD. InfluxDB uses cost 10, Milvus cost 4 and, in newer releases,
 * 10.
 */
final class BcryptFamily implements HashFamily {

  private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$(.{22})(.{31})");

  /** How many bytes of a password bcrypt reads; it appends a NUL to shorter ones. */
  private static final int READ_BYTES = 72;

  /** Length of the encoded digest. */
  private static final int DIGEST_CHARACTERS = 31;

  @Override
  public String name() {
    return "bcrypt";
  }

  @Override
  public List<String> forms() {
    return List.of("$2a$10$…", "$2b$10$…", "$2y$10$…");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.matches("(?s)\\$2[abxy]?\\$.*");
  }

  @Override
  public StoredHash parse(String encoded) {
    if (encoded.startsWith("$2x$")) {
      throw new UnsupportedHashException("bcrypt $2x$ marks hashes of a broken implementation");
    }
    if (encoded.startsWith("$2$")) {
      throw new UnsupportedHashException("bcrypt $2$ is not supported; $2a$, $2b$ and $2y$ are");
    }
    var form = FORM.matcher(encoded);
    if (!form.matches()) {
      throw HashText.newMalformedException("$2b$<2 digits>$<53 characters>");
    }
    var cost = HashText.number("bcrypt cost", form.group(1));
    HashLimits.requireBetween(
        "bcrypt cost", cost, HashLimits.MIN_BCRYPT_COST, HashLimits.MAX_BCRYPT_COST);
    var salt = HashText.bcryptBase64("bcrypt salt", form.group(2));
    var digest = HashText.bcryptBase64("bcrypt digest", form.group(3));
    return StoredHash.of(digest, password -> derive(password, salt, cost))
        .withReadBytes(READ_BYTES);
  }

  private static byte[] derive(byte[] password, byte[] salt, int cost) {
    var hash = OpenBSDBCrypt.generate("2b", password, salt, cost);
    return HashText.bcryptBase64(
        "bcrypt digest", hash.substring(hash.length() - DIGEST_CHARACTERS));
  }
}
