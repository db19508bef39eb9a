package dev.doppel.vcloud;

import cz.jirutka.rsql.parser.RSQLParser;
import cz.jirutka.rsql.parser.RSQLParserException;
import cz.jirutka.rsql.parser.ast.AndNode;
import cz.jirutka.rsql.parser.ast.ComparisonNode;
import cz.jirutka.rsql.parser.ast.ComparisonOperator;
import cz.jirutka.rsql.parser.ast.LogicalNode;
import cz.jirutka.rsql.parser.ast.Node;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A FIQL expression: {@code ;} is and, {@code ,} is or, the first binds tighter. {@code ==}
 * compares to the letter, unless the value has a {@code *}, which is any text and makes case not
 * matter.
 */
final class VcloudFiql {

  /** What one comparison, and the two ways to put them together, become. */
  interface Meaning<T> {

    /** Of one that makes no sense: {@link Comparison#refused} or the like, thrown. */
    T of(Comparison comparison);

    T all(List<T> parts);

    T any(List<T> parts);
  }

  /** A property, how it is compared, and with what. */
  record Comparison(String property, Operator operator, String value) {

    boolean wild() {
      return value.indexOf('*') >= 0;
    }

    /** INVALID_VALUE: the operator has no sense here. */
    Failure refused() {
      return Failure.of(
          Reason.INVALID_VALUE,
          "The operator %s can not be used with %s and this value."
              .formatted(operator.symbol, property));
    }

    /** INVALID_VALUE: there is no such property to search by. */
    Failure unsearchable() {
      return Failure.of(Reason.INVALID_VALUE, "The property " + property + " can not be searched.");
    }
  }

  /** The product's operators, which are fewer than the parser's. */
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
      throw new IllegalArgumentException("an operator the parser doesn't know");
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

  /** FIQL takes blanks and other signs in a value as they are; the parser wants them quoted. */
  private static final Pattern BARE_VALUE = Pattern.compile("(==|!=|=[a-z]+=)([^\"'();,][^();,]*)");

  /** The parser descends into groups; nobody nests so many, and a stack has an end. */
  private static final int MOST_GROUPS = 100;

  private VcloudFiql() {}

  /** Reads an expression. A syntax error is INVALID_VALUE, in the vendor's words. */
  static <T> T read(String fiql, Meaning<T> meaning) {
    if (fiql.chars().filter(c -> c == '(').count() > MOST_GROUPS) {
      throw unreadable();
    }
    Node parsed;
    try {
      parsed = PARSER.parse(BARE_VALUE.matcher(fiql).replaceAll(VcloudFiql::quoted));
    } catch (RSQLParserException notFiql) {
      throw unreadable();
    }
    return meant(parsed, meaning);
  }

  private static String quoted(MatchResult value) {
    return Matcher.quoteReplacement(
        value.group(1) + '"' + value.group(2).replace("\\", "\\\\").replace("\"", "\\\"") + '"');
  }

  private static Failure unreadable() {
    return Failure.of(
        Reason.INVALID_VALUE, "QueryParseException: Cannot parse the supplied filter");
  }

  private static <T> T meant(Node node, Meaning<T> meaning) {
    if (node instanceof LogicalNode logical) {
      var parts =
          StreamSupport.stream(logical.spliterator(), false)
              .map(part -> meant(part, meaning))
              .toList();
      return logical instanceof AndNode ? meaning.all(parts) : meaning.any(parts);
    }
    var comparison = (ComparisonNode) node;
    return meaning.of(
        new Comparison(
            comparison.getSelector(),
            Operator.of(comparison.getOperator()),
            comparison.getArguments().get(0)));
  }
}
