package dev.doppel.vcloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.UserFilter;
import dev.doppel.vcloud.VcloudFiql.Comparison;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A list that is there whole, such as of roles: filtered, sorted and cut as the request says, by
 * the values that it shows.
 *
 * @param model the vendor's name for the list
 * @param properties those it can be searched and sorted by; {@code a.b} is the property of another
 */
record VcloudListing(String model, List<String> properties)
    implements VcloudFiql.Meaning<Predicate<JsonNode>> {

  VcloudListing {
    properties = List.copyOf(properties);
  }

  /**
   * The page that is asked for.
   *
   * @param items views, in the order that the list has if the request doesn't say
   */
  Reply page(Call call, List<?> items) {
    var paging = VcloudPaging.of(call);
    var filter =
        call.query("filter")
            .filter(text -> !text.isEmpty())
            .map(text -> VcloudFiql.read(text, this))
            .orElse(item -> true);
    var order = paging.sort().map(this::order);
    var shown =
        items.stream()
            .map(item -> VcloudWire.JSON.<JsonNode>valueToTree(item))
            .filter(filter)
            .toList();
    var sorted = order.map(by -> shown.stream().sorted(by).toList()).orElse(shown);
    return paging.linked(
        Reply.ok(paging.envelope(sorted.size(), paging.of(sorted))), call, sorted.size(), model);
  }

  private Comparator<JsonNode> order(VcloudPaging.Sort sort) {
    if (!properties.contains(sort.property())) {
      throw sort.refused();
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
  public Predicate<JsonNode> of(Comparison comparison) {
    if (!properties.contains(comparison.property())) {
      throw comparison.unsearchable();
    }
    return switch (comparison.operator()) {
      case EQUAL -> item -> equal(item, comparison);
      case NOT_EQUAL -> {
        if (comparison.wild()) {
          throw comparison.refused();
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
        && (comparison.wild()
            ? UserFilter.Like.matches(value.asText(), comparison.value())
            : value.asText().equals(comparison.value()));
  }

  private static Predicate<JsonNode> number(Comparison comparison, Predicate<Integer> fits) {
    BigDecimal wanted;
    try {
      wanted = new BigDecimal(comparison.value());
    } catch (NumberFormatException notNumber) {
      throw comparison.refused();
    }
    return item -> {
      var value = value(item, comparison.property());
      return value.isNumber() && fits.test(value.decimalValue().compareTo(wanted));
    };
  }
}
