package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.Exchange;
import dev.doppel.testkit.ExchangeSet;
import dev.doppel.testkit.Recording;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Compares the exchanges with what the real server 2.9.1 was recorded to answer. An exchange says
 * {@code recorded 2.9.1} if, and only if, a recording confirms it.
 */
class InfluxVerificationTest {

  private static final String RECORDED = "recorded 2.9.1";

  private static Path resources(String folder) throws URISyntaxException {
    return Path.of(InfluxVerificationTest.class.getResource("/" + folder).toURI());
  }

  private static RecordedAnswers recordedAnswers() throws IOException, URISyntaxException {
    var recorded = new RecordedAnswers();
    for (var name : List.of("users", "organizations-authorizations", "buckets-labels")) {
      recorded.add(Recording.read(resources("recordings/2.9.1").resolve(name + ".ndjson")));
    }
    return recorded;
  }

  @Test
  void exchanges_sayRecordedIfARecordingConfirmsThem() throws IOException, URISyntaxException {
    var recorded = recordedAnswers();
    var exchanges = ExchangeSet.read(resources("exchanges"));
    var wrong = new ArrayList<String>();
    int confirmed = 0;
    for (var file : exchanges.files()) {
      for (var exchange : Exchange.parse(Files.readString(file)).exchanges()) {
        var confirms = recorded.confirms(exchange, exchanges.headersOfEveryAnswer());
        var says = exchange.verified().orElse("");
        confirmed += confirms ? 1 : 0;
        if (confirms != says.equals(RECORDED)) {
          wrong.add(
              "%s: %s: says '%s'\n  %s"
                  .formatted(
                      file.getFileName(),
                      exchange.title(),
                      says,
                      recorded.compared(exchange, exchanges.headersOfEveryAnswer())));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(confirmed).isPositive();
  }

  @Test
  void confirms_needsStatusHeadersAndBody() throws IOException, URISyntaxException {
    var recorded = recordedAnswers();
    assertThat(recorded.confirms(unknownUser("404", "not found", "user not found"), Map.of()))
        .isTrue();
    for (var other :
        List.of(
            unknownUser("403", "not found", "user not found"),
            unknownUser("404", "forbidden", "user not found"),
            unknownUser("404", "not found", "no such user"))) {
      assertThat(recorded.confirms(other, Map.of())).isFalse();
    }
  }

  private static Exchange unknownUser(String status, String code, String message) {
    return Exchange.parse(
            """
            ### a user that is not there
            GET /api/v2/users?name=nobody
            Authorization: Token t

            HTTP %s
            Content-Type: application/json; charset=utf-8
            X-Influxdb-Build: OSS
            X-Influxdb-Version: v2.9.1
            X-Platform-Error-Code: %s

            {
            \t"code": "not found",
            \t"message": "%s"
            }
            """
                .formatted(status, code, message))
        .exchanges()
        .get(0);
  }
}
