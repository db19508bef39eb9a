package dev.doppel.benchmark;

import static dev.doppel.benchmark.Bench.ME;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Costs of a process: (h) start, (i) memory, (j) many connections. */
final class Processes {

  private static final int REQUESTS = 100_000;
  private static final int MANY_CONNECTIONS = 5000;
  private static final int SLOW_SENDERS = 500;
  private static final int HALF_A_MINUTE = 30;
  private static final int PER_SECOND = 30;

  private final Bench bench;
  private final Servers servers;
  private final Report report;

  Processes(Bench bench) {
    this.bench = bench;
    servers = bench.servers();
    report = bench.report();
  }

  void start() throws IOException, InterruptedException {
    report.title("(h) From the process's start to its first answer, ms", "median", "of WireMock's");
    var answers = new ArrayList<Recorded>();
    try (var doppel = servers.doppel(18250)) {
      answers.add(Recorded.of(doppel, ME));
    }
    var launcher = new ArrayList<Double>();
    var jar = new ArrayList<Double>();
    var wireMock = new ArrayList<Double>();
    for (int round = 0; round < 2 * bench.rounds(); round++) {
      try (var running = servers.doppel(18250)) {
        launcher.add(millis(running));
      }
      try (var running = servers.plainDoppel(18250)) {
        jar.add(millis(running));
      }
      try (var running = servers.wireMock(18250, answers)) {
        wireMock.add(millis(running));
      }
    }
    var theirs = Load.median(wireMock);
    row("`./doppel`", Load.median(launcher), theirs);
    row("`java -jar doppel.jar`", Load.median(jar), theirs);
    row("WireMock", theirs, theirs);
  }

  private static double millis(Running running) {
    return running.firstAnswer().toNanos() / 1e6;
  }

  private void row(String name, double millis, double theirs) {
    report.row(name, Report.whole(millis), Report.ratio(millis / theirs));
  }

  void memory() throws IOException, InterruptedException {
    report.title("(i) Resident set, MiB", "after the start", "after 100,000 requests");
    try (var doppel = servers.doppel(18260)) {
      var answers = List.of(Recorded.of(doppel, ME));
      try (var bare = servers.bare(18261, answers);
          var wireMock = servers.wireMock(18262, answers)) {
        for (var server : List.of(doppel, bare, wireMock)) {
          var before = server.residentMiB();
          Http2Load.all(server, ME, REQUESTS, Bench.CONNECTIONS);
          report.row(server.name(), Long.toString(before), Long.toString(server.residentMiB()));
        }
      }
    }
  }

  /** Measures 5,000 connections with two requests per second each. */
  void connections() throws IOException, InterruptedException {
    report.title("(j) 5,000 connections, 10,000 requests a second, ms", "median", "99th", "99.9th");
    try (var doppel = servers.doppel(18270, "--journal", "0")) {
      var answers = List.of(Recorded.of(doppel, ME));
      try (var bare = servers.bare(18271, answers)) {
        for (var server : List.of(doppel, bare, doppel, bare)) {
          var micros = Http2Load.steadily(server, ME, MANY_CONNECTIONS, 2, 5, 3 * bench.seconds());
          report.row(
              server.name(),
              Report.ratio(Http2Load.percentile(micros, 0.5)),
              Report.ratio(Http2Load.percentile(micros, 0.99)),
              Report.ratio(Http2Load.percentile(micros, 0.999)));
        }
      }
    }
  }

  /**
   * Measures clients with {@link #PER_SECOND} requests per second, alone and beside idle and slow
   * connections.
   */
  void crowd() throws IOException, InterruptedException {
    report.title(
        "`GET /api/v2/me`, %d connections, %d requests a second, ms"
            .formatted(Bench.CONNECTIONS, Bench.CONNECTIONS * PER_SECOND),
        "median",
        "99th",
        "resident set, MiB");
    try (var doppel = servers.doppel(18290, "--journal", "0")) {
      Load.of(doppel, ME, Bench.CONNECTIONS, 2 * bench.seconds());
      for (int round = 0; round < bench.rounds(); round++) {
        asked("alone", doppel);
        try (var crowd = Crowd.gather(doppel.port(), MANY_CONNECTIONS, SLOW_SENDERS)) {
          asked("beside " + crowd, doppel);
        }
      }
    }
  }

  private void asked(String name, Running doppel) throws IOException, InterruptedException {
    var micros =
        Http2Load.steadily(doppel, ME, Bench.CONNECTIONS, PER_SECOND, 1, 2 * bench.seconds());
    report.row(
        name,
        Report.ratio(Http2Load.percentile(micros, 0.5)),
        Report.ratio(Http2Load.percentile(micros, 0.99)),
        Long.toString(doppel.residentMiB()));
  }

  /** Runs a minute per round, half of it life cycles of users and half reads, with a journal. */
  void soak() throws IOException, InterruptedException {
    report.title("Soak, after minutes", "lives a second", "reads a second", "resident set, MiB");
    try (var doppel = servers.doppel(18296)) {
      for (int minute = 1; minute <= bench.rounds(); minute++) {
        var lives = Load.ofThreads(doppel, Scripts.life("" + minute), 8, HALF_A_MINUTE);
        var reads = Load.of(doppel, "", Scripts.mix(), Bench.CONNECTIONS, HALF_A_MINUTE);
        report.row(
            Integer.toString(minute),
            Report.whole(lives.rate() / Passwords.STEPS),
            Report.whole(reads.rate()),
            Long.toString(doppel.residentMiB()));
      }
    }
  }
}
