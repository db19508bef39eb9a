package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.influx.InfluxOperation;
import dev.doppel.junit5.DoppelExtension;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Spring starts the application before all tests: their common instance is created first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SpringJUnitConfig(SpringApplication.class)
class SpringPerClassTest {

  @RegisterExtension static final DoppelExtension doppel = new DoppelExtension();

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    var url = doppel.uri().toString();
    var token = doppel.administrator().token().orElseThrow();
    registry.add("influx.url", () -> url);
    registry.add("influx.token", () -> token);
  }

  @Autowired private InfluxTeam team;

  @RepeatedTest(2)
  void invite_startsWithoutUsers() {
    assertThat(team.find("alice")).isEmpty();
    team.invite("alice", "P@ssw0rd");
    doppel.calls(InfluxOperation.POST_USERS).withUser("alice").once();
  }
}
