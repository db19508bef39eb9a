package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.doppel.gateway.Http;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.testkit.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Acknowledged changes survive failures of the process, its disk and its store. Runs a few rounds
 * in every build, a hundred with {@code mvn verify -Preliability}.
 */
class ReliabilityIT {

  private static final int ROUNDS = Integer.getInteger("doppel.rounds", 3);
  private static final int MAX_WRITE_MILLIS = 600;

  /** Starts on PostgreSQL; 50 with the profile {@code reliability}. */
  private static final int STARTS = Math.max(1, ROUNDS / 2);

  private static final int BUSY_LOOPS = 8;

  /** Users of a seed; 100,000 in the runs that docs/reliability.md describes. */
  private static final int SEEDED = Integer.getInteger("doppel.seeded", 5_000);

  /** Limit of the size of a file. */
  private static final int MAX_FILE_KIB = 1024;

  @TempDir Path folder;

  private final Random random = new Random(7);

  private enum Where {
    FILE,
    POSTGRESQL
  }

  private String store(Where where) {
    return where == Where.FILE ? "file:" + folder.resolve("users.db") : TestPostgres.newUri();
  }

  /** Verifies the store with {@code doppel check}. */
  private static void assertConsistent(String store) {
    var out = new StringWriter();
    var args = new String[] {"check", "--store=" + store};
    Main.commandLine(Defaults.of(args, Map.of())).setOut(new PrintWriter(out)).execute(args);
    assertThat(out.toString()).endsWith("; no problems\n");
  }

  @ParameterizedTest
  @EnumSource
  void kill_losesNoAcknowledgedChange(Where where) throws IOException, InterruptedException {
    var store = store(where);
    var changes = new Changes();
    for (int round = 0; round < ROUNDS; round++) {
      var prefix = "round" + round;
      try (var running = DoppelProcess.startOn(store)) {
        assertThat(changes.problems(running.uri(), "round" + (round - 1) + "-")).isEmpty();
        var before = changes.acknowledged();
        var writing = changes.start(running.uri(), prefix);
        Await.until("a change was acknowledged", () -> changes.acknowledged() > before);
        Thread.sleep(random.nextInt(MAX_WRITE_MILLIS));
        running.kill();
        Changes.awaitEnd(writing);
      }
      assertConsistent(store);
    }
    try (var running = DoppelProcess.startOn(store)) {
      assertThat(changes.problems(running.uri(), "round")).isEmpty();
    }
    assertThat(changes.acknowledged()).isGreaterThanOrEqualTo(ROUNDS);
    System.out.printf(
        "%s: killed %d times, %d changes acknowledged, none lost%n",
        where, ROUNDS, changes.acknowledged());
  }

  @ParameterizedTest
  @EnumSource
  void sigterm_underLoad_exitsInTime_andLosesNoAcknowledgedChange(Where where)
      throws IOException, InterruptedException {
    var store = store(where);
    var changes = new Changes();
    for (int round = 0; round < Math.max(1, ROUNDS / 10); round++) {
      try (var running = DoppelProcess.startOn(store)) {
        var writing = changes.start(running.uri(), "round" + round);
        Thread.sleep(MAX_WRITE_MILLIS);
        running.process().destroy();
        assertThat(running.process().waitFor(6, TimeUnit.SECONDS)).isTrue();
        Changes.awaitEnd(writing);
      }
      assertConsistent(store);
      try (var running = DoppelProcess.startOn(store)) {
        assertThat(changes.problems(running.uri(), "round")).isEmpty();
      }
    }
    assertThat(changes.acknowledged()).isPositive();
  }

  /** After the process is killed while it loads a seed, the next one loads the rest. */
  @ParameterizedTest
  @EnumSource
  void kill_whileLoadingSeed_isResumedByNextStart(Where where)
      throws IOException, InterruptedException {
    var seed = Files.writeString(folder.resolve("seed.yaml"), seed());
    var undisturbed = seededStore(where, 0);
    var begun = System.nanoTime();
    DoppelProcess.start(seeding(undisturbed, seed)).kill();
    var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    var expected = SeededUsers.in(undisturbed);
    assertThat(expected).hasSize(SEEDED + 1);
    assertConsistent(undisturbed);

    int killed = 0;
    for (int number = 1; killed < ROUNDS; number++) {
      var store = seededStore(where, number);
      while (killed < ROUNDS
          && killBeforeReady(seeding(store, seed), random.nextInt((int) millis))) {
        killed++;
      }
      DoppelProcess.start(seeding(store, seed)).kill();
      assertThat(SeededUsers.in(store)).isEqualTo(expected);
      assertConsistent(store);
    }
    System.out.printf(
        "%s: a seed of %s users, loaded in %s ms, killed %s times, all there%n",
        where, SEEDED, millis, killed);
  }

  private String seededStore(Where where, int number) {
    return where == Where.FILE
        ? "file:" + folder.resolve("seeded" + number + ".db")
        : TestPostgres.newUri();
  }

  private static String seed() {
    var text = new StringBuilder("organizations: [{name: acme}]\nusers:\n");
    for (int i = 0; i < SEEDED; i++) {
      text.append("  - name: user").append(i).append("\n    email: user").append(i);
      text.append("@example.com\n    organizations: {acme: member}\n    passwordHash: ");
      text.append("$2b$10$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK\n");
      if (i % 10 == 0) {
        text.append("    tokens: [{token: token").append(i).append("}]\n");
      }
    }
    return text.toString();
  }

  private static ProcessBuilder seeding(String store, Path seed) {
    var arguments = new ArrayList<>(List.of(DoppelProcess.onStore(store)));
    arguments.add("--seed=" + seed);
    return DoppelProcess.command(arguments.toArray(String[]::new));
  }

  /** Kills the process after some milliseconds, and returns whether it wasn't ready yet. */
  private boolean killBeforeReady(ProcessBuilder command, int millis)
      throws IOException, InterruptedException {
    var out = folder.resolve("out").toFile();
    var process = command.redirectError(Redirect.DISCARD).redirectOutput(out).start();
    Thread.sleep(millis);
    process.destroyForcibly().waitFor();
    return !Files.readString(out.toPath()).contains("doppel ready on");
  }

  /** Each start creates its schema first. */
  @Test
  void coldStarts_succeedOnBusyMachine() throws IOException, InterruptedException {
    var loops = new ArrayList<Process>();
    var client = HttpClient.newHttpClient();
    long slowest = 0;
    try {
      for (int i = 0; i < BUSY_LOOPS; i++) {
        loops.add(new ProcessBuilder("yes").redirectOutput(Redirect.DISCARD).start());
      }
      for (int start = 0; start < STARTS; start++) {
        var command = DoppelProcess.command(DoppelProcess.onStore(store(Where.POSTGRESQL)));
        try (var running =
            DoppelProcess.start(command, Redirect.INHERIT)) { // shows why a start fails
          var request = HttpRequest.newBuilder(running.uri().resolve("/_doppel/ready")).build();
          assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
              .as("start %d", start)
              .isEqualTo(200);
          slowest = Math.max(slowest, readyMillis(running));
        }
      }
    } finally {
      loops.forEach(Process::destroyForcibly);
    }
    System.out.printf(
        "%d starts beside %d busy loops, ready after %d ms at most%n", STARTS, BUSY_LOOPS, slowest);
  }

  /** Returns the start's duration from the last line of the banner. */
  private static long readyMillis(DoppelProcess running) {
    var line = running.banner().get(running.banner().size() - 1);
    return Long.parseLong(line.replaceAll(".* in (\\d+) ms", "$1"));
  }

  /** Runs on a disk of its own that another file fills, until the test deletes that file. */
  @Test
  void fullDisk_makesStoreReadOnlyUntilThereIsSpace() throws IOException, InterruptedException {
    assumeThat(
            new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "true").start())
        .as("unshare can create a mount namespace")
        .returns(0, ReliabilityIT::exitCode);
    var mount = "mount -t tmpfs -o size=24m tmpfs %1$s && head -c 16M /dev/zero > %1$s/others && ";
    var unshared =
        Stream.concat(
                Stream.of("unshare", "--user", "--map-root-user", "--mount", "bash", "-c"),
                Stream.concat(
                    Stream.of(mount.formatted(folder) + "exec \"$@\"", "bash"),
                    DoppelProcess.command(DoppelProcess.onStore(store(Where.FILE)))
                        .command()
                        .stream()))
            .toList();
    var changes = new Changes();
    var copy = Files.createTempFile("copy", ".db");
    try (var running = DoppelProcess.start(new ProcessBuilder(unshared))) {
      var http = new Http(running.uri());
      writeUntilRejected(changes, running.uri(), "before");
      assertThat(changes.rejections()).containsOnlyKeys(503);
      assertThat(changes.problems(running.uri(), "before")).isEmpty();
      assertThat(http.control("GET", "ready", "")).startsWith("503 ");

      var disk = Path.of("/proc/" + running.process().pid() + "/root" + folder);
      Files.delete(disk.resolve("others"));
      assertThat(http.control("GET", "ready", "")).startsWith("200 ");
      var acknowledged = changes.acknowledged();
      changes.rejections().clear();
      var writing = changes.start(running.uri(), "after");
      Thread.sleep(MAX_WRITE_MILLIS);
      changes.stop();
      Changes.awaitEnd(writing);
      assertThat(changes.rejections()).isEmpty();
      assertThat(changes.acknowledged()).isGreaterThan(acknowledged);
      Files.copy(disk.resolve("users.db"), copy, StandardCopyOption.REPLACE_EXISTING);
      running.kill();
    }
    try (var running = DoppelProcess.startOn("file:" + copy)) {
      assertThat(changes.problems(running.uri(), "after")).isEmpty();
    } finally {
      Files.delete(copy);
      Files.deleteIfExists(Path.of(copy + ".seal"));
    }
  }

  private static int exitCode(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static void writeUntilRejected(Changes changes, URI gateway, String prefix)
      throws InterruptedException {
    var writing = changes.start(gateway, prefix);
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (changes.rejections().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    changes.stop();
    Changes.awaitEnd(writing);
  }

  /** The process's files can't grow beyond a limit, although the disk has space. */
  @Test
  void fileSizeLimit_isReportedToClients_andLosesNoAcknowledgedChange()
      throws IOException, InterruptedException {
    var store = store(Where.FILE);
    var changes = new Changes();
    var limited =
        Stream.concat(
                Stream.of("bash", "-c", "ulimit -f " + MAX_FILE_KIB + "; exec \"$@\"", "bash"),
                DoppelProcess.command(DoppelProcess.onStore(store)).command().stream())
            .toList();
    try (var running = DoppelProcess.start(new ProcessBuilder(limited))) {
      writeUntilRejected(changes, running.uri(), "full");
      assertThat(changes.rejections()).containsOnlyKeys(503);
      assertThat(new Http(running.uri()).send("GET", "/health", "").statusCode()).isEqualTo(200);
      running.kill();
    }
    try (var running = DoppelProcess.startOn(store)) {
      assertThat(changes.problems(running.uri(), "full")).isEmpty();
    }
    assertThat(changes.acknowledged()).isPositive();
  }

  /** The file is damaged after an orderly shutdown. */
  @Test
  void damagedFile_isRejectedUnlessComplete() throws IOException, InterruptedException {
    var file = folder.resolve("users.db");
    var changes = new Changes();
    try (var running = DoppelProcess.startOn("file:" + file)) {
      var writing = changes.start(running.uri(), "user");
      Thread.sleep(2 * MAX_WRITE_MILLIS);
      changes.stop();
      Changes.awaitEnd(writing);
      running.process().destroy();
      assertThat(running.process().waitFor(6, TimeUnit.SECONDS)).isTrue();
    }
    var whole = Files.readAllBytes(file);
    for (int round = 0; round < 2 * ROUNDS; round++) {
      try (var damaged = new RandomAccessFile(file.toFile(), "rw")) {
        damaged.setLength(0);
        damaged.write(whole);
        if (round % 2 == 0) {
          damaged.setLength(random.nextInt(whole.length));
        } else {
          var noise = new byte[4096];
          random.nextBytes(noise);
          damaged.seek(random.nextInt(whole.length - noise.length));
          damaged.write(noise);
        }
      }
      assertRejectedOrComplete(file, changes, "round " + round);
    }
  }

  private static void assertRejectedOrComplete(Path file, Changes changes, String round)
      throws IOException, InterruptedException {
    var command = DoppelProcess.command(DoppelProcess.onStore("file:" + file));
    var error = Files.createTempFile("damaged", ".err");
    var process =
        command.redirectError(error.toFile()).redirectOutput(ProcessBuilder.Redirect.PIPE).start();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.startsWith("doppel ready on ")) {
        line = out.readLine();
      }
      if (line == null) {
        assertThat(process.waitFor()).as(round).isEqualTo(1);
        assertThat(Files.readAllLines(error)).as(round).hasSize(1);
        assertThat(Files.readString(error)).as(round).contains("damaged").contains("restore");
      } else {
        var uri = URI.create(line.split(" ", -1)[3]);
        assertThat(changes.problems(uri, "user")).as(round).isEmpty();
      }
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(error);
    }
  }
}
