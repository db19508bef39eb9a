package dev.doppel.passwords;

import java.util.List;
import java.util.Optional;

/**
 * All supported families of password hashes. Verifying a password takes at most 256 MiB of memory
 * and about two seconds. These forms are accepted:
 *
 * <pre>{@code
 * Argon2: $argon2id$v=19$m=…,t=…,p=…$…; $argon2i$…; $argon2d$…; without v=; with keyid=, data=;
 *     parameters in any order
 * bcrypt: $2a$10$…; $2b$10$…; $2y$10$…
 * PBKDF2: $pbkdf2$<rounds>$…; $pbkdf2-sha256$<rounds>$…; $pbkdf2-sha256$i=…,l=…$…; $3$<number>$…
 *     of Password4j; each with sha1, sha224, sha256, sha384, sha512
 * scrypt: $scrypt$ln=…,r=…,p=…$…; $e0801$… of Password4j;
 *     $firescrypt$ln=…,r=…,p=…$<salt>$<hash>$<separator>$<signer key> of Firebase
 * crypt: $1$…; $apr1$…; $5$…; $6$…; $6$rounds=…$…; $md5-crypt$…; $sha256-crypt$…; $sha512-crypt$…
 * digests: {SSHA}…; {SSHA256}…; {SSHA384}…; {SSHA512}…; {SHA}…; {SHA256}…; {SHA384}…; {SHA512}…;
 *     {SMD5}…; {MD5}…; 32 hexadecimal digits of MD5
 * LDAP schemes: {CRYPT}$…; {ARGON2}$argon2…; {BCRYPT}$2…; {PBKDF2}<rounds>$…;
 *     {PBKDF2-SHA256}<rounds>$…; {PBKDF2-SHA512}<rounds>$…
 * Keycloak: {"credentialData": …, "secretData": …} with pbkdf2, pbkdf2-sha256, pbkdf2-sha512 or
 *     argon2
 * Django: pbkdf2_sha256$…; pbkdf2_sha1$…; argon2$argon2id$…; bcrypt_sha256$$2b$…; bcrypt$$2b$…;
 *     scrypt$…; md5$…
 * Kratos: $sha256$pf=<template>$<salt>$… with md5, sha1, sha256, sha512; $md5$…;
 *     $hmac-sha256$…$<key> with md5, sha1, sha224, sha256, sha384, sha512
 * phpass: $P$…; $H$…
 * WordPress: $wp$2y$10$…
 * Doppel: $wrapped$… of an export
 * }</pre>
 *
 * <p>A hash is stored unchanged, except if it has no salt or is based on MD5: then a strong hash of
 * it is stored. yescrypt, traditional crypt and bcrypt {@code $2x$} are rejected.
 */
public final class HashFamilies {

  /** In order: the first family that recognizes a text parses it. */
  private static final List<HashFamily> ALL =
      List.of(
          new Argon2Family(),
          new BcryptFamily(),
          new Pbkdf2Family(),
          new ScryptFamily(),
          new CryptFamily(),
          new DigestFamily(),
          new LdapFamily(),
          new KeycloakFamily(),
          new DjangoFamily(),
          new KratosFamily(),
          new PhpassFamily(),
          new WordpressFamily(),
          new WrappedFamily());

  private HashFamilies() {}

  /** Returns the accepted forms for documentation: one line per family, starting with its name. */
  public static List<String> forms() {
    return ALL.stream()
        .map(family -> family.name() + ": " + String.join("; ", family.forms()))
        .toList();
  }

  /**
   * Parses a hash without computing anything.
   *
   * @throws UnsupportedHashException with the reason, if the hash has no known form, is malformed,
   *     or if verifying would take more than 256 MiB, a quarter of this process's heap, or about
   *     two seconds
   */
  public static StoredHash parse(String encoded) {
    if (encoded.length() > HashLimits.MAX_LENGTH) {
      throw new UnsupportedHashException(
          "longer than %s characters".formatted(HashLimits.MAX_LENGTH));
    }
    for (var family : ALL) {
      if (family.recognizes(encoded)) {
        return family.parse(encoded);
      }
    }
    throw new UnsupportedHashException(describeUnknown(encoded));
  }

  /** Returns the name of the family that recognizes a hash, such as {@code bcrypt}. */
  public static Optional<String> findName(String encoded) {
    return ALL.stream()
        .filter(family -> family.recognizes(encoded))
        .map(HashFamily::name)
        .findFirst();
  }

  private static String describeUnknown(String encoded) {
    if (encoded.startsWith("$y$") || encoded.startsWith("$gy$")) {
      return "yescrypt is not supported";
    }
    if (encoded.startsWith("!") || encoded.startsWith("*")) {
      return "marks an account without a usable password; leave the hash out";
    }
    return "not a known form of hash, such as $2b$10$… or $argon2id$…; a clear password is given as a"
        + " password";
  }
}
