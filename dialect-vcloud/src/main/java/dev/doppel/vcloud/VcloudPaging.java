package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.UserQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The page of a list that a request asks for, its envelope and its links.
 *
 * @param page number of the page, from 1
 * @param pageSize maximum number of items on a page, from 0 to at most {@value #MAX_SIZE}
 * @param sort the order, or empty for the default
 */
record VcloudPaging(int page, int pageSize, Optional<Sort> sort) {

  /** The property to sort a list by, and the direction. */
  record Sort(String property, boolean descending) {

    /** Returns INVALID_VALUE: there is no such property to sort by. */
    Failure newException() {
      return Failure.of(
          Reason.INVALID_VALUE, "The property " + property + " can not be sorted by.");
    }
  }

  private static final int DEFAULT_SIZE = 25;

  /** The usual maximum size of a page. */
  static final int MAX_SIZE = 128;

  static VcloudPaging of(Call call) {
    return of(call, MAX_SIZE);
  }

  static VcloudPaging of(Call call, int maxSize) {
    var page = number(call, "page", 1, 1, Integer.MAX_VALUE);
    var size = number(call, "pageSize", DEFAULT_SIZE, 0, maxSize);
    var ascending = find(call, "sortAsc").map(property -> new Sort(property, false));
    var descending = find(call, "sortDesc").map(property -> new Sort(property, true));
    return new VcloudPaging(page, size, ascending.or(() -> descending));
  }

  private static int number(Call call, String name, int defaultValue, int min, int max) {
    var text = find(call, name);
    if (text.isEmpty()) {
      return defaultValue;
    }
    try {
      var number = Integer.parseInt(text.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // Rejected below, like a number out of range.
    }
    throw Failure.of(
        Reason.INVALID_VALUE,
        "The parameter %s must be a number from %s to %s.".formatted(name, min, max));
  }

  /** Returns a parameter, or empty if it is missing or an empty text. */
  static Optional<String> find(Call call, String name) {
    return call.query(name).filter(text -> !text.isEmpty());
  }

  /** Returns the query for this page of users and their total number. */
  UserQuery query() {
    return UserQuery.first(pageSize).from((page - 1L) * pageSize).withTotal();
  }

  /** Returns the items of a complete list that are on this page. */
  <T> List<T> pageOf(List<T> all) {
    var from = Math.min((page - 1L) * pageSize, all.size());
    return all.subList((int) from, (int) Math.min(from + pageSize, all.size()));
  }

  /** Returns the vendor's envelope of this page. */
  VcloudWire.Page envelope(long total, List<?> values) {
    return new VcloudWire.Page(total, pages(total), page, pageSize, null, values);
  }

  /** Returns the number of pages. */
  long pages(long total) {
    return pageSize == 0 ? 0 : (total + pageSize - 1) / pageSize;
  }

  /**
   * Returns a reply with a header for each of the first, previous, next and last page. Relations to
   * the same page share a header.
   */
  Reply withLinks(Reply reply, Call call, long total, String model) {
    var relations = new TreeMap<Long, String>();
    if (page > 1 && pages(total) > 0) {
      relations.merge(1L, "firstPage", VcloudPaging::join);
      relations.merge(Math.min(page - 1L, pages(total)), "previousPage", VcloudPaging::join);
    }
    if (page < pages(total)) {
      relations.merge(page + 1L, "nextPage", VcloudPaging::join);
      relations.merge(pages(total), "lastPage", VcloudPaging::join);
    }
    var linked = reply;
    for (var relation : relations.entrySet()) {
      linked =
          linked.with(
              "Link", VcloudLink.of(url(call, relation.getKey()), relation.getValue(), model));
    }
    return linked;
  }

  private static String join(String one, String other) {
    return one + " " + other;
  }

  private String url(Call call, long page) {
    var filter = parameter(call, "filter").map(text -> "filter=" + text + "&").orElse("");
    return "%s%s?%ssortAsc=%s&pageSize=%s&sortDesc=%s&page=%s"
        .formatted(
            call.origin(),
            call.path(),
            filter,
            parameter(call, "sortAsc").orElse(""),
            pageSize,
            parameter(call, "sortDesc").orElse(""),
            page);
  }

  private static Optional<String> parameter(Call call, String name) {
    return find(call, name).map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8));
  }
}
