package dev.doppel.users;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names that no client can give a user, in any dialect: those of vendors' built-in accounts, which
 * stand for the one user that is {@link User#builtIn()} whatever it is called, and the addresses
 * that are made up for users without one.
 */
public final class ReservedNames {

  /**
   * What made-up addresses end with, behind the user's name. Nothing is ever delivered to such a
   * domain (RFC 2606).
   */
  public static final String MADE_UP_ADDRESS = "@doppel.invalid";

  private static final Set<String> BUILT_IN = Set.of("root", "administrator");

  private ReservedNames() {}

  /** Whether the name is reserved, in any case of letters and with blanks around it. */
  public static boolean contains(String name) {
    var plain = Normalizer.normalize(name, Normalizer.Form.NFKC);
    var folded = trimmed(plain).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return isBuiltIn(folded) || folded.endsWith(MADE_UP_ADDRESS);
  }

  /** Whether the text is, to the letter, the name of a vendor's built-in account. */
  public static boolean isBuiltIn(String name) {
    return BUILT_IN.contains(name);
  }

  /**
   * The names of the organizations in which a user of this name would be shown by a reserved one:
   * {@code System} for {@code root@System}. Nobody but the built-in user is.
   *
   * @see Organization#shownName
   */
  public static Set<String> shownIn(String userName) {
    var organizations = new HashSet<String>();
    for (int at = userName.indexOf('@', 1); at > 0; at = userName.indexOf('@', at + 1)) {
      if (contains(userName.substring(0, at))) {
        organizations.add(userName.substring(at + 1));
      }
    }
    return organizations;
  }

  /** Without what is shown as nothing at either end. */
  private static String trimmed(String name) {
    int from = 0;
    int to = name.length();
    while (from < to && isBlank(name.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(name.charAt(to - 1))) {
      to--;
    }
    return name.substring(from, to);
  }

  private static boolean isBlank(char one) {
    return Character.isWhitespace(one)
        || Character.isSpaceChar(one)
        || Character.isISOControl(one)
        || Character.getType(one) == Character.FORMAT;
  }
}
