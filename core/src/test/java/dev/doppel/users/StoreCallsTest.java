package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class StoreCallsTest {

  private final StoreCalls calls = new StoreCalls("change");

  @Test
  void measure_countsACallAsActiveUntilItCompletes() {
    var answer = Promise.<String>promise();
    var measured = calls.measure(answer::future);
    assertThat(calls.active()).isEqualTo(1);
    assertThat(calls.completed()).isZero();
    answer.complete("done");
    assertThat(measured.result()).isEqualTo("done");
    assertThat(calls.active()).isZero();
    assertThat(calls.completed()).isEqualTo(1);
    assertThat(calls.seconds()).isPositive().isLessThan(60);
  }

  @Test
  void measure_countsFailuresOfTheStoreOnly() {
    for (var reason : Reason.values()) {
      var failed = Failure.of(reason);
      assertThat(calls.measure(() -> Future.failedFuture(failed)).cause()).isSameAs(failed);
    }
    calls.measure(() -> Future.failedFuture(new IllegalStateException()));
    assertThat(StoreCalls.FAILURES)
        .containsExactly(Reason.UNAVAILABLE, Reason.OVERLOADED, Reason.TIMED_OUT)
        .allSatisfy(reason -> assertThat(calls.failed(reason)).isEqualTo(1));
    assertThat(calls.failed(Reason.NO_SUCH_USER)).isZero();
    assertThat(calls.completed()).isEqualTo(Reason.values().length + 1);
    assertThat(calls.active()).isZero();
  }

  @Test
  void measure_completesACallThatThrows() {
    assertThatThrownBy(
            () ->
                calls.measure(
                    () -> {
                      throw Failure.of(Reason.UNAVAILABLE);
                    }))
        .isInstanceOf(Failure.class);
    assertThat(calls.active()).isZero();
    assertThat(calls.failed(Reason.UNAVAILABLE)).isEqualTo(1);
  }
}
