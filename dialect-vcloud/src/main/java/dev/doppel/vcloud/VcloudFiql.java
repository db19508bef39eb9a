package dev.doppel.vcloud;

import cz.jirutka.rsql.parser.RSQLParser;
import cz.jirutka.rsql.parser.RSQLParserException;
import cz.jirutka.rsql.parser.ast.AndNode;
import cz.jirutka.rsql.parser.ast.ComparisonNode;
import cz.jirutka.rsql.parser.ast.ComparisonOperator;
import cz.jirutka.rsql.parser.ast.LogicalNode;
import cz.jirutka.rsql.parser.ast.Node;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Parses FIQL expressions: {@code ;} is AND, {@code ,} is OR, and AND binds more tightly. {@code
 * ==} compares exactly, unless the value has a wildcard {@code *} for any text, which also ignores
 * case. A backslash before {@code ( ) , ;} in a value makes it an ordinary character.
 */
final class VcloudFiql {

  /**
   * Translates an expression.
   *
   * @param <T> the type of a translated expression
   */
  interface Translator<T> {

    /**
     * Translates a comparison.
     *
     * @throws Failure INVALID_VALUE if it isn't supported, such as {@link
     *     Comparison#newOperatorException}
     */
    T compare(Comparison comparison);

    /** Combines expressions by AND. */
    T all(List<T> parts);

    /** Combines expressions by OR. */
    T any(List<T> parts);
  }

  /** A comparison of a property with a value. */
  record Comparison(String property, Operator operator, String value) {

    boolean hasWildcard() {
      return value.indexOf('*') >= 0;
    }

    /** Returns INVALID_VALUE: the operator doesn't apply to the property and the value. */
    Failure newOperatorException() {
      return Failure.of(
          Reason.INVALID_VALUE,
          "The operator %s can not be used with %s and this value."
              .formatted(operator.symbol, property));
    }

    /** Returns INVALID_VALUE: there is no such property to search by. */
    Failure newPropertyException() {
      return Failure.of(Reason.INVALID_VALUE, "The property " + property + " can not be searched.");
    }
  }

  /** The product's operators, a part of the parser's. */
  enum Operator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    GREATER("=gt="),
    AT_LEAST("=ge="),
    LESS("=lt="),
    AT_MOST("=le=");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    private static Operator of(ComparisonOperator parsed) {
      for (var operator : values()) {
        if (operator.symbol.equals(parsed.getSymbol())) {
          return operator;
        }
      }
      throw new IllegalArgumentException("an operator that the parser was not given");
    }
  }

  private static final RSQLParser PARSER =
      new RSQLParser(
          Set.of(
              new ComparisonOperator("=="),
              new ComparisonOperator("!="),
              new ComparisonOperator("=gt="),
              new ComparisonOperator("=ge="),
              new ComparisonOperator("=lt="),
              new ComparisonOperator("=le=")));

  /**
   * An operator and its value, with or without quotes. A value without quotes may contain spaces
   * and other characters that the parser wants quoted, and the four with a meaning after a
   * backslash. Possessive, since the recursion of other repetitions could exhaust the stack.
   */
  private static final Pattern VALUE =
      Pattern.compile(
          "(==|!=|=[a-z]+=)"
              + "(?:(?<quoted>\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+')"
              + "|(?<bare>(?![\"'])(?:[^();,\\\\]|\\\\[();,]?)++))",
          Pattern.DOTALL);

  private static final Pattern ESCAPED = Pattern.compile("\\\\([();,])");

  /**
   * The maximum number of groups. The parser is recursive, so that more could exhaust the stack.
   */
  private static final int MAX_GROUPS = 100;

  private VcloudFiql() {}

  /**
   * Parses and translates an expression.
   *
   * @throws VendorErrorException with {@link VcloudErrors#INVALID_FILTER}, if there is a syntax
   *     error
   */
  static <T> T parse(String fiql, Translator<T> translator) {
    if (fiql.chars().filter(c -> c == '(').count() > MAX_GROUPS) {
      throw newSyntaxException(fiql);
    }
    Node parsed;
    try {
      parsed = PARSER.parse(VALUE.matcher(fiql).replaceAll(VcloudFiql::quote));
    } catch (RSQLParserException notFiql) {
      throw newSyntaxException(fiql);
    }
    return translate(parsed, translator);
  }

  private static String quote(MatchResult match) {
    var bare = match.group(3);
    return Matcher.quoteReplacement(
        bare == null ? match.group() : match.group(1) + '"' + escape(bare) + '"');
  }

  /** Returns the value of a text without quotes, escaped for a text in quotes. */
  private static String escape(String bare) {
    return ESCAPED.matcher(bare).replaceAll("$1").replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static VendorErrorException newSyntaxException(String fiql) {
    return VcloudErrors.INVALID_FILTER.newException(Reason.INVALID_VALUE, fiql);
  }

  private static <T> T translate(Node node, Translator<T> translator) {
    if (node instanceof LogicalNode logical) {
      var parts =
          StreamSupport.stream(logical.spliterator(), false)
              .map(part -> translate(part, translator))
              .toList();
      return logical instanceof AndNode ? translator.all(parts) : translator.any(parts);
    }
    var comparison = (ComparisonNode) node;
    return translator.compare(
        new Comparison(
            comparison.getSelector(),
            Operator.of(comparison.getOperator()),
            comparison.getArguments().get(0)));
  }
}
