package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MemoryErrorsTest {

  @Test
  void isOutOfMemory_checksCauses() {
    var error = new OutOfMemoryError("for a test");
    assertThat(MemoryErrors.isOutOfMemory(error)).isTrue();
    assertThat(MemoryErrors.isOutOfMemory(new CompletionException(new RuntimeException(error))))
        .isTrue();
    assertThat(MemoryErrors.isOutOfMemory(new RuntimeException())).isFalse();
  }

  /** A client can cause one, but it doesn't affect other clients. */
  @Test
  void isOutOfMemory_isFalseForAStackOverflow() {
    assertThat(MemoryErrors.isOutOfMemory(new RuntimeException(new StackOverflowError())))
        .isFalse();
  }

  @Test
  void isOutOfMemory_endsForCyclicCauses() {
    var first = new RuntimeException();
    first.initCause(new RuntimeException(first));
    assertThat(MemoryErrors.isOutOfMemory(first)).isFalse();
  }

  @Test
  void failureFrom_reportsToTheHandlerOfUncaughtExceptions() throws InterruptedException {
    var reported = new ArrayList<Throwable>();
    var error = new OutOfMemoryError("for a test");
    var thread =
        new Thread(
            () -> {
              assertThat(Failure.from(new IllegalStateException("other")).getCause()).isNotNull();
              assertThat(Failure.from(error).reason()).isEqualTo(Failure.Reason.INTERNAL);
            });
    thread.setUncaughtExceptionHandler((any, thrown) -> reported.add(thrown));
    thread.start();
    thread.join();
    assertThat(reported).containsExactly(error);
  }
}
