package dev.doppel.junit5;

import static dev.doppel.junit5.Influxes.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.PlannedFault;
import dev.doppel.Seed;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.users.Failure.Reason;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegisteredExtensionTest {

  @RegisterExtension
  static final DoppelExtension doppel =
      new DoppelExtension(
          DoppelConfig.DEFAULT.toBuilder()
              .seed(Seed.parse("{\"users\":[{\"name\":\"ann\"}]}"))
              .build());

  private static URI uriOfClass = URI.create("");

  @BeforeAll
  static void begin() {
    uriOfClass = doppel.uri();
  }

  @RepeatedTest(2)
  void staticExtension_providesDoppelOfTest(Doppel parameter) {
    assertThat(doppel.uri()).isEqualTo(uriOfClass).isEqualTo(parameter.uri());
    assertThat(doppel.administrator().user()).isEqualTo("root");
    assertThat(create(doppel.uri(), "ann")).isEqualTo(422);
    doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE).times(1));
    assertThat(create(doppel.uri(), "bob")).isEqualTo(503);
    doppel.calls(InfluxOperation.POST_USERS).withUser("bob").once();
    doppel.calls().times(2);
    doppel.seed().user("bob").put();
    doppel.clock().set(Instant.parse("2031-01-01T00:00:00Z"));
    assertThat(doppel.clock().instant())
        .isBetween(Instant.parse("2031-01-01T00:00:00Z"), Instant.parse("2031-01-02T00:00:00Z"));
  }

  @Test
  void uri_failsOnOtherThread() {
    var uri = CompletableFuture.supplyAsync(doppel::uri, work -> new Thread(work).start());
    assertThatThrownBy(uri::join)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("as a parameter");
  }
}
