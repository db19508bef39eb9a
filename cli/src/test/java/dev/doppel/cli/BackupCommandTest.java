package dev.doppel.cli;

import static dev.doppel.testkit.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.gateway.Gateway;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.testkit.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /_doppel/backup} and {@code doppel backup}: copies that can be opened as stores. */
class BackupCommandTest {

  private static final String SEED =
      """
      {"organizations": [{"name": "acme"}], "roles": [{"name": "reader"}],
       "users": [{"name": "ann", "email": "ann@example.com", "roles": ["reader"],
                  "organizations": {"acme": "owner"}},
                 {"name": "bob"}]}
      """;

  private static final String SOUND = "doppel: 3 users, 3 organizations and 3 roles; no problems\n";

  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(Map<String, String> environment, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var exitCode =
        Main.commandLine(Defaults.of(args, environment))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private static Outcome run(String... args) {
    return run(Map.of(), args);
  }

  private void assertSound(Path copy) throws IOException {
    assertThat(Files.getPosixFilePermissions(copy))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(run("check", "--store=file:" + copy)).isEqualTo(new Outcome(0, SOUND, ""));
  }

  private List<String> files() {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void backup_ofRunningStore_canBeOpened() throws IOException {
    var copy = folder.resolve("copy.db");
    try (var doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")))) {
      assertThat(PersistentGateways.client(doppel).control("POST", "seed", SEED))
          .startsWith("200 ");
      var outcome =
          run(
              Map.of(
                  "DOPPEL_CONTROL_TOKEN",
                  PersistentGateways.CONTROL_TOKEN,
                  "DOPPEL_STORE",
                  "file:x.db"),
              "backup",
              "--url=" + doppel.uri(),
              copy.toString());
      assertThat(outcome)
          .isEqualTo(
              new Outcome(
                  0, "doppel: wrote %d bytes to '%s'\n".formatted(Files.size(copy), copy), ""));
      // The gateway deletes its own copy after it has sent the last byte.
      until("no other file", () -> files().size() == 3);
      assertThat(files()).containsExactly("copy.db", "users.db", "users.db.seal");
    }
    assertSound(copy);
  }

  @Test
  void backup_ofClosedStore_canBeOpened() throws IOException {
    var file = folder.resolve("users.db");
    try (var doppel = PersistentGateways.start(MvStore.file(file))) {
      assertThat(PersistentGateways.client(doppel).control("POST", "seed", SEED))
          .startsWith("200 ");
      var busy = run("backup", "--store=file:" + file, folder.resolve("no.db").toString());
      assertThat(busy)
          .isEqualTo(
              new Outcome(
                  1,
                  "",
                  "doppel: --store file:%1$s: %1$s is in use by another process\n"
                      .formatted(file)));
    }
    var copy = folder.resolve("copy.db");
    assertThat(run("backup", "--store=file:" + file, copy.toString()).exitCode()).isZero();
    assertSound(copy);
    assertThat(files()).containsExactly("copy.db", "copy.db.seal", "users.db", "users.db.seal");
  }

  @Test
  void get_requiresToken_andReturnsNamedFile() {
    try (var doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")))) {
      var answer = PersistentGateways.client(doppel).send("GET", "/_doppel/backup", "");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
      assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
          .matches(
              "attachment; filename=\"doppel-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.db\"");
      assertThat(new Http(doppel.uri()).send("GET", "/_doppel/backup", "").statusCode())
          .isEqualTo(401);
      assertThat(PersistentGateways.client(doppel).control("GET", "backup?to=x", ""))
          .startsWith("400 {\"error\":\"?to: not known");
    }
  }

  @Test
  void backup_ofMemoryStore_canBeOpened() throws IOException {
    var copy = folder.resolve("copy.db");
    try (var doppel = Doppel.start()) {
      assertThat(new Http(doppel.uri()).control("POST", "seed", SEED)).startsWith("200 ");
      assertThat(run("backup", "--url=" + doppel.uri() + "/", copy.toString()).exitCode()).isZero();
    }
    assertSound(copy);
  }

  @Test
  void backup_ofOneOfSeparateStores_canBeOpened() throws IOException {
    var copy = folder.resolve("copy.db");
    var config = DoppelConfig.DEFAULT.toBuilder().port(0).stores(Stores.SEPARATE).build();
    try (var doppel = Doppel.start(config)) {
      assertThat(new Http(doppel.uri()).control("POST", "seed", SEED)).startsWith("200 ");
      assertThat(run("backup", "--url=" + doppel.uri(), copy.toString()).err())
          .contains("400 {", "?dialect: needed");
      assertThat(
              run("backup", "--url=" + doppel.uri(), "--dialect=influx", copy.toString())
                  .exitCode())
          .isZero();
    }
    assertSound(copy);
  }

  @Test
  void backup_rejectsPostgres() {
    try (var doppel =
        PersistentGateways.start(new PgStore(PgAddress.parse(TestPostgres.newUri()), 2))) {
      assertThat(PersistentGateways.client(doppel).control("GET", "backup", ""))
          .isEqualTo("409 {\"error\":\"this store is in PostgreSQL; back it up with pg_dump\"}\n");
    }
    assertThat(
            run("backup", "--store=postgresql://u:p@127.0.0.1:5432/d", folder + "/copy.db").err())
        .isEqualTo(
            "doppel: --store 'postgresql://127.0.0.1:5432/d': not allowed; use file:PATH, or"
                + " pg_dump for a PostgreSQL database\n");
  }

  @Test
  void backup_rejectsExistingTarget() throws IOException {
    var letter = Files.writeString(folder.resolve("letter.txt"), "Dear John");
    try (var doppel = Doppel.start()) {
      assertThat(run("backup", "--url=" + doppel.uri(), letter.toString()))
          .isEqualTo(
              new Outcome(
                  1, "", "doppel: '%s' already exists; name a new file\n".formatted(letter)));
    }
    assertThat(letter).content().isEqualTo("Dear John");
  }

  @Test
  void backup_rejectsTargetInMissingDirectory() {
    var nowhere = folder.resolve("no/copy.db");
    assertThat(run("backup", "--url=http://127.0.0.1:1", nowhere.toString()))
        .isEqualTo(
            new Outcome(
                1, "", "doppel: '%s' is in a folder that doesn't exist\n".formatted(nowhere)));
  }

  private Path file(String name, Duration age) throws IOException {
    var file = Files.writeString(folder.resolve(name), "x");
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void oldTemporaryFiles_areDeletedByNextStartAndNextBackup() throws IOException {
    var id = "doppel-backup-4a5a2a4e-6a5c-4b0e-9d0e-0123456789a";
    var old = Duration.ofMinutes(61);
    var others =
        List.of(
            file(id + "0.tmp", Duration.ofMinutes(50)),
            file("doppel-backup-mine.tmp", old),
            file("x" + id + "1.tmp", old),
            file(id + "2.tmp.gz", old));
    var left = file(id + "3.tmp", old);
    try (var doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")))) {
      assertThat(left).doesNotExist();
      var leftLater = file(id + "4.tmp", old);
      assertThat(PersistentGateways.client(doppel).send("GET", "/_doppel/backup", "").statusCode())
          .isEqualTo(200);
      assertThat(leftLater).doesNotExist();
    }
    assertThat(others).allSatisfy(file -> assertThat(file).exists());
  }

  @Test
  void get_limitsConcurrentBackups() {
    var vertx = Vertx.vertx();
    try {
      var gateway =
          Await.await(Gateway.start(vertx, DoppelConfig.DEFAULT.toBuilder().port(0).build()));
      var http = new Http(URI.create(gateway.url()));
      var files = gateway.realm().backupFiles();
      var first = files.reserve().orElseThrow();
      var second = files.reserve().orElseThrow();
      assertThat(http.control("GET", "backup", ""))
          .isEqualTo(
              "503 {\"error\":\"2 backups are being made or sent already; try again when one is"
                  + " done\"}\n");
      files.release(first);
      for (int i = 0; i < 3; i++) { // each releases its place
        until(
            "a backup is made", () -> http.send("GET", "/_doppel/backup", "").statusCode() == 200);
      }
      files.release(second);
      Await.await(gateway.close());
    } finally {
      Await.await(vertx.close());
    }
  }

  @Test
  void get_releasesPlaceOfFailedBackup() {
    try (var doppel =
        PersistentGateways.start(new PgStore(PgAddress.parse(TestPostgres.newUri()), 2))) {
      for (int i = 0; i < 3; i++) {
        assertThat(PersistentGateways.client(doppel).control("GET", "backup", ""))
            .startsWith("409 ");
      }
    }
  }

  @Test
  void backup_rejectsWrongFlags() {
    var copy = folder.resolve("copy.db").toString();
    assertThat(run("backup", copy).err()).isEqualTo("doppel: backup: needs --url or --store\n");
    assertThat(run("backup", "--url=http://127.0.0.1:1", "--store=file:x", copy).err())
        .isEqualTo("doppel: --url: not allowed together with --store\n");
    assertThat(run("backup", "--store=file:x", "--dialect=influx", copy).err())
        .isEqualTo("doppel: --dialect: only with --url\n");
    assertThat(run("backup", "--url=ftp://127.0.0.1", copy).err())
        .isEqualTo(
            "doppel: --url 'ftp://127.0.0.1': not allowed; use an address such as"
                + " http://127.0.0.1:8080\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://root:s3cret@127.0.0.1:1",
        "http://s3cret@127.0.0.1:1",
        "http:root:s3cret@127.0.0.1:1",
        "http://root:s3 cret@127.0.0.1:1",
        "root:s3cret@127.0.0.1:1",
        "http://root:s3cret@[::1",
      })
  void url_rejectsUserInformationWithoutPrintingIt(String url) {
    var outcome = run("backup", "--url=" + url, folder.resolve("copy.db").toString());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .matches("(?s)doppel: --url '(http://)?\\*\\*\\*@.*")
        .endsWith("': not allowed; use an address such as http://127.0.0.1:8080\n")
        .doesNotContain("s3", "cret");
    assertThat(files()).isEmpty();
  }

  @Test
  void backup_withWrongToken_failsAndLeavesNoFile() {
    try (var doppel = PersistentGateways.start(MvStore.memory())) {
      var outcome =
          run("backup", "--url=" + doppel.uri(), "--control-token=no", folder + "/copy.db");
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err())
          .startsWith("doppel: --url %s/_doppel/backup: 401 {\"error\":".formatted(doppel.uri()));
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void controlToken_rejectsControlCharactersWithoutPrintingThem() throws IOException {
    var refused =
        new Outcome(
            2, "", "doppel: --control-token as given: not allowed; use visible characters\n");
    var url = "--url=http://127.0.0.1:1";
    var copy = folder.resolve("copy.db").toString();
    assertThat(run("backup", url, "--control-token=s3\ncret", copy)).isEqualTo(refused);
    assertThat(run(Map.of("DOPPEL_CONTROL_TOKEN", "s3\u0000cret"), "backup", url, copy))
        .isEqualTo(refused);
    var file = Files.writeString(folder.resolve("token"), "s3\r\ncret\n");
    assertThat(run("backup", url, "--control-token-file=" + file, copy)).isEqualTo(refused);
    assertThat(files()).containsExactly("token");
  }

  @Test
  void storeFile_namesStore() throws IOException {
    var store = folder.resolve("users.db");
    PersistentGateways.start(MvStore.file(store)).close();
    var named = Files.writeString(folder.resolve("store"), "file:" + store + "\n").toString();
    var first = folder.resolve("first.db").toString();
    assertThat(run("backup", "--store-file=" + named, first).err()).isEmpty();
    var second = folder.resolve("second.db").toString();
    assertThat(run(Map.of("DOPPEL_STORE_FILE", named), "backup", second).err()).isEmpty();
    assertThat(run("check", "--store=file:" + second).exitCode()).isZero();
    assertThat(run("backup", "--url=http://127.0.0.1:1", "--store-file=" + named, first).err())
        .startsWith("doppel: ")
        .endsWith("not allowed together with --store\n");
  }

  @Test
  void backup_reportsWhyItCannotConnect() throws IOException {
    int closed;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    assertThat(run("backup", "--url=http://127.0.0.1:" + closed, folder + "/copy.db").err())
        .isEqualTo(
            "doppel: --url http://127.0.0.1:%d/_doppel/backup: can't connect\n".formatted(closed));
    try (var doppel = Doppel.start()) {
      var url = "https://127.0.0.1:" + doppel.uri().getPort();
      assertThat(run("backup", "--url=" + url, folder + "/copy.db").err()).contains("TLS failed");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void backup_withTruncatedResponse_failsAndLeavesNoFile() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var answering = new Thread(() -> breakOff(server));
      answering.start();
      var url = "http://127.0.0.1:" + server.getLocalPort();
      assertThat(run("backup", "--url=" + url, folder + "/copy.db"))
          .isEqualTo(
              new Outcome(
                  1,
                  "",
                  "doppel: --url %s/_doppel/backup: the response ended early\n".formatted(url)));
      answering.join();
    }
    assertThat(files()).isEmpty();
  }

  private static void breakOff(ServerSocket server) {
    try (var client = server.accept()) {
      var in = client.getInputStream();
      for (int line = 0; line < 4; line = in.read() == '\n' ? line + 1 : line) {
        // skip the request's first lines
      }
      client
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"
                  .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
