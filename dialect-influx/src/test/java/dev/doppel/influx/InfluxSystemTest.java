package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics, and what Doppel does not have of the server itself. */
class InfluxSystemTest {

  @ParameterizedTest
  @CsvSource({
    "amd64, amd64",
    "x86_64, amd64",
    "aarch64, arm64",
    "x86, 386",
    "i386, 386",
    "arm, arm",
    "ppc64le, ppc64le",
    "s390x, s390x",
    "riscv64, riscv64"
  })
  void architecture_hasGosName(String java, String go) {
    assertThat(InfluxSystem.goArchitecture(java)).isEqualTo(go);
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, linux",
    "Mac OS X, darwin",
    "Windows 11, windows",
    "Windows Server 2022, windows",
    "FreeBSD, freebsd",
    "SunOS, solaris",
    "AIX, aix"
  })
  void system_hasGosName(String java, String go) {
    assertThat(InfluxSystem.goSystem(java)).isEqualTo(go);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/docs/", "/docsx", "/debug", "/debug/pprof/heap"})
  void openPathOfServer_isNotSupported(String path) {
    try (var influx = new InfluxFixture()) {
      var answer = influx.send("GET", path, List.of(), "");
      assertThat(answer.status()).isEqualTo(501);
      assertThat(InfluxFixture.message(answer)).isEqualTo("GET " + path + " is not implemented");
      assertThat(influx.send("GET", "/debugx", List.of(), "").status()).isEqualTo(404);
    }
  }

  @Test
  void authorizationsOfOldApi_areNotSupported() {
    var path = "/private/legacy/authorizations";
    try (var influx = new InfluxFixture()) {
      assertThat(influx.operator("GET", path, "").status()).isEqualTo(501);
      assertThat(influx.operator("POST", path + "/x/password", "{}").status()).isEqualTo(501);
      assertThat(influx.operator("GET", "/private/legacy", "").status()).isEqualTo(404);
      assertThat(influx.send("GET", path, List.of(), "").status()).isEqualTo(401);
    }
  }

  @Test
  void uptime_isNeverNegative() {
    try (var influx = new InfluxFixture()) {
      influx.test.clock().advance(Duration.ofHours(-1));
      assertThat(influx.send("GET", "/metrics", List.of(), "").body())
          .contains("influxdb_uptime_seconds 0.0\n");
      assertThat(influx.send("GET", "/ready", List.of(), "").body()).contains("\"up\": \"0s\"");
    }
  }
}
