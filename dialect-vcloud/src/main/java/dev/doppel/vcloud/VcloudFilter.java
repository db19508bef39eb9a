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
import dev.doppel.users.Organization;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A FIQL filter over users. {@code ==} compares to the letter, unless the value has a {@code *},
 * which is any text and makes case not matter.
 */
final class VcloudFilter {

  private static final ComparisonOperator EQUAL = new ComparisonOperator("==");
  private static final ComparisonOperator NOT_EQUAL = new ComparisonOperator("!=");
  private static final Set<ComparisonOperator> OPERATORS =
      Set.of(
          EQUAL,
          NOT_EQUAL,
          new ComparisonOperator("=gt="),
          new ComparisonOperator("=ge="),
          new ComparisonOperator("=lt="),
          new ComparisonOperator("=le="));

  /** FIQL takes blanks and other signs in a value as they are; the parser wants them quoted. */
  private static final Pattern BARE_VALUE = Pattern.compile("(==|!=|=[a-z]+=)([^\"'();,][^();,]*)");

  /** The parser descends into groups; nobody nests so many, and a stack has an end. */
  private static final int MOST_GROUPS = 100;

  private final Organization organization;

  private VcloudFilter(Organization organization) {
    this.organization = organization;
  }

  /** The filter in core's words; an unknown property or a syntax error is INVALID_VALUE. */
  static UserFilter parse(String fiql, Organization organization) {
    if (fiql.chars().filter(c -> c == '(').count() > MOST_GROUPS) {
      throw unreadable();
    }
    try {
      var quoted =
          BARE_VALUE
              .matcher(fiql)
              .replaceAll(
                  value ->
                      Matcher.quoteReplacement(
                          value.group(1)
                              + '"'
                              + value.group(2).replace("\\", "\\\\").replace("\"", "\\\"")
                              + '"'));
      return new VcloudFilter(organization).filter(new RSQLParser(OPERATORS).parse(quoted));
    } catch (RSQLParserException notFiql) {
      throw unreadable();
    }
  }

  private static Failure unreadable() {
    return Failure.of(
        Reason.INVALID_VALUE, "QueryParseException: Cannot parse the supplied filter");
  }

  private UserFilter filter(Node node) {
    if (node instanceof LogicalNode logical) {
      var parts = StreamSupport.stream(logical.spliterator(), false).map(this::filter).toList();
      return logical instanceof AndNode ? new UserFilter.All(parts) : new UserFilter.Any(parts);
    }
    return comparison((ComparisonNode) node);
  }

  private UserFilter comparison(ComparisonNode node) {
    var value = node.getArguments().get(0);
    if (node.getOperator().equals(EQUAL)) {
      return equal(node.getSelector(), value);
    }
    if (node.getOperator().equals(NOT_EQUAL) && value.indexOf('*') < 0) {
      return new UserFilter.Not(equal(node.getSelector(), value));
    }
    throw Failure.of(
        Reason.INVALID_VALUE,
        "The operator %s can not be used with %s and this value."
            .formatted(node.getOperator().getSymbol(), node.getSelector()));
  }

  private UserFilter equal(String property, String value) {
    return switch (property) {
      case "username", "nameInSource" ->
          new UserFilter.Any(
              List.of(
                  text(Common.NAME, value),
                  text(Common.NAME, VcloudNames.ofNamesake(value, organization))));
      case "fullName" -> text(Common.FULL_NAME, value);
      case "email" -> text(Common.EMAIL, value);
      case "id" -> id(value);
      case "enabled" -> enabled(value);
      default ->
          throw Failure.of(
              Reason.INVALID_VALUE, "The property " + property + " can not be searched.");
    };
  }

  private static UserFilter text(Common field, String value) {
    return value.indexOf('*') < 0
        ? new UserFilter.Is(field, value)
        : new UserFilter.Like(field, value);
  }

  private static UserFilter id(String value) {
    return VcloudUrn.parseUser(value)
        .flatMap(VcloudUrn::userId)
        .<UserFilter>map(id -> new UserFilter.Is(Common.ID, id.toString()))
        .orElse(new UserFilter.Any(List.of()));
  }

  private static UserFilter enabled(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> new UserFilter.Is(Common.STATUS, "active");
      case "false" -> new UserFilter.Is(Common.STATUS, "inactive");
      default -> throw Failure.of(Reason.INVALID_VALUE, "The property enabled is true or false.");
    };
  }
}
