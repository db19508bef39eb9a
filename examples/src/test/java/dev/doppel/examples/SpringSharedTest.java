package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.influx.InfluxOperation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Several classes share an application, and with it one Doppel for the whole run. */
class SpringSharedTest {

  @SpringJUnitConfig(SpringApplication.class)
  abstract static class Base {

    static final Doppel DOPPEL = Doppel.start();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
      registry.add("influx.url", DOPPEL::uri);
      registry.add("influx.token", () -> DOPPEL.administrator().token().orElseThrow());
    }

    @Autowired InfluxTeam team;

    @BeforeEach
    void reset() {
      DOPPEL.reset();
    }

    @Test
    void invite_startsWithoutUsers() {
      assertThat(team.find("alice")).isEmpty();
      team.invite("alice", "P@ssw0rd");
      DOPPEL.calls(InfluxOperation.POST_USERS).withUser("alice").once();
    }
  }

  @Nested
  class First extends Base {}

  @Nested
  class Second extends Base {}
}
