package dev.doppel.vcloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.UserFilter;
import dev.doppel.vcloud.VcloudFiql.Comparison;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * A list that is complete in memory, such as that of roles. It is filtered, sorted and paged by the
 * displayed values.
 *
 * @param model the vendor's name for the list
 * @param properties the properties to search and sort by; {@code a.b} is a nested one
 * @param maxPageSize maximum number of items on a page
 */
record VcloudListing(String model, List<String> properties, int maxPageSize)
    implements VcloudFiql.Translator<Predicate<JsonNode>> {

  /** Properties of the older API's records that are URLs of resources. */
  private static final Set<String> URLS = Set.of("href", "org");

  VcloudListing {
    properties = List.copyOf(properties);
  }

  /** A list with the usual maximum size of a page. */
  VcloudListing(String model, List<String> properties) {
    this(model, properties, VcloudPaging.MAX_SIZE);
  }

  /**
   * Returns the page that a request asks for.
   *
   * @param items views, in the default order
   */
  Reply page(Call call, List<?> items) {
    var paging = VcloudPaging.of(call, maxPageSize);
    var sorted = select(call, paging, items);
    return paging.withLinks(
        Reply.ok(paging.envelope(sorted.size(), paging.pageOf(sorted))),
        call,
        sorted.size(),
        model);
  }

  /** Returns the items of all pages that match the request's filter, in the request's order. */
  List<JsonNode> select(Call call, VcloudPaging paging, List<?> items) {
    var filter =
        VcloudPaging.find(call, "filter")
            .map(text -> VcloudFiql.parse(text, this))
            .orElse(item -> true);
    var order = paging.sort().map(this::order);
    var matching =
        items.stream()
            .map(item -> VcloudWire.JSON.<JsonNode>valueToTree(item))
            .filter(filter)
            .toList();
    return order.map(by -> matching.stream().sorted(by).toList()).orElse(matching);
  }

  private Comparator<JsonNode> order(VcloudPaging.Sort sort) {
    if (!properties.contains(sort.property())) {
      throw sort.newException();
    }
    var order = Comparator.<JsonNode, String>comparing(item -> text(item, sort.property()));
    return sort.descending() ? order.reversed() : order;
  }

  private static JsonNode value(JsonNode item, String property) {
    return item.at("/" + property.replace('.', '/'));
  }

  private static String text(JsonNode item, String property) {
    return value(item, property).asText("");
  }

  @Override
  public Predicate<JsonNode> all(List<Predicate<JsonNode>> parts) {
    return item -> parts.stream().allMatch(part -> part.test(item));
  }

  @Override
  public Predicate<JsonNode> any(List<Predicate<JsonNode>> parts) {
    return item -> parts.stream().anyMatch(part -> part.test(item));
  }

  @Override
  public Predicate<JsonNode> compare(Comparison comparison) {
    if (!properties.contains(comparison.property())) {
      throw comparison.newPropertyException();
    }
    return switch (comparison.operator()) {
      case EQUAL -> item -> equal(item, comparison);
      case NOT_EQUAL -> {
        if (comparison.hasWildcard()) {
          throw comparison.newOperatorException();
        }
        yield item -> !equal(item, comparison);
      }
      case GREATER -> number(comparison, order -> order > 0);
      case AT_LEAST -> number(comparison, order -> order >= 0);
      case LESS -> number(comparison, order -> order < 0);
      case AT_MOST -> number(comparison, order -> order <= 0);
    };
  }

  private static boolean equal(JsonNode item, Comparison comparison) {
    var value = value(item, comparison.property());
    return value.isValueNode()
        && !value.isNull()
        && (comparison.hasWildcard()
            ? UserFilter.Like.matches(value.asText(), comparison.value())
            : isSame(value.asText(), comparison));
  }

  private static boolean isSame(String displayed, Comparison comparison) {
    return displayed.equals(comparison.value())
        || (URLS.contains(comparison.property()) && isSameUrl(displayed, comparison.value()));
  }

  /** URLs of the older API are equal if they end with the same UUID. */
  private static boolean isSameUrl(String displayed, String wanted) {
    return VcloudHref.parse(displayed, "")
        .filter(urn -> VcloudHref.parse(wanted, "").filter(urn::equals).isPresent())
        .isPresent();
  }

  private static Predicate<JsonNode> number(Comparison comparison, IntPredicate matches) {
    BigDecimal wanted;
    try {
      wanted = new BigDecimal(comparison.value());
    } catch (NumberFormatException notNumber) {
      throw comparison.newOperatorException();
    }
    return item -> {
      var value = value(item, comparison.property());
      return value.isNumber() && matches.test(value.decimalValue().compareTo(wanted));
    };
  }
}
