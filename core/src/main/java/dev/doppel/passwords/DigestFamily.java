package dev.doppel.passwords;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Digests of the password, optionally followed by a salt: LDAP's schemes (RFC 2307 and later), and
 * the plain MD5 of old PHP applications. Those without a salt or based on MD5 are weak.
 */
final class DigestFamily implements HashFamily {

  private static final Pattern LDAP =
      Pattern.compile("\\{(S?)(MD5|SHA(?:256|384|512)?)\\}(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern HEX_MD5 = Pattern.compile("[0-9a-fA-F]{32}");

  @Override
  public String name() {
    return "digests";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "{SSHA}…",
        "{SSHA256}…",
        "{SSHA384}…",
        "{SSHA512}…",
        "{SHA}…",
        "{SHA256}…",
        "{SHA384}…",
        "{SHA512}…",
        "{SMD5}…",
        "{MD5}…",
        "32 hexadecimal digits of MD5");
  }

  @Override
  public boolean recognizes(String encoded) {
    return LDAP.matcher(encoded).matches() || HEX_MD5.matcher(encoded).matches();
  }

  @Override
  public StoredHash parse(String encoded) {
    if (HEX_MD5.matcher(encoded).matches()) {
      return unsalted("MD5", HashFunction.MD5, HexFormat.of().parseHex(encoded));
    }
    var ldap = LDAP.matcher(encoded);
    if (!ldap.matches()) {
      throw HashText.newMalformedException("{SSHA}<base64>");
    }
    var scheme = ldap.group(2).toUpperCase(Locale.ROOT);
    var function = HashFunction.named(scheme.equals("SHA") ? "SHA1" : scheme);
    var value = HashText.base64(scheme, ldap.group(3));
    return ldap.group(1).isEmpty()
        ? unsalted(scheme, function, value)
        : salted("S" + scheme, function, value);
  }

  private static StoredHash salted(String scheme, HashFunction function, byte[] value) {
    var length = function.length();
    HashLimits.requireSalt(scheme, value.length - length, 1);
    var salt = Arrays.copyOfRange(value, length, value.length);
    var hash =
        StoredHash.of(Arrays.copyOf(value, length), password -> function.digest(password, salt));
    return function == HashFunction.MD5 ? hash.weak(blank(scheme, length, salt)) : hash;
  }

  private static StoredHash unsalted(String scheme, HashFunction function, byte[] digest) {
    function.requireLength(digest.length);
    return StoredHash.of(digest, password -> function.digest(password))
        .weak(blank(scheme, function.length(), new byte[0]));
  }

  private static String blank(String scheme, int length, byte[] salt) {
    var value = new byte[length + salt.length];
    System.arraycopy(salt, 0, value, length, salt.length);
    return "{" + scheme + "}" + Base64.getEncoder().encodeToString(value);
  }
}
