package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.Recording;
import dev.doppel.testkit.Replay;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replays conversations with the real server 2.9.1. What is answered otherwise is listed in {@code
 * recordings/NAME.differences}, one request a line: no more and no less.
 */
class InfluxReplayTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    Await.await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"users", "organizations-authorizations", "buckets-labels"})
  void recording_isAnsweredAsByTheServer(String name) throws IOException, URISyntaxException {
    var folder = Path.of(getClass().getResource("/recordings").toURI());
    var realm = TestRealm.blankOver(vertx, MvStorage.inMemory());
    try (var server = new TestServer(vertx, new InfluxDialect(realm.realm(), Fidelity.OBSERVED))) {
      var result =
          new Replay(server::send).replay(Recording.read(folder.resolve(name + ".ndjson")));
      var known = Files.readAllLines(folder.resolve(name + ".differences"));
      assertThat(result.compared()).isGreaterThan(200);
      assertThat(result.differences())
          .extracting(Replay.Difference::title)
          .containsExactlyElementsOf(known);
    } finally {
      realm.close();
    }
  }
}
