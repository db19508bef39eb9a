package dev.doppel.passwords;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Strong hashes of weak ones; see {@link StoredHash#wrap}. */
final class WrappedFamily implements HashFamily {

  private static final Pattern FORM = Pattern.compile("(?s)\\$wrapped\\$([A-Za-z0-9_-]+)(\\$.*)");

  @Override
  public String name() {
    return "Doppel";
  }

  @Override
  public List<String> forms() {
    return List.of("$wrapped$… of an export");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.startsWith(StoredHash.WRAPPED);
  }

  @Override
  public StoredHash parse(String encoded) {
    var form = FORM.matcher(encoded);
    if (!form.matches()) {
      throw HashText.newMalformedException("$wrapped$<parameters>$<hash>");
    }
    var inner = unwrapped(parameters(form.group(1)));
    var outer = unwrapped(form.group(2));
    if (!inner.isWeak() || outer.isWeak()) {
      throw new UnsupportedHashException("a wrapped hash needs a weak one inside a strong one");
    }
    return outer.ofDigested(inner::inner);
  }

  /** Allows one level only, since each one may cost as much as a hash. */
  private static StoredHash unwrapped(String encoded) {
    if (encoded.contains(StoredHash.WRAPPED)) {
      throw new UnsupportedHashException("a hash that is wrapped twice");
    }
    return HashFamilies.parse(encoded);
  }

  private static String parameters(String base64) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new UnsupportedHashException("wrapped parameters are not base64");
    }
  }
}
