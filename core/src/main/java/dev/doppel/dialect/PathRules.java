package dev.doppel.dialect;

/**
 * How a vendor reads the path of a request.
 *
 * @param ignoresTrailingSlash whether one slash at the end makes no difference
 * @param ignoresCase whether the letters of literal segments may be of either case
 */
public record PathRules(boolean ignoresTrailingSlash, boolean ignoresCase) {

  public static final PathRules EXACT = new PathRules(false, false);
  public static final PathRules TRAILING_SLASH_IGNORED = new PathRules(true, false);
  public static final PathRules TRAILING_SLASH_AND_CASE_IGNORED = new PathRules(true, true);
}
