package dev.doppel.dialect;

/**
 * How a vendor matches the paths of requests.
 *
 * @param ignoresTrailingSlash whether one slash at the end is ignored
 * @param ignoresCase whether the case of letters in literal segments is ignored
 */
public record PathRules(boolean ignoresTrailingSlash, boolean ignoresCase) {

  public static final PathRules EXACT = new PathRules(false, false);
  public static final PathRules TRAILING_SLASH_IGNORED = new PathRules(true, false);
  public static final PathRules TRAILING_SLASH_AND_CASE_IGNORED = new PathRules(true, true);
}
