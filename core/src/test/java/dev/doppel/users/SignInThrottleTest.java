package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {

  private static final SignInLimits LIMITS = new SignInLimits(10, 3, 5, 100, 4);

  private final AtomicLong nanos = new AtomicLong();
  private final List<Promise<Void>> pauses = new ArrayList<>();
  private final SignInThrottle throttle = new SignInThrottle(LIMITS, nanos::get, this::pause);

  private Future<Void> pause(Duration duration) {
    var pause = Promise.<Void>promise();
    pauses.add(pause);
    return pause.future();
  }

  private static SignIn signIn(String name, String address) {
    return new SignIn(name, new Password("secret"), address);
  }

  private static User user(long id, String name) {
    return new User(
        new UserId(id),
        name,
        Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Set.of(),
        Map.of(),
        Instant.EPOCH,
        Instant.EPOCH,
        1,
        0,
        List.of(),
        Map.of());
  }

  private Future<Optional<SignInThrottle.Attempt>> attempt(String name, String address) {
    return throttle.admit(signIn(name, address), Optional.empty());
  }

  private static boolean isAdmitted(Future<Optional<SignInThrottle.Attempt>> attempt) {
    var admitted = attempt.succeeded() && attempt.result().isPresent();
    if (admitted) {
      attempt.result().get().end();
    }
    return admitted;
  }

  private static boolean isRejected(Future<?> attempt) {
    return attempt.failed() && Failure.from(attempt.cause()).reason() == Reason.OVERLOADED;
  }

  private void guess(int times, String name, String address) {
    for (int i = 0; i < times; i++) {
      attempt(name, address).result().orElseThrow().fail();
    }
  }

  @Test
  void admit_waitsAfterTooManyWrongPasswordsForAnAccount() {
    guess(3, "alice", "192.0.2.1");
    var fromElsewhere = attempt("alice", "192.0.2.2");
    assertThat(fromElsewhere.isComplete()).isFalse();
    assertThat(isAdmitted(attempt("bob", "192.0.2.1"))).isTrue();
    pauses.get(0).complete();
    assertThat(isAdmitted(fromElsewhere)).isTrue();
  }

  @Test
  void admit_countsAllNamesOfAnAccountTogether() {
    var alice = Optional.of(user(5, "alice"));
    for (var name : List.of("alice", "alice@acme", "alice@example.com")) {
      throttle.admit(signIn(name, ""), alice).result().orElseThrow().fail();
    }
    assertThat(throttle.admit(signIn("ALICE", ""), alice).isComplete()).isFalse();
    assertThat(isAdmitted(throttle.admit(signIn("alice", ""), Optional.of(user(6, "alice")))))
        .isTrue();
  }

  @Test
  void admit_treatsUnknownNamesLikeOthersIgnoringCase() {
    guess(3, "Nobody", "192.0.2.1");
    assertThat(attempt("nobody", "192.0.2.1").isComplete()).isFalse();
  }

  @Test
  void admit_limitsWaitingAttemptsPerAddress() {
    guess(3, "alice", "192.0.2.1");
    for (int i = 0; i < SignInThrottle.MAX_PAUSING; i++) {
      assertThat(attempt("alice", "192.0.2.1").isComplete()).isFalse();
    }
    assertThat(isRejected(attempt("alice", "192.0.2.1"))).isTrue();
    var owner = attempt("alice", "192.0.2.7");
    pauses.get(pauses.size() - 1).complete();
    assertThat(isAdmitted(owner)).isTrue();
    pauses.get(0).complete();
    assertThat(attempt("alice", "192.0.2.1").isComplete()).isFalse(); // no longer rejected
  }

  @Test
  void admit_limitsAttemptsInProgress() {
    var first = List.of(attempt("alice", ""), attempt("alice", ""), attempt("alice", ""));
    var fourth = attempt("alice", "");
    assertThat(fourth.isComplete()).isFalse();
    first.forEach(one -> one.result().orElseThrow().fail());
    pauses.get(0).complete();
    assertThat(fourth.result()).isEmpty(); // the caller must try again
    assertThat(attempt("alice", "").isComplete()).isFalse();
  }

  @Test
  void succeed_resetsTheAccountButNotTheAddress() {
    guess(2, "alice", "192.0.2.1");
    attempt("alice", "192.0.2.1").result().orElseThrow().succeed();
    guess(2, "alice", "192.0.2.1");
    assertThat(isAdmitted(attempt("alice", "192.0.2.1"))).isTrue();
    guess(1, "bob", "192.0.2.1");
    assertThat(isRejected(attempt("carol", "192.0.2.1"))).isTrue();
  }

  @Test
  void admit_rejectsAnAddressForTheRestOfTheMinuteEvenAfterAPause() {
    guess(3, "alice", "192.0.2.1");
    var waiting = attempt("alice", "192.0.2.1");
    guess(2, "bob", "192.0.2.1");
    pauses.get(0).complete();
    assertThat(isRejected(waiting)).isTrue();
    assertThat(isRejected(attempt("carol", "192.0.2.1"))).isTrue();
    assertThat(isAdmitted(attempt("carol", "192.0.2.2"))).isTrue();
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(isAdmitted(attempt("alice", "192.0.2.1"))).isTrue();
  }

  @Test
  void admit_limitsAttemptsPerAddressWhateverTheirOutcome() {
    for (int i = 0; i < 100; i++) {
      attempt("user" + i, "192.0.2.1").result().orElseThrow().succeed();
    }
    assertThat(isRejected(attempt("alice", "192.0.2.1"))).isTrue();
    assertThat(isAdmitted(attempt("alice", "192.0.2.2"))).isTrue();
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(isAdmitted(attempt("alice", "192.0.2.1"))).isTrue();
  }

  @Test
  void admitRegistration_limitsRegistrationsPerAddress() {
    for (int i = 0; i < 4; i++) {
      assertThat(throttle.admitRegistration("192.0.2.1").succeeded()).isTrue();
    }
    assertThat(isRejected(throttle.admitRegistration("192.0.2.1"))).isTrue();
    assertThat(throttle.admitRegistration("192.0.2.2").succeeded()).isTrue();
  }

  @Test
  void admit_countsIpv6AddressesByNetwork() {
    guess(3, "alice", "2001:db8::1");
    guess(2, "bob", "2001:db8::ffff:1");
    assertThat(isRejected(attempt("carol", "2001:db8:0:0:ffff::2"))).isTrue();
    assertThat(isAdmitted(attempt("carol", "2001:db8:0:1::1"))).isTrue();
  }

  @Test
  void admit_doesNotCountUnknownAddressesTogether() {
    for (int i = 0; i < 10; i++) {
      guess(1, "user" + i, "");
    }
    assertThat(isAdmitted(attempt("alice", ""))).isTrue();
  }
}
