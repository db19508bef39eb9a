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
 * @param mostRoles how many there may be, the built-in ones included; as above
 * @param rootHasNoRole whether {@code root} is shown without the role {@code admin}, which the
 *     documentation says it has
 * @param groupsAreLists whether the list of privilege groups is a list of lists, as its page shows,
 *     or an object of texts
 * @param misprintsLimit whether a name that is too long is told with a misprint (until 2.6.18)
 */
record MilvusRules(
    boolean namesTakeDotsAndHyphens,
    int shortestPassword,
    int longestPassword,
    boolean passwordInCharacters,
    int passwordClasses,
    boolean passwordsAreRequired,
    Optional<Integer> mostUsers,
    Optional<Integer> mostRoles,
    boolean rootHasNoRole,
    boolean groupsAreLists,
    boolean misprintsLimit) {

  /**
   * What holds in a fidelity and a version.
   *
   * @param old whether the version is of the first era, before dots and descriptions
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
