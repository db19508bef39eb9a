package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.DoppelConfig;
import dev.doppel.StartupException;
import dev.doppel.influx.InfluxDialect.Bucket;
import dev.doppel.influx.InfluxVendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of InfluxDB's container (influxdata-docker, influxdb/2.7/entrypoint.sh). */
class InfluxContainerTest {

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  private void set(String name, String value) {
    environment.put("DOCKER_INFLUXDB_INIT_" + name, value);
  }

  private void setAll() {
    set("MODE", "setup");
    set("USERNAME", "me");
    set("PASSWORD", "a-password");
    set("ORG", "my-org");
    set("BUCKET", "data");
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private Optional<String> check() {
    return Defaults.of(new String[0], environment).checkVendorsVariables().stream().findFirst();
  }

  private void assertRefused(String line) {
    assertThatThrownBy(this::check)
        .isInstanceOfSatisfying(
            StartupException.class,
            refused -> {
              assertThat(refused.line()).isEqualTo(line);
              assertThat(refused.exitCode()).isEqualTo(2);
            });
  }

  private DoppelConfig config(String... args) {
    return Main.serve(environment, args).config();
  }

  @Test
  void setup_configuresWhatTheContainerConfigures() {
    setAll();
    set("RETENTION", "1w");
    set("ADMIN_TOKEN", "my-token");
    assertThat(check()).isEmpty();
    var config = config();
    assertThat(config.credentials().userName()).isEqualTo("me");
    assertThat(config.credentials().password().orElseThrow().clearText()).isEqualTo("a-password");
    assertThat(config.credentials().operatorToken()).contains("my-token");
    assertThat(config.defaultOrganization()).isEqualTo("my-org");
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().bucket())
        .contains(new Bucket("data", Duration.ofDays(7)));
  }

  @Test
  void setup_acceptsMissingTokenAndRetention() {
    setAll();
    set("RETENTION", "");
    set("ADMIN_TOKEN", "");
    assertThat(check()).isEmpty();
    assertThat(config().credentials().operatorToken()).isEmpty();
    assertThat(config().vendor(InfluxVendor.INSTANCE).orElseThrow().settings().bucket())
        .contains(new Bucket("data", Duration.ZERO));
  }

  @Test
  void files_overrideValues_andLoseLineBreaksAtTheEnd() throws IOException {
    setAll();
    set("USERNAME_FILE", file("user", "someone\n"));
    set("PASSWORD_FILE", file("password", "from a file\n\n"));
    set("ADMIN_TOKEN_FILE", file("token", "t0ken"));
    environment.remove("DOCKER_INFLUXDB_INIT_USERNAME");
    assertThat(check()).isEmpty();
    var credentials = config().credentials();
    assertThat(credentials.userName()).isEqualTo("someone");
    assertThat(credentials.password().orElseThrow().clearText()).isEqualTo("from a file");
    assertThat(credentials.operatorToken()).contains("t0ken");
  }

  @Test
  void missingFile_isReportedAndReplacedByValue() {
    setAll();
    set("PASSWORD_FILE", "/no/such");
    assertThat(check())
        .contains(
            "DOCKER_INFLUXDB_INIT_PASSWORD_FILE '/no/such' can't be read;"
                + " DOCKER_INFLUXDB_INIT_PASSWORD is used");
    environment.remove("DOCKER_INFLUXDB_INIT_PASSWORD");
    assertRefused(
        "DOCKER_INFLUXDB_INIT_MODE=setup: needs DOCKER_INFLUXDB_INIT_PASSWORD"
            + " (DOCKER_INFLUXDB_INIT_PASSWORD_FILE '/no/such' can't be read)");
  }

  @Test
  void setup_namesMissingVariables() {
    setAll();
    environment.remove("DOCKER_INFLUXDB_INIT_ORG");
    set("BUCKET", "");
    assertRefused(
        "DOCKER_INFLUXDB_INIT_MODE=setup: needs DOCKER_INFLUXDB_INIT_ORG,"
            + " DOCKER_INFLUXDB_INIT_BUCKET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "install => 'install': not allowed; use setup",
        "upgrade => 'upgrade': not allowed; use setup; there is no InfluxDB 1.x here to upgrade",
      })
  void setup_rejectsOtherModes(String mode, String line) {
    setAll();
    set("MODE", mode);
    assertRefused("DOCKER_INFLUXDB_INIT_MODE " + line);
  }

  @Test
  void setup_rejectsShortPasswordWithoutQuotingIt() {
    setAll();
    set("PASSWORD", "short");
    assertRefused(
        "DOCKER_INFLUXDB_INIT_PASSWORD of 5 bytes: not allowed; use 8 to 72 bytes, as InfluxDB"
            + " does");
  }

  @Test
  void variables_withoutMode_areIgnored() {
    setAll();
    set("MODE", "");
    assertThat(check())
        .contains("DOCKER_INFLUXDB_INIT_BUCKET: not used without DOCKER_INFLUXDB_INIT_MODE=setup");
    assertThat(config().vendor(InfluxVendor.INSTANCE).orElseThrow().settings().bucket()).isEmpty();
    assertThat(config().credentials().given()).isFalse();
    environment.clear();
    assertThat(check()).isEmpty();
  }

  @Test
  void flagsAndDoppelVariables_overrideContainerVariables() throws IOException {
    setAll();
    set("PASSWORD_FILE", file("password", "from a file"));
    environment.put("DOPPEL_ADMIN_PASSWORD_FILE", file("own", "our own"));
    environment.put("DOPPEL_INFLUX_BUCKET", "more");
    var config = config("--admin-user", "you");
    assertThat(config.credentials().userName()).isEqualTo("you");
    assertThat(config.credentials().password().orElseThrow().clearText()).isEqualTo("our own");
    assertThat(
            config
                .vendor(InfluxVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .bucket()
                .orElseThrow()
                .name())
        .isEqualTo("more");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0s, 0",
    "1h, 3600",
    "1w, 604800",
    "30d, 2592000",
    "72h30m, 261000",
    "1w2d3h, 788400",
    "1.5h, 5400",
    "90m0.0s, 5400",
    "3600000ms, 3600",
  })
  void retention_isParsed(String text, long seconds) {
    setAll();
    set("RETENTION", text);
    assertThat(
            config()
                .vendor(InfluxVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .bucket()
                .orElseThrow()
                .retention())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "-1h", "59m", "1h1ms", "1y", "1mo", "1.5d", "h", "1 h", "forever", "999999w"})
  void retention_rejectsValuesThatInfluxdbRejects(String text) {
    setAll();
    set("RETENTION", text);
    assertThatThrownBy(this::config)
        .isInstanceOf(StartupException.class)
        .hasMessage(
            "--influx-bucket-retention '%s': not allowed; use 0, or 1h and more in whole seconds, such as 72h30m, 30d or 1w"
                .formatted(text));
  }

  /** The variables are checked for {@code serve}, but not for {@code --help}. */
  @Test
  void serve_exitsLikeTheContainer() {
    set("MODE", "setup");
    assertThat(Main.run(environment)).isEqualTo(2);
    assertThat(Main.run(environment, "serve", "--port=0")).isEqualTo(2);
    assertThat(Main.run(environment, "--help")).isZero();
    assertThat(Main.run(environment, "serve", "--help")).isZero();
  }
}
