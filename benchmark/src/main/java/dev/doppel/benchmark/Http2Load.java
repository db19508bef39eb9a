package dev.doppel.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Load by h2load over HTTP/1.1, with a fixed number or a fixed rate of requests. */
final class Http2Load {

  private Http2Load() {}

  /** Sends a number of requests as fast as possible. */
  static void all(Running server, Wire wire, int requests, int connections)
      throws IOException, InterruptedException {
    Load.run(
        command(
            server, wire, "-n", Integer.toString(requests), "-c", Integer.toString(connections)));
  }

  /**
   * Sends a number of requests per second on each connection.
   *
   * @return durations of the responses with status 200, in microseconds, in ascending order
   */
  static long[] steadily(
      Running server, Wire wire, int connections, int perSecond, int warmUp, int seconds)
      throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("h2load");
    var log = folder.resolve("log");
    try {
      Load.run(
          command(
              server,
              wire,
              "-c",
              Integer.toString(connections),
              "--rps=" + perSecond,
              "-D",
              Integer.toString(seconds),
              "--warm-up-time=" + warmUp,
              "--log-file=" + log));
      return micros(log);
    } finally {
      Files.deleteIfExists(log);
      Files.delete(folder);
    }
  }

  private static long[] micros(Path log) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines
          .map(line -> line.split("\t", -1))
          .filter(fields -> fields[1].equals("200"))
          .mapToLong(fields -> Long.parseLong(fields[2]))
          .sorted()
          .toArray();
    }
  }

  /** Returns a percentile in milliseconds. */
  static double percentile(long[] micros, double share) {
    return micros[(int) (share * (micros.length - 1))] / 1000.0;
  }

  private static List<String> command(Running server, Wire wire, String... flags) {
    var command = new ArrayList<>(List.of("h2load", "--h1", "-t", "1"));
    command.addAll(List.of(flags));
    wire.headers().forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
    command.add("http://127.0.0.1:" + server.port() + wire.path());
    return command;
  }
}
