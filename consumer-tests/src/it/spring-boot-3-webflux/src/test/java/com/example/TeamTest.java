package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.influx.InfluxOperation;
import dev.doppel.junit5.DoppelExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TeamTest {

  @RegisterExtension static final DoppelExtension doppel = new DoppelExtension();

  @DynamicPropertySource
  static void influx(DynamicPropertyRegistry registry) {
    registry.add("influx.url", doppel::uri);
    registry.add("influx.token", () -> doppel.administrator().token().orElseThrow());
  }

  @Value("${local.server.port}")
  int port;

  @Test
  void team_showsUsers() throws Exception {
    doppel.seed().user("ann").put();
    var team =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/team")).build(),
                BodyHandlers.ofString());
    assertThat(team.body()).contains("\"ann\"");
    doppel.calls(InfluxOperation.GET_USERS).once();
  }
}
