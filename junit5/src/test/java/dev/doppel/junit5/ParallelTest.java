package dev.doppel.junit5;

import static dev.doppel.junit5.Influxes.create;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.PlannedFault;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.users.Failure.Reason;
import java.time.Instant;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A hundred concurrent tests on one gateway, each of which fails if it sees another's state. */
@Execution(ExecutionMode.CONCURRENT)
class ParallelTest {

  @RegisterExtension static final DoppelExtension extension = new DoppelExtension();

  @RepeatedTest(100)
  void concurrentTests_areIsolated(Doppel doppel, RepetitionInfo repetition) {
    assertThat(extension.uri()).isEqualTo(doppel.uri());
    var number = repetition.getCurrentRepetition();
    var begin = Instant.parse("2031-01-01T00:00:00Z").plusSeconds(number * 1000L);
    doppel.clock().set(begin);
    assertThat(create(doppel.uri(), "alice")).isEqualTo(201);
    doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE).times(1 + number % 3));
    for (int i = 0; i < 1 + number % 3; i++) {
      assertThat(create(doppel.uri(), "bob")).isEqualTo(503);
    }
    assertThat(create(doppel.uri(), "bob")).isEqualTo(201);
    doppel.calls(InfluxOperation.POST_USERS).times(3 + number % 3);
    assertThat(doppel.calls().list())
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.time()).isBetween(begin, begin.plusSeconds(500)));
  }
}
