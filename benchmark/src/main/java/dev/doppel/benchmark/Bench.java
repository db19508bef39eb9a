package dev.doppel.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parameters of every part of the comparison.
 *
 * @param rounds number of rounds for each server
 * @param seconds duration of a round
 */
record Bench(Servers servers, Report report, int rounds, int seconds) {

  static final int CONNECTIONS = 32;
  static final String TOKEN = "doppel-operator-token";

  static final Wire ME = Wire.get("/api/v2/me", "Authorization", "Token " + TOKEN);

  /**
   * Medians of one server's rounds.
   *
   * @param rate requests per second
   * @param micros processor time of the server per request, in microseconds
   */
  record Medians(double rate, double micros) {}

  /** One round of load. */
  @FunctionalInterface
  interface Sending {
    Load to(Running server, int seconds) throws IOException, InterruptedException;
  }

  /** Returns the medians in the order of the servers, without a long first round of each. */
  List<Medians> measure(List<Running> servers, Sending sending)
      throws IOException, InterruptedException {
    var rates = new ArrayList<List<Double>>();
    var micros = new ArrayList<List<Double>>();
    for (var server : servers) {
      sending.to(server, 3 * seconds);
      rates.add(new ArrayList<>());
      micros.add(new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        var before = servers.get(i).processorTime();
        var load = sending.to(servers.get(i), seconds);
        var taken = servers.get(i).processorTime().minus(before);
        rates.get(i).add(load.rate());
        micros.get(i).add(taken.toNanos() / 1e3 / load.requests());
      }
    }
    var medians = new ArrayList<Medians>();
    for (int i = 0; i < servers.size(); i++) {
      medians.add(new Medians(Load.median(rates.get(i)), Load.median(micros.get(i))));
    }
    return medians;
  }

  List<Medians> measure(Wire wire, List<Running> servers) throws IOException, InterruptedException {
    return measure(servers, (server, time) -> Load.of(server, wire, CONNECTIONS, time));
  }

  /** Formats Doppel's rate, the bare server's, their ratio, and the processor time of both. */
  void besideBare(String name, List<Medians> medians) {
    var doppel = medians.get(0);
    var bare = medians.get(1);
    report.row(
        name,
        Report.whole(doppel.rate()),
        Report.whole(bare.rate()),
        Report.ratio(doppel.rate() / bare.rate()),
        Report.one(doppel.micros()),
        Report.one(bare.micros()));
  }
}
