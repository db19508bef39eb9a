package dev.doppel.cli;

import static dev.doppel.cli.DoppelProcess.CONTROL_TOKEN;
import static dev.doppel.cli.DoppelProcess.TOKEN;
import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Vendors;
import dev.doppel.gateway.Http;
import dev.doppel.store.postgres.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar in a process of its own. */
class ProcessIT {

  /** Concurrent requests when the process is killed. */
  private static final int MAX_CONCURRENT = 50;

  /** Changes that are acknowledged before the process is killed. */
  private static final int MIN_ACKNOWLEDGED = 500;

  /** More users with long names than fit into the memory of a small process. */
  private static final int MAX_LONG_NAMES = 10_000;

  /** Far more than a process needs to exit on a busy machine. */
  private static final int EXIT_TIMEOUT_SECONDS = 60;

  private static final int SEEDED_USERS = 20_000;

  @TempDir Path folder;

  private DoppelProcess startOnFile() throws IOException {
    return DoppelProcess.startOn("file:" + folder.resolve("users.db"));
  }

  @Test
  void banner_showsWorkingCommandForEachDialect() throws IOException, InterruptedException {
    try (var running = DoppelProcess.start("--port", "0")) {
      var commands = running.banner().stream().filter(line -> line.startsWith("curl ")).toList();
      assertThat(commands).hasSameSizeAs(Vendors.all());
      for (var command : commands) {
        var curl =
            new ProcessBuilder("bash", "-c", "set -e; " + command.replace("curl ", "curl -sSf "))
                .redirectErrorStream(true)
                .start();
        var answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(command + "\n" + answer).isZero();
        // Some vendors report errors with status 200, and all of them with a message.
        assertThat(answer).as(command).isNotBlank().doesNotContain("\"message\"");
      }
    }
  }

  @Test
  void wrongFlag_printsOneLineAndExitsWith2() throws IOException, InterruptedException {
    var process = DoppelProcess.command("--port", "70000").start();
    var error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(error).isEqualTo("doppel: --port '70000': not allowed; use 0 to 65535\n");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  @Test
  void portInUse_printsOneLineAndExitsWith1() throws IOException, InterruptedException {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      var process = DoppelProcess.command("--port", Integer.toString(taken.getLocalPort())).start();
      var error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(error)
          .isEqualTo(
              "doppel: --port " + taken.getLocalPort() + ": in use or not allowed on 127.0.0.1\n");
      assertThat(process.waitFor()).isEqualTo(1);
    }
  }

  @Test
  void invalidStore_printsOneLineAndExitsWith1() throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("x.db"), "not a store".repeat(999));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    var process = DoppelProcess.command("--store", "file:" + file).start();
    var error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(error.lines()).hasSize(1);
    assertThat(error).contains("damaged or no Doppel store");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  /** The body is sent in two parts, with the signal in between. */
  @Test
  void sigterm_answersPendingRequest_andExitsInTime() throws IOException, InterruptedException {
    try (var running = startOnFile();
        var socket = new Socket("127.0.0.1", running.uri().getPort())) {
      socket.setSoTimeout(10_000);
      var body = "{\"name\":\"late\"}";
      var head =
          "POST /api/v2/users HTTP/1.1\r\nHost: x\r\nAuthorization: Token %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(TOKEN, body.length());
      socket
          .getOutputStream()
          .write((head + body.substring(0, 5)).getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      awaitAnswer(running); // another request is answered, so the first has arrived, too
      var started = System.nanoTime();
      running.process().destroy();
      awaitNoMoreConnections(running); // the signal is handled before the rest is sent
      socket.getOutputStream().write(body.substring(5).getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      var answer = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
      assertThat(answer).startsWith("HTTP/1.1 201");
      assertThat(running.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(running.process().exitValue()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(6));
    }
    try (var again = startOnFile()) {
      assertThat(user(again, "late")).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void signal_exitsWith0(String signal) throws IOException, InterruptedException {
    var command = DoppelProcess.command("--port=0", "--store=memory:");
    // In the background of a script, this process and so its children may ignore SIGINT.
    command.command().addAll(0, List.of("env", "--default-signal=INT"));
    try (var running = DoppelProcess.start(command)) {
      var pid = Long.toString(running.process().pid());
      assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
      assertThat(running.process().waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(running.process().exitValue()).isZero();
    }
  }

  /** The first signal waits for a pending request. */
  @Test
  void secondSignal_exitsAtOnce() throws IOException, InterruptedException {
    try (var running = DoppelProcess.start("--port=0", "--store=memory:");
        var socket = new Socket("127.0.0.1", running.uri().getPort())) {
      socket
          .getOutputStream()
          .write(
              "POST /api/v2/users HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
                  .getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      awaitAnswer(running);
      running.process().destroy();
      awaitNoMoreConnections(running);
      running.process().destroy();
      assertThat(running.process().waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(running.process().exitValue()).isEqualTo(128 + 15);
    }
  }

  @Test
  void sigterm_cancelsWaitForPostgres() throws Exception {
    var store = "postgresql://u:p@127.0.0.1:%d/d?sslmode=disable".formatted(freePort());
    var errors = folder.resolve("errors.txt");
    var process =
        DoppelProcess.command(DoppelProcess.onStore(store)).redirectError(errors.toFile()).start();
    until("waits", () -> text(errors).contains("waiting for PostgreSQL"));
    assertEndsOrderly(process);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The server accepts connections and never responds. */
  @Test
  void sigterm_cancelsWaitForSilentServer() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var store =
          "postgresql://u:p@127.0.0.1:%d/d?sslmode=disable".formatted(silent.getLocalPort());
      var process = DoppelProcess.command(DoppelProcess.onStore(store)).start();
      try (var connected = silent.accept()) {
        assertThat(connected.isConnected()).isTrue();
        assertEndsOrderly(process);
      }
    }
  }

  /** Both while the seed is read and while it is stored. Hashing its passwords would take hours. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sigterm_cancelsLoadingOfSeed(boolean open) throws Exception {
    var seed = folder.resolve("seed.yaml");
    try (var out = Files.newBufferedWriter(seed)) {
      out.write("users:\n");
      for (int i = 0; i < SEEDED_USERS; i++) {
        out.write("- {name: user%d, password: a-password-%d}\n".formatted(i, i));
      }
    }
    var file = folder.resolve("users.db");
    var command = DoppelProcess.command(DoppelProcess.onStore("file:" + file));
    command.command().remove("--hash=fast");
    command.command().add("--seed=" + seed);
    command.environment().put("JDK_JAVA_OPTIONS", "-Xlog:class+load:stderr");
    var errors = folder.resolve("errors.txt");
    var process = command.redirectError(errors.toFile()).start();
    var sign = open ? "dev.doppel.gateway.realm.Seeding$PreparedSeed" : "dev.doppel.SeedReader";
    until("loads the seed", () -> text(errors).contains(sign));
    assertEndsOrderly(process);
    var seal = folder.resolve("users.db.seal");
    assertThat(Files.exists(seal)).isEqualTo(open);
    if (open) {
      assertThat(seal).content().matches("[0-9a-f]{24}");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertEndsOrderly(Process process) throws InterruptedException {
    try {
      process.destroy();
      assertThat(process.waitFor(EXIT_TIMEOUT_SECONDS / 2, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The shell sleeps in the process that then runs the JVM. */
  @Test
  void readyLine_containsTimeSinceLaunch() throws IOException {
    var command = DoppelProcess.command("--port=0", "--store=memory:");
    command.command().addAll(0, List.of("sh", "-c", "sleep 1; exec \"$@\"", "sh"));
    var before = System.nanoTime();
    try (var running = DoppelProcess.start(command)) {
      var measured = Duration.ofNanos(System.nanoTime() - before).toMillis();
      var ready = running.banner().get(running.banner().size() - 1).split(" ", -1);
      assertThat(Long.parseLong(ready[ready.length - 2])).isBetween(1_000L, measured + 20);
    }
  }

  /** The launcher prepares fast starts with this command. */
  @Test
  void train_exitsWith0() throws IOException, InterruptedException {
    var process = DoppelProcess.command("train").redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static void awaitAnswer(DoppelProcess running) {
    new Http(running.uri()).send("GET", "/_doppel/health", "");
  }

  private static void awaitNoMoreConnections(DoppelProcess running) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    while (System.nanoTime() < deadline) {
      try (var more = new Socket("127.0.0.1", running.uri().getPort())) {
        assertThat(more.isConnected()).isTrue();
      } catch (IOException refused) {
        return;
      }
    }
    throw new AssertionError("still accepts connections");
  }

  /** Clients get answers until the memory is used up; then the process exits with an error line. */
  @Test
  void outOfMemory_exits() throws IOException, InterruptedException {
    var errors = folder.resolve("errors.txt");
    var command =
        DoppelProcess.command(
            // Exits soon instead of spending nearly all time on garbage collection.
            List.of(
                "-Xmx48m", "-XX:+UseParallelGC", "-XX:GCTimeLimit=20", "-XX:GCHeapFreeLimit=20"),
            "--port=0",
            "--admin-password=a-password",
            "--operator-token=" + TOKEN);
    try (var running = DoppelProcess.start(command, Redirect.to(errors.toFile()))) {
      assertThat(fillMemory(running)).isBetween(1, MAX_LONG_NAMES - 1);
      assertThat(running.process().waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(running.process().exitValue()).isEqualTo(1);
    }
    assertThat(Files.readString(errors))
        .contains("doppel: out of memory, exiting; allow more with -Xmx\n");
  }

  @Test
  void resetPassword_readsStandardInput() throws IOException, InterruptedException {
    startOnFile().close();
    var store = "--store=file:" + folder.resolve("users.db");
    var reset = DoppelProcess.command("admin", "reset-password", store).start();
    try (var in = reset.getOutputStream()) {
      in.write("fr0m-Standard-Input\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(reset.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(new String(reset.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("doppel: user 'root' has a new password; its sessions have ended\n");
    assertThat(reset.waitFor()).isZero();
    try (var again = startOnFile()) {
      var signedIn =
          new Http(again.uri())
              .send(
                  "POST",
                  "/api/v2/signin",
                  "",
                  "Authorization",
                  Http.basic("root", "fr0m-Standard-Input"));
      assertThat(signedIn.statusCode()).isEqualTo(204);
    }
    var nothing = DoppelProcess.command("admin", "reset-password", store).start();
    nothing.getOutputStream().close();
    assertThat(new String(nothing.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "doppel: standard input, whose first line is empty: not allowed; use at least one"
                + " character other than spaces\n");
    assertThat(nothing.waitFor()).isEqualTo(2);
  }

  /** Creates users until the process has ended, and returns how many requests were answered. */
  private static int fillMemory(DoppelProcess running) {
    var http = new Http(running.uri());
    int answered = 0;
    for (int i = 0; i < MAX_LONG_NAMES && running.process().isAlive(); i++) {
      var user = new JsonObject().put("name", i + "n".repeat(32 << 10)).encode();
      try {
        http.send("POST", "/api/v2/users", user, "Authorization", "Token " + TOKEN);
        answered++;
      } catch (AssertionError noAnswer) {
        // the process is exiting, or so short of memory that the next request ends it
      }
    }
    return answered;
  }

  private static int user(DoppelProcess running, String name) {
    return new Http(running.uri())
        .send("GET", "/api/v2/users?name=" + name, "", "Authorization", "Token " + TOKEN)
        .statusCode();
  }

  @Test
  void kill_losesNoAcknowledgedChange_inFile() throws IOException, InterruptedException {
    killAmidWrites("file:" + folder.resolve("users.db"));
  }

  @Test
  void kill_losesNoAcknowledgedChange_inPostgres() throws IOException, InterruptedException {
    var database = TestPostgres.newUri();
    killAmidWrites(database);
    assertThat(
            count(
                database,
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"))
        .isZero();
    assertThat(count(database, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).isZero();
    assertThat(
            count(
                database,
                "SELECT 1 FROM users u WHERE NOT EXISTS"
                    + " (SELECT FROM memberships WHERE user_id = u.id AND name = u.name)"))
        .isZero();
    assertThat(
            count(
                database,
                "SELECT 1 FROM users HAVING count(*) <>"
                    + " (SELECT sum(count) FROM member_counts WHERE organization = 0)"))
        .as("every user is in the default organization")
        .isZero();
  }

  private static int count(String database, String sql) {
    var vertx = Vertx.vertx();
    try {
      return await(
              PgConnection.connect(vertx, PgConnectOptions.fromUri(database))
                  .compose(on -> on.query(sql).execute().eventually(on::close)))
          .size();
    } finally {
      await(vertx.close());
    }
  }

  private static void killAmidWrites(String store) throws IOException, InterruptedException {
    var acknowledged = Collections.synchronizedList(new ArrayList<String>());
    var sent = new ArrayList<CompletableFuture<Void>>();
    try (var running = DoppelProcess.startOn(store)) {
      var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      var places = new Semaphore(MAX_CONCURRENT);
      for (int i = 0; acknowledged.size() < MIN_ACKNOWLEDGED; i++) {
        var name = "user" + i;
        var request =
            HttpRequest.newBuilder(running.uri().resolve("/api/v2/users"))
                .header("Authorization", "Token " + TOKEN)
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
                .build();
        assertThat(places.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        sent.add(
            client
                .sendAsync(request, BodyHandlers.ofString())
                .thenAccept(
                    answer -> {
                      if (answer.statusCode() == 201) {
                        acknowledged.add(new JsonObject(answer.body()).getString("id") + name);
                      }
                    })
                .whenComplete((done, killed) -> places.release())
                .exceptionally(killed -> null));
      }
      running.process().destroyForcibly().waitFor();
      sent.forEach(CompletableFuture::join);
    }
    var known = List.copyOf(acknowledged);
    assertThat(known).hasSizeGreaterThanOrEqualTo(MIN_ACKNOWLEDGED);
    try (var again = DoppelProcess.startOn(store)) {
      for (var one : known) {
        var id = one.substring(0, 16);
        var name = one.substring(16);
        assertThat(user(again, name)).as(name).isEqualTo(200);
        var byId =
            new Http(again.uri())
                .send("GET", "/api/v2/users/" + id, "", "Authorization", "Token " + TOKEN);
        assertThat(new JsonObject(byId.body()).getString("name")).isEqualTo(name);
      }
      assertNamesAndIdsAgree(again);
    }
  }

  /** Verifies that each user in the list is also found by name. */
  private static void assertNamesAndIdsAgree(DoppelProcess running) {
    var http = new Http(running.uri(), CONTROL_TOKEN);
    var after = "0000000000000001";
    int count = 0;
    for (String next = after; next != null; ) {
      var page =
          new JsonObject(http.send("GET", "/_doppel/users?limit=500&after=" + next, "").body());
      for (var item : page.getJsonArray("users")) {
        var user = (JsonObject) item;
        assertThat(user(running, user.getString("name"))).isEqualTo(200);
        count++;
      }
      next = page.getString("next");
    }
    assertThat(count).isGreaterThan(MIN_ACKNOWLEDGED);
  }
}
