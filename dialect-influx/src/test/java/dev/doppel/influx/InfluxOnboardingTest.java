package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Setup that is refused halfway (2.9.1: tenant/service_onboarding.go). */
class InfluxOnboardingTest {

  @Test
  void setup_keepsUserAndOrganizationIfNameOfBucketIsTooLong() {
    var body =
        "{\"username\":\"u\",\"password\":\"long-enough\",\"org\":\"o\",\"bucket\":\"%s\"}"
            .formatted("b".repeat(32_769));
    try (var influx = InfluxFixture.blank()) {
      var refused = influx.send("POST", "/api/v2/setup", List.of(), body);
      assertThat(refused.status()).isEqualTo(413);
      assertThat(InfluxFixture.message(refused)).isEqualTo("key too large");
      assertThat(influx.send("GET", "/api/v2/setup", List.of(), "").body())
          .contains("\"allowed\": false");
      assertThat(influx.user("u").administrator()).isTrue();
    }
  }
}
