package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import java.util.function.IntPredicate;

/** A lower-case letter, an upper-case letter and a digit; the vendor's own rule isn't public. */
final class WorkspacePasswords {

  private WorkspacePasswords() {}

  /** The password, or INVALID_PASSWORD. */
  static Password complex(Password password) {
    var complex =
        has(password, c -> c >= 'a' && c <= 'z')
            && has(password, c -> c >= 'A' && c <= 'Z')
            && has(password, c -> c >= '0' && c <= '9');
    if (!complex) {
      throw Failure.of(Reason.INVALID_PASSWORD);
    }
    return password;
  }

  private static boolean has(Password password, IntPredicate kind) {
    return password.clearText().chars().anyMatch(kind);
  }
}
