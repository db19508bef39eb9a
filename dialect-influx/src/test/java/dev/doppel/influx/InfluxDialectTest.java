package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Vendor;
import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import java.util.List;
import java.util.Map;

class InfluxDialectTest extends DialectContract {

  @Override
  protected Vendor<?> vendor() {
    return InfluxVendor.INSTANCE;
  }

  @Override
  protected List<Map.Entry<String, String>> administrator() {
    return List.of(Map.entry("Authorization", "Token " + TestRealm.OPERATOR_TOKEN));
  }

  /** The server itself answers 500 to some requests. */
  @Override
  protected boolean isDefect(TestServer.Answer answer) {
    return answer.status() >= 500
        && answer.status() != 501
        && (answer.status() != 500 || answer.body().contains("An internal error has occurred"));
  }

  @Override
  protected void assertVendorFormat(TestServer.Answer answer) {
    if (answer.body().startsWith("400 Bad Request")) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body())
          .isIn(
              "400 Bad Request",
              "400 Bad Request: missing required Host header",
              "400 Bad Request: too many Host headers");
      assertThat(answer.headers())
          .containsOnlyKeys("content-type", "content-length", "connection", "date");
      return;
    }
    assertThat(answer.headers()).containsEntry("x-influxdb-build", "OSS");
    if (answer.status() == 405 || answer.status() == 204 || answer.body().isEmpty()) {
      assertThat(answer.body())
          .isIn(
              "",
              "Method Not Allowed\n",
              "{\n\t\"code\": \"method not allowed\",\n\t\"message\": \"allow: \"\n}");
    } else if (answer.headers().getOrDefault("content-type", "").startsWith("text/plain")) {
      assertThat(answer.body()).matches("(?s)404 page not found\n|# HELP influxdb_info .*\n");
    } else if (answer.status() >= 400) {
      assertThat(answer.headers()).containsKey("x-platform-error-code");
      assertThat(answer.body())
          .matches("(?s)\\{\\s*\"code\": ?\"[a-z ]+\",\\s*\"message\": ?\".+\"\\s*}");
    } else {
      assertThat(answer.body())
          .matches(
              "(?s)[\\[{]\n\t+[\"{].*[]}]" // from a resource handler
                  + "|\\{\"name\":\"influxdb\".*\n|\\{\n    \"status\".*\n"
                  + "|\\{\"authorizations\":.*\n|\\[\"authorizations\",.*\n"
                  + "|\\{\"appMetrics\":.*\n");
    }
  }
}
