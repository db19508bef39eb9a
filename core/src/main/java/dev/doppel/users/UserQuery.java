package dev.doppel.users;

import dev.doppel.users.UserField.Common;
import java.util.Optional;

/**
 * A query for a page of users. Immutable.
 *
 * @param order the field to sort by; users without a value come last, users with equal values in
 *     ascending order of id
 * @param descending whether to reverse the order, except among equal values
 * @param after start after this user: with the first greater id when ascending by id
 * @param offset how many of those to skip, not negative
 * @param limit maximum length of the page, not negative
 * @param counted whether to return {@link Page#total()}, which may cost more than the page
 */
public record UserQuery(
    UserFilter filter,
    UserField order,
    boolean descending,
    Optional<UserId> after,
    long offset,
    int limit,
    boolean counted) {

  public UserQuery {
    if (offset < 0 || limit < 0) {
      throw new IllegalArgumentException("offset " + offset + " or limit " + limit + " below zero");
    }
  }

  /** Returns a query for the first users in ascending order of id. */
  public static UserQuery first(int limit) {
    return new UserQuery(UserFilter.EVERYONE, Common.ID, false, Optional.empty(), 0, limit, false);
  }

  public UserQuery after(Optional<UserId> after) {
    return new UserQuery(filter, order, descending, after, offset, limit, counted);
  }

  public UserQuery from(long offset) {
    return new UserQuery(filter, order, descending, after, offset, limit, counted);
  }

  public UserQuery matching(UserFilter filter) {
    return new UserQuery(filter, order, descending, after, offset, limit, counted);
  }

  public UserQuery by(UserField order) {
    return new UserQuery(filter, order, descending, after, offset, limit, counted);
  }

  public UserQuery descending(boolean descending) {
    return new UserQuery(filter, order, descending, after, offset, limit, counted);
  }

  public UserQuery withTotal() {
    return new UserQuery(filter, order, descending, after, offset, limit, true);
  }
}
