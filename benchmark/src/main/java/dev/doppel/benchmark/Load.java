package dev.doppel.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** Load by wrk, and its results. */
record Load(double rate, long requests) {

  /** Runs wrk with a script. Fails if any response is an error. */
  static Load of(Running server, String path, String script, int connections, int seconds)
      throws IOException, InterruptedException {
    return of(server, path, script, 1, connections, seconds);
  }

  private static Load of(
      Running server, String path, String script, int threads, int connections, int seconds)
      throws IOException, InterruptedException {
    var file = Files.createTempFile("load", ".lua");
    try {
      Files.writeString(file, script);
      var report =
          run(
              List.of(
                  "wrk",
                  "-t" + threads,
                  "-c" + connections,
                  "-d" + seconds + "s",
                  "-s",
                  file.toString(),
                  "http://127.0.0.1:" + server.port() + path));
      if (report.contains("Non-2xx") || report.contains("Socket errors")) {
        throw new IOException(server.name() + " " + path + ":\n" + report);
      }
      return parse(report);
    } finally {
      Files.delete(file);
    }
  }

  /** Runs wrk with one connection per thread, so that each script's requests keep their order. */
  static Load ofThreads(Running server, String script, int threads, int seconds)
      throws IOException, InterruptedException {
    return of(server, "", script, threads, threads, seconds);
  }

  static Load of(Running server, Wire wire, int connections, int seconds)
      throws IOException, InterruptedException {
    return of(server, wire.path(), wire.lua(), connections, seconds);
  }

  /** Starts wrk in the background, ignoring its results. */
  static Process begin(Running server, String script, int connections, int seconds)
      throws IOException {
    var file = Files.createTempFile("load", ".lua");
    file.toFile().deleteOnExit();
    Files.writeString(file, script);
    return new ProcessBuilder(
            "wrk",
            "-t1",
            "-c" + connections,
            "-d" + seconds + "s",
            "-s",
            file.toString(),
            "http://127.0.0.1:" + server.port())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  static String run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ":\n" + report);
    }
    return report;
  }

  private static Load parse(String report) {
    var rate = Pattern.compile("Requests/sec:\\s+([\\d.]+)").matcher(report);
    if (!rate.find()) {
      throw new IllegalStateException(report);
    }
    var requests = Pattern.compile("(\\d+) requests in").matcher(report);
    if (!requests.find()) {
      throw new IllegalStateException(report);
    }
    return new Load(Double.parseDouble(rate.group(1)), Long.parseLong(requests.group(1)));
  }

  static double median(List<Double> values) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
