package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Realm;
import java.util.List;
import java.util.Map;

class InfluxDialectTest extends DialectContract {

  @Override
  protected Dialect dialect(Realm realm, Fidelity fidelity) {
    return new InfluxDialect(realm, fidelity);
  }

  @Override
  protected Map<String, String> headersOfEveryAnswer() {
    return Map.of("x-influxdb-build", "OSS", "x-influxdb-version", "v2.9.1");
  }

  @Override
  protected List<Map.Entry<String, String>> administrator() {
    return List.of(Map.entry("Authorization", "Token " + TestRealm.OPERATOR_TOKEN));
  }

  @Override
  protected void assertVendorsOwn(TestServer.Answer answer) {
    assertThat(answer.headers()).containsEntry("x-influxdb-build", "OSS");
    if (answer.status() == 405 || answer.status() == 204) {
      assertThat(answer.body()).isEmpty();
    } else if (answer.headers().getOrDefault("content-type", "").startsWith("text/plain")) {
      assertThat(answer.body()).isEqualTo("404 page not found\n");
    } else if (answer.status() >= 400) {
      assertThat(answer.headers()).containsKey("x-platform-error-code");
      assertThat(answer.body())
          .matches("(?s)\\{\\s*\"code\": ?\"[a-z ]+\",\\s*\"message\": ?\".+\"\\s*}");
    } else {
      assertThat(answer.body())
          .matches(
              "(?s)\\{\n\t\"links\": \\{.*|\\{\"name\":\"influxdb\".*\n|\\{\n    \"status\".*\n");
    }
  }
}
