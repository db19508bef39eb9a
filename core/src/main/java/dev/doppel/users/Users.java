package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The users of one realm, for dialects. Calls fail as those of {@link UserStore}. Changes are made
 * {@link #by} a caller, within its authority. Thread-safe.
 */
public final class Users {

  private final UserStore store;
  private final PasswordHasher hasher;
  private final VerifiedCredentials verified;
  private final Ids ids;
  private final Clock clock;
  private final SignInThrottle throttle;
  private final List<IdForm> idForms;

  /**
   * Creates an instance for a store.
   *
   * @param idForms of the dialects that support aliases
   */
  Users(
      UserStore store,
      PasswordHasher hasher,
      Ids ids,
      Clock clock,
      SignInThrottle throttle,
      List<IdForm> idForms) {
    this(store, hasher, new VerifiedCredentials(), ids, clock, throttle, idForms);
  }

  private Users(
      UserStore store,
      PasswordHasher hasher,
      VerifiedCredentials verified,
      Ids ids,
      Clock clock,
      SignInThrottle throttle,
      List<IdForm> idForms) {
    this.store = store;
    this.hasher = hasher;
    this.verified = verified;
    this.ids = ids;
    this.clock = clock;
    this.throttle = throttle;
    this.idForms = List.copyOf(idForms);
  }

  /** Returns the same users in a store that is part of a change. */
  Users withStore(UserStore store) {
    return new Users(store, hasher, verified, ids, clock, throttle, idForms);
  }

  /** Returns the changes that a caller with this authority can make. */
  public Changes by(Authority authority) {
    return new Changes(authority);
  }

  /**
   * The result of creating one of many users. Immutable.
   *
   * @param user the created user, or the user that would have been created
   * @param failure the reason for which it wasn't created
   */
  public record CreationResult(User user, Optional<Failure> failure) {

    public boolean isCreated() {
      return failure.isEmpty();
    }
  }

  /**
   * Changes within an authority. A change that the authority doesn't allow fails with FORBIDDEN,
   * and one to a reserved name with USER_EXISTS. Checks and changes are atomic.
   */
  public final class Changes {

    private final Authority authority;

    private Changes(Authority authority) {
      this.authority = authority;
    }

    /**
     * Creates a user. Fails with USER_EXISTS or USER_ID_EXISTS, with the name or the id as the
     * subject. An id or alias is also taken if a dialect can't distinguish it from another user's
     * alias or id. Fails with INVALID_VALUE if a name or the e-mail address is longer than 32,768
     * bytes, or if more than 16 organizations would show the user under a reserved name.
     */
    public Future<User> create(NewUser newUser) {
      return Failure.check(() -> check(newUser))
          // Only avoids hashing in vain; the store checks the name again.
          .compose(allowed -> Failure.emptyIf(Reason.NO_SUCH_USER, store.find(newUser.name())))
          .compose(
              namesake ->
                  namesake.isPresent()
                      ? Future.failedFuture(Failure.of(Reason.USER_EXISTS, newUser.name()))
                      : hashOf(newUser))
          .compose(hash -> checkIds(newUser).compose(free -> store.insert(user(newUser, hash))));
    }

    /**
     * Creates many users, as {@link UserStore#insertAll} does.
     *
     * @param newUsers results of {@link Users#hashPassword(NewUser)}
     * @return for each of them, in the same order, the user or the failure of {@link #create}
     */
    public Future<List<CreationResult>> createAll(List<NewUser> newUsers) {
      return createAll(newUsers, newUsers.stream().map(one -> user(one, one.hash())).toList());
    }

    /**
     * Creates users who were exported, with all of their fields as given; otherwise as {@link
     * #createAll}.
     */
    public Future<List<CreationResult>> insertAll(List<User> users) {
      return createAll(users.stream().map(Changes::toNewUser).toList(), users);
    }

    private static NewUser toNewUser(User user) {
      return new NewUser(
          user.name(),
          Optional.of(user.id()),
          Optional.empty(),
          user.password(),
          user.status(),
          user.email(),
          user.fullName(),
          user.administrator(),
          user.builtIn(),
          user.home(),
          user.roles(),
          user.memberships(),
          user.aliases(),
          user.extras());
    }

    /**
     * @param users those that will be stored for the new users
     */
    private Future<List<CreationResult>> createAll(List<NewUser> newUsers, List<User> users) {
      var batchIds = new BatchIds(idForms);
      var checked = new ArrayList<Future<CreationResult>>(users.size());
      for (int i = 0; i < users.size(); i++) {
        checked.add(check(newUsers.get(i), users.get(i), batchIds));
      }
      return Future.all(checked)
          .compose(
              all -> {
                var results = all.<CreationResult>list();
                var allowed =
                    results.stream()
                        .filter(CreationResult::isCreated)
                        .map(CreationResult::user)
                        .toList();
                return store.insertAll(allowed).map(failures -> merge(results, failures));
              });
    }

    private Future<CreationResult> check(NewUser newUser, User user, BatchIds batchIds) {
      if (!batchIds.add(newUser)) {
        return failed(user, Failure.of(Reason.USER_ID_EXISTS, user.id().toString()));
      }
      try {
        check(newUser);
      } catch (Failure rejected) {
        return failed(user, rejected);
      }
      return checkIds(newUser)
          .map(free -> new CreationResult(user, Optional.empty()))
          .recover(
              thrown ->
                  thrown instanceof Failure failure && failure.reason() == Reason.USER_ID_EXISTS
                      ? failed(user, failure)
                      : Future.failedFuture(thrown));
    }

    private static Future<CreationResult> failed(User user, Failure failure) {
      return Future.succeededFuture(new CreationResult(user, Optional.of(failure)));
    }

    /** Adds the failures of the store to the results of the users that were passed to it. */
    private static List<CreationResult> merge(
        List<CreationResult> results, List<Optional<Failure>> failures) {
      var next = failures.iterator();
      return results.stream()
          .map(result -> result.isCreated() ? new CreationResult(result.user, next.next()) : result)
          .toList();
    }

    private void check(NewUser newUser) {
      authority.checkCreation(newUser);
      checkTexts(newUser.name(), newUser.email(), newUser.fullName());
    }

    /**
     * Changes a user and sets its time of change. Fails with INVALID_VALUE for a new name or e-mail
     * address as {@link #create}.
     */
    public Future<User> update(UserId id, UnaryOperator<User> change) {
      return store.update(id, user -> checked(user, change.apply(user)).updatedAt(now()));
    }

    private User checked(User before, User after) {
      authority.checkChange(before, after);
      if (!identifiers(after).equals(identifiers(before))) {
        checkTexts(after.name(), after.email(), after.fullName());
      }
      return after;
    }

    private static List<Object> identifiers(User user) {
      return List.of(user.name(), user.email(), user.fullName());
    }

    private static void checkTexts(String name, Optional<String> email, Optional<String> fullName) {
      KeyLength.check("name", name);
      ReservedNames.checkOrganizationsReserving(name);
      email.ifPresent(text -> KeyLength.check("e-mail address", text));
      fullName.ifPresent(text -> KeyLength.check("full name", text));
    }

    /** Deletes a user and returns it. */
    public Future<User> delete(UserId id) {
      return store.delete(id, authority::checkDeletion);
    }

    /** Sets a password without verifying the previous one. */
    public Future<User> setPassword(UserId id, Password password) {
      return setPassword(id, password, UnaryOperator.identity());
    }

    /** Sets a password and makes another change, both or none. */
    public Future<User> setPassword(UserId id, Password password, UnaryOperator<User> also) {
      return store
          .find(id)
          .compose(user -> hasher.hash(password))
          .compose(hash -> update(id, user -> also.apply(user.withPassword(hash))));
    }
  }

  /**
   * Returns the new user with its password hashed, or with its hash {@linkplain
   * PasswordHasher#storable as it is stored}. Required before a {@link Realm#change}, which must
   * not wait for that. Fails as {@link PasswordHasher}.
   */
  public Future<NewUser> hashPassword(NewUser newUser) {
    return hashOf(newUser).map(hash -> hash.map(newUser::withHash).orElse(newUser));
  }

  /** Returns the hash of a new password, for {@link User#withPassword} within a change. */
  public Future<PasswordHash> hashPassword(Password password) {
    return hasher.hash(password);
  }

  /**
   * Calls {@link #hashPassword(NewUser)} for many users, for as many at a time as there are
   * processors.
   *
   * @return the users in the same order
   */
  public Future<List<NewUser>> hashPasswords(List<NewUser> newUsers) {
    return BoundedConcurrency.map(
        newUsers, Runtime.getRuntime().availableProcessors(), this::hashPassword);
  }

  /**
   * Fails with USER_ID_EXISTS if a dialect couldn't distinguish an id from another user's alias.
   */
  private Future<Void> checkIds(NewUser newUser) {
    var ambiguous = new ArrayList<Future<User>>();
    for (var form : idForms) {
      newUser.id().ifPresent(id -> ambiguous.add(store.find(form.aliasLike(id))));
      newUser
          .aliases()
          .forEach(alias -> form.idLike(alias).ifPresent(id -> ambiguous.add(store.find(id))));
    }
    return Future.all(
            ambiguous.stream().map(found -> Failure.emptyIf(Reason.NO_SUCH_USER, found)).toList())
        .compose(
            all ->
                all.<Optional<User>>list().stream().allMatch(Optional::isEmpty)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Failure.of(
                            Reason.USER_ID_EXISTS,
                            newUser.id().map(UserId::toString).orElse(newUser.name()))));
  }

  private Future<Optional<PasswordHash>> hashOf(NewUser newUser) {
    return newUser
        .password()
        .map(hasher::hash)
        .or(() -> newUser.hash().map(hasher::storable))
        .map(hash -> hash.map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private User user(NewUser newUser, Optional<PasswordHash> hash) {
    var now = now();
    return new User(
        newUser.id().orElseGet(() -> new UserId(ids.next())),
        newUser.name(),
        newUser.status(),
        hash,
        newUser.email(),
        newUser.email().map(any -> now),
        newUser.fullName(),
        newUser.administrator(),
        newUser.builtIn(),
        newUser.home(),
        newUser.roles(),
        newUser.memberships(),
        now,
        now,
        1,
        0,
        newUser.aliases(),
        newUser.extras());
  }

  public Future<User> find(UserId id) {
    return store.find(id);
  }

  public Future<User> find(String name) {
    return store.find(name);
  }

  public Future<User> find(Alias alias) {
    return store.find(alias);
  }

  /**
   * Returns the user with this id or, if there is none, the imported user with this alias. Fails
   * with NO_SUCH_USER.
   *
   * @param id empty if a client's text isn't one of our own ids
   */
  public Future<User> find(Optional<UserId> id, Alias alias) {
    return id.map(own -> find(own).recover(Failure.on(Reason.NO_SUCH_USER, () -> find(alias))))
        .orElseGet(() -> find(alias));
  }

  /**
   * Returns the user who can sign in with this text: the user with exactly this name or, if there
   * is none, of the users with this e-mail address in any case, the one who has had it longest.
   */
  public Future<Optional<User>> identify(String nameOrEmail) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, store.find(nameOrEmail))
        .compose(
            named ->
                named.isPresent()
                    ? Future.succeededFuture(named)
                    : store.findByEmail(nameOrEmail).map(all -> all.stream().findFirst()));
  }

  /**
   * Returns the user that a token was issued for, active or not. Fails with NO_SUCH_USER, also if
   * another user has the same id now.
   */
  public Future<User> owner(Token token) {
    return store
        .find(token.owner())
        .map(
            user -> {
              if (!token.isOwnedBy(user)) {
                throw Failure.of(Reason.NO_SUCH_USER, token.owner().toString());
              }
              return user;
            });
  }

  /**
   * Returns the user whom a client authenticates with a token. Fails with INACTIVE_USER, or with
   * BAD_CREDENTIALS if a change of the user has ended the session.
   *
   * @param ifDeleted the reason to fail with if the user has been deleted
   */
  public Future<User> authenticate(Token token, Reason ifDeleted) {
    return owner(token)
        .recover(Failure.replacing(Reason.NO_SUCH_USER, ifDeleted))
        .compose(Users::requireActive)
        .compose(
            user ->
                token.isValidFor(user)
                    ? Future.succeededFuture(user)
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  public Future<Page<User>> list(UserQuery query) {
    return store.list(query);
  }

  /**
   * Sets a password if the current one is right. Fails with NO_SUCH_USER; with WRONG_PASSWORD, also
   * if the user has no password or has changed meanwhile; and with OVERLOADED as {@link
   * #verify(SignIn)}, since this call could be used for guessing too.
   *
   * @param address as in {@link SignIn}
   * @param newPassword called only after the current password was right; if it throws, the call
   *     fails with the exception, so that vendors' password rules are checked after the current
   *     password
   */
  public Future<User> changePassword(
      UserId id, Password current, String address, Supplier<Password> newPassword) {
    return changePassword(id, current, address, newPassword, UnaryOperator.identity());
  }

  /** Sets a password and makes another change, both or none. */
  public Future<User> changePassword(
      UserId id,
      Password current,
      String address,
      Supplier<Password> newPassword,
      UnaryOperator<User> also) {
    return store
        .find(id)
        .compose(user -> verify(Optional.of(user), new SignIn(user.name(), current, address)))
        .recover(Failure.replacing(Reason.WRONG_SIGN_IN, Reason.WRONG_PASSWORD))
        .compose(
            user ->
                hasher.hash(newPassword.get()).compose(hash -> replacePassword(user, hash, also)));
  }

  private Future<User> replacePassword(User checked, PasswordHash hash, UnaryOperator<User> also) {
    return store.update(
        checked.id(),
        user -> {
          if (!user.password().equals(checked.password())) {
            throw Failure.of(Reason.WRONG_PASSWORD);
          }
          return also.apply(user.withPassword(hash)).updatedAt(now());
        });
  }

  /** Verifies a sign-in from an unknown address, as {@link #verify(SignIn)}. */
  public Future<User> verify(String name, Password password) {
    return verify(new SignIn(name, password, ""));
  }

  /**
   * Returns the user with this name and password, active or not. Fails with WRONG_SIGN_IN, after
   * the same time whether the user exists or not, and with OVERLOADED after too many wrong
   * passwords from an address. After too many wrong passwords for an account, the answer takes some
   * seconds, unless the password has been verified before and the user hasn't changed since.
   */
  public Future<User> verify(SignIn signIn) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, find(signIn.name()))
        .compose(user -> verify(user, signIn));
  }

  /** As {@link #verify(SignIn)}, with a user who was looked up by the caller. */
  public Future<User> verify(Optional<User> user, SignIn signIn) {
    var cached = user.filter(one -> verified.contains(one, signIn.password()));
    if (cached.isPresent()) {
      return Future.succeededFuture(cached.get());
    }
    return throttle
        .admit(signIn, user)
        .compose(
            attempt ->
                attempt.isPresent()
                    ? attempt(attempt.get(), user, signIn)
                    : verify(user, signIn)); // the password may be cached meanwhile
  }

  private Future<User> attempt(SignInThrottle.Attempt attempt, Optional<User> user, SignIn signIn) {
    return hasher
        .matches(signIn.password(), user.flatMap(User::password))
        .compose(
            right -> {
              if (!right) {
                attempt.fail();
                return Future.<User>failedFuture(Failure.of(Reason.WRONG_SIGN_IN));
              }
              return cacheOrRehash(user.orElseThrow(), signIn.password())
                  .onSuccess(done -> attempt.succeed());
            })
        .onComplete(ended -> attempt.end());
  }

  /**
   * Counts an account that a client without credentials registers. Fails with OVERLOADED after too
   * many from its address.
   *
   * @param address as in {@link SignIn}
   */
  public Future<Void> admitRegistration(String address) {
    return throttle.admitRegistration(address);
  }

  /**
   * Counts a mail that a client asks for. Fails with OVERLOADED after too many from its address.
   *
   * @param address as in {@link SignIn}
   */
  public Future<Void> admitMail(String address) {
    return throttle.admitMail(address);
  }

  /**
   * Checks the second factor of a user whose password was right. Fails with WRONG_SECOND_FACTOR,
   * and with OVERLOADED or after some seconds as {@link #verify(SignIn)}: second factors that are
   * wrong count like passwords that are.
   *
   * @param address as in {@link SignIn}
   * @param right whether the second factor is right
   */
  public Future<Void> verifySecondFactor(User user, String address, BooleanSupplier right) {
    return throttle
        .admitSecondFactor(user, address)
        .compose(
            attempt -> {
              if (attempt.isEmpty()) {
                return verifySecondFactor(user, address, right); // others are in progress
              }
              if (right.getAsBoolean()) {
                attempt.get().succeed();
                return Future.succeededFuture();
              }
              attempt.get().fail();
              return Future.failedFuture(Failure.of(Reason.WRONG_SECOND_FACTOR));
            });
  }

  /** As {@link #verify(SignIn)}, but fails with INACTIVE_USER for an inactive user. */
  public Future<User> signIn(SignIn signIn) {
    return verify(signIn).compose(Users::requireActive);
  }

  /**
   * Records something about a sign-in in the extras of the user who signs in. The account itself
   * stays as it is: its time of change stays, and a verified password needs no verification again.
   * Fails with NO_SUCH_USER, also if the user has been deleted and created again, and if its
   * sessions have been ended since the password was verified.
   *
   * @param user as verified
   * @param change from the previous JSON text of the dialect, if any, to the new one
   */
  public Future<User> recordSignIn(
      User user, String dialect, Function<Optional<String>, String> change) {
    return store
        .update(
            user.id(),
            now -> {
              if (!now.created().equals(user.created())
                  || now.sessionEpoch() != user.sessionEpoch()) {
                throw Failure.of(Reason.NO_SUCH_USER, user.name());
              }
              return now.withExtras(dialect, change.apply(now.extras(dialect)));
            })
        .onSuccess(recorded -> verified.carryOver(user, recorded));
  }

  /** Returns the user, or fails with INACTIVE_USER. */
  public static Future<User> requireActive(User user) {
    return user.active()
        ? Future.succeededFuture(user)
        : Future.failedFuture(Failure.of(Reason.INACTIVE_USER));
  }

  /** Caches the verified password, or replaces an outdated hash. */
  private Future<User> cacheOrRehash(User user, Password password) {
    if (user.password().filter(hash -> hasher.shouldReplace(hash, password)).isEmpty()) {
      verified.add(user, password);
      return Future.succeededFuture(user);
    }
    // The sign-in succeeds even if the new hash can't be computed or stored.
    return hasher.hash(password).compose(hash -> replaceHash(user, hash)).otherwise(user);
  }

  /** Returns the unchanged user if its password has changed meanwhile. */
  private Future<User> replaceHash(User user, PasswordHash hash) {
    return store
        .update(
            user.id(), now -> now.password().equals(user.password()) ? now.withPassword(hash) : now)
        .map(now -> now.password().equals(Optional.of(hash)) ? now : user);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
