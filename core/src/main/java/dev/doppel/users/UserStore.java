package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Keeps users. Every call is atomic, also against others at the same moment; a miss is a {@link
 * Failure}, never null. Any call may fail with {@link Reason#UNAVAILABLE} or {@link
 * Reason#OVERLOADED}.
 */
public interface UserStore {

  /**
   * Keeps a new user. Fails with USER_EXISTS if the name is taken, be it as another's e-mail
   * address in whatever case, if the e-mail address is another's name, if the user is built-in and
   * another user is, or if it would be {@linkplain Organization#shownName shown} in one of its
   * organizations as another is or, without being built-in, by a reserved name; with USER_ID_EXISTS
   * if the id or one of the aliases is taken. Nothing is kept then.
   */
  Future<User> insert(User user);

  /**
   * Keeps those of many new users that {@link #insert} would keep, one after the other. By itself
   * it is one change, or one for each thousand of them; within a larger change it is part of that.
   *
   * @return for each user, in the same order, what {@link #insert} would have failed with; empty if
   *     the user is kept
   */
  Future<List<Optional<Failure>>> insertAll(List<User> users);

  /** Fails with NO_SUCH_USER. */
  Future<User> find(UserId id);

  /** Fails with NO_SUCH_USER. Names are compared to the letter. */
  Future<User> find(String name);

  /** Fails with NO_SUCH_USER. */
  Future<User> find(Alias alias);

  /** The user that is built-in. Fails with NO_SUCH_USER. */
  Future<User> findBuiltIn();

  /**
   * Those with this e-mail address, whatever its case, the one who has had it longest first; often
   * none.
   */
  Future<List<User>> havingEmail(String email);

  /** Filters, then orders, then cuts the page. Empty where nothing passes. */
  Future<Page<User>> list(UserQuery query);

  /**
   * Replaces a user by what the change makes of it, one {@link User#version()} on. The change may
   * run more than once and must not alter the id. What it throws fails the call and nothing is
   * kept. Fails with NO_SUCH_USER; with USER_EXISTS if the new name or e-mail address is taken, as
   * for {@link #insert}; with LAST_ADMINISTRATOR if no active administrator would be left who can
   * sign in by password as this one can.
   */
  Future<User> update(UserId id, UnaryOperator<User> change);

  /**
   * Removes a user and returns it as it was. Fails with NO_SUCH_USER, and with LAST_ADMINISTRATOR
   * if no active administrator would be left who can sign in by password as this one can.
   *
   * @param check looks at the user as it is then; what it throws fails the call and nothing is done
   */
  Future<User> delete(UserId id, Consumer<User> check);

  /** As above, whatever the user is like. */
  default Future<User> delete(UserId id) {
    return delete(id, any -> {});
  }
}
