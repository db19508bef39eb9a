package dev.doppel.users;

import java.nio.charset.StandardCharsets;

/** A password in clear text, to be hashed or verified. Not printed by {@link #toString}. */
public final class Password {

  private final String clearText;

  public Password(String clearText) {
    this.clearText = clearText;
  }

  /** Returns the secret, for hashing and for a vendor's password rules. */
  public String clearText() {
    return clearText;
  }

  /** Returns the length in Unicode code points. */
  public int length() {
    return clearText.codePointCount(0, clearText.length());
  }

  /** Returns the secret in UTF-8. */
  public byte[] utf8() {
    return clearText.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Password[hidden]";
  }
}
