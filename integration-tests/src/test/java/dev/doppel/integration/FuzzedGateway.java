package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.dialect.Fidelity;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.users.HashScheme;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A gateway that receives fuzzed input. It is reset regularly, its control plane is closed, and any
 * error that it logs is a finding.
 */
final class FuzzedGateway implements AutoCloseable {

  private static final String CONTROL_TOKEN = "control-token-of-nobody-else";
  private static final int INPUTS_BETWEEN_RESETS = 500;
  private static final List<String> LEAKS =
      List.of("java.", "\tat ", "dev.doppel", "io.vertx", "io.netty", "com.fasterxml", "<html");

  private final Doppel doppel;
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final Set<String> said = new HashSet<>();
  private int inputs;
  private String vcloudBearer;

  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          if (record.getLevel().intValue() >= Level.SEVERE.intValue() && isOurs(record)) {
            errors.add(
                record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown());
          }
        }

        /**
         * Returns whether a record is a finding: Vert.x logs each broken connection as an error.
         */
        private boolean isOurs(LogRecord record) {
          var name = String.valueOf(record.getLoggerName());
          return !name.startsWith("io.vertx.core.net");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  FuzzedGateway(Fidelity fidelity) {
    doppel =
        Doppel.start(
            DoppelConfig.DEFAULT.toBuilder()
                .fidelity(fidelity)
                .hash(HashScheme.FAST)
                .controlToken(CONTROL_TOKEN)
                .journal(100)
                .port(0)
                .build());
    vcloudBearer = signIn();
    Logger.getLogger("").addHandler(listener);
  }

  private String signIn() {
    return new VendorClient.Vcloud(new Http(doppel.uri())).bearer("", "root@doppel", "Milvus");
  }

  Doppel doppel() {
    return doppel;
  }

  /** Returns the dialects and their operations, as the control plane lists them. */
  List<JsonObject> dialects() {
    var operations =
        new Http(doppel.uri())
            .send("GET", "/_doppel/operations", "", "Authorization", "Bearer " + CONTROL_TOKEN);
    return new JsonObject(operations.body())
        .getJsonArray("dialects").stream().map(JsonObject.class::cast).toList();
  }

  /** Returns the {@code Authorization} header of VCD's administrator since the last reset. */
  String vcloudBearer() {
    return vcloudBearer;
  }

  /** Prepares the gateway for the next input. */
  void next() {
    if (++inputs % INPUTS_BETWEEN_RESETS == 0) {
      doppel.reset();
      said.clear();
      vcloudBearer = signIn();
    }
  }

  /**
   * Fails if an error was logged or if the response reveals internals.
   *
   * @param input may contain the same words, also as users' names
   */
  void assertSound(String input, String answer) {
    var logged = List.copyOf(errors);
    errors.clear(); // so that the next input isn't blamed
    assertThat(logged).as("errors that were logged").isEmpty();
    LEAKS.stream().filter(input::contains).forEach(said::add);
    LEAKS.stream()
        .filter(leak -> !said.contains(leak))
        .forEach(leak -> assertThat(answer).doesNotContain(leak));
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(listener);
    doppel.close();
  }
}
