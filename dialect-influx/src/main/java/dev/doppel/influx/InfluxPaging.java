package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import dev.doppel.wire.go.GoNumbers;
import dev.doppel.wire.go.GoQuery;
import java.util.List;
import java.util.Optional;

/** Which page of a list is wanted (2.9.1: paging.go). Parameters are looked at in this order. */
record InfluxPaging(
    int offset, Optional<UserId> after, int limit, Optional<String> sortBy, boolean descending) {

  private static final int DEFAULT_LIMIT = 20;
  private static final int MOST = 100;

  static InfluxPaging of(Call call) {
    var offset = given(call, "offset").map(text -> number(text, "offset")).orElse(0);
    var after = given(call, "after").map(InfluxPaging::after);
    var limit = given(call, "limit").map(InfluxPaging::limit).orElse(DEFAULT_LIMIT);
    var descending = given(call, "descending").map(InfluxPaging::flag).orElse(false);
    return new InfluxPaging(offset, after, limit, given(call, "sortBy"), descending);
  }

  /** A parameter that is there and not empty. */
  static Optional<String> given(Call call, String name) {
    return GoQuery.of(call).first(name).filter(text -> !text.isEmpty());
  }

  /** A negative offset is none. */
  UserQuery users() {
    return UserQuery.first(limit).from(Math.max(0, offset)).after(after).descending(descending);
  }

  /** By offset and limit alone. */
  <T> List<T> cut(List<T> all) {
    return all.stream().skip(Math.max(0, offset)).limit(limit).toList();
  }

  /** Cuts what no list is long enough for to an int. */
  private static int number(String text, String name) {
    var number =
        GoNumbers.parseInt(text)
            .orElseThrow(() -> Failure.of(Reason.INVALID_VALUE, name + " is invalid"));
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
  }

  private static int limit(String text) {
    var limit = number(text, "limit");
    if (limit < 1 || limit > MOST) {
      throw Failure.of(Reason.INVALID_VALUE, "limit must be between 1 and " + MOST);
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
    // The server looks for the id behind it, and there is none behind the greatest.
    throw Failure.of(Reason.INVALID_ID, "invalid ID");
  }

  private static boolean flag(String text) {
    return GoNumbers.parseBool(text)
        .orElseThrow(() -> Failure.of(Reason.INVALID_VALUE, "descending is invalid"));
  }
}
