package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class UsersTest {

  private static final Password OLD = new Password("old password");
  private static final Password NEW = new Password("new password");

  private final Vertx vertx = Vertx.vertx();
  private final Clock clock = Clock.systemUTC();
  private final MvStorage storage = MvStorage.inMemory();
  private final PasswordHasher hasher = new PasswordHasher(vertx, HashScheme.FAST, 2, 100);
  private final Users users = new Users(storage.users(), hasher, new Ids(clock, 0), clock);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Reason reason(Future<?> future) {
    try {
      throw new AssertionError("gave " + await(future));
    } catch (Failure failure) {
      return failure.reason();
    }
  }

  private User alice() {
    return await(users.create(NewUser.named("alice").withPassword(OLD)));
  }

  @Nested
  class Create {

    @Test
    void create_drawsIdAndTime() {
      var user = alice();
      assertThat(user.version()).isEqualTo(1);
      assertThat(user.created()).isEqualTo(user.updated());
      assertThat(await(users.find("alice"))).isEqualTo(user);
    }

    @Test
    void create_refusesTakenName() {
      alice();
      assertThat(reason(users.create(NewUser.named("alice")))).isEqualTo(Reason.USER_EXISTS);
    }

    @Test
    void create_takesTheWantedId() {
      var id = new UserId(77);
      assertThat(await(users.create(NewUser.named("a").withId(Optional.of(id)))).id())
          .isEqualTo(id);
      assertThat(reason(users.create(NewUser.named("b").withId(Optional.of(id)))))
          .isEqualTo(Reason.USER_ID_EXISTS);
    }
  }

  @Nested
  class Verify {

    @Test
    void verify_takesTheRightPasswordAgainAndAgain() {
      var user = alice();
      for (int i = 0; i < 3; i++) {
        assertThat(await(users.verify("alice", OLD)).id()).isEqualTo(user.id());
        assertThat(reason(users.verify("alice", NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
      }
    }

    @Test
    void verify_failsAlikeForUnknownUsersAndThoseWithoutPassword() {
      await(users.create(NewUser.named("bob")));
      assertThat(reason(users.verify("bob", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
      assertThat(reason(users.verify("nobody", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_isRefusedAfterTooManyWrongPasswords_forAMinute_whoeverIsMeant() {
      var now = new AtomicReference<>(clock.instant());
      var stepping = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
      var guarded =
          new Users(
              storage.users(), hasher, new Ids(clock, 1), stepping, SignInThrottle.on(stepping));
      alice();
      for (var name : List.of("alice", "nobody")) {
        for (int i = 0; i < SignInThrottle.WRONG_A_NAME; i++) {
          assertThat(reason(guarded.verify(name, NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
        }
        assertThat(reason(guarded.verify(name, NEW))).isEqualTo(Reason.OVERLOADED);
        assertThat(reason(guarded.verify(name, OLD))).isEqualTo(Reason.OVERLOADED);
      }
      now.updateAndGet(then -> then.plusSeconds(61));
      assertThat(reason(guarded.verify("nobody", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
      assertThat(await(guarded.verify("alice", OLD)).name()).isEqualTo("alice");
    }

    /** All at once, before any of them is found wrong; and by other spellings of the name. */
    @Test
    void verify_tellsNothingOfGuessesBeyondThoseAllowed() {
      var guarded =
          new Users(storage.users(), hasher, new Ids(clock, 1), clock, SignInThrottle.on(clock));
      alice();
      var guesses = new ArrayList<Future<User>>();
      for (int i = 0; i < 4 * SignInThrottle.WRONG_A_NAME; i++) {
        guesses.add(guarded.verify("alice", NEW));
      }
      guesses.add(guarded.verify("alice", OLD));
      var reasons = guesses.stream().map(UsersTest::reason).toList();
      // two workers may both be done with the last that is allowed
      assertThat(Collections.frequency(reasons, Reason.WRONG_SIGN_IN))
          .isBetween(SignInThrottle.WRONG_A_NAME, SignInThrottle.WRONG_A_NAME + 1);
      assertThat(reasons.get(reasons.size() - 1)).isEqualTo(Reason.OVERLOADED);
      for (var name : List.of("alice", "ALICE", "Alice")) {
        assertThat(reason(guarded.verify(name, OLD))).isEqualTo(Reason.OVERLOADED);
      }
    }

    @Test
    void verify_takesWhatWasRightBefore_whileOthersGuess() {
      var guarded =
          new Users(storage.users(), hasher, new Ids(clock, 1), clock, SignInThrottle.on(clock));
      alice();
      await(guarded.verify("alice", OLD));
      for (int i = 0; i <= SignInThrottle.WRONG_A_NAME; i++) {
        reason(guarded.verify("alice", NEW));
      }
      assertThat(reason(guarded.verify("alice", NEW))).isEqualTo(Reason.OVERLOADED);
      assertThat(await(guarded.verify("alice", OLD)).name()).isEqualTo("alice");
    }

    @Test
    void signIn_refusesInactiveUsers_butOnlyWithTheRightPassword() {
      var user = alice();
      await(users.signIn(new SignIn("alice", OLD, "")));
      await(users.update(user.id(), one -> one.withStatus(Status.INACTIVE)));
      assertThat(reason(users.signIn(new SignIn("alice", OLD, ""))))
          .isEqualTo(Reason.INACTIVE_USER);
      assertThat(reason(users.signIn(new SignIn("alice", NEW, ""))))
          .isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_endsTheRememberedPasswordWithTheNextChange() {
      var user = alice();
      await(users.verify("alice", OLD));
      await(users.setPassword(user.id(), NEW));
      assertThat(reason(users.verify("alice", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
      assertThat(await(users.verify("alice", NEW)).id()).isEqualTo(user.id());
    }

    @Test
    void verify_endsTheRememberedPasswordAlsoWhenAnotherGatewayMadeTheChange() {
      alice();
      await(users.verify("alice", OLD));
      var elsewhere = new Users(storage.users(), hasher, new Ids(clock, 1), clock);
      await(elsewhere.setPassword(await(elsewhere.find("alice")).id(), NEW));
      assertThat(reason(users.verify("alice", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_forgetsAUserWhoWasMadeAgainWithTheSameId() {
      var id = Optional.of(new UserId(77));
      await(users.create(NewUser.named("alice").withId(id).withPassword(OLD)));
      await(users.verify("alice", OLD));
      await(users.delete(id.get()));
      await(users.create(NewUser.named("alice").withId(id).withPassword(NEW)));
      assertThat(reason(users.verify("alice", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_forgetsWhatWasChangedAfterASnapshotThatWasRestored() {
      var id = alice().id();
      var before = await(storage.snapshot());
      await(users.setPassword(id, NEW));
      await(users.verify("alice", NEW));
      await(storage.restore(before));
      await(users.setPassword(id, new Password("third password")));
      assertThat(reason(users.verify("alice", NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_upgradesAnOutdatedHash_andNothingElse() {
      var user = alice();
      var strong = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 10);
      var upgraded = new Users(storage.users(), strong, new Ids(clock, 1), clock);
      await(upgraded.verify("alice", OLD));
      var now = await(users.find("alice"));
      assertThat(now.password().orElseThrow().encoded()).startsWith("$argon2id$");
      assertThat(now.updated()).isEqualTo(user.updated());
      assertThat(await(upgraded.verify("alice", OLD)).id()).isEqualTo(user.id());
    }
  }

  @Nested
  class ChangePassword {

    @Test
    void changePassword_needsTheCurrentOne() {
      var id = alice().id();
      assertThat(reason(users.changePassword(id, NEW, NEW))).isEqualTo(Reason.WRONG_PASSWORD);
      await(users.changePassword(id, OLD, NEW));
      assertThat(reason(users.changePassword(id, OLD, NEW))).isEqualTo(Reason.WRONG_PASSWORD);
      assertThat(await(users.verify("alice", NEW)).id()).isEqualTo(id);
    }

    @Test
    void changePassword_upgradesAnOutdatedHashOnTheWay() {
      var id = alice().id();
      var strong = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 10);
      var upgraded = new Users(storage.users(), strong, new Ids(clock, 1), clock);
      await(upgraded.changePassword(id, OLD, NEW));
      assertThat(await(users.verify("alice", NEW)).id()).isEqualTo(id);
    }

    @Test
    void changePassword_isNoWayToGuess() {
      var throttled =
          new Users(storage.users(), hasher, new Ids(clock, 1), clock, SignInThrottle.on(clock));
      var id = alice().id();
      for (int i = 0; i < SignInThrottle.WRONG_A_NAME; i++) {
        assertThat(reason(throttled.changePassword(id, NEW, OLD))).isEqualTo(Reason.WRONG_PASSWORD);
      }
      assertThat(reason(throttled.changePassword(id, OLD, NEW))).isEqualTo(Reason.OVERLOADED);
      assertThat(reason(throttled.verify("alice", OLD))).isEqualTo(Reason.OVERLOADED);
    }

    @Test
    void changePassword_ofNobody() {
      assertThat(reason(users.changePassword(new UserId(9), OLD, NEW)))
          .isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void changePassword_twiceAtOnce_letsOneWin() {
      var id = alice().id();
      var one = users.changePassword(id, OLD, NEW).otherwiseEmpty();
      var two = users.changePassword(id, OLD, new Password("third password")).otherwiseEmpty();
      var won = (await(one) == null ? 0 : 1) + (await(two) == null ? 0 : 1);
      assertThat(won).isEqualTo(1);
    }

    @Test
    void changePassword_ofAUserWithoutOne() {
      var bob = await(users.create(NewUser.named("bob")));
      assertThat(reason(users.changePassword(bob.id(), OLD, NEW))).isEqualTo(Reason.WRONG_PASSWORD);
    }
  }
}
