package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import java.util.function.IntPredicate;

/**
 * The complexity of passwords: at least a lower-case letter, an upper-case letter and a digit. The
 * vendor's own rule isn't public.
 */
final class WorkspacePasswords {

  private WorkspacePasswords() {}

  /**
   * Returns the password.
   *
   * @throws Failure INVALID_PASSWORD if it isn't complex enough
   */
  static Password requireComplex(Password password) {
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
