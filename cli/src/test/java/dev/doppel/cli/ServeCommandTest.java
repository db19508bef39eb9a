package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.DoppelConfig;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.influx.InfluxDialect.Version;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.milvus.MilvusVendor;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.users.HashScheme;
import dev.doppel.users.SignInLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {

  @TempDir Path folder;

  private static DoppelConfig parse(Map<String, String> environment, String... args) {
    return Main.serve(environment, args).config();
  }

  private static DoppelConfig parse(String... args) {
    return parse(Map.of(), args);
  }

  @Test
  void config_withoutFlags_isDefault() {
    assertThat(parse())
        .usingRecursiveComparison()
        .ignoringFields("fidelity")
        .isEqualTo(DoppelConfig.DEFAULT);
    assertThat(parse().vendor(InfluxVendor.INSTANCE).orElseThrow().fidelity())
        .isEqualTo(Fidelity.DOCUMENTED);
  }

  @Test
  void flags_setConfiguration() {
    var config =
        parse(
            "--port=0",
            "--dialects",
            "influx,Milvus",
            "--fidelity",
            "observed,influx=documented",
            "--store",
            "file:users.db",
            "--hash",
            "fast",
            "--admin-user",
            "me",
            "--admin-password",
            "secret",
            "--operator-token",
            "token",
            "--control-token",
            "control",
            "--control-port",
            "9999",
            "--mark-deviations",
            "--vendor-ports");
    assertThat(config.listen().port()).isZero();
    assertThat(config.markDeviations()).isTrue();
    assertThat(parse().markDeviations()).isFalse();
    assertThat(config.listen().vendorPorts()).isTrue();
    assertThat(config.vendors()).extracting(ServedVendor::name).containsExactly("milvus", "influx");
    assertThat(config.vendor(MilvusVendor.INSTANCE).orElseThrow().fidelity())
        .isEqualTo(Fidelity.OBSERVED);
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().fidelity())
        .isEqualTo(Fidelity.DOCUMENTED);
    assertThat(config.store()).hasToString("file:users.db");
    assertThat(config.hashScheme()).isEqualTo(HashScheme.FAST);
    assertThat(config.credentials().userName()).isEqualTo("me");
    assertThat(config.control().token()).contains("control");
    assertThat(config.control().port()).hasValue(9999);
    assertThat(config.toString()).doesNotContain("secret", "Optional[token]", "Optional[control]");
  }

  @Test
  void milvusFlags_setVersionAndAuthorization() {
    assertThat(parse().vendor(MilvusVendor.INSTANCE).orElseThrow().settings())
        .isEqualTo(MilvusDialect.Settings.DEFAULT);
    var config = parse("--emulate", "influx=2.7, milvus=2.5", "--milvus-auth", "off");
    assertThat(config.vendor(MilvusVendor.INSTANCE).orElseThrow().settings().version())
        .isEqualTo(MilvusDialect.Version.V2_5);
    assertThat(config.vendor(MilvusVendor.INSTANCE).orElseThrow().settings().authorization())
        .isFalse();
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().version())
        .isEqualTo(Version.V2_7);
    assertThat(
            parse("--emulate", "milvus=2.6").vendor(MilvusVendor.INSTANCE).orElseThrow().settings())
        .isEqualTo(MilvusDialect.Settings.DEFAULT);
  }

  @Test
  void milvusAuthOffAnywhere_isSeparateFlag() {
    var off = parse("--milvus-auth", "off");
    assertThat(
            off.vendor(MilvusVendor.INSTANCE).orElseThrow().settings().authorizationOffAnywhere())
        .isFalse();
    var anywhere = parse("--milvus-auth", "off", "--milvus-auth-off-anywhere");
    assertThat(
            anywhere
                .vendor(MilvusVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .authorizationOffAnywhere())
        .isTrue();
    var variables = Map.of("DOPPEL_MILVUS_AUTH", "off", "DOPPEL_MILVUS_AUTH_OFF_ANYWHERE", "true");
    assertThat(
            parse(variables)
                .vendor(MilvusVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .authorizationOffAnywhere())
        .isTrue();
  }

  @Test
  void limits_dependOnStoreUnlessGiven() {
    assertThat(parse().signInLimits()).isEqualTo(SignInLimits.FOR_TESTS);
    assertThat(parse("--store", "file:x").signInLimits()).isEqualTo(SignInLimits.PERSISTENT);
    var given =
        new String[] {
          "--sessions-per-user=1", "--sign-ins-per-minute=2", "--registrations-per-minute=1000000"
        };
    assertThat(parse(given).signInLimits())
        .isEqualTo(
            SignInLimits.FOR_TESTS
                .withSessions(1)
                .withAttemptsPerAddress(2)
                .withRegistrationsPerAddress(1_000_000));
    assertThat(parse("--wrong-passwords-per-minute=3").signInLimits())
        .isEqualTo(SignInLimits.FOR_TESTS.withWrongPerAccount(3));
    assertThat(parse(Map.of("DOPPEL_SESSIONS_PER_USER", "7"), "--store=file:x").signInLimits())
        .isEqualTo(SignInLimits.PERSISTENT.withSessions(7));
  }

  @Test
  void influxFlags_setSettings() {
    var config =
        parse(
            "--emulate",
            "influx=2.7",
            "--influx-session-length",
            "10",
            "--influx-session-renew-disabled",
            "--influx-strong-passwords",
            "--influx-bucket",
            "data");
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().version())
        .isEqualTo(Version.V2_7);
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().useHashedTokens())
        .isFalse();
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().sessionLength())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().sessionRenewal())
        .isFalse();
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().strongPasswords())
        .isTrue();
    assertThat(
            config
                .vendor(InfluxVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .bucket()
                .orElseThrow()
                .name())
        .isEqualTo("data");
    assertThat(
            parse("--influx-use-hashed-tokens", "false")
                .vendor(InfluxVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .useHashedTokens())
        .isFalse();
    assertThat(
            parse("--emulate", "influx=2.7", "--influx-use-hashed-tokens=true")
                .vendor(InfluxVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .useHashedTokens())
        .isTrue();
  }

  @Test
  void influxdVariables_setSettings() {
    var config =
        parse(
            Map.of(
                "INFLUXD_SESSION_LENGTH", "5",
                "INFLUXD_STRONG_PASSWORDS", "true",
                "INFLUXD_USE_HASHED_TOKENS", "false",
                "DOPPEL_INFLUX_BUCKET", "data"));
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().sessionLength())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().strongPasswords())
        .isTrue();
    assertThat(config.vendor(InfluxVendor.INSTANCE).orElseThrow().settings().useHashedTokens())
        .isFalse();
    assertThat(
            config
                .vendor(InfluxVendor.INSTANCE)
                .orElseThrow()
                .settings()
                .bucket()
                .orElseThrow()
                .name())
        .isEqualTo("data");
  }

  @Test
  void loopback_isDecidedByAddressAndLocalhost() {
    assertThat(parse("--host", "127.0.0.9").listen().loopback()).isTrue();
    assertThat(parse("--host", "::1").listen().loopback()).isTrue();
    assertThat(parse("--host", "localhost").listen().loopback()).isTrue();
    assertThat(parse("--host", "127.example.com").listen().loopback()).isFalse();
    assertThat(parse("--host", "0.0.0.0").listen().loopback()).isFalse();
    assertThat(parse("--host", "127.256.0.1").listen().loopback()).isFalse();
  }

  @Test
  void database_isPrintedWithoutCredentials() {
    var config = parse("--store", "postgresql://me:secret@db.example.com/users?options=secret");
    assertThat(config.store()).hasToString("postgresql://db.example.com:5432/users");
    assertThat(config.toString()).doesNotContain("secret");
    assertThat(((PgStore) config.store()).connections()).isEqualTo(6);
    assertThat(parse("--store", "postgresql://me:secret@a:1,b/users").store())
        .hasToString("postgresql://a:1,b:5432/users");
    var more = parse("--store", "postgres://me:pw@h/d", "--store-connections", "20");
    assertThat(((PgStore) more.store()).connections()).isEqualTo(20);
  }

  @Test
  void persistentStore_hashesStrongly() {
    assertThat(parse("--store", "file:x").hashScheme()).isEqualTo(HashScheme.ARGON2ID);
    assertThat(parse("--store", "postgresql://me:pw@h/d").hashScheme())
        .isEqualTo(HashScheme.ARGON2ID);
    assertThat(parse().hashScheme()).isEqualTo(HashScheme.FAST);
  }

  @Nested
  class Precedence {

    @Test
    void flag_overridesEnvironment_whichOverridesFile() throws IOException {
      var file = Files.writeString(folder.resolve("c.yaml"), "port: 3\nhost: 127.0.0.3\n");
      var environment =
          Map.of("DOPPEL_PORT", "2", "DOPPEL_HOST", "127.0.0.2", "DOPPEL_CONFIG", file.toString());
      assertThat(parse(environment, "--port", "1").listen().port()).isEqualTo(1);
      assertThat(parse(environment).listen().port()).isEqualTo(2);
      assertThat(parse(Map.of(), "--config", file.toString()).listen().port()).isEqualTo(3);
      assertThat(parse(Map.of(), "--config=" + file).listen().host()).isEqualTo("127.0.0.3");
      assertThat(parse().listen().port()).isEqualTo(8080);
    }

    @Test
    void controlPort_isReadFromEnvironmentAndFile() throws IOException {
      var file = Files.writeString(folder.resolve("c.yaml"), "control-port: 0\n");
      assertThat(parse("--config", file.toString()).control().port()).hasValue(0);
      assertThat(parse(Map.of("DOPPEL_CONTROL_PORT", "7")).control().port()).hasValue(7);
      assertThat(parse().control().port()).isEmpty();
    }

    @Test
    void file_acceptsListsAndSwitches() throws IOException {
      var file =
          Files.writeString(
              folder.resolve("c.yaml"), "dialects: [influx, milvus]\nvendor-ports: true\n");
      var config = parse("--config", file.toString());
      assertThat(config.vendors())
          .extracting(ServedVendor::name)
          .containsExactly("milvus", "influx");
      assertThat(config.listen().vendorPorts()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 65536|--port '65536': not allowed; use 0 to 65535",
        "--port -1|--port '-1': not allowed; use 0 to 65535",
        "--control-port 65536|--control-port '65536': not allowed; use 0 to 65535",
        "--control-port x|--control-port 'x': not allowed; use 0 to 65535",
        "--control-port 8080|--control-port '8080': not allowed; use 0 to 65535, other than --port",
        "--store mysql:|--store 'mysql:': not allowed; use memory:, file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "--store file:|--store 'file:': not allowed; use memory:, file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "--store x://me:secret@h|--store 'x://***@h': not allowed; use memory:, file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "--store postgresql://me:secret@h:x/d|--store 'postgresql://***@h:x/d': not allowed; use postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with parameters such as ?sslmode=verify-full&sslrootcert=FILE",
        "--store postgresql://h/d?sslmode=maybe&password=secret|--store 'postgresql://h/d?...': not allowed; use postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with parameters such as ?sslmode=verify-full&sslrootcert=FILE",
        "--store postgresql://h/d?sslmode=verify-ca&sslrootcert=/no|--store 'postgresql://h/d?...': not allowed; use postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with parameters such as ?sslmode=verify-full&sslrootcert=FILE",
        "--store postgresql://u:secret@a,b/d?target_session_attrs=standby|--store target_session_attrs 'standby': not allowed; use any, read-write or primary",
        "--store postgresql://u:secret@a/d?pgbouncer=yes|--store pgbouncer 'yes': not allowed; use true or false",
        "--store postgresql://h/d --store-connections 1|--store-connections '1': not allowed; use 2 to 999",
        "--store-connections 9|--store-connections: only with --store postgresql://...",
        "--dialects oracle|--dialects 'oracle': not allowed; use VENDORS",
        "--dialects influy|--dialects 'influy': not allowed; use VENDORS; did you mean 'influx'?",
        "--ports influy=1|--ports 'influy=1': not allowed; use VENDORS; did you mean 'influx'?",
        "--fidelity oracle=observed|--fidelity 'oracle=observed': not allowed; use documented or observed, for all or as influx=observed",
        "--fidelity observd|--fidelity 'observd': not allowed; use documented or observed, for all or as influx=observed; did you mean 'observed'?",
        "--fidelity influy=observed|--fidelity 'influy=observed': not allowed; use documented or observed, for all or as influx=observed; did you mean 'influx=observed'?",
        "--emulate influy=2.7|--emulate 'influy=2.7': not allowed; use milvus=2.5, milvus=2.6, influx=2.7 or influx=2.9; did you mean 'influx=2.7'?",
        "--emulate influx=1.8|--emulate 'influx=1.8': not allowed; use milvus=2.5, milvus=2.6, influx=2.7 or influx=2.9",
        "--emulate vcloud=10|--emulate 'vcloud=10': not allowed; use milvus=2.5, milvus=2.6, influx=2.7 or influx=2.9",
        "--milvus-auth no|--milvus-auth 'no': not allowed; use on or off",
        "--milvus-auth-off-anywhere|--milvus-auth-off-anywhere: only with --milvus-auth off",
        "--sessions-per-user 0|--sessions-per-user '0': not allowed; use 1 to 1000000",
        "--sign-ins-per-minute many|--sign-ins-per-minute 'many': not allowed; use 1 to 1000000",
        "--registrations-per-minute 1000001|--registrations-per-minute '1000001': not allowed; use 1 to 1000000",
        "--influx-session-length 0|--influx-session-length '0': not allowed; use 1 to 525600",
        "--influx-session-length x|--influx-session-length 'x': not allowed; use 1 to 525600",
        "--influx-use-hashed-tokens no|--influx-use-hashed-tokens 'no': not allowed; use true or false",
        "--influx-bucket _x|--influx-bucket '_x': not allowed; use a name without quotation marks and without an underscore in front",
        "--influx-bucket-retention 1h|--influx-bucket-retention: only with --influx-bucket",
        "--influx-bucket x --influx-bucket-retention 59m|--influx-bucket-retention '59m': not allowed; use 0, or 1h and more in whole seconds, such as 72h30m, 30d or 1w",
        "--public-url users.example.com|--public-url 'users.example.com': not allowed; use http:// or https:// with a host, and optionally a port and a path",
        "--public-url https://me:secret@h|--public-url 'https://***@h': not allowed; use http:// or https:// with a host, and optionally a port and a path",
        "--trusted-proxies 10.0.0.0/33|--trusted-proxies '10.0.0.0/33': not allowed; use IP addresses and blocks such as 10.0.0.0/8",
        "--trusted-proxies 10.0.0.1,proxy|--trusted-proxies 'proxy': not allowed; use IP addresses and blocks such as 10.0.0.0/8",
        "--trusted-headers via|--trusted-headers 'via': not allowed; use forwarded or x-forwarded",
        "--trusted-headers forwarde|--trusted-headers 'forwarde': not allowed; use forwarded or x-forwarded; did you mean 'forwarded'?",
        "--hash md5|--hash 'md5': not allowed; use argon2id or fast",
        "--hash argon2i|--hash 'argon2i': not allowed; use argon2id or fast; did you mean 'argon2id'?",
        "--tls-cert /no|--tls-cert '/no': not allowed; use a PEM file that can be read",
        "--tls-self-signed --tls-cert x|--tls-self-signed: not allowed together with --tls-cert or --tls-key",
        "--operator-token t|--operator-token: needs --admin-password",
        "--blank --admin-user u|--blank: not allowed together with --admin-user, --admin-password or --operator-token",
        "--config /no.yaml|--config /no.yaml: there is no such file to read",
      })
  void wrongValue_isReportedInOneLine(String args, String line) {
    assertThatThrownBy(() -> parse(args.split(" ", -1)))
        .isInstanceOfSatisfying(
            StartupException.class,
            refused -> {
              assertThat(refused.line())
                  .isEqualTo(line.replace("VENDORS", Vendors.names(Vendors.all())));
              assertThat(refused.exitCode()).isEqualTo(2);
            });
  }

  @Test
  void wrongFile_isReportedInOneLine() throws IOException {
    var unknown = Files.writeString(folder.resolve("a.yaml"), "prot: 1\n");
    assertThatThrownBy(() -> parse("--config", unknown.toString()))
        .hasMessageStartingWith("--config " + unknown + ": there is no 'prot'; allowed are ")
        .hasMessageContaining("port");
    var broken = Files.writeString(folder.resolve("b.yaml"), "a: [\n");
    assertThatThrownBy(() -> parse("--config", broken.toString()))
        .hasMessage("--config " + broken + ": it is no YAML");
    var list = Files.writeString(folder.resolve("c.yaml"), "- 1\n");
    assertThatThrownBy(() -> parse("--config", list.toString()))
        .hasMessage("--config " + list + ": it must hold one 'flag: value' a line");
  }
}
