package dev.doppel.passwords;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Hashes of other families with the name of an LDAP scheme before them. */
final class LdapFamily implements HashFamily {

  private static final Pattern SCHEME = Pattern.compile("(?s)\\{([A-Za-z0-9-]+)\\}(.*)");

  private final Pbkdf2Family pbkdf2 = new Pbkdf2Family();

  @Override
  public String name() {
    return "LDAP schemes";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "{CRYPT}$…",
        "{ARGON2}$argon2…",
        "{BCRYPT}$2…",
        "{PBKDF2}<rounds>$…",
        "{PBKDF2-SHA256}<rounds>$…",
        "{PBKDF2-SHA512}<rounds>$…");
  }

  @Override
  public boolean recognizes(String encoded) {
    return SCHEME.matcher(encoded).matches();
  }

  @Override
  public StoredHash parse(String encoded) {
    var form = SCHEME.matcher(encoded);
    if (!form.matches()) {
      throw HashText.newMalformedException("{SCHEME}…");
    }
    var scheme = form.group(1).toUpperCase(Locale.ROOT);
    var rest = form.group(2);
    return switch (scheme) {
      case "CRYPT", "ARGON2", "BCRYPT" -> modular(scheme, rest);
      case "PBKDF2" -> pbkdf2.parse("$pbkdf2$" + rest);
      case "PBKDF2-SHA1", "PBKDF2-SHA256", "PBKDF2-SHA512" ->
          pbkdf2.parse("$" + scheme.toLowerCase(Locale.ROOT) + "$" + rest);
      case "CLEARTEXT", "CLEAR", "PLAIN" ->
          throw new UnsupportedHashException(
              "LDAP {%s} marks a clear password; give it as a password".formatted(scheme));
      default -> throw new UnsupportedHashException("LDAP scheme is not supported");
    };
  }

  private static StoredHash modular(String scheme, String rest) {
    if (!rest.startsWith("$")) {
      throw new UnsupportedHashException(
          "LDAP {%s} without a $ behind it, such as traditional crypt, is not supported"
              .formatted(scheme));
    }
    return HashFamilies.parse(rest);
  }
}
