package dev.doppel.users;

import dev.doppel.users.UserField.Common;
import java.util.Optional;

/**
 * Which users, in which order, and which slice of them.
 *
 * @param order what the list is sorted by; users without a value come last, those of equal value in
 *     ascending order of id
 * @param descending the other way round, but for equal values
 * @param after start behind this user: the first greater id when ascending by id
 * @param offset how many of those to skip, not negative
 * @param limit how many to give at most, not negative
 * @param counted whether {@link Page#total()} is wanted; it may cost more than the page
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

  /** The first users in ascending order of id. */
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
