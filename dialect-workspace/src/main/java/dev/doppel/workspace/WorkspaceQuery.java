package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure.Reason;
import dev.doppel.workspace.WorkspaceWire.Paged;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The page of a list that a request asks for, and its order. An invalid parameter is reported as an
 * invalid member of a body is.
 *
 * @param page number of the page, from 1
 * @param limit maximum number of items on a page, from 1 to {@value #MAX_LIMIT}
 * @param property name of the property the list is sorted by
 */
record WorkspaceQuery(int page, int limit, String property, boolean descending) {

  private static final int DEFAULT_LIMIT = 100;

  /** The limit of the one list whose limit is known. */
  private static final int MAX_LIMIT = 10_000;

  /** The maximum number of items in an array, in a body as well; the vendor's isn't known. */
  static final int MAX_ITEMS = 100;

  private static final String DEFAULT_SORT = "createdAt:desc";
  private static final Pattern SORT = Pattern.compile("([\\w.]*)((:asc)|(:desc))?");

  static WorkspaceQuery of(Call call) {
    var sort = SORT.matcher(find(call, "sort").orElse(DEFAULT_SORT));
    if (!sort.matches()) {
      throw newInvalidException(
          "sort",
          "with value \"" + sort.replaceAll("$0") + "\" fails to match the required pattern",
          "string.regex.base");
    }
    return new WorkspaceQuery(
        number(call, "page", 1, Integer.MAX_VALUE),
        number(call, "limit", DEFAULT_LIMIT, MAX_LIMIT),
        sort.group(1),
        sort.group(4) != null);
  }

  /**
   * Returns a parameter, or empty if it is missing or an empty text.
   *
   * @param base the library's message and its name for a value that is no single text
   */
  private static Optional<String> find(Call call, String name, String base, String type) {
    var value = ExpressQuery.of(call, name);
    if (!value.isSingle()) {
      throw newInvalidException(name, base, type);
    }
    return value.items().stream().findFirst().filter(text -> !text.isEmpty());
  }

  private static Optional<String> find(Call call, String name) {
    return find(call, name, "must be a string", "string.base");
  }

  /** Returns a parameter of at most this many UTF-16 units, or empty as {@link #find} does. */
  static Optional<String> text(Call call, String name, int max) {
    return find(call, name).map(text -> checked(name, text, max));
  }

  private static String checked(String name, String text, int max) {
    if (text.length() > max) {
      throw newInvalidException(
          name, "length must be less than or equal to " + max + " characters long", "string.max");
    }
    return text;
  }

  /**
   * Returns the items of an array, each of at most this many UTF-16 units; none if the parameter is
   * missing or a single empty text.
   */
  static List<String> array(Call call, String name, int max) {
    var value = ExpressQuery.of(call, name);
    if (value.isObject()) {
      throw newInvalidException(name, "must be an array", "array.base");
    }
    if (value.items().size() > MAX_ITEMS) {
      throw newInvalidException(
          name, "must contain less than or equal to " + MAX_ITEMS + " items", "array.max");
    }
    if (value.isSingle()) {
      return find(call, name).map(text -> checked(name, text, max)).stream().toList();
    }
    for (var item : value.items()) {
      if (checked(name, item, max).isEmpty()) {
        throw newInvalidException(name, "is not allowed to be empty", "any.empty");
      }
    }
    return value.items();
  }

  /** Returns a boolean, which the library takes in either case of letters. */
  static Optional<Boolean> bool(Call call, String name) {
    var text = find(call, name, "must be a boolean", "boolean.base");
    if (text.filter(value -> !value.matches("(?i)true|false")).isPresent()) {
      throw newInvalidException(name, "must be a boolean", "boolean.base");
    }
    return text.map(Boolean::parseBoolean);
  }

  static Optional<String> oneOf(Call call, String name, List<String> values) {
    var text = find(call, name);
    if (text.filter(value -> !values.contains(value)).isPresent()) {
      throw newInvalidException(
          name, "must be one of [" + String.join(", ", values) + "]", "any.allowOnly");
    }
    return text;
  }

  private static int number(Call call, String name, int defaultValue, int max) {
    var text = find(call, name, "must be a number", "number.base");
    if (text.isEmpty()) {
      return defaultValue;
    }
    if (!text.get().matches("[+-]?[0-9]{1,15}")) {
      throw newInvalidException(name, "must be a number", "number.base");
    }
    var number = Long.parseLong(text.get());
    if (number < 1) {
      throw newInvalidException(name, "must be larger than or equal to 1", "number.min");
    }
    if (number > max) {
      throw newInvalidException(name, "must be less than or equal to " + max, "number.max");
    }
    return (int) number;
  }

  private static VendorErrorException newInvalidException(
      String name, String message, String type) {
    return WorkspaceErrors.invalid(
            List.of(
                new InvalidField(
                    List.of(name), "query", List.of("\"" + name + "\" " + message), List.of(type))))
        .newException(Reason.INVALID_VALUE);
  }

  long offset() {
    return (page - 1L) * limit;
  }

  /** Returns the items of a complete list that are on this page. */
  <T> List<T> pageOf(List<T> all) {
    return all.stream().skip(offset()).limit(limit).toList();
  }

  /** Returns the vendor's envelope of this page. */
  Paged toPaged(List<?> items, long total) {
    var pages = Math.max(1, (total + limit - 1) / limit);
    return new Paged(
        items,
        total,
        limit,
        page > 1,
        page < pages,
        page,
        pages,
        offset() + 1,
        page > 1 ? page - 1 : null,
        page < pages ? page + 1 : null);
  }
}
