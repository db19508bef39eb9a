package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Page;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import dev.doppel.users.Users;
import dev.doppel.wire.go.GoNumbers;
import dev.doppel.wire.go.GoQuery;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The wanted page of a list (2.9.1: paging.go). Parameters are checked in this order. Immutable.
 */
record InfluxPaging(
    int offset, Optional<UserId> after, int limit, Optional<String> sortBy, boolean descending) {

  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;

  static InfluxPaging of(Call call) {
    var offset = parameter(call, "offset").map(text -> number(text, "offset")).orElse(0);
    var after = parameter(call, "after").map(InfluxPaging::after);
    var limit = parameter(call, "limit").map(InfluxPaging::limit).orElse(DEFAULT_LIMIT);
    var descending = parameter(call, "descending").map(InfluxPaging::flag).orElse(false);
    return new InfluxPaging(offset, after, limit, parameter(call, "sortBy"), descending);
  }

  /** Returns a parameter of the query that is not empty. */
  static Optional<String> parameter(Call call, String name) {
    return GoQuery.of(call).first(name).filter(text -> !text.isEmpty());
  }

  /** Returns how many to skip: a negative offset counts as 0. */
  int skipped() {
    return Math.max(0, offset);
  }

  /**
   * Returns the elements in the order in which the server walks over them. In descending order it
   * starts with the first <em>above</em> the one to start after, or with the last of all.
   *
   * @param id as 16 lower-case hex digits
   */
  <T> List<T> walk(Collection<T> all, Function<T, String> id) {
    var ascending = all.stream().sorted(Comparator.comparing(id)).toList();
    var start = after.map(UserId::toString);
    if (!descending) {
      return ascending.stream()
          .filter(one -> start.isEmpty() || id.apply(one).compareTo(start.get()) > 0)
          .toList();
    }
    var first =
        start.flatMap(
            text -> ascending.stream().map(id).filter(one -> one.compareTo(text) > 0).findFirst());
    return ascending.stream()
        .filter(one -> first.isEmpty() || id.apply(one).compareTo(first.get()) <= 0)
        .sorted(Comparator.comparing(id).reversed())
        .toList();
  }

  /** Returns the page of users, in the order of {@link #walk}. */
  Future<List<User>> of(Users users) {
    var query = UserQuery.first(limit).from(skipped()).descending(descending);
    if (after.isEmpty() || !descending) {
      return users.list(query.after(after)).map(Page::items);
    }
    return users
        .list(UserQuery.first(1).after(after))
        .compose(
            above ->
                users.list(
                    query.after(
                        above.items().stream()
                            .map(first -> new UserId(first.id().value() + 1))
                            .filter(next -> next.value() != 0)
                            .findFirst())))
        .map(Page::items);
  }

  /** Returns the page by offset and limit alone. */
  <T> List<T> cut(List<T> all) {
    return all.stream().skip(skipped()).limit(limit).toList();
  }

  /** Reads a number, limited to the range of an int, which no list exceeds. */
  private static int number(String text, String name) {
    var number =
        GoNumbers.parseInt(text)
            .orElseThrow(() -> Failure.of(Reason.INVALID_VALUE, name + " is invalid"));
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
  }

  private static int limit(String text) {
    var limit = number(text, "limit");
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Failure.of(Reason.INVALID_VALUE, "limit must be between 1 and " + MAX_LIMIT);
    }
    return limit;
  }

  private static UserId after(String text) {
    try {
      var id = InfluxId.user(text);
      if (id.value() != -1) {
        return id;
      }
    } catch (Failure malformed) {
      throw Failure.of(Reason.INVALID_ID, "decoding after: " + malformed.subject().orElse(""));
    }
    // The server looks for the next id, and there is none after the greatest.
    throw Failure.of(Reason.INVALID_ID, "invalid ID");
  }

  private static boolean flag(String text) {
    return GoNumbers.parseBool(text)
        .orElseThrow(() -> Failure.of(Reason.INVALID_VALUE, "descending is invalid"));
  }
}
