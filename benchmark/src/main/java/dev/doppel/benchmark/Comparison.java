package dev.doppel.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares Doppel with a bare Vert.x server and with mock servers that send the same bytes, in
 * interleaved rounds on one machine. Prints medians as a table and a plot. {@code benchmark/run}
 * runs it in the root directory of the project.
 *
 * <pre>Comparison ROUNDS SECONDS PEERS RESULTS [PART...]</pre>
 */
public final class Comparison {

  private static final List<String> PARTS =
      List.of(
          "reads",
          "large",
          "filter",
          "journal",
          "changes",
          "start",
          "memory",
          "connections",
          "hashing",
          "crowd",
          "timing");

  /** Takes a minute per round, so it runs only if it is named. */
  private static final String SOAK = "soak";

  private Comparison() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    var servers = new Servers(Path.of(args[2]), Files.createTempDirectory("comparison"));
    var report = new Report();
    var bench = new Bench(servers, report, Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    for (var part : args.length > 4 ? List.of(args).subList(4, args.length) : PARTS) {
      measure(part, bench);
    }
    report.write(Path.of(args[3]), List.of("Doppel", "bare Vert.x", "WireMock", "MockServer"));
    System.exit(0);
  }

  private static void measure(String part, Bench bench) throws IOException, InterruptedException {
    switch (part) {
      case "reads" -> new Reads(bench).reads();
      case "large" -> new Reads(bench).large();
      case "filter" -> new Reads(bench).filter();
      case "journal" -> new Reads(bench).journal();
      case "changes" -> new Passwords(bench).changes();
      case "start" -> new Processes(bench).start();
      case "memory" -> new Processes(bench).memory();
      case "connections" -> new Processes(bench).connections();
      case SOAK -> new Processes(bench).soak();
      case "timing" -> new Passwords(bench).timing();
      case "crowd" -> new Processes(bench).crowd();
      case "hashing" -> new Passwords(bench).hashing();
      default -> throw new IllegalArgumentException(part + ": use " + PARTS + " or " + SOAK);
    }
  }
}
