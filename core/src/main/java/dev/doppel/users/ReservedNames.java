package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Names that clients can't give to a user, in any dialect: the names of vendors' built-in accounts,
 * which all refer to the one {@link User#builtIn()} user whatever its name is, and the placeholder
 * addresses of users without an e-mail address.
 */
public final class ReservedNames {

  /**
   * The end of placeholder addresses, after the user's name. Mail to such a domain is never
   * delivered (RFC 2606).
   */
  public static final String PLACEHOLDER_ADDRESS_SUFFIX = "@doppel.invalid";

  private static final Set<String> BUILT_IN = Set.of("root", "administrator");

  private static final int MAX_ORGANIZATIONS = 16;

  private ReservedNames() {}

  /** Returns whether the name is reserved, or looks like a reserved one. */
  public static boolean contains(String name) {
    var folded = folded(name);
    return isBuiltIn(folded) || withoutTrailingDots(folded).endsWith(PLACEHOLDER_ADDRESS_SUFFIX);
  }

  /** Trailing dots of a domain mean the root and can be left out. */
  private static String withoutTrailingDots(String domain) {
    int end = domain.length();
    while (end > 0 && domain.charAt(end - 1) == '.') {
      end--;
    }
    return domain.substring(0, end);
  }

  /**
   * Returns a canonical form, which is the same for names that look alike: in lower case, with
   * compatibility characters replaced (NFKC), without invisible characters, and without blanks at
   * either end.
   */
  static String folded(String name) {
    var visible = visible(Normalizer.normalize(visible(name), Normalizer.Form.NFKC));
    return trimmed(visible)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT)
        .replace("i\u0307", "i"); // from a capital I with a dot
  }

  /** Returns whether the text is exactly the name of a vendor's built-in account. */
  public static boolean isBuiltIn(String name) {
    return BUILT_IN.contains(name);
  }

  /**
   * Returns the names of the organizations that would show a user of this name under a reserved
   * name: {@code System} for {@code root@System}. Only the built-in user may be shown so.
   *
   * @see Organization#shownName
   */
  public static Set<String> organizationsReserving(String userName) {
    return endsOfReserved(userName)
        .mapToObj(at -> userName.substring(at + 1))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Checks that at most 16 {@linkplain #organizationsReserving organizations} would show a user of
   * this name under a reserved name. Without a limit, their names together could be a thousand
   * times as long as the user's.
   *
   * @throws Failure INVALID_VALUE if there are more
   */
  static void checkOrganizationsReserving(String userName) {
    if (endsOfReserved(userName).limit(MAX_ORGANIZATIONS + 1L).count() > MAX_ORGANIZATIONS) {
      throw Failure.of(
          Reason.INVALID_VALUE,
          "name contains %s@ more than %s times"
              .formatted(PLACEHOLDER_ADDRESS_SUFFIX, MAX_ORGANIZATIONS));
    }
  }

  /** Returns the index of each @ that ends a reserved name. Takes linear time. */
  private static IntStream endsOfReserved(String userName) {
    return IntStream.iterate(
            userName.indexOf('@', 1), at -> at > 0, at -> userName.indexOf('@', at + 1))
        .filter(at -> contains(userName.substring(lastAtBefore(userName, at), at)));
  }

  /** The text before that @ doesn't matter, since no built-in name contains one. */
  private static int lastAtBefore(String userName, int at) {
    return Math.max(0, userName.lastIndexOf('@', at - 1));
  }

  private static String visible(String name) {
    return name.codePoints()
        .filter(point -> !isInvisible(point))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Control characters and Unicode's default-ignorable ones (DerivedCoreProperties.txt). */
  private static boolean isInvisible(int point) {
    return Character.isISOControl(point)
        || Character.getType(point) == Character.FORMAT
        || point == 0x034F // combining grapheme joiner
        || (point >= 0x115F && point <= 0x1160) // Hangul fillers
        || (point >= 0x17B4 && point <= 0x17B5) // Khmer inherent vowels
        || (point >= 0x180B && point <= 0x180F) // Mongolian variation selectors
        || point == 0x2065
        || point == 0x3164
        || (point >= 0xFE00 && point <= 0xFE0F) // variation selectors
        || point == 0xFFA0
        || (point >= 0xFFF0 && point <= 0xFFF8)
        || (point >= 0xE0000 && point <= 0xE0FFF);
  }

  private static String trimmed(String name) {
    var points = name.codePoints().toArray();
    int from = 0;
    int to = points.length;
    while (from < to && isBlank(points[from])) {
      from++;
    }
    while (from < to && isBlank(points[to - 1])) {
      to--;
    }
    return new String(points, from, to - from);
  }

  private static boolean isBlank(int point) {
    return Character.isWhitespace(point)
        || Character.isSpaceChar(point)
        || point == 0x2800; // a Braille pattern without dots
  }
}
