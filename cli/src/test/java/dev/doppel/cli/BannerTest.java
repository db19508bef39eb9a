package dev.doppel.cli;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.gateway.Gateway;
import dev.doppel.store.MvStore;
import dev.doppel.users.Password;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BannerTest {

  /** Returns the line about the control plane, with {@code PORT} for the gateway's port. */
  private static String controlLine(DoppelConfig config) {
    var vertx = Vertx.vertx();
    try {
      var gateway = await(Gateway.start(vertx, config.toBuilder().port(0).build()));
      var out = new StringWriter();
      Banner.print(new PrintWriter(out), gateway, 1);
      await(gateway.close());
      assertThat(out.toString()).doesNotContain("a-token");
      return out.toString()
          .lines()
          .filter(line -> line.startsWith("Control plane: "))
          .findFirst()
          .orElseThrow()
          .replace(":" + gateway.port(), ":PORT");
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void banner_showsAddressOfControlPlane() {
    assertThat(controlLine(DoppelConfig.DEFAULT))
        .isEqualTo("Control plane: http://127.0.0.1:PORT/_doppel/");
    assertThat(controlLine(DoppelConfig.DEFAULT.toBuilder().controlPort(0).build()))
        .matches("Control plane: http://127\\.0\\.0\\.1:\\d+/_doppel/");
  }

  @Test
  void banner_namesVariableOfControlToken() {
    assertThat(controlLine(DoppelConfig.DEFAULT.toBuilder().controlToken("a-token").build()))
        .isEqualTo(
            "Control plane: http://127.0.0.1:PORT/_doppel/ with the bearer token"
                + " $DOPPEL_CONTROL_TOKEN");
  }

  @Test
  void banner_saysHowToOpenControlPlane(@TempDir Path folder) {
    var credentials =
        new Credentials(
            Optional.empty(), Optional.of(new Password("a-password")), Optional.empty(), false);
    assertThat(
            controlLine(
                DoppelConfig.DEFAULT.toBuilder()
                    .store(MvStore.file(folder.resolve("users.db")))
                    .credentials(credentials)
                    .build()))
        .isEqualTo("Control plane: health and ready only; start with --control-token for the rest");
  }
}
