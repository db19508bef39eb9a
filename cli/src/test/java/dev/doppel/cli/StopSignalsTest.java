package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Closing after a signal. {@link ProcessIT} sends signals to a real process. */
class StopSignalsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void close_returns0OnlyOnSuccessWithinTimeout() throws InterruptedException {
    assertThat(StopSignals.close(Future::succeededFuture, LONG)).isZero();
    assertThat(StopSignals.close(() -> Future.failedFuture("disk full"), LONG)).isEqualTo(1);
    var never = Promise.<Void>promise();
    assertThat(StopSignals.close(never::future, Duration.ofMillis(1))).isEqualTo(1);
  }
}
