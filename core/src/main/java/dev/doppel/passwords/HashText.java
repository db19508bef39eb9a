package dev.doppel.passwords;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Strict parsing of the parts of encoded hashes. */
final class HashText {

  private static final String BCRYPT_DIGITS =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String BASE64_DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private HashText() {}

  /**
   * Decodes standard base64, with or without padding.
   *
   * @param what names the part in the message
   * @throws UnsupportedHashException if it is malformed
   */
  static byte[] base64(String what, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new UnsupportedHashException(what + " is not base64");
    }
  }

  /** Decodes passlib's base64, with {@code .} for {@code +}; otherwise as {@link #base64}. */
  static byte[] passlibBase64(String what, String text) {
    return base64(what, text.replace('.', '+'));
  }

  /** Decodes bcrypt's base64; otherwise as {@link #base64}. */
  static byte[] bcryptBase64(String what, String text) {
    var translated = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      var value = BCRYPT_DIGITS.indexOf(text.charAt(i));
      if (value < 0) {
        throw new UnsupportedHashException(what + " is not bcrypt's base64");
      }
      translated.append(BASE64_DIGITS.charAt(value));
    }
    return base64(what, translated.toString());
  }

  /**
   * Parses a decimal number of at most nine digits.
   *
   * @param what names the number in the message
   * @throws UnsupportedHashException if it is malformed or has more digits
   */
  static int number(String what, String text) {
    if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new UnsupportedHashException(what + " is not a number, or too large");
    }
    return Integer.parseInt(text);
  }

  /** Named parameters of a hash. */
  record Parameters(String algorithm, Map<String, String> values) {

    /**
     * Parses {@code name=value,name=value}, in any order.
     *
     * @throws UnsupportedHashException if a name is not allowed, missing, or given twice
     */
    static Parameters parse(
        String algorithm, String text, Set<String> required, Set<String> optional) {
      var values = new HashMap<String, String>();
      for (var parameter : text.split(",", -1)) {
        var equals = parameter.indexOf('=');
        var name = equals < 0 ? "" : parameter.substring(0, equals);
        if (!required.contains(name) && !optional.contains(name)) {
          throw new UnsupportedHashException(algorithm + " has an unknown parameter");
        }
        if (values.put(name, parameter.substring(equals + 1)) != null) {
          throw new UnsupportedHashException(algorithm + " has the parameter " + name + " twice");
        }
      }
      for (var name : required) {
        if (!values.containsKey(name)) {
          throw new UnsupportedHashException(algorithm + " lacks the parameter " + name);
        }
      }
      return new Parameters(algorithm, values);
    }

    Optional<String> text(String name) {
      return Optional.ofNullable(values.get(name));
    }

    /**
     * Returns a required parameter as a number.
     *
     * @throws UnsupportedHashException if it is malformed
     */
    int number(String name) {
      return HashText.number(algorithm + " " + name, text(name).orElse(""));
    }
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static UnsupportedHashException newMalformedException(String form) {
    return new UnsupportedHashException("not of the form " + form);
  }
}
