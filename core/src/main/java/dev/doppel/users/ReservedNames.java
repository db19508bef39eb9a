package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  private static final int MAX_SHOWN_IN = 16;

  private ReservedNames() {}

  /** Whether the name is reserved, or looks like one that is. */
  public static boolean contains(String name) {
    var folded = folded(name);
    return isBuiltIn(folded) || withoutTrailingDots(folded).endsWith(MADE_UP_ADDRESS);
  }

  /** Of a domain, whose root they stand for. */
  private static String withoutTrailingDots(String domain) {
    int end = domain.length();
    while (end > 0 && domain.charAt(end - 1) == '.') {
      end--;
    }
    return domain.substring(0, end);
  }

  /**
   * The text that names have in common which look alike: in lower case, in compatible letters,
   * without what is shown as nothing, and without blanks at either end.
   */
  static String folded(String name) {
    var visible = visible(Normalizer.normalize(visible(name), Normalizer.Form.NFKC));
    return trimmed(visible)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT)
        .replace("i\u0307", "i"); // of a capital I with a dot
  }

  /** Whether the text is, to the letter, the name of a vendor's built-in account. */
  public static boolean isBuiltIn(String name) {
    return BUILT_IN.contains(name);
  }

  /**
   * The names of the organizations in which a user of this name would be shown by a reserved one:
   * {@code System} for {@code root@System}. Only the built-in user may be.
   *
   * @see Organization#shownName
   */
  public static Set<String> shownIn(String userName) {
    return endsOfReserved(userName)
        .mapToObj(at -> userName.substring(at + 1))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Fails if a user of this name would be shown by a reserved one in more than 16 organizations,
   * whose names together could be a thousand times as long as the user's.
   *
   * @throws Failure INVALID_VALUE
   */
  static void checkShownIn(String userName) {
    if (endsOfReserved(userName).limit(MAX_SHOWN_IN + 1L).count() > MAX_SHOWN_IN) {
      throw Failure.of(
          Reason.INVALID_VALUE,
          "name contains %s@ more than %s times".formatted(MADE_UP_ADDRESS, MAX_SHOWN_IN));
    }
  }

  /** The places of each @ that ends a reserved name. Reads the user's name once. */
  private static IntStream endsOfReserved(String userName) {
    return IntStream.iterate(
            userName.indexOf('@', 1), at -> at > 0, at -> userName.indexOf('@', at + 1))
        .filter(at -> contains(userName.substring(lastAtBefore(userName, at), at)));
  }

  /** What stands before that decides nothing, since no built-in name contains an @. */
  private static int lastAtBefore(String userName, int at) {
    return Math.max(0, userName.lastIndexOf('@', at - 1));
  }

  private static String visible(String name) {
    return name.codePoints()
        .filter(point -> !isShownAsNothing(point))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Control characters, and those that Unicode calls default-ignorable (DerivedCoreProperties). */
  private static boolean isShownAsNothing(int point) {
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
