package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Of a file, in KiB, for a process whose disk is full soon. */
  private static final int DISK_KIB = 1024;

  @TempDir Path folder;

  private final Random random = new Random(7);

  private enum Where {
    FILE,
    POSTGRESQL
  }

  private String store(Where where) {
    return where == Where.FILE ? "file:" + folder.resolve("users.db") : TestPostgres.newUri();
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
        var writing = changes.begin(running.uri(), prefix);
        Thread.sleep(random.nextInt(LONGEST_MILLIS));
        running.kill();
        Changes.awaitEnd(writing);
      }
    }
    try (var running = DoppelProcess.startOn(store)) {
      assertThat(changes.wrongs(running.uri(), "round")).isEmpty();
    }
    assertThat(changes.acknowledged()).isGreaterThan(ROUNDS);
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
      try (var running = DoppelProcess.startOn(store)) {
        assertThat(changes.wrongs(running.uri(), "round")).isEmpty();
      }
    }
    assertThat(changes.acknowledged()).isPositive();
  }

  /** Files of the process can't grow beyond a limit, as on a disk that is full. */
  @Test
  void fullDisk_isToldToClients_andLosesNothing() throws IOException, InterruptedException {
    var store = store(Where.FILE);
    var changes = new Changes();
    var limited =
        Stream.concat(
                Stream.of("bash", "-c", "ulimit -f " + DISK_KIB + "; exec \"$@\"", "bash"),
                DoppelProcess.command(DoppelProcess.onStore(store)).command().stream())
            .toList();
    try (var running = DoppelProcess.start(new ProcessBuilder(limited))) {
      var writing = changes.begin(running.uri(), "full");
      var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (changes.refused().isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      changes.stop();
      Changes.awaitEnd(writing);
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
