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

  private static URI ofTheClass = URI.create("");

  @BeforeAll
  static void begin() {
    ofTheClass = doppel.uri();
  }

  @RepeatedTest(2)
  void staticExtension_tellsWhatTheTestNeeds(Doppel parameter) {
    assertThat(doppel.uri()).isEqualTo(ofTheClass).isEqualTo(parameter.uri());
    assertThat(doppel.administrator().user()).isEqualTo("root");
    assertThat(create(doppel.uri(), "ann")).isEqualTo(422);
    doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE).times(1));
    assertThat(create(doppel.uri(), "bob")).isEqualTo(503);
    doppel.calls(InfluxOperation.POST_USERS).withUser("bob").once();
    doppel.calls().times(2);
    doppel.seed().user("bob").put();
    assertThat(doppel.clock().instant()).isNotNull();
  }

  @Test
  void otherThread_isToldToTakeAParameter() throws InterruptedException {
    var thread =
        new Thread(() -> assertThatThrownBy(doppel::uri).hasMessageContaining("as a parameter"));
    thread.start();
    thread.join();
  }
}
