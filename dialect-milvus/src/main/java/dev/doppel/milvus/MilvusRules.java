package dev.doppel.milvus;

import dev.doppel.dialect.Fidelity;
import java.util.Optional;

/**
 * Where Milvus's documentation and its open-source server disagree, one name each.
 *
 * @param namesTakeDotsAndHyphens whether a user name may hold {@code .} and {@code -}
 * @param shortestPassword in units of {@code passwordInCharacters}
 * @param longestPassword in units of {@code passwordInCharacters}
 * @param passwordInCharacters whether a password's length is counted in characters or in bytes
 * @param passwordClasses how many of upper case, lower case, digit and special it needs
 * @param passwordsAreRequired whether an update needs both passwords, as the page's body shows, or
 *     may be about the description alone
 * @param mostUsers how many there may be, root included; the documentation promises no limit
 */
record MilvusRules(
    boolean namesTakeDotsAndHyphens,
    int shortestPassword,
    int longestPassword,
    boolean passwordInCharacters,
    int passwordClasses,
    boolean passwordsAreRequired,
    Optional<Integer> mostUsers) {

  private static final MilvusRules DOCUMENTED =
      new MilvusRules(false, 8, 64, true, 3, true, Optional.empty());

  private static final MilvusRules OBSERVED =
      new MilvusRules(true, 6, 72, false, 0, false, Optional.of(100));

  static MilvusRules of(Fidelity fidelity) {
    return switch (fidelity) {
      case DOCUMENTED -> DOCUMENTED;
      case OBSERVED -> OBSERVED;
    };
  }
}
