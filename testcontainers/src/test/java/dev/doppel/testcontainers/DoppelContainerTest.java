package dev.doppel.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.utility.DockerImageName;

@Timeout(60)
class DoppelContainerTest {

  private static final Pattern READY = Pattern.compile("doppel ready on http://[^:]+:(\\d+) .*");

  /** A container whose port is that of a process of this machine. */
  private static final class Started extends DoppelContainer {
    int port;

    Started() {
      super("doppel:1");
    }

    @Override
    public String getHost() {
      return "127.0.0.1";
    }

    @Override
    public Integer getMappedPort(int originalPort) {
      assertThat(originalPort).isEqualTo(DoppelContainer.PORT);
      return port;
    }
  }

  @Test
  void environment_startsProgramThatConnectControls() throws Exception {
    var container = new Started();
    var process = start(container);
    try (var output = process.inputReader()) {
      container.port = readyPort(output);
      assertThat(container.uri()).isEqualTo(URI.create("http://127.0.0.1:" + container.port));
      try (var doppel = container.connect()) {
        doppel.seed().user("ann").put();
        assertThat(users(container)).contains("\"ann\"");
        assertThat(doppel.calls().withUser("root").count()).isOne();
        assertThat(doppel.administrator().password())
            .isEqualTo(container.administrator().password());
      }
    } finally {
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Process start(DoppelContainer container) throws IOException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path").replace("\n", File.pathSeparator),
                "dev.doppel.cli.Main")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(container.getEnvMap());
    builder.environment().put("DOPPEL_PORT", "0");
    return builder.start();
  }

  private static int readyPort(BufferedReader output) throws IOException {
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      var ready = READY.matcher(line);
      if (ready.matches()) {
        return Integer.parseInt(ready.group(1));
      }
    }
    throw new AssertionError("the process ended before it was ready");
  }

  private static String users(DoppelContainer container) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(container.uri().resolve("/api/v2/users"))
                .header("Authorization", "Token " + container.administrator().token())
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void container_exposesPortAndWaitsForIt() {
    try (var container = new DoppelContainer("doppel:1")) {
      assertThat(container.getExposedPorts()).containsExactly(DoppelContainer.PORT);
      assertThat(container.getEnvMap())
          .containsEntry("DOPPEL_PORT", Integer.toString(DoppelContainer.PORT));
    }
  }

  @Test
  void credentials_differBetweenContainersAndAreHidden() {
    try (var one = new DoppelContainer("doppel:1");
        var other = new DoppelContainer("doppel:1")) {
      assertThat(one.administrator()).isNotEqualTo(other.administrator());
      assertThat(one.controlToken()).isNotEqualTo(other.controlToken());
      assertThat(one.administrator()).hasToString("Administrator[root]");
    }
  }

  @Test
  void otherImage_isRefusedUnlessDeclaredCompatible() {
    assertThatThrownBy(() -> new DoppelContainer("influxdb:2"))
        .isInstanceOf(IllegalStateException.class);
    var mirrored =
        DockerImageName.parse("registry.example/doppel:1").asCompatibleSubstituteFor("doppel");
    assertThatCode(() -> new DoppelContainer(mirrored).close()).doesNotThrowAnyException();
  }
}
