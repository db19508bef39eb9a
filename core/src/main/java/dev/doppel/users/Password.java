package dev.doppel.users;

import java.nio.charset.StandardCharsets;

/** A password in clear text, on its way to be hashed or checked. Never prints itself. */
public final class Password {

  private final String clearText;

  public Password(String clearText) {
    this.clearText = clearText;
  }

  /** The secret itself, for hashing and for a vendor's password rules. */
  public String clearText() {
    return clearText;
  }

  /** Length in Unicode code points. */
  public int length() {
    return clearText.codePointCount(0, clearText.length());
  }

  /** The secret as UTF-8. */
  public byte[] utf8() {
    return clearText.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Password[hidden]";
  }
}
