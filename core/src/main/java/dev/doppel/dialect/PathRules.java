package dev.doppel.dialect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * How a vendor matches the paths of requests. Immutable.
 *
 * @param lookup from a path as it was sent to the one by which operations are looked up
 * @param parameter from a segment of that path to the value of the parameter it stands for
 * @param ignoresCase whether the case of letters in literal segments is ignored
 * @param headAsGet whether a HEAD request is one of the GET operation, whose body isn't sent
 */
public record PathRules(
    UnaryOperator<String> lookup,
    UnaryOperator<String> parameter,
    boolean ignoresCase,
    boolean headAsGet) {

  /** Creates rules with operations of their own for HEAD, if any. */
  public PathRules(
      UnaryOperator<String> lookup, UnaryOperator<String> parameter, boolean ignoresCase) {
    this(lookup, parameter, ignoresCase, false);
  }

  /** Segments are decoded after the path was split. */
  public static final PathRules EXACT =
      new PathRules(UnaryOperator.identity(), PathRules::decode, false);

  /** As {@link #EXACT}, but for one slash at the end. */
  public static final PathRules TRAILING_SLASH_IGNORED =
      new PathRules(PathRules::withoutTrailingSlash, PathRules::decode, false);

  public static final PathRules TRAILING_SLASH_AND_CASE_IGNORED =
      new PathRules(PathRules::withoutTrailingSlash, PathRules::decode, true);

  /** Returns these rules with HEAD requests taken for those of the GET operation. */
  public PathRules withHeadAsGet() {
    return new PathRules(lookup, parameter, ignoresCase, true);
  }

  /** Returns the path without the slash at its end, if it has one and is not all of it. */
  public static String withoutTrailingSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Decodes a segment; one that is not validly encoded stays as it is. */
  private static String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return segment;
    }
  }
}
