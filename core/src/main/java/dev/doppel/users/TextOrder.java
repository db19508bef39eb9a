package dev.doppel.users;

import java.util.Comparator;

/**
 * Orders strings by code points, which is also the order of their UTF-8 bytes. {@link
 * String#compareTo} differs for characters beyond U+FFFF.
 */
public enum TextOrder implements Comparator<String> {
  BY_CODE_POINT;

  @Override
  public int compare(String one, String other) {
    var length = Math.min(one.length(), other.length());
    for (int at = 0; at < length; at++) {
      if (one.charAt(at) != other.charAt(at)) {
        return Integer.compare(codePoint(one, at), codePoint(other, at));
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /** Returns the code point that contains the char at an index. */
  private static int codePoint(String text, int at) {
    var second = at > 0 && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
    return text.codePointAt(second ? at - 1 : at);
  }
}
