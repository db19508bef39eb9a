package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure.Reason;
import dev.doppel.workspace.WorkspaceWire.Paged;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which page of a list, and in which order; what is wrong with a parameter is told as with a body.
 *
 * @param page from 1
 * @param property what the list is sorted by
 */
record WorkspaceQuery(int page, int limit, String property, boolean descending) {

  private static final int DEFAULT_LIMIT = 100;

  /** As on the one list of which it is known. */
  private static final int LARGEST_LIMIT = 10_000;

  private static final String DEFAULT_SORT = "createdAt:desc";
  private static final Pattern SORT = Pattern.compile("([\\w.]*)((:asc)|(:desc))?");

  static WorkspaceQuery of(Call call) {
    var sort = SORT.matcher(given(call, "sort").orElse(DEFAULT_SORT));
    if (!sort.matches()) {
      throw invalid(
          "sort",
          "with value \"" + sort.replaceAll("$0") + "\" fails to match the required pattern",
          "string.regex.base");
    }
    return new WorkspaceQuery(
        number(call, "page", 1, Integer.MAX_VALUE),
        number(call, "limit", DEFAULT_LIMIT, LARGEST_LIMIT),
        sort.group(1),
        sort.group(4) != null);
  }

  /** A parameter; one that is empty is as good as none. */
  static Optional<String> given(Call call, String name) {
    return call.query(name).filter(text -> !text.isEmpty());
  }

  /** As {@link #given}, of so many UTF-16 units at most. */
  static Optional<String> text(Call call, String name, int longest) {
    var text = given(call, name);
    if (text.filter(one -> one.length() > longest).isPresent()) {
      throw invalid(
          name,
          "length must be less than or equal to " + longest + " characters long",
          "string.max");
    }
    return text;
  }

  static Optional<String> oneOf(Call call, String name, List<String> values) {
    var text = given(call, name);
    if (text.filter(one -> !values.contains(one)).isPresent()) {
      throw invalid(name, "must be one of [" + String.join(", ", values) + "]", "any.allowOnly");
    }
    return text;
  }

  private static int number(Call call, String name, int otherwise, int most) {
    var given = given(call, name);
    if (given.isEmpty()) {
      return otherwise;
    }
    if (!given.get().matches("[+-]?[0-9]{1,15}")) {
      throw invalid(name, "must be a number", "number.base");
    }
    var number = Long.parseLong(given.get());
    if (number < 1) {
      throw invalid(name, "must be larger than or equal to 1", "number.min");
    }
    if (number > most) {
      throw invalid(name, "must be less than or equal to " + most, "number.max");
    }
    return (int) number;
  }

  private static VendorErrorException invalid(String name, String words, String type) {
    return WorkspaceErrors.invalid(
            List.of(
                new InvalidField(
                    List.of(name), "query", List.of("\"" + name + "\" " + words), List.of(type))))
        .newException(Reason.INVALID_VALUE);
  }

  long offset() {
    return (page - 1L) * limit;
  }

  /** What of a list that is there whole is on this page. */
  <T> List<T> of(List<T> all) {
    return all.stream().skip(offset()).limit(limit).toList();
  }

  Paged paged(List<?> items, long total) {
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
