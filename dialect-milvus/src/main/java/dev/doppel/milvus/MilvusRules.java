package dev.doppel.milvus;

import dev.doppel.dialect.Fidelity;
import java.util.Optional;

/**
 * The rules in which Milvus's documentation and its open-source server disagree. Immutable.
 *
 * @param namesTakeDotsAndHyphens whether a user name may contain {@code .} and {@code -}
 * @param minPassword in units of {@code passwordInCharacters}
 * @param maxPassword in units of {@code passwordInCharacters}
 * @param passwordInCharacters whether a password's length is counted in characters or in bytes
 * @param passwordClasses how many of upper case, lower case, digit and special a password needs
 * @param passwordsAreRequired whether an update needs both passwords, as the page's body shows, or
 *     may change the description alone
 * @param maxUsers limit of users, root included; the documentation states none
 * @param maxRoles limit of roles, built-in ones included; the documentation states none
 * @param rootHasNoRole whether {@code root} is shown without the role {@code admin}, which the
 *     documentation says it has
 * @param groupsAreLists whether the list of privilege groups is a list of lists, as its page shows,
 *     or an object of texts
 * @param misprintsLimit whether the error for a name that is too long has a misprint (until 2.6.18)
 */
record MilvusRules(
    boolean namesTakeDotsAndHyphens,
    int minPassword,
    int maxPassword,
    boolean passwordInCharacters,
    int passwordClasses,
    boolean passwordsAreRequired,
    Optional<Integer> maxUsers,
    Optional<Integer> maxRoles,
    boolean rootHasNoRole,
    boolean groupsAreLists,
    boolean misprintsLimit) {

  /**
   * Returns the rules of a fidelity and a version.
   *
   * @param old whether the version is of the first era, without dots and descriptions
   */
  static MilvusRules of(Fidelity fidelity, boolean old) {
    return switch (fidelity) {
      case DOCUMENTED ->
          new MilvusRules(
              false, 8, 64, true, 3, true, Optional.empty(), Optional.empty(), false, true, old);
      case OBSERVED ->
          new MilvusRules(
              !old, 6, 72, false, 0, old, Optional.of(100), Optional.of(10), true, false, old);
    };
  }
}
