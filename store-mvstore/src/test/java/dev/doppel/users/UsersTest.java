package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.doppel.store.MvStorage;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class UsersTest {

  private static final Password OLD = new Password("old password");
  private static final Password NEW = new Password("new password");

  private static final IdForm FORM =
      new IdForm(
          "vendor",
          id -> "id-" + id,
          text -> text.startsWith("id-") ? UserId.parse(text.substring(3)) : Optional.empty(),
          Pattern.compile(".+"),
          "any is allowed");

  private final Vertx vertx = Vertx.vertx();
  private final Clock clock = Clock.systemUTC();
  private final MvStorage storage = MvStorage.inMemory();
  private final PasswordHasher hasher = new PasswordHasher(vertx, HashScheme.FAST, 2, 100);
  private final Users users = users(hasher, 0);

  /** Pauses of slowed-down attempts, which tests complete. */
  private final Queue<Promise<Void>> pauses = new ConcurrentLinkedQueue<>();

  private Users users(PasswordHasher hasher, int node) {
    return new Users(
        storage.users(),
        hasher,
        new Ids(clock, node),
        clock,
        new SignInThrottle(SignInLimits.FOR_TESTS, vertx),
        List.of(FORM));
  }

  private Users throttled() {
    return new Users(
        storage.users(),
        hasher,
        new Ids(clock, 1),
        clock,
        new SignInThrottle(
            SignInLimits.PERSISTENT,
            Ticker.systemTicker(),
            pause -> {
              if (!pause.equals(SignInThrottle.PAUSE)) {
                return vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
              }
              var promise = Promise.<Void>promise();
              pauses.add(promise);
              return promise.future();
            }),
        List.of(FORM));
  }

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
    return await(users.by(Authority.SERVER).create(NewUser.named("alice").withPassword(OLD)));
  }

  @Nested
  class Create {

    @Test
    void create_setsIdAndTime() {
      var user = alice();
      assertThat(user.version()).isEqualTo(1);
      assertThat(user.created()).isEqualTo(user.updated());
      assertThat(await(users.find("alice"))).isEqualTo(user);
    }

    @Test
    void create_rejectsTakenName() {
      alice();
      assertThat(reason(users.by(Authority.SERVER).create(NewUser.named("alice"))))
          .isEqualTo(Reason.USER_EXISTS);
    }

    @Test
    void create_rejectsIdsAndAliasesThatADialectCannotDistinguish() {
      var by = users.by(Authority.SERVER);
      var id = new UserId(77);
      await(by.create(NewUser.named("imported").withAlias(new Alias("vendor", "id-" + id))));
      assertThat(reason(by.create(NewUser.named("a").withId(Optional.of(id)))))
          .isEqualTo(Reason.USER_ID_EXISTS);
      var alice = alice().id();
      assertThat(
              reason(by.create(NewUser.named("b").withAlias(new Alias("vendor", "id-" + alice)))))
          .isEqualTo(Reason.USER_ID_EXISTS);
      await(by.create(NewUser.named("b").withAlias(new Alias("other", "id-" + alice))));
    }

    @Test
    void create_usesTheRequestedId() {
      var id = new UserId(77);
      assertThat(
              await(users.by(Authority.SERVER).create(NewUser.named("a").withId(Optional.of(id))))
                  .id())
          .isEqualTo(id);
      assertThat(
              reason(users.by(Authority.SERVER).create(NewUser.named("b").withId(Optional.of(id)))))
          .isEqualTo(Reason.USER_ID_EXISTS);
    }
  }

  @Nested
  class Verify {

    @Test
    void verify_acceptsTheRightPasswordRepeatedly() {
      var user = alice();
      for (int i = 0; i < 3; i++) {
        assertThat(await(users.verify("alice", OLD)).id()).isEqualTo(user.id());
        assertThat(reason(users.verify("alice", NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
      }
    }

    @Test
    void verify_failsTheSameWayForUnknownUsersAndUsersWithoutPassword() {
      await(users.by(Authority.SERVER).create(NewUser.named("bob")));
      assertThat(reason(users.verify("bob", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
      assertThat(reason(users.verify("nobody", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_acceptsTheRightPasswordAfterAPauseAfterTooManyWrongOnes() {
      var throttled = throttled();
      alice();
      for (var name : List.of("alice", "nobody")) {
        for (int i = 0; i < SignInLimits.PERSISTENT.wrongPerAccount(); i++) {
          assertThat(reason(throttled.verify(name, NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
        }
        var wrong = throttled.verify(name, NEW);
        assertThat(wrong.isComplete()).isFalse();
        pauses.remove().complete();
        assertThat(reason(wrong)).isEqualTo(Reason.WRONG_SIGN_IN);
      }
      var right = throttled.verify("alice", OLD);
      assertThat(right.isComplete()).isFalse();
      pauses.remove().complete();
      assertThat(await(right).name()).isEqualTo("alice");
      assertThat(reason(throttled.verify("alice", NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    /** All are sent before the first one has been verified. */
    @Test
    void verify_limitsConcurrentGuesses() {
      var throttled = throttled();
      alice();
      var limit = SignInLimits.PERSISTENT.wrongPerAccount();
      var guesses = new ArrayList<Future<User>>();
      for (int i = 0; i < 4 * limit; i++) {
        guesses.add(throttled.verify("alice", NEW));
      }
      var refused = 4 * limit - limit - SignInThrottle.MAX_PAUSING;
      var reasons = Collections.synchronizedList(new ArrayList<Reason>());
      for (var guess : guesses) {
        guess.onFailure(thrown -> reasons.add(Failure.from(thrown).reason()));
      }
      await(until(() -> reasons.size() == limit + refused));
      assertThat(Collections.frequency(reasons, Reason.WRONG_SIGN_IN)).isEqualTo(limit);
      assertThat(pauses).hasSize(SignInThrottle.MAX_PAUSING);
    }

    /** As from a program that signs in on many threads. */
    @Test
    void verify_acceptsManyConcurrentRightPasswords() {
      var throttled = throttled();
      alice();
      var attempts = new ArrayList<Future<User>>();
      for (int i = 0; i < 100; i++) {
        attempts.add(throttled.verify("alice", OLD));
      }
      attempts.forEach(attempt -> assertThat(await(attempt).name()).isEqualTo("alice"));
      assertThat(pauses).isEmpty();
    }

    private Future<Void> until(BooleanSupplier condition) {
      return condition.getAsBoolean()
          ? Future.succeededFuture()
          : vertx.timer(5, TimeUnit.MILLISECONDS).compose(later -> until(condition));
    }

    @Test
    void verify_acceptsACachedPasswordAtOnceWhileOthersGuess() {
      var throttled = throttled();
      alice();
      await(throttled.verify("alice", OLD));
      for (int i = 0; i < SignInLimits.PERSISTENT.wrongPerAccount(); i++) {
        reason(throttled.verify("alice", NEW));
      }
      assertThat(throttled.verify("alice", NEW).isComplete()).isFalse();
      assertThat(await(throttled.verify("alice", OLD)).name()).isEqualTo("alice");
    }

    /** Otherwise every sign-in would cost another hash. */
    @Test
    void recordSignIn_changesNoAccount_andKeepsTheCachedPassword() {
      var before = alice();
      var verified = await(users.verify("alice", OLD));
      var recorded = await(users.recordSignIn(verified, "x", json -> "{\"n\":1}"));
      assertThat(recorded.extras("x")).contains("{\"n\":1}");
      assertThat(recorded.updated()).isEqualTo(before.updated());
      assertThat(users.verify("alice", OLD).isComplete()).as("without hashing").isTrue();
      assertThat(reason(users.verify("alice", NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    /** Otherwise a sign-in that waits for its second factor would outlive the password. */
    @Test
    void recordSignIn_rejectsUsersWhoseSessionsEndedMeanwhile() {
      var changes = users.by(Authority.SERVER);
      var id = alice().id();
      var verified = await(users.verify("alice", OLD));
      await(changes.setPassword(id, NEW, User::withSessionsEnded));
      assertThat(reason(users.recordSignIn(verified, "x", json -> "{}")))
          .isEqualTo(Reason.NO_SUCH_USER);
      assertThat(reason(users.verify("alice", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
      var again = await(users.verify("alice", NEW));
      await(changes.update(id, user -> user.withStatus(Status.INACTIVE)));
      await(changes.update(id, user -> user.withStatus(Status.ACTIVE)));
      assertThat(reason(users.recordSignIn(again, "x", json -> "{}")))
          .isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void recordSignIn_rejectsUsersWhoAreGone() {
      var id = Optional.of(new UserId(77));
      var gone = await(users.by(Authority.SERVER).create(NewUser.named("a").withId(id)));
      await(users.by(Authority.SERVER).delete(id.get()));
      assertThat(reason(users.recordSignIn(gone, "x", json -> "{}")))
          .isEqualTo(Reason.NO_SUCH_USER);
    }

    /** The right password before each of them must not reset their count. */
    @Test
    void verifySecondFactor_pausesAfterTooManyWrongOnes() {
      var throttled = throttled();
      var user = alice();
      for (int i = 0; i < SignInLimits.PERSISTENT.wrongPerAccount(); i++) {
        await(throttled.verify("alice", OLD));
        assertThat(reason(throttled.verifySecondFactor(user, "", () -> false)))
            .isEqualTo(Reason.WRONG_SECOND_FACTOR);
      }
      var wrong = throttled.verifySecondFactor(user, "", () -> false);
      assertThat(wrong.isComplete()).isFalse();
      var right = throttled.verifySecondFactor(user, "", () -> true);
      assertThat(right.isComplete()).isFalse();
      assertThat(reason(throttled.verifySecondFactor(user, "", () -> true)))
          .isEqualTo(Reason.OVERLOADED);
      pauses.remove().complete();
      pauses.remove().complete();
      assertThat(reason(wrong)).isEqualTo(Reason.WRONG_SECOND_FACTOR);
      await(right);
      await(throttled.verifySecondFactor(user, "", () -> true));
    }

    @Test
    void signIn_rejectsInactiveUsersAfterVerifyingThePassword() {
      var user = alice();
      await(users.signIn(new SignIn("alice", OLD, "")));
      await(users.by(Authority.SERVER).update(user.id(), one -> one.withStatus(Status.INACTIVE)));
      assertThat(reason(users.signIn(new SignIn("alice", OLD, ""))))
          .isEqualTo(Reason.INACTIVE_USER);
      assertThat(reason(users.signIn(new SignIn("alice", NEW, ""))))
          .isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_invalidatesTheCachedPasswordAfterAChange() {
      var user = alice();
      await(users.verify("alice", OLD));
      await(users.by(Authority.SERVER).setPassword(user.id(), NEW));
      assertThat(reason(users.verify("alice", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
      assertThat(await(users.verify("alice", NEW)).id()).isEqualTo(user.id());
    }

    @Test
    void verify_invalidatesTheCachedPasswordAfterAChangeByAnotherGateway() {
      alice();
      await(users.verify("alice", OLD));
      var elsewhere = users(hasher, 1);
      await(elsewhere.by(Authority.SERVER).setPassword(await(elsewhere.find("alice")).id(), NEW));
      assertThat(reason(users.verify("alice", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_invalidatesTheCachedPasswordOfADeletedUserWithTheSameId() {
      var id = Optional.of(new UserId(77));
      await(users.by(Authority.SERVER).create(NewUser.named("alice").withId(id).withPassword(OLD)));
      await(users.verify("alice", OLD));
      await(users.by(Authority.SERVER).delete(id.get()));
      await(users.by(Authority.SERVER).create(NewUser.named("alice").withId(id).withPassword(NEW)));
      assertThat(reason(users.verify("alice", OLD))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_invalidatesTheCachedPasswordAfterRestoringASnapshot() {
      var id = alice().id();
      var before = await(storage.snapshot());
      await(users.by(Authority.SERVER).setPassword(id, NEW));
      await(users.verify("alice", NEW));
      await(storage.restore(before));
      await(users.by(Authority.SERVER).setPassword(id, new Password("third password")));
      assertThat(reason(users.verify("alice", NEW))).isEqualTo(Reason.WRONG_SIGN_IN);
    }

    @Test
    void verify_replacesAnOutdatedHashAndNothingElse() {
      var user = alice();
      var strong = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 10);
      var upgraded = users(strong, 1);
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
    void changePassword_requiresTheCurrentPassword() {
      var id = alice().id();
      assertThat(reason(users.changePassword(id, NEW, "", () -> NEW)))
          .isEqualTo(Reason.WRONG_PASSWORD);
      await(users.changePassword(id, OLD, "", () -> NEW));
      assertThat(reason(users.changePassword(id, OLD, "", () -> NEW)))
          .isEqualTo(Reason.WRONG_PASSWORD);
      assertThat(await(users.verify("alice", NEW)).id()).isEqualTo(id);
    }

    @Test
    void changePassword_succeedsAfterReplacingAnOutdatedHash() {
      var id = alice().id();
      var strong = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 10);
      var upgraded = users(strong, 1);
      await(upgraded.changePassword(id, OLD, "", () -> NEW));
      assertThat(await(users.verify("alice", NEW)).id()).isEqualTo(id);
    }

    @Test
    void changePassword_isThrottled() {
      var throttled = throttled();
      var id = alice().id();
      for (int i = 0; i < SignInLimits.PERSISTENT.wrongPerAccount(); i++) {
        assertThat(reason(throttled.changePassword(id, NEW, "", () -> OLD)))
            .isEqualTo(Reason.WRONG_PASSWORD);
      }
      var change = throttled.changePassword(id, OLD, "", () -> NEW);
      assertThat(throttled.verify("alice", OLD).isComplete()).isFalse();
      assertThat(change.isComplete()).isFalse();
      pauses.remove().complete();
      assertThat(await(change).id()).isEqualTo(id);
    }

    @Test
    void changePassword_countsWrongPasswordsPerAddress() {
      var throttled = throttled();
      for (int i = 0; i < SignInLimits.PERSISTENT.wrongPerAddress(); i++) {
        var wanted = NewUser.named("user" + i).withPassword(OLD);
        var id = await(users.by(Authority.SERVER).create(wanted)).id();
        assertThat(reason(throttled.changePassword(id, NEW, "10.0.0.1", () -> OLD)))
            .isEqualTo(Reason.WRONG_PASSWORD);
      }
      var id = alice().id();
      assertThat(reason(throttled.changePassword(id, OLD, "10.0.0.1", () -> NEW)))
          .isEqualTo(Reason.OVERLOADED);
      assertThat(await(throttled.changePassword(id, OLD, "10.0.0.2", () -> NEW)).id())
          .isEqualTo(id);
    }

    @Test
    void changePassword_failsForUnknownUsers() {
      assertThat(reason(users.changePassword(new UserId(9), OLD, "", () -> NEW)))
          .isEqualTo(Reason.NO_SUCH_USER);
    }

    @Test
    void changePassword_succeedsOnceOfTwoConcurrentCalls() {
      var id = alice().id();
      var one = users.changePassword(id, OLD, "", () -> NEW).otherwiseEmpty();
      var two =
          users.changePassword(id, OLD, "", () -> new Password("third password")).otherwiseEmpty();
      var won = (await(one) == null ? 0 : 1) + (await(two) == null ? 0 : 1);
      assertThat(won).isEqualTo(1);
    }

    @Test
    void changePassword_failsForUsersWithoutPassword() {
      var bob = await(users.by(Authority.SERVER).create(NewUser.named("bob")));
      assertThat(reason(users.changePassword(bob.id(), OLD, "", () -> NEW)))
          .isEqualTo(Reason.WRONG_PASSWORD);
    }
  }
}
