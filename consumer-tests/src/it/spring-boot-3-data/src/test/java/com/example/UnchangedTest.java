package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the application in a process of its own, with Doppel on its class path and without. */
class UnchangedTest {

  @TempDir Path folder;

  @Test
  void doppelOnClassPath_changesNothing() throws Exception {
    var entries =
        List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    var without =
        entries.stream().filter(entry -> !entry.contains("doppel-junit5")).toList();
    assertThat(without).hasSize(entries.size() - 1);

    var expected = run(without);
    assertThat(expected)
        .contains("bean dataSource", "table ", "cache.concurrent.ConcurrentMapCacheManager")
        .doesNotContain("multiple SLF");
    assertThat(run(entries)).isEqualTo(expected);
  }

  /** Returns all that the application prints, without what differs from run to run. */
  private String run(List<String> classPath) throws Exception {
    var output = folder.resolve("output");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, classPath),
                "com.example.Application",
                "--server.port=0")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Arrays.stream(Files.readString(output).split("\n"))
        .map(line -> line.replaceAll("Lambda.*", "Lambda").replaceAll("h2:mem:\\S+", "h2:mem"))
        .map(line -> line.replaceAll("\\d+", "#"))
        .collect(Collectors.joining("\n"));
  }
}
