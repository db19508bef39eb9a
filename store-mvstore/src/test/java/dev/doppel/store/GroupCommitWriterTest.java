package dev.doppel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitWriterTest {

  private static final long SECONDS = 20;

  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger rollbacks = new AtomicInteger();
  private final AtomicInteger maintenances = new AtomicInteger();
  private final GroupCommitWriter writer =
      new GroupCommitWriter(
          new GroupCommitWriter.Journal() {
            @Override
            public void commit() {
              commits.incrementAndGet();
            }

            @Override
            public void rollback() {
              rollbacks.incrementAndGet();
            }

            @Override
            public boolean maintain(boolean idle) {
              if (maintenances.getAndIncrement() == 0) {
                throw new IllegalStateException("of a test");
              }
              return false;
            }
          },
          () -> {});

  @AfterEach
  void close() throws Exception {
    await(writer.close());
  }

  private static <T> T await(Future<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void write_outOfMemory_acknowledgesNothing_andMakesTheNextChange() throws Exception {
    var reported = new LinkedBlockingQueue<Throwable>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> reported.add(thrown));
    try {
      var error = new OutOfMemoryError("of a test");
      var failing =
          writer.write(
              () -> {
                throw error;
              });
      assertThatThrownBy(() -> await(failing))
          .cause()
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(reported).contains(error);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(commits).hasValue(0);
    assertThat(rollbacks).hasValueGreaterThanOrEqualTo(1);
    assertThat(await(writer.write(() -> "made"))).isEqualTo("made");
    assertThat(commits).hasValue(1);
  }

  @Test
  void write_continuesAfterFailedMaintenance() throws Exception {
    assertThat(await(writer.write(() -> "first"))).isEqualTo("first");
    assertThat(await(writer.write(() -> "second"))).isEqualTo("second");
    assertThat(await(writer.write(() -> "third"))).isEqualTo("third");
    assertThat(maintenances).hasValueGreaterThanOrEqualTo(2);
  }
}
