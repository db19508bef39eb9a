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
 * A whole gateway that anything is sent to: it begins anew now and then, its control plane is
 * closed, and what it logs as an error is a finding.
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

        /** Vert.x logs every connection that a client tears as an error. */
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

  /** What each dialect serves, as the control plane tells it. */
  List<JsonObject> dialects() {
    var operations =
        new Http(doppel.uri())
            .send("GET", "/_doppel/operations", "", "Authorization", "Bearer " + CONTROL_TOKEN);
    return new JsonObject(operations.body())
        .getJsonArray("dialects").stream().map(JsonObject.class::cast).toList();
  }

  /** The value of {@code Authorization} of VCD's administrator, as of the last beginning. */
  String vcloudBearer() {
    return vcloudBearer;
  }

  /** Before every input. */
  void next() {
    if (++inputs % INPUTS_BETWEEN_RESETS == 0) {
      doppel.reset();
      said.clear();
      vcloudBearer = signIn();
    }
  }

  /**
   * Nothing was logged as an error, and an answer tells nothing of how it was made.
   *
   * @param input may say by itself what would be a leak, and have users called so
   */
  void assertSound(String input, String answer) {
    var logged = List.copyOf(errors);
    errors.clear(); // or the next input would be blamed, too
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
