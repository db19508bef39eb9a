package dev.doppel.vcloud;

import dev.doppel.users.Failure;

/** Validates properties of requests. */
final class VcloudProperties {

  private VcloudProperties() {}

  /**
   * Returns a text.
   *
   * @param max the maximum number of characters
   * @throws Failure INVALID_VALUE if it is longer
   */
  static String requireShort(String property, String text, int max) {
    if (text.codePointCount(0, text.length()) > max) {
      throw VcloudErrors.newInvalidValueException(
          "The property %s must not have more than %s characters.".formatted(property, max));
    }
    return text;
  }
}
