package dev.doppel.junit5;

import static dev.doppel.junit5.Influxes.create;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Calls;
import dev.doppel.Doppel;
import dev.doppel.FaultInjection;
import dev.doppel.MovableClock;
import dev.doppel.PlannedFault;
import dev.doppel.SeedBuilder;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.users.Failure.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DoppelExtension.class)
class DoppelExtensionTest {

  /** The second run succeeds only if users, journal, faults and clock were reset. */
  @RepeatedTest(2)
  void beforeEach_resetsState(Doppel doppel) {
    assertThat(doppel.clock().instant()).isBefore(java.time.Instant.now().plusSeconds(60));
    assertThat(create(doppel.uri(), "alice")).isEqualTo(201);
    assertThat(create(doppel.uri(), "alice")).isEqualTo(422);
    doppel.calls(InfluxOperation.POST_USERS).withUser("alice").times(2);
    doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE));
    doppel.clock().advance(Duration.ofDays(1));
  }

  @Test
  void parameters_belongToSameDoppel(
      @BaseUrl URI uri,
      @BaseUrl String url,
      Doppel.Administrator administrator,
      SeedBuilder seed,
      Calls calls,
      FaultInjection faults,
      MovableClock clock) {
    assertThat(url).isEqualTo(uri.toString()).startsWith("http://127.0.0.1:");
    assertThat(administrator)
        .isEqualTo(
            new Doppel.Administrator("root", "Milvus", Optional.of("doppel-operator-token")));
    seed.user("ann").password("P@ssw0rd1").put();
    assertThat(create(uri, "ann")).isEqualTo(422);
    faults.inject(PlannedFault.of(Reason.UNAVAILABLE).on(InfluxOperation.POST_USERS).times(1));
    assertThat(create(uri, "bob")).isEqualTo(503);
    assertThat(create(uri, "bob")).isEqualTo(201);
    calls.of(InfluxOperation.POST_USERS).withUser("bob").times(2);
    clock.set(java.time.Instant.parse("2031-01-01T00:00:00Z"));
    assertThat(create(uri, "carl")).isEqualTo(201);
    calls.since(java.time.Instant.parse("2030-01-01T00:00:00Z")).once();
  }

  @Nested
  class InNestedClass {

    @BeforeEach
    void seed(SeedBuilder seed) {
      seed.user("ann").put();
    }

    @RepeatedTest(2)
    void test_usesDoppelOfOuterClass(Doppel doppel) {
      assertThat(create(doppel.uri(), "ann")).isEqualTo(422);
      assertThat(create(doppel.uri(), "bob")).isEqualTo(201);
    }
  }
}
