package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Stores users. Thread-safe. Every call is atomic, also among concurrent calls; a missing user is a
 * {@link Failure}, never null. Any call may fail with {@link Reason#UNAVAILABLE} or {@link
 * Reason#OVERLOADED}.
 */
public interface UserStore {

  /**
   * Stores a new user. Fails with USER_ID_EXISTS if the id or an alias is taken, and with
   * USER_EXISTS if
   *
   * <ul>
   *   <li>the name is another user's name or, in any case, e-mail address,
   *   <li>the e-mail address is another user's name,
   *   <li>the user is built-in and there is a built-in user already, or
   *   <li>one of its organizations would {@linkplain Organization#shownName show} it under the name
   *       of another user or, unless it is built-in, under a reserved name.
   * </ul>
   */
  Future<User> insert(User user);

  /**
   * Stores many new users as {@link #insert} would, one after the other, except for those with
   * which it would fail. Within a larger change, this is part of that; otherwise it is one change,
   * or one for each thousand users.
   *
   * @return for each user, in the same order, the failure of {@link #insert}; empty if the user has
   *     been stored
   */
  Future<List<Optional<Failure>>> insertAll(List<User> users);

  /** Returns the user with this id. Fails with NO_SUCH_USER. */
  Future<User> find(UserId id);

  /** Returns the user with exactly this name. Fails with NO_SUCH_USER. */
  Future<User> find(String name);

  /** Returns the user with this alias. Fails with NO_SUCH_USER. */
  Future<User> find(Alias alias);

  /** Returns the {@linkplain User#builtIn() built-in} user. Fails with NO_SUCH_USER. */
  Future<User> findBuiltIn();

  /**
   * Returns the users with this e-mail address, ignoring case, the one who has had it longest
   * first. May be empty.
   */
  Future<List<User>> findByEmail(String email);

  /** Returns a page of the users who match the query. May be empty. */
  Future<Page<User>> list(UserQuery query);

  /**
   * Changes a user and increments its {@link User#version()}. Fails with NO_SUCH_USER; with
   * USER_EXISTS as {@link #insert}; and with LAST_ADMINISTRATOR if no active administrator would be
   * left, or none with a password although this one has had one.
   *
   * @param change may be called more than once, and must not change the id; if it throws, the call
   *     fails with the exception and nothing is changed
   */
  Future<User> update(UserId id, UnaryOperator<User> change);

  /**
   * Deletes a user and returns it. Fails with NO_SUCH_USER, and with LAST_ADMINISTRATOR as {@link
   * #update}.
   *
   * @param check receives the user that would be deleted; if it throws, the call fails with the
   *     exception and nothing is deleted
   */
  Future<User> delete(UserId id, Consumer<User> check);

  /** Deletes a user without a check. */
  default Future<User> delete(UserId id) {
    return delete(id, any -> {});
  }
}
