package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks new passwords, by the rules of the documentation or of the server. */
final class MilvusPasswords {

  private static final String TOO_FEW_CLASSES =
      "invalid password, it must contain at least three of the following character types:"
          + " uppercase letters, lowercase letters, numbers, and special characters";

  private MilvusPasswords() {}

  /** A refusal of a password; its text never contains the password. */
  private record Refusal(MilvusError error, String text) {}

  /**
   * Returns the password.
   *
   * @throws RuntimeException the refusal by the rules that apply to the call
   */
  static Password checked(Password password, Deviations deviations) {
    deviations
        .choose(MilvusDifference.PASSWORD, documentedRefusal(password), serversRefusal(password))
        .ifPresent(
            refusal -> {
              throw refusal.error().newException(Reason.INVALID_PASSWORD, refusal.text());
            });
    return password;
  }

  private static Optional<Refusal> documentedRefusal(Password password) {
    // The page states the rule of the classes and no message for it.
    return outOfRange(password.length(), 8, 64)
        .or(
            () ->
                classes(password) < 3
                    ? Optional.of(new Refusal(MilvusErrors.INVALID, TOO_FEW_CLASSES))
                    : Optional.empty());
  }

  private static Optional<Refusal> serversRefusal(Password password) {
    return outOfRange(password.utf8().length, 6, 72);
  }

  private static Optional<Refusal> outOfRange(int length, int min, int max) {
    return length < min || length > max
        ? Optional.of(
            new Refusal(
                MilvusErrors.WRONG_VALUE,
                "invalid password length: invalid parameter[%s out of range %s <= value <= %s]"
                    .formatted(length, min, max)))
        : Optional.empty();
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
