package dev.doppel.vcloud;

import dev.doppel.users.Password;

/** The product's policy for passwords: only a length, in code points (page 39.1; guide 10.6). */
final class VcloudPasswords {

  private static final int MIN_LENGTH = 6;
  private static final int MAX_LENGTH = 128;

  private VcloudPasswords() {}

  /**
   * Returns the password.
   *
   * @param property the property that the message names
   * @throws dev.doppel.users.Failure INVALID_VALUE if it is too short or too long
   */
  static Password requireValid(String property, Password password) {
    if (password.length() < MIN_LENGTH || password.length() > MAX_LENGTH) {
      throw VcloudErrors.newInvalidValueException(
          "The property %s must have %s to %s characters."
              .formatted(property, MIN_LENGTH, MAX_LENGTH));
    }
    return password;
  }
}
