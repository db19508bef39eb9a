package dev.doppel.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.doppel.gateway.metrics.OperationCalls.StatusCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OperationCallsTest {

  private final OperationCalls calls = new OperationCalls();

  @Test
  void add_countsADurationInTheFirstBucketThatIncludesIt() {
    calls.add(200, 0);
    calls.add(200, 1_000_000);
    calls.add(200, 1_000_001);
    calls.add(404, 10_000_000_000L);
    calls.add(404, 10_000_000_001L);
    assertThat(calls.buckets()).containsExactly(2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
    assertThat(calls.seconds()).isCloseTo(20.002000002, within(1e-9));
  }

  @Test
  void add_countsStatusesApart() {
    calls.add(200, 5);
    calls.add(0, 7);
    calls.add(200, 6);
    assertThat(calls.statuses()).extracting(StatusCalls::status).containsExactly(200, 0);
    assertThat(calls.statuses()).extracting(one -> one.calls().sum()).containsExactly(2L, 1L);
    assertThat(calls.statuses()).extracting(one -> one.nanos().sum()).containsExactly(11L, 7L);
  }

  @Test
  void add_losesNoCallOfAnyThread() throws InterruptedException, ExecutionException {
    var threads = Executors.newFixedThreadPool(4);
    try {
      var running = new ArrayList<Future<Void>>();
      for (int i = 0; i < 4; i++) {
        Callable<Void> work =
            () -> {
              for (int call = 0; call < 10_000; call++) {
                calls.add(200 + call % 50, 1);
              }
              return null;
            };
        running.add(threads.submit(work));
      }
      for (var one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(calls.statuses()).hasSize(50);
    assertThat(calls.statuses()).allSatisfy(one -> assertThat(one.calls().sum()).isEqualTo(800));
    assertThat(Arrays.stream(calls.buckets()).sum()).isEqualTo(40_000);
  }
}
