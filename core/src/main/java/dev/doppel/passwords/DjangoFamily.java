package dev.doppel.passwords;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Hashes in Django's {@code auth_user.password}: the name of an algorithm, then its own form. */
final class DjangoFamily implements HashFamily {

  private static final Pattern NAME =
      Pattern.compile("(pbkdf2_sha256|pbkdf2_sha1|argon2|bcrypt_sha256|bcrypt|scrypt|md5)\\$(.*)");
  private static final Pattern PBKDF2 = Pattern.compile("(\\d+)\\$([^$]+)\\$([^$]+)");
  private static final Pattern SCRYPT =
      Pattern.compile("(\\d+)\\$([^$]+)\\$(\\d+)\\$(\\d+)\\$([^$]+)");
  private static final Pattern MD5 = Pattern.compile("([^$]+)\\$([0-9a-f]{32})");

  private final BcryptFamily bcrypt = new BcryptFamily();
  private final Argon2Family argon2 = new Argon2Family();

  @Override
  public String name() {
    return "Django";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "pbkdf2_sha256$…",
        "pbkdf2_sha1$…",
        "argon2$argon2id$…",
        "bcrypt_sha256$$2b$…",
        "bcrypt$$2b$…",
        "scrypt$…",
        "md5$…");
  }

  @Override
  public boolean recognizes(String encoded) {
    return NAME.matcher(encoded).matches();
  }

  @Override
  public StoredHash parse(String encoded) {
    var name = NAME.matcher(encoded);
    if (!name.matches()) {
      throw HashText.newMalformedException("pbkdf2_sha256$<rounds>$<salt>$<digest>");
    }
    var rest = name.group(2);
    return switch (name.group(1)) {
      case "argon2" -> argon2.parse("$" + rest);
      case "bcrypt" -> bcrypt.parse(rest);
      case "bcrypt_sha256" -> bcrypt.parse(rest).ofDigested(DjangoFamily::hexSha256);
      case "scrypt" -> scrypt(rest);
      case "md5" -> md5(rest);
      default -> pbkdf2(name.group(1).substring("pbkdf2_".length()), rest);
    };
  }

  private static byte[] hexSha256(byte[] password) {
    return HashText.latin1(HexFormat.of().formatHex(HashFunction.SHA256.digest(password)));
  }

  private static StoredHash pbkdf2(String function, String rest) {
    var form = PBKDF2.matcher(rest);
    if (!form.matches()) {
      throw HashText.newMalformedException("pbkdf2_sha256$<rounds>$<salt>$<digest>");
    }
    return Pbkdf2Family.of(
        HashFunction.named(function),
        HashText.number("PBKDF2 rounds", form.group(1)),
        form.group(2).getBytes(StandardCharsets.UTF_8),
        HashText.base64("PBKDF2 digest", form.group(3)));
  }

  private static StoredHash scrypt(String rest) {
    var form = SCRYPT.matcher(rest);
    if (!form.matches()) {
      throw HashText.newMalformedException("scrypt$<N>$<salt>$<r>$<p>$<digest>");
    }
    return ScryptFamily.of(
        new ScryptFamily.Parameters(
            HashText.number("scrypt N", form.group(1)),
            HashText.number("scrypt r", form.group(3)),
            HashText.number("scrypt p", form.group(4))),
        form.group(2).getBytes(StandardCharsets.UTF_8),
        HashText.base64("scrypt digest", form.group(5)));
  }

  private static StoredHash md5(String rest) {
    var form = MD5.matcher(rest);
    if (!form.matches()) {
      throw HashText.newMalformedException("md5$<salt>$<32 hexadecimal digits>");
    }
    var salt = form.group(1).getBytes(StandardCharsets.UTF_8);
    HashLimits.requireSalt("MD5", salt.length, 1);
    return StoredHash.of(
            HexFormat.of().parseHex(form.group(2)),
            password -> HashFunction.MD5.digest(salt, password))
        .weak("md5$" + form.group(1) + "$" + "0".repeat(32));
  }
}
