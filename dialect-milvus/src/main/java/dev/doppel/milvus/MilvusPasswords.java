package dev.doppel.milvus;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import java.util.stream.Stream;

/** Checks new passwords, by the rules of the documentation or of the server. */
final class MilvusPasswords {

  private MilvusPasswords() {}

  /**
   * Returns the password.
   *
   * @throws RuntimeException the server's refusal, which never contains the password
   */
  static Password checked(Password password, MilvusRules rules) {
    var length = rules.passwordInCharacters() ? password.length() : password.utf8().length;
    if (length < rules.minPassword() || length > rules.maxPassword()) {
      throw MilvusErrors.OUT_OF_RANGE.newException(
          Reason.INVALID_PASSWORD,
          "invalid password length: invalid parameter[%s out of range %s <= value <= %s]"
              .formatted(length, rules.minPassword(), rules.maxPassword()));
    }
    if (classes(password) < rules.passwordClasses()) {
      // The page states the rule and no message for it.
      throw MilvusErrors.INVALID.newException(
          Reason.INVALID_PASSWORD,
          "invalid password, it must contain at least three of the following character types:"
              + " uppercase letters, lowercase letters, numbers, and special characters");
    }
    return password;
  }

  private static long classes(Password password) {
    return Stream.of(
            password.clearText().codePoints().anyMatch(Character::isUpperCase),
            password.clearText().codePoints().anyMatch(Character::isLowerCase),
            password.clearText().codePoints().anyMatch(Character::isDigit),
            password.clearText().codePoints().anyMatch(c -> !Character.isLetterOrDigit(c)))
        .filter(has -> has)
        .count();
  }
}
