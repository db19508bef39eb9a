package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.influx.InfluxDialect.Settings;
import dev.doppel.influx.InfluxDialect.Version;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.Recording;
import dev.doppel.testkit.Replay;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replays conversations with the servers 2.9.1 and 2.7.12: every answer is theirs. */
class InfluxReplayTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    Await.await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({
    "V2_9, 2.9.1, users, 323",
    "V2_9, 2.9.1, organizations-authorizations, 417",
    "V2_9, 2.9.1, buckets-labels, 218",
    "V2_7, 2.7.12, users, 323",
    "V2_7, 2.7.12, organizations-authorizations, 417",
    "V2_7, 2.7.12, buckets-labels, 218",
  })
  void recording_isAnsweredAsByTheServer(Version version, String folder, String name, int answers)
      throws IOException, URISyntaxException {
    var file =
        Path.of(getClass().getResource("/recordings").toURI())
            .resolve(folder)
            .resolve(name + ".ndjson");
    var realm = TestRealm.blankOver(vertx, MvStorage.inMemory());
    var dialect = new InfluxDialect(realm.realm(), Fidelity.OBSERVED, Settings.of(version));
    try (var server = new TestServer(vertx, dialect)) {
      var result = new Replay(server::send).replay(Recording.read(file));
      assertThat(result.compared()).isEqualTo(answers);
      assertThat(result.differences()).isEmpty();
    } finally {
      realm.close();
    }
  }
}
