package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.gateway.PersistentGateways;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.users.Store;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code doppel import} and {@code doppel export}. */
class MigrationCommandTest {

  private static final String PASSWORD = "P@ssw0rd-1";

  @TempDir Path folder;

  private Path original;

  /** What a command prints, and its exit code. */
  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var exitCode =
        Main.commandLine(Defaults.of(args, Map.of()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Outcome(exitCode, out.toString(), InfluxBoltTest.withoutProgress(err.toString()));
  }

  private static void assertRefused(Outcome outcome, int exitCode, String line) {
    assertThat(outcome).isEqualTo(new Outcome(exitCode, "", "doppel: " + line + "\n"));
  }

  @BeforeEach
  void create() {
    original = folder.resolve("original");
    try (var doppel = PersistentGateways.start(MvStore.file(original))) {
      var influx = new VendorClient.Influx(PersistentGateways.client(doppel));
      influx.create("élodie", PASSWORD);
      influx.create("carl@acme.example", PASSWORD);
    }
  }

  private Path export(String from, String name) {
    var file = folder.resolve(name);
    var outcome = run("export", "--from", from, "--out", file.toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).matches("doppel: wrote \\d+ bytes to '.*'\n");
    assertThat(outcome.exitCode()).isZero();
    return file;
  }

  private static void assertSignIn(Store store) {
    try (var doppel = PersistentGateways.start(store)) {
      var http = PersistentGateways.client(doppel);
      for (var client : VendorClient.all(http)) {
        assertThat(client.signsIn("carl@acme.example", PASSWORD))
            .as(client.getClass().getSimpleName())
            .isTrue();
        assertThat(client.signsIn("carl@acme.example", PASSWORD + "x")).isFalse();
        assertThat(client.finds("élodie")).isTrue();
      }
      var me = http.send("GET", "/api/v2/me", "", "Authorization", "Token doppel-operator-token");
      assertThat(new JsonObject(me.body()).getString("name")).isEqualTo("root");
    }
  }

  @Test
  void importOfAnExport_intoFile_keepsUsersAndTokens() throws IOException {
    var exported = export("file:" + original, "users.ndjson");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(exported)))
        .isEqualTo("rw-------");
    var copy = folder.resolve("copy");
    var outcome = run("import", "doppel:" + exported, "--into", "file:" + copy);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    var summary = new JsonObject(outcome.out());
    assertThat(summary.getJsonObject("verdicts").getJsonObject("users"))
        .isEqualTo(new JsonObject().put("imported", 3));
    assertThat(Files.readString(export("file:" + copy, "again.ndjson")))
        .isEqualTo(Files.readString(exported));
    assertThat(run("check", "--store", "file:" + copy).exitCode()).isZero();
    assertSignIn(MvStore.file(copy));
  }

  @Test
  void importOfAnExport_intoPostgres_givesTheSameStore() throws IOException {
    var exported = export("file:" + original, "users.ndjson.gz");
    var uri = TestPostgres.newUri();
    for (var verdict : List.of("imported", "unchanged")) {
      var outcome = run("import", "doppel:" + exported, "--into", uri);
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.exitCode()).isZero();
      assertThat(new JsonObject(outcome.out()).getJsonObject("verdicts"))
          .allSatisfy(
              (kind) ->
                  assertThat(((JsonObject) kind.getValue()).fieldNames())
                      .as(kind.getKey())
                      .containsExactly(verdict));
      assertThat(Files.readString(export(uri, verdict)))
          .isEqualTo(Files.readString(export("file:" + original, "plain-" + verdict)));
    }
    assertSignIn(new PgStore(PgAddress.parse(uri), PgStorage.DEFAULT_CONNECTIONS));
  }

  @Test
  void import_readsPipe() throws IOException {
    var exported = export("file:" + original, "users.ndjson");
    var before = System.in;
    System.setIn(new ByteArrayInputStream(Files.readAllBytes(exported)));
    try {
      var outcome = run("import", "-", "--into", "file:" + folder.resolve("piped"));
      assertThat(outcome.exitCode()).isZero();
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void import_reportsWhatIsRefused() throws IOException {
    var exported = export("file:" + original, "users.ndjson");
    var target = folder.resolve("target");
    try (var doppel = PersistentGateways.start(MvStore.file(target))) {
      new VendorClient.Influx(PersistentGateways.client(doppel)).create("élodie", "0ther-Password");
    }
    var before = Files.readString(export("file:" + target, "before.ndjson"));
    var args =
        new String[] {
          "import",
          "doppel:" + exported,
          "--into",
          "file:" + target,
          "--report",
          folder.resolve("reports").toString(),
          "--dry-run"
        };
    var dry = run(args);
    assertThat(dry.exitCode()).isEqualTo(3);
    assertThat(dry.err())
        .contains("user 'élodie': Another user has the name. To do: rename one of them");
    assertThat(Files.readString(export("file:" + target, "after.ndjson"))).isEqualTo(before);
    var real = run(Arrays.copyOf(args, args.length - 1));
    assertThat(real.exitCode()).isEqualTo(3);
    assertThat(real.err()).isEqualTo(dry.err());
    try (var files = Files.list(folder.resolve("reports"))) {
      var all = files.sorted().toList();
      assertThat(all).hasSize(6);
      for (var file : all) { // they name users
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
      var rows = all.stream().filter(file -> file.toString().endsWith(".ndjson")).toList();
      assertThat(rows).hasSize(2);
      assertThat(Files.readString(rows.get(0)))
          .isEqualTo(Files.readString(rows.get(1)))
          .contains("\"why\":\"name_taken\"");
    }
    var keep = run("import", args[1], "--into", "file:" + target, "--on-conflict", "keep");
    assertThat(keep.err()).contains("root").doesNotContain("élodie");
  }

  @Test
  void import_ofFileThatIsCutOff_changesNothing() throws IOException {
    var exported = export("file:" + original, "users.ndjson");
    var text = Files.readString(exported);
    Files.writeString(exported, text.substring(0, text.length() - 20));
    var target = folder.resolve("target");
    var outcome = run("import", "doppel:" + exported, "--into", "file:" + target);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("doppel: SOURCE 'doppel:" + exported + "': line ");
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(target).doesNotExist();
  }

  @Test
  void commands_refuseWrongFlags() {
    assertRefused(
        run("import", "doppel:x"),
        2,
        "--into: required; use file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
    assertRefused(
        run("import", "dopple:x", "--into", "file:x"),
        2,
        "SOURCE 'dopple:x': not allowed; use doppel:FILE, influx-bolt:FILE or -");
    assertRefused(
        run("import", "-", "--into", "file:x", "--on-conflict", "refus"),
        2,
        "--on-conflict 'refus': not allowed; use refuse or keep; did you mean 'refuse'?");
    assertRefused(
        run("import", "doppel:" + folder.resolve("none"), "--into", "file:x"),
        1,
        "SOURCE 'doppel:%s': no such file".formatted(folder.resolve("none")));
    assertRefused(
        run("export", "--from", "memory:"),
        2,
        "--from 'memory:', which isn't persistent: not allowed; use file:PATH or"
            + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
    assertRefused(
        run("export", "--from", "file:x", "--format", "dopple"),
        2,
        "--format 'dopple': not allowed; use doppel or influx-bolt; did you mean 'doppel'?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"import - --dry-run --into", "export --from"})
  void commands_createNoStoreUnasked(String command) throws IOException {
    var args = (command + " file:" + folder.resolve("none")).split(" ");
    var before = System.in;
    System.setIn(
        new ByteArrayInputStream(Files.readAllBytes(export("file:" + original, "x.ndjson"))));
    try {
      var outcome = run(args);
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err())
          .startsWith("doppel: --" + (args[0].equals("import") ? "into" : "from"));
    } finally {
      System.setIn(before);
    }
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
