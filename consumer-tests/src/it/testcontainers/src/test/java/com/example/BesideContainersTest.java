package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.doppel.Doppel;
import dev.doppel.junit5.DoppelExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** Testcontainers brings its own Jackson and HTTP client; no container runs here. */
@ExtendWith(DoppelExtension.class)
@Testcontainers(disabledWithoutDocker = false)
class BesideContainersTest {

  @Test
  void both_areUsable(Doppel doppel) {
    doppel.seed().user("ann").put();
    try (var container = new GenericContainer<>(DockerImageName.parse("example/none:1"))) {
      container.withEnv("INFLUX_URL", doppel.uri().toString());
      assertEquals(doppel.uri().toString(), container.getEnvMap().get("INFLUX_URL"));
    }
  }
}
