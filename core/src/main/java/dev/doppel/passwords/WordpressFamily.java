package dev.doppel.passwords;

import java.util.Base64;
import java.util.List;

/** WordPress since 6.8: bcrypt of a keyed digest, so that it depends on the whole password. */
final class WordpressFamily implements HashFamily {

  private static final String PREFIX = "$wp";
  private static final byte[] KEY = HashText.latin1("wp-sha384");

  private final BcryptFamily bcrypt = new BcryptFamily();

  @Override
  public String name() {
    return "WordPress";
  }

  @Override
  public List<String> forms() {
    return List.of("$wp$2y$10$…");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.startsWith(PREFIX + "$");
  }

  @Override
  public StoredHash parse(String encoded) {
    return bcrypt
        .parse(encoded.substring(PREFIX.length()))
        .ofDigested(
            password -> Base64.getEncoder().encode(HashFunction.SHA384.hmac(password, KEY)));
  }
}
