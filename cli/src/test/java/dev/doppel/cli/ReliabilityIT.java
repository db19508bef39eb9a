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
 * What is acknowledged is there, whatever happens to the process, its disk and its store. A few
 * rounds in every build, a hundred with {@code mvn verify -Preliability}.
 */
class ReliabilityIT {

  private static final int ROUNDS = Integer.getInteger("doppel.rounds", 3);
  private static final int LONGEST_MILLIS = 600;

  /** On PostgreSQL; 50 with the profile {@code reliability}. */
  private static final int STARTS = Math.max(1, ROUNDS / 2);

  private static final int BUSY_LOOPS = 8;

  /** Users of a seed; 100,000 in the runs that RELIABILITY.md tells of. */
  private static final int SEEDED = Integer.getInteger("doppel.seeded", 5_000);

  /** Of a file, in KiB, for a process whose files can't grow for long. */
  private static final int FILE_KIB = 1024;

  @TempDir Path folder;

  private final Random random = new Random(7);

  private enum Where {
    FILE,
    POSTGRESQL
  }

  private String store(Where where) {
    return where == Where.FILE ? "file:" + folder.resolve("users.db") : TestPostgres.newUri();
  }

  /** As {@code doppel check} looks at it. */
  private static void assertSound(String store) {
    var out = new StringWriter();
    var args = new String[] {"check", "--store=" + store};
    Main.commandLine(Defaults.of(args, Map.of())).setOut(new PrintWriter(out)).execute(args);
    assertThat(out.toString()).endsWith("; all is well\n");
  }

  @ParameterizedTest
  @EnumSource
  void kill_atAnyMoment_losesNothing(Where where) throws IOException, InterruptedException {
    var store = store(where);
    var changes = new Changes();
    for (int round = 0; round < ROUNDS; round++) {
      var prefix = "round" + round;
      try (var running = DoppelProcess.startOn(store)) {
        assertThat(changes.wrongs(running.uri(), "round" + (round - 1) + "-")).isEmpty();
        var before = changes.acknowledged();
        var writing = changes.begin(running.uri(), prefix);
        Await.until("a change was acknowledged", () -> changes.acknowledged() > before);
        Thread.sleep(random.nextInt(LONGEST_MILLIS));
        running.kill();
        Changes.awaitEnd(writing);
      }
      assertSound(store);
    }
    try (var running = DoppelProcess.startOn(store)) {
      assertThat(changes.wrongs(running.uri(), "round")).isEmpty();
    }
    assertThat(changes.acknowledged()).isGreaterThanOrEqualTo(ROUNDS);
    System.out.printf(
        "%s: killed %d times, %d changes acknowledged, none lost%n",
        where, ROUNDS, changes.acknowledged());
  }

  @ParameterizedTest
  @EnumSource
  void sigterm_underLoad_endsInTime_andLosesNothing(Where where)
      throws IOException, InterruptedException {
    var store = store(where);
    var changes = new Changes();
    for (int round = 0; round < Math.max(1, ROUNDS / 10); round++) {
      try (var running = DoppelProcess.startOn(store)) {
        var writing = changes.begin(running.uri(), "round" + round);
        Thread.sleep(LONGEST_MILLIS);
        running.process().destroy();
        assertThat(running.process().waitFor(6, TimeUnit.SECONDS)).isTrue();
        Changes.awaitEnd(writing);
      }
      assertSound(store);
      try (var running = DoppelProcess.startOn(store)) {
        assertThat(changes.wrongs(running.uri(), "round")).isEmpty();
      }
    }
    assertThat(changes.acknowledged()).isPositive();
  }

  /** A process that is killed while it loads a seed leaves the rest of it to the next one. */
  @ParameterizedTest
  @EnumSource
  void kill_whileASeedIsLoaded_leavesNothingOut(Where where)
      throws IOException, InterruptedException {
    var seed = Files.writeString(folder.resolve("seed.yaml"), seed());
    var undisturbed = seededStore(where, 0);
    var begun = System.nanoTime();
    DoppelProcess.start(seeding(undisturbed, seed)).kill();
    var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    var expected = SeededUsers.in(undisturbed);
    assertThat(expected).hasSize(SEEDED + 1);
    assertSound(undisturbed);

    int killed = 0;
    for (int number = 1; killed < ROUNDS; number++) {
      var store = seededStore(where, number);
      while (killed < ROUNDS && isKilled(seeding(store, seed), random.nextInt((int) millis))) {
        killed++;
      }
      DoppelProcess.start(seeding(store, seed)).kill();
      assertThat(SeededUsers.in(store)).isEqualTo(expected);
      assertSound(store);
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

  /** Whether the process was killed after so many milliseconds, before it was ready. */
  private boolean isKilled(ProcessBuilder command, int millis)
      throws IOException, InterruptedException {
    var out = folder.resolve("out").toFile();
    var process = command.redirectError(Redirect.DISCARD).redirectOutput(out).start();
    Thread.sleep(millis);
    process.destroyForcibly().waitFor();
    return !Files.readString(out.toPath()).contains("doppel ready on");
  }

  /** Each makes its schema first. */
  @Test
  void coldStarts_besideBusyLoops_allServe() throws IOException, InterruptedException {
    var loops = new ArrayList<Process>();
    var client = HttpClient.newHttpClient();
    long slowest = 0;
    try {
      for (int i = 0; i < BUSY_LOOPS; i++) {
        loops.add(new ProcessBuilder("yes").redirectOutput(Redirect.DISCARD).start());
      }
      for (int start = 0; start < STARTS; start++) {
        var command = DoppelProcess.command(DoppelProcess.onStore(store(Where.POSTGRESQL)));
        try (var running = DoppelProcess.start(command, Redirect.INHERIT)) { // says why it fails
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

  /** As the last line of what it prints says. */
  private static long readyMillis(DoppelProcess running) {
    var line = running.banner().get(running.banner().size() - 1);
    return Long.parseLong(line.replaceAll(".* in (\\d+) ms", "$1"));
  }

  /** A disk of its own, most of which somebody else's file takes, until it is removed. */
  @Test
  void fullDisk_isReadOnlyWhileItIsFull() throws IOException, InterruptedException {
    assumeThat(
            new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "true").start())
        .as("a process may have a disk of its own")
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
      writeUntilRefused(changes, running.uri(), "before");
      assertThat(changes.refused()).containsOnlyKeys(503);
      assertThat(changes.wrongs(running.uri(), "before")).isEmpty();
      assertThat(http.control("GET", "ready", "")).startsWith("503 ");

      var disk = Path.of("/proc/" + running.process().pid() + "/root" + folder);
      Files.delete(disk.resolve("others"));
      assertThat(http.control("GET", "ready", "")).startsWith("200 ");
      var acknowledged = changes.acknowledged();
      changes.refused().clear();
      var writing = changes.begin(running.uri(), "after");
      Thread.sleep(LONGEST_MILLIS);
      changes.stop();
      Changes.awaitEnd(writing);
      assertThat(changes.refused()).isEmpty();
      assertThat(changes.acknowledged()).isGreaterThan(acknowledged);
      Files.copy(disk.resolve("users.db"), copy, StandardCopyOption.REPLACE_EXISTING);
      running.kill();
    }
    try (var running = DoppelProcess.startOn("file:" + copy)) {
      assertThat(changes.wrongs(running.uri(), "after")).isEmpty();
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

  private static void writeUntilRefused(Changes changes, URI gateway, String prefix)
      throws InterruptedException {
    var writing = changes.begin(gateway, prefix);
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (changes.refused().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    changes.stop();
    Changes.awaitEnd(writing);
  }

  /** Files of the process can't grow beyond a limit, though the disk has room. */
  @Test
  void fileThatCannotGrow_isToldToClients_andLosesNothing()
      throws IOException, InterruptedException {
    var store = store(Where.FILE);
    var changes = new Changes();
    var limited =
        Stream.concat(
                Stream.of("bash", "-c", "ulimit -f " + FILE_KIB + "; exec \"$@\"", "bash"),
                DoppelProcess.command(DoppelProcess.onStore(store)).command().stream())
            .toList();
    try (var running = DoppelProcess.start(new ProcessBuilder(limited))) {
      writeUntilRefused(changes, running.uri(), "full");
      assertThat(changes.refused()).containsOnlyKeys(503);
      assertThat(new Http(running.uri()).send("GET", "/health", "").statusCode()).isEqualTo(200);
      running.kill();
    }
    try (var running = DoppelProcess.startOn(store)) {
      assertThat(changes.wrongs(running.uri(), "full")).isEmpty();
    }
    assertThat(changes.acknowledged()).isPositive();
  }

  /** A store whose process ended well, and that was damaged since. */
  @Test
  void damagedFile_isRefused_orWhole() throws IOException, InterruptedException {
    var file = folder.resolve("users.db");
    var changes = new Changes();
    try (var running = DoppelProcess.startOn("file:" + file)) {
      var writing = changes.begin(running.uri(), "user");
      Thread.sleep(2 * LONGEST_MILLIS);
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
      assertRefusedOrWhole(file, changes, "round " + round);
    }
  }

  private static void assertRefusedOrWhole(Path file, Changes changes, String round)
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
        assertThat(changes.wrongs(uri, "user")).as(round).isEmpty();
      }
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(error);
    }
  }
}
