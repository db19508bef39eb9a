package dev.doppel.cli;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.gateway.VendorClient;
import dev.doppel.migration.bolt.BoltFile;
import dev.doppel.store.MvStore;
import dev.doppel.users.Store;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of InfluxDB, from a file of 200 users that bbolt 1.3.6 wrote. */
class InfluxBoltTest {

  private static final Path ESTATE = Path.of("../migration/src/test/resources");

  @TempDir Path folder;

  private Path bolt;

  /** A user as the list of the estate has it. */
  private record Known(String name, String password, String hash, boolean active) {}

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
    return new Outcome(exitCode, out.toString(), withoutProgress(err.toString()));
  }

  /** Removes the lines that are printed every two seconds. */
  static String withoutProgress(String err) {
    return err.replaceAll("doppel: \\d+ rows, \\d+ a second\n", "");
  }

  private static List<Known> known() throws IOException {
    return new JsonArray(Files.readString(ESTATE.resolve("users.json")))
        .stream()
            .map(JsonObject.class::cast)
            .map(
                one ->
                    new Known(
                        one.getString("name"),
                        one.getString("password"),
                        one.getString("hash"),
                        one.getBoolean("active")))
            .toList();
  }

  @BeforeEach
  void copy() throws IOException {
    bolt = folder.resolve("influxd.bolt");
    Files.copy(ESTATE.resolve("influxd.bolt"), bolt);
  }

  private Outcome importInto(String store, String... more) {
    var args =
        Stream.concat(
            Stream.of("import", "influx-bolt:" + bolt, "--into", "file:" + folder.resolve(store)),
            Stream.of(more));
    return run(args.toArray(String[]::new));
  }

  /** Imports into a store that has its administrator. */
  private Store imported(String store) {
    PersistentGateways.start(MvStore.file(folder.resolve(store))).close();
    var outcome = importInto(store);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    var summary = new JsonObject(outcome.out());
    assertThat(summary.getJsonObject("verdicts"))
        .isEqualTo(
            new JsonObject()
                .put("organizations", new JsonObject().put("imported", 2))
                .put("tokens", new JsonObject().put("imported", 20))
                .put("users", new JsonObject().put("imported", 200)));
    assertThat(summary.getJsonObject("passwords"))
        .isEqualTo(new JsonObject().put("kept", 196).put("none", 4));
    assertThat(run("check", "--store", "file:" + folder.resolve(store)).exitCode()).isZero();
    return MvStore.file(folder.resolve(store));
  }

  /** Milvus takes the password in a header; only Basic carries other than ASCII characters. */
  private static boolean signsInToMilvus(Http http, String name, String password) {
    var answer =
        http.send(
            "POST",
            "/v2/vectordb/users/create",
            "{\"userName\":\"x\",\"password\":\"P@ssw0rd\"}",
            "Authorization",
            basic(name, password));
    assertThat(answer.statusCode()).isIn(401, 403);
    return answer.statusCode() == 403;
  }

  @Test
  void users_signInThroughEveryDialect() throws IOException {
    try (var doppel = PersistentGateways.start(imported("users.db"))) {
      var http = PersistentGateways.client(doppel);
      var others =
          VendorClient.all(http).stream()
              .filter(client -> !(client instanceof VendorClient.Milvus))
              .toList();
      assertThat(others).hasSize(3);
      for (var user : known()) {
        var can = user.active() && !user.hash().isEmpty();
        if (!user.name().contains(":")) {
          assertThat(signsInToMilvus(http, user.name(), user.password()))
              .as("milvus: %s", user)
              .isEqualTo(can);
        }
        for (var client : others) {
          // InfluxDB 2.9.1 asks for another password if one has more than 72 bytes.
          var tooLong = client instanceof VendorClient.Influx && user.password().length() > 72;
          assertThat(client.signsIn(user.name(), user.password()))
              .as("%s: %s", client.getClass().getSimpleName(), user)
              .isEqualTo(can && !tooLong);
        }
      }
      assertThat(signsInToMilvus(http, "anna", "wrong")).isFalse();
    }
  }

  @Test
  void idsAndTokensAndOrganizations_stay() throws IOException {
    try (var doppel = PersistentGateways.start(imported("users.db"));
        var file = BoltFile.open(bolt)) {
      var http = PersistentGateways.client(doppel);
      var operator = new String[] {"Authorization", "Token doppel-operator-token"};
      for (var entry : file.root().bucket("usersv1").orElseThrow()) {
        var expected = new JsonObject(new String(entry.value(), StandardCharsets.UTF_8));
        var answer =
            new JsonObject(
                http.send("GET", "/api/v2/users/" + entry.keyText(), "", operator).body());
        assertThat(answer.getString("id")).isEqualTo(entry.keyText());
        assertThat(answer.getString("name")).isEqualTo(expected.getString("name"));
        assertThat(answer.getString("status")).isEqualTo(expected.getString("status"));
      }
      // A token that was clear, and one of which the file has the hash alone.
      for (var token : List.of("token-of-anna", "token-of-user0010")) {
        var seen = http.send("GET", "/api/v2/orgs", "", "Authorization", "Token " + token);
        assertThat(seen.statusCode()).as(token).isEqualTo(200);
        assertThat(seen.body()).contains("\"0b00000000000001\"").doesNotContain("umbrella");
      }
      var authorizations =
          new JsonObject(http.send("GET", "/api/v2/authorizations", "", operator).body())
              .getJsonArray("authorizations").stream()
                  .map(one -> ((JsonObject) one).getString("id"))
                  .toList();
      for (var entry : file.root().bucket("authorizationsv1").orElseThrow()) {
        assertThat(authorizations).contains(entry.keyText());
      }
      var owners =
          new JsonObject(
                  http.send("GET", "/api/v2/orgs/0b00000000000001/owners", "", operator).body())
              .getJsonArray("users");
      assertThat(owners.stream().map(one -> ((JsonObject) one).getString("name")))
          .contains("anna")
          .doesNotContain("bert");
    }
  }

  private Outcome export(String... more) {
    var args =
        Stream.concat(
            Stream.of("export", "--from", "file:" + folder.resolve("users.db")), Stream.of(more));
    return run(args.toArray(String[]::new));
  }

  private static Map<String, String> hashes(Path file) {
    var hashes = new TreeMap<String, String>();
    try (var read = BoltFile.open(file)) {
      read.root()
          .bucket("userspasswordv1")
          .orElseThrow()
          .forEach(
              entry ->
                  hashes.put(entry.keyText(), new String(entry.value(), StandardCharsets.UTF_8)));
    }
    return hashes;
  }

  @Test
  void export_givesTheSameHashes() throws IOException {
    imported("users.db");
    var out = folder.resolve("out.bolt");
    var lost = folder.resolve("lost.ndjson");
    var outcome =
        export("--format=influx-bolt", "--base=" + bolt, "--out=" + out, "--what-is-lost=" + lost);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(hashes(out)).hasSize(196).isEqualTo(hashes(bolt));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(lost))
        .isEqualTo("{\"user\":\"root\",\"lost\":[\"built-in account\"]}\n");
  }

  @Test
  void export_afterSignIn_saysThatThePasswordIsLost() {
    try (var doppel = PersistentGateways.start(imported("users.db"))) {
      var influx = new VendorClient.Influx(PersistentGateways.client(doppel));
      assertThat(influx.signsIn("anna", "Pa55word-0!")).isTrue();
    }
    var outcome =
        export("--format=influx-bolt", "--base=" + bolt, "--out=" + folder.resolve("out.bolt"));
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.out()).contains("doppel: not in the file: password of 1 users");
    assertThat(hashes(folder.resolve("out.bolt"))).hasSize(195);
  }

  @Test
  void export_refusesWrongFlags() {
    imported("users.db");
    for (var wrong :
        Map.of(
                "--format=influx-bolt --out=x", "--base: required with --format influx-bolt",
                "--format=influx-bolt --base=x", "--out: required with --format influx-bolt",
                "--base=x --out=y", "--base: only with --format influx-bolt",
                "--what-is-lost=x --out=y", "--what-is-lost: only with --format influx-bolt")
            .entrySet()) {
      assertThat(export(wrong.getKey().split(" ")))
          .isEqualTo(new Outcome(2, "", "doppel: " + wrong.getValue() + "\n"));
    }
    var target = folder.resolve("out.bolt");
    assertThat(export("--format=influx-bolt", "--base=" + folder, "--out=" + target).exitCode())
        .isEqualTo(1);
    assertThat(target).doesNotExist();
  }

  @Test
  void importAgain_changesNothing() {
    imported("users.db");
    var again = importInto("users.db");
    assertThat(again.exitCode()).isZero();
    assertThat(new JsonObject(again.out()).getJsonObject("verdicts"))
        .isEqualTo(
            new JsonObject()
                .put("organizations", new JsonObject().put("unchanged", 2))
                .put("tokens", new JsonObject().put("unchanged", 20))
                .put("users", new JsonObject().put("unchanged", 200)));
  }

  @Test
  void dryRun_saysTheSame() throws IOException {
    var target = folder.resolve("users.db");
    try (var doppel = PersistentGateways.start(MvStore.file(target))) {
      new VendorClient.Influx(PersistentGateways.client(doppel)).create("anna", "0ther-Password");
    }
    var reports = folder.resolve("reports");
    var dry = importInto("users.db", "--report", reports.toString(), "--dry-run");
    var real = importInto("users.db", "--report", reports.toString());
    assertThat(List.of(dry.exitCode(), real.exitCode())).containsOnly(3);
    try (var files = Files.list(reports)) {
      var rows =
          files
              .filter(file -> file.toString().endsWith(".ndjson"))
              .sorted()
              .map(InfluxBoltTest::withoutIds)
              .toList();
      assertThat(rows).hasSize(2);
      assertThat(rows.get(0))
          .isEqualTo(rows.get(1))
          .contains("\"name\":\"anna\",\"verdict\":\"refused\"", "\"why\":\"owner_missing\"")
          .doesNotContain("$2a$", "token-of-", "influxdb2-sha256");
    }
  }

  private static String withoutIds(Path file) {
    try {
      return Files.readString(file).replaceAll("\"(id|by)\":\"[0-9a-f]{16}\"", "\"$1\":\"…\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void compressedFile_isRead() throws IOException {
    var compressed = folder.resolve("influxd.bolt.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(bolt, out);
    }
    bolt = compressed;
    imported("users.db");
    Files.write(
        compressed,
        Arrays.copyOf(Files.readAllBytes(compressed), (int) Files.size(compressed) / 2));
    assertRefused("the compressed file is cut off or damaged; get it again");
  }

  private void assertRefused(String message) {
    var outcome = importInto("none.db");
    assertThat(outcome)
        .isEqualTo(
            new Outcome(1, "", "doppel: SOURCE 'influx-bolt:%s': %s%n".formatted(bolt, message)));
    assertThat(folder.resolve("none.db")).doesNotExist();
  }

  @Test
  void damagedFile_isRefusedInOneLine() throws IOException {
    try (var writing = new RandomAccessFile(bolt.toFile(), "rw")) {
      writing.setLength(100_000);
    }
    assertRefused("cut off: it has 100000 bytes of at least 245760");
    Files.writeString(bolt, "name,password\n");
    assertRefused("not a bbolt file, or both of its meta pages are damaged");
    Files.copy(ESTATE.resolve("etcd-snapshot.bolt"), bolt, StandardCopyOption.REPLACE_EXISTING);
    assertRefused("not InfluxDB's: it has no bucket 'usersv1'");
    bolt = folder.resolve("missing.bolt");
    assertRefused("no such file");
  }
}
