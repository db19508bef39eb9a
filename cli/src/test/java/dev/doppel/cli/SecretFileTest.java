package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.DoppelConfig;
import dev.doppel.StartupException;
import dev.doppel.store.postgres.PgStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets in files. */
class SecretFileTest {

  private static final String URI = "postgresql://me:s3cret@h/d";

  @TempDir Path folder;

  private String file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "secret", ""), content).toString();
  }

  private static DoppelConfig parse(Map<String, String> environment, String... args) {
    return Main.serve(environment, args).config();
  }

  @Test
  void everySecret_canBeInFile() throws IOException {
    var config =
        parse(
            Map.of(),
            "--admin-password-file=" + file("p\n"),
            "--operator-token-file=" + file("o\r\n"),
            "--control-token-file=" + file(" c "),
            "--store-file=" + file(URI + "\n"));
    assertSecrets(config);
  }

  @Test
  void everySecret_canBeInFileNamedByVariable() throws IOException {
    assertSecrets(
        parse(
            Map.of(
                "DOPPEL_ADMIN_PASSWORD_FILE", file("p"),
                "DOPPEL_OPERATOR_TOKEN_FILE", file("o"),
                "DOPPEL_CONTROL_TOKEN_FILE", file(" c "),
                "DOPPEL_STORE_FILE", file(URI))));
  }

  @Test
  void everySecret_canBeInFileNamedByConfiguration() throws IOException {
    var config =
        file(
            """
            admin-password-file: %s
            operator-token-file: %s
            control-token-file: %s
            store-file: %s
            """
                .formatted(file("p"), file("o"), file(" c "), file(URI)));
    assertSecrets(parse(Map.of(), "--config", config));
  }

  private static void assertSecrets(DoppelConfig config) {
    assertThat(config.credentials().password().orElseThrow().clearText()).isEqualTo("p");
    assertThat(config.credentials().operatorToken()).contains("o");
    assertThat(config.control().token()).contains(" c ");
    assertThat(config.store()).isInstanceOf(PgStore.class);
    assertThat(config.toString()).doesNotContain("s3cret");
  }

  @Test
  void read_removesOneLineBreakAtTheEnd() throws IOException {
    var config = parse(Map.of(), "--admin-password-file", file(" two\nlines \n\n"));
    assertThat(config.credentials().password().orElseThrow().clearText())
        .isEqualTo(" two\nlines \n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin-password", "operator-token", "control-token", "store"})
  void read_rejectsValueTogetherWithFile(String flag) throws IOException {
    var file = file("x");
    var name = "DOPPEL_" + flag.toUpperCase(Locale.ROOT).replace('-', '_');
    var line = "--" + flag + ": not allowed together with --" + flag + "-file";
    assertThatThrownBy(() -> parse(Map.of(), "--" + flag, "x", "--" + flag + "-file", file))
        .isInstanceOf(StartupException.class)
        .hasMessage(line);
    assertThatThrownBy(() -> parse(Map.of(name, "x", name + "_FILE", file))).hasMessage(line);
    var config = file("%s: x\n%s-file: %s\n".formatted(flag, flag, file));
    assertThatThrownBy(() -> parse(Map.of(), "--config", config)).hasMessage(line);
  }

  @Test
  void flags_overrideEnvironment_whichOverridesConfiguration() throws IOException {
    var environment = Map.of("DOPPEL_ADMIN_PASSWORD_FILE", file("of the environment"));
    var config = file("admin-password: of the configuration\n");
    assertThat(password(parse(environment, "--admin-password", "of a flag")))
        .isEqualTo("of a flag");
    assertThat(password(parse(environment, "--config", config))).isEqualTo("of the environment");
    assertThat(
            password(
                parse(
                    Map.of("DOPPEL_ADMIN_PASSWORD", "of the environment"),
                    "--admin-password-file=" + file("of a file"))))
        .isEqualTo("of a file");
    assertThat(password(parse(Map.of(), "--config", config))).isEqualTo("of the configuration");
  }

  private static String password(DoppelConfig config) {
    return config.credentials().password().orElseThrow().clearText();
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin-password", "operator-token", "control-token", "store"})
  void read_rejectsUnreadableAndEmptyFiles(String flag) throws IOException {
    assertThatThrownBy(() -> parse(Map.of(), "--" + flag + "-file", "/no/such"))
        .isInstanceOf(StartupException.class)
        .hasMessage("--%s-file '/no/such': not allowed; use a text file that can be read", flag);
    var empty = file("\n");
    assertThatThrownBy(() -> parse(Map.of(), "--" + flag + "-file", empty))
        .hasMessage(
            "--%s-file '%s', which is empty: not allowed; use at least one character", flag, empty);
  }

  /** The error line says how to name a file store, and doesn't quote the file's content. */
  @Test
  void storeFile_rejectsFileWithoutUri() throws IOException {
    var file = file("s3cret");
    assertThatThrownBy(() -> parse(Map.of(), "--store-file", file))
        .hasMessage(
            "--store-file '%s': not allowed; use a file that contains memory:, file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE; for a store in this file, --store file:%s",
            file, file);
  }

  @Test
  void otherCommands_readSecretFiles() throws IOException {
    var store = "file:" + folder.resolve("none.db");
    assertThat(
            run(Map.of(), "admin", "reset-password", "--password=x", "--store-file=" + file(store)))
        .startsWith("doppel: --store " + store + ": ");
    assertThat(run(Map.of("DOPPEL_STORE_FILE", file(store)), "check"))
        .startsWith("doppel: --store " + store + ": ");
    assertThat(run(Map.of("DOPPEL_ADMIN_PASSWORD_FILE", file("s3cret\n")), "env", "vcloud"))
        .contains("export VCD_PASSWORD='s3cret'\n");
  }

  private static String run(Map<String, String> environment, String... args) {
    var out = new StringWriter();
    Main.commandLine(Defaults.of(args, environment))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .execute(args);
    return out.toString();
  }
}
