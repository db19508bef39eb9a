package dev.doppel.influx;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which passwords InfluxDB takes: 8 to 72 bytes of UTF-8, and if it is told to ask for strong ones,
 * three of four classes of characters (2.9.1: tenant/service_user.go).
 *
 * @param strong whether it is told so
 */
record InfluxPasswords(boolean strong) {

  private static final String LENGTH = "passwords must be between 8 and 72 characters long";
  private static final String SPECIAL = "!@#$%^&*()_+";
  private static final String CLASSES =
      "passwords must contain at least three of the following character types: uppercase,"
          + " lowercase, numbers, and special characters: "
          + SPECIAL;

  /** What is wrong with a password, in the server's words, one a line. */
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

  /** The password, or INVALID_PASSWORD with the complaint; also for a missing one. */
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

  /** What Unicode calls a number, such as ½ and Ⅷ, not digits alone. */
  private static boolean number(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }
}
