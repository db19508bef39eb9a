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
 * A numbered page of a list: which one is wanted, and how it travels.
 *
 * @param page from 1
 */
record VcloudPaging(int page, int pageSize, Optional<Sort> sort) {

  /** What a list is sorted by instead of what it is usually. */
  record Sort(String property, boolean descending) {

    /** INVALID_VALUE: there is no such property to sort by. */
    Failure refused() {
      return Failure.of(
          Reason.INVALID_VALUE, "The property " + property + " can not be sorted by.");
    }
  }

  private static final int DEFAULT_SIZE = 25;
  private static final int LARGEST_SIZE = 128;

  static VcloudPaging of(Call call) {
    var page = number(call, "page", 1, 1, Integer.MAX_VALUE);
    var size = number(call, "pageSize", DEFAULT_SIZE, 0, LARGEST_SIZE);
    var ascending = given(call, "sortAsc").map(property -> new Sort(property, false));
    var descending = given(call, "sortDesc").map(property -> new Sort(property, true));
    return new VcloudPaging(page, size, ascending.or(() -> descending));
  }

  private static int number(Call call, String name, int otherwise, int least, int most) {
    var given = given(call, name);
    if (given.isEmpty()) {
      return otherwise;
    }
    try {
      var number = Integer.parseInt(given.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // refused below, as a number out of range is
    }
    throw Failure.of(
        Reason.INVALID_VALUE,
        "The parameter %s must be a number from %s to %s.".formatted(name, least, most));
  }

  private static Optional<String> given(Call call, String name) {
    return call.query(name).filter(text -> !text.isEmpty());
  }

  /** The page of users, with the total that the envelope tells. */
  UserQuery query() {
    return UserQuery.first(pageSize).from((page - 1L) * pageSize).withTotal();
  }

  /** What of a list that is there whole is on this page. */
  <T> List<T> of(List<T> all) {
    var from = Math.min((page - 1L) * pageSize, all.size());
    return all.subList((int) from, (int) Math.min(from + pageSize, all.size()));
  }

  VcloudWire.Page envelope(long total, List<?> values) {
    return new VcloudWire.Page(total, pages(total), page, pageSize, null, values);
  }

  private long pages(long total) {
    return pageSize == 0 ? 0 : (total + pageSize - 1) / pageSize;
  }

  /** The reply with a header line per neighbouring page; those that coincide share one. */
  Reply linked(Reply reply, Call call, long total, String model) {
    var relations = new TreeMap<Long, String>();
    if (page > 1 && pages(total) > 0) {
      relations.merge(1L, "firstPage", VcloudPaging::both);
      relations.merge(Math.min(page - 1L, pages(total)), "previousPage", VcloudPaging::both);
    }
    if (page < pages(total)) {
      relations.merge(page + 1L, "nextPage", VcloudPaging::both);
      relations.merge(pages(total), "lastPage", VcloudPaging::both);
    }
    var linked = reply;
    for (var relation : relations.entrySet()) {
      linked =
          linked.with(
              "Link", VcloudLink.of(url(call, relation.getKey()), relation.getValue(), model));
    }
    return linked;
  }

  private static String both(String one, String other) {
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
    return given(call, name).map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8));
  }
}
