package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.influx.InfluxDialect.Settings;
import dev.doppel.influx.InfluxDialect.Version;
import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.Exchange;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Realm;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class InfluxDialectTest extends DialectContract {

  @Override
  protected Dialect dialect(Realm realm, Fidelity fidelity) {
    return new InfluxDialect(realm, fidelity);
  }

  /** {@code # started: version=2.7 strong-passwords session-length=10}. */
  @Override
  protected Dialect dialect(Realm realm, Fidelity fidelity, Exchange.Dialogue dialogue) {
    var words = List.of(dialogue.setting("started").orElse("").split(" "));
    var standard = Settings.of(words.contains("version=2.7") ? Version.V2_7 : Version.V2_9);
    return new InfluxDialect(
        realm,
        fidelity,
        new Settings(
            standard.version(),
            standard.useHashedTokens() && !words.contains("use-hashed-tokens=false"),
            words.contains("strong-passwords"),
            words.contains("session-length=10") ? Duration.ofMinutes(10) : standard.sessionLength(),
            !words.contains("session-renew-disabled")));
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
    assertThat(answer.headers()).containsEntry("x-influxdb-build", "OSS");
    if (answer.status() == 405 || answer.status() == 204 || answer.body().isEmpty()) {
      assertThat(answer.body()).isIn("", "Method Not Allowed\n");
    } else if (answer.headers().getOrDefault("content-type", "").startsWith("text/plain")) {
      assertThat(answer.body()).isEqualTo("404 page not found\n");
    } else if (answer.status() >= 400) {
      assertThat(answer.headers()).containsKey("x-platform-error-code");
      assertThat(answer.body())
          .matches("(?s)\\{\\s*\"code\": ?\"[a-z ]+\",\\s*\"message\": ?\".+\"\\s*}");
    } else {
      assertThat(answer.body())
          .matches(
              "(?s)[\\[{]\n\t+[\"{].*[]}]" // from a resource handler
                  + "|\\{\"name\":\"influxdb\".*\n|\\{\n    \"status\".*\n"
                  + "|\\{\"authorizations\":.*\n|\\[\"authorizations\",.*\n");
    }
  }
}
