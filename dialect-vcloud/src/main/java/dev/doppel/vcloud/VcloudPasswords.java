package dev.doppel.vcloud;

import dev.doppel.users.Password;

/** The product's policy: a length, in code points, and nothing else (page 39.1; guide 10.6). */
final class VcloudPasswords {

  private static final int SHORTEST = 6;
  private static final int LONGEST = 128;

  private VcloudPasswords() {}

  static Password withinLimits(String property, Password password) {
    if (password.length() < SHORTEST || password.length() > LONGEST) {
      throw VcloudErrors.bad(
          "The property %s must have %s to %s characters.".formatted(property, SHORTEST, LONGEST));
    }
    return password;
  }
}
