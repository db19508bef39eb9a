package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The users of one realm. What dialects talk to; failures are those of {@link UserStore}. Changes
 * are made {@link #by} somebody, within its authority. Thread-safe.
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
   * @param idForms those of the dialects in which a user can be called by an alias
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

  /** The same users, in a change that is under way. */
  Users within(UserStore store) {
    return new Users(store, hasher, verified, ids, clock, throttle, idForms);
  }

  /** What somebody with this authority can change. */
  public Changes by(Authority authority) {
    return new Changes(authority);
  }

  /**
   * What became of one of many users to create.
   *
   * @param user as it is, or would have been
   * @param failure why it wasn't created
   */
  public record Verdict(User user, Optional<Failure> failure) {

    public boolean isCreated() {
      return failure.isEmpty();
    }
  }

  /**
   * Changes within an authority. Each is checked together with being made, against the user as it
   * is then; what the authority doesn't allow fails with FORBIDDEN, and a reserved name with
   * USER_EXISTS.
   */
  public final class Changes {

    private final Authority authority;

    private Changes(Authority authority) {
      this.authority = authority;
    }

    /**
     * Fails with USER_EXISTS or USER_ID_EXISTS; the subject is the name or the id. A wanted id is
     * taken also if a dialect writes it as somebody's alias, and an alias if it reads as somebody's
     * id. Fails with INVALID_VALUE if a name or the e-mail address is longer than 32,768 bytes, or
     * the name would be shown by a reserved one in more than 16 organizations.
     */
    public Future<User> create(NewUser wanted) {
      try {
        authority.checkCreation(wanted);
        checkTexts(wanted.name(), wanted.email(), wanted.fullName());
      } catch (Failure refused) {
        return Future.failedFuture(refused);
      }
      // Looked at first only to spare the hashing; the store's own check is the one that counts.
      return Failure.emptyIf(Reason.NO_SUCH_USER, store.find(wanted.name()))
          .compose(
              namesake ->
                  namesake.isPresent()
                      ? Future.failedFuture(Failure.of(Reason.USER_EXISTS, wanted.name()))
                      : hashOf(wanted))
          .compose(hash -> checkIds(wanted).compose(free -> store.insert(user(wanted, hash))));
    }

    /**
     * Creates many users whose passwords are hashed already, as {@link UserStore#insertAll} does.
     *
     * @param wanted as {@link Users#hashed} returns them
     * @return for each of them, in the same order, the user or what {@link #create} would have
     *     failed with
     */
    public Future<List<Verdict>> createAll(List<NewUser> wanted) {
      var given = new GivenIds(idForms);
      var checked = wanted.stream().map(one -> checked(one, given)).toList();
      return Future.all(checked)
          .compose(
              all -> {
                var verdicts = all.<Verdict>list();
                var users =
                    verdicts.stream().filter(Verdict::isCreated).map(Verdict::user).toList();
                return store.insertAll(users).map(refused -> merged(verdicts, refused));
              });
    }

    private Future<Verdict> checked(NewUser wanted, GivenIds given) {
      var user = user(wanted, wanted.hash());
      if (!given.add(wanted)) {
        var taken = Failure.of(Reason.USER_ID_EXISTS, user.id().toString());
        return Future.succeededFuture(new Verdict(user, Optional.of(taken)));
      }
      try {
        authority.checkCreation(wanted);
        checkTexts(wanted.name(), wanted.email(), wanted.fullName());
      } catch (Failure refused) {
        return Future.succeededFuture(new Verdict(user, Optional.of(refused)));
      }
      return checkIds(wanted)
          .map(free -> new Verdict(user, Optional.empty()))
          .recover(thrown -> refused(user, thrown));
    }

    private static Future<Verdict> refused(User user, Throwable thrown) {
      return thrown instanceof Failure failure && failure.reason() == Reason.USER_ID_EXISTS
          ? Future.succeededFuture(new Verdict(user, Optional.of(failure)))
          : Future.failedFuture(thrown);
    }

    private static List<Verdict> merged(
        List<Verdict> verdicts, List<Optional<Failure>> ofThoseChecked) {
      var next = ofThoseChecked.iterator();
      return verdicts.stream()
          .map(verdict -> verdict.isCreated() ? new Verdict(verdict.user, next.next()) : verdict)
          .toList();
    }

    /**
     * Changes a user and notes the time. Fails with INVALID_VALUE if a name or the e-mail address
     * becomes longer than 32,768 bytes, or the name would be shown by a reserved one in more than
     * 16 organizations.
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
      ReservedNames.checkShownIn(name);
      email.ifPresent(text -> KeyLength.check("e-mail address", text));
      fullName.ifPresent(text -> KeyLength.check("full name", text));
    }

    /** Deletes a user and returns it as it was. */
    public Future<User> delete(UserId id) {
      return store.delete(id, authority::checkDeletion);
    }

    /** Sets a password without asking for the one before. */
    public Future<User> setPassword(UserId id, Password password) {
      return setPassword(id, password, UnaryOperator.identity());
    }

    /** As above, with another change that is made together with it or not at all. */
    public Future<User> setPassword(UserId id, Password password, UnaryOperator<User> also) {
      return store
          .find(id)
          .compose(user -> hasher.hash(password))
          .compose(hash -> update(id, user -> also.apply(user.withPassword(hash))));
    }
  }

  /**
   * The same new user with its password hashed, or its hash made {@linkplain
   * PasswordHasher#storable storable}, for a change that can't wait for that. Fails as {@link
   * PasswordHasher} does.
   */
  public Future<NewUser> hashed(NewUser wanted) {
    return hashOf(wanted).map(hash -> hash.map(wanted::withHash).orElse(wanted));
  }

  /**
   * As {@link #hashed}, of many users, as many at a time as there are processors.
   *
   * @return the users in the same order
   */
  public Future<List<NewUser>> hashedAll(List<NewUser> wanted) {
    return InLanes.map(wanted, Runtime.getRuntime().availableProcessors(), this::hashed);
  }

  /** No id in a dialect stands for two users, of whom one would be found in the other's place. */
  private Future<Void> checkIds(NewUser wanted) {
    var mistakable = new ArrayList<Future<User>>();
    for (var form : idForms) {
      wanted.id().ifPresent(id -> mistakable.add(store.find(form.aliasLike(id))));
      wanted
          .aliases()
          .forEach(alias -> form.idLike(alias).ifPresent(id -> mistakable.add(store.find(id))));
    }
    return Future.all(
            mistakable.stream().map(found -> Failure.emptyIf(Reason.NO_SUCH_USER, found)).toList())
        .compose(
            all ->
                all.<Optional<User>>list().stream().allMatch(Optional::isEmpty)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Failure.of(
                            Reason.USER_ID_EXISTS,
                            wanted.id().map(UserId::toString).orElse(wanted.name()))));
  }

  private Future<Optional<PasswordHash>> hashOf(NewUser wanted) {
    return wanted
        .password()
        .map(hasher::hash)
        .or(() -> wanted.hash().map(hasher::storable))
        .map(hash -> hash.map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private User user(NewUser wanted, Optional<PasswordHash> hash) {
    var now = now();
    return new User(
        wanted.id().orElseGet(() -> new UserId(ids.next())),
        wanted.name(),
        wanted.status(),
        hash,
        wanted.email(),
        wanted.email().map(any -> now),
        wanted.fullName(),
        wanted.administrator(),
        wanted.builtIn(),
        wanted.home(),
        wanted.roles(),
        wanted.memberships(),
        now,
        now,
        1,
        0,
        wanted.aliases(),
        wanted.extras());
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
   * The user who signs in with this text: the one whose name it is to the letter, or else, of those
   * whose e-mail address it is in whatever case, the one who has had it longest. Empty if there is
   * none.
   */
  public Future<Optional<User>> identify(String nameOrEmail) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, store.find(nameOrEmail))
        .compose(
            named ->
                named.isPresent()
                    ? Future.succeededFuture(named)
                    : store.havingEmail(nameOrEmail).map(all -> all.stream().findFirst()));
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
        .compose(Users::active)
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
   * when the user has none or another change came first; with OVERLOADED as {@link #verify(SignIn)}
   * does, for an old password is worth guessing, too.
   *
   * @param address as in {@link SignIn}
   * @param wanted asked for when the current password was right, and not before. What asking throws
   *     fails the call, so a vendor's rules can be told after the wrong password is
   */
  public Future<User> changePassword(
      UserId id, Password current, String address, Supplier<Password> wanted) {
    return changePassword(id, current, address, wanted, UnaryOperator.identity());
  }

  /** As above, with another change that is made together with it or not at all. */
  public Future<User> changePassword(
      UserId id,
      Password current,
      String address,
      Supplier<Password> wanted,
      UnaryOperator<User> also) {
    return store
        .find(id)
        .compose(user -> verify(Optional.of(user), new SignIn(user.name(), current, address)))
        .recover(Failure.replacing(Reason.WRONG_SIGN_IN, Reason.WRONG_PASSWORD))
        .compose(
            user -> hasher.hash(wanted.get()).compose(hash -> replacePassword(user, hash, also)));
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

  /** As {@link #verify(SignIn)}, wherever it comes from. */
  public Future<User> verify(String name, Password password) {
    return verify(new SignIn(name, password, ""));
  }

  /**
   * The user with this name and password, active or not. Fails with WRONG_SIGN_IN, after the same
   * work whether there is such a user or not; with OVERLOADED where too many wrong passwords came
   * from an address. After too many for one account the answer takes some seconds, unless the
   * password was found right before and nothing changed since.
   */
  public Future<User> verify(SignIn signIn) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, find(signIn.name()))
        .compose(user -> verify(user, signIn));
  }

  /** As {@link #verify(SignIn)} for a user that was, or wasn't, found in another way. */
  public Future<User> verify(Optional<User> user, SignIn signIn) {
    var known = user.filter(one -> verified.holds(one, signIn.password()));
    if (known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    return throttle
        .admit(signIn, user)
        .compose(
            attempt ->
                attempt.isPresent()
                    ? attempt(attempt.get(), user, signIn)
                    : verify(user, signIn)); // it may have been found right meanwhile
  }

  private Future<User> attempt(SignInThrottle.Attempt attempt, Optional<User> user, SignIn signIn) {
    return hasher
        .matches(signIn.password(), user.flatMap(User::password))
        .compose(
            right -> {
              if (!right) {
                attempt.wrong();
                return Future.<User>failedFuture(Failure.of(Reason.WRONG_SIGN_IN));
              }
              return remember(user.orElseThrow(), signIn.password())
                  .onSuccess(known -> attempt.right());
            })
        .onComplete(ended -> attempt.end());
  }

  /**
   * Counts an account that a client without credentials registers. Fails with OVERLOADED if too
   * many came from its address.
   *
   * @param address as in {@link SignIn}
   */
  public Future<Void> admitRegistration(String address) {
    return throttle.admitRegistration(address);
  }

  /** As {@link #verify(SignIn)}; fails with INACTIVE_USER for one who is not active. */
  public Future<User> signIn(SignIn signIn) {
    return verify(signIn).compose(Users::active);
  }

  /** The user, or INACTIVE_USER. */
  public static Future<User> active(User user) {
    return user.active()
        ? Future.succeededFuture(user)
        : Future.failedFuture(Failure.of(Reason.INACTIVE_USER));
  }

  /** The user, with a new hash where the one it had was outdated. */
  private Future<User> remember(User user, Password password) {
    if (user.password().filter(hash -> hasher.shouldReplace(hash, password)).isEmpty()) {
      verified.remember(user, password);
      return Future.succeededFuture(user);
    }
    // Upgrading is a courtesy: the password was right, whatever becomes of the new hash.
    return hasher.hash(password).compose(hash -> upgraded(user, hash)).otherwise(user);
  }

  /** The user as it was if another change came first. */
  private Future<User> upgraded(User user, PasswordHash hash) {
    return store
        .update(
            user.id(), now -> now.password().equals(user.password()) ? now.withPassword(hash) : now)
        .map(now -> now.password().equals(Optional.of(hash)) ? now : user);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
