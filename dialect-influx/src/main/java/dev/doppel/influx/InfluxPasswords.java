package dev.doppel.influx;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules for passwords: 8 to 72 bytes of UTF-8, and strong ones have characters of three of four
 * classes (2.9.1: tenant/service_user.go).
 *
 * @param strong whether passwords must be strong
 */
record InfluxPasswords(boolean strong) {

  private static final String LENGTH = "passwords must be between 8 and 72 characters long";
  private static final String SPECIAL = "!@#$%^&*()_+";
  private static final String CLASSES =
      "passwords must contain at least three of the following character types: uppercase,"
          + " lowercase, numbers, and special characters: "
          + SPECIAL;

  /** Returns the server's message if a password breaks a rule, one line for each rule. */
  Optional<String> complaint(@Nullable Password password) {
    var complaints = new ArrayList<String>();
    var length = password == null ? 0 : password.utf8().length;
    if (length < 8 || length > 72) {
      complaints.add(LENGTH);
    }
    if (strong && classes(password == null ? "" : password.clearText()) < 3) {
      complaints.add(CLASSES);
    }
    return complaints.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", complaints));
  }

  /**
   * Returns the password. Throws INVALID_PASSWORD with the message if it breaks a rule or is
   * missing.
   */
  Password checked(@Nullable Password password) {
    var complaint = complaint(password);
    if (password == null || complaint.isPresent()) {
      throw Failure.of(Reason.INVALID_PASSWORD, complaint.orElse(LENGTH));
    }
    return password;
  }

  private static int classes(String text) {
    return has(text, InfluxPasswords::number)
        + has(text, Character::isUpperCase)
        + has(text, Character::isLowerCase)
        + has(text, c -> SPECIAL.indexOf(c) >= 0);
  }

  private static int has(String text, IntPredicate kind) {
    return text.codePoints().anyMatch(kind) ? 1 : 0;
  }

  /** Returns whether Unicode calls a character a number: not only digits but also ½ and Ⅷ. */
  private static boolean number(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }
}
