package dev.doppel.benchmark;

import static dev.doppel.benchmark.Bench.ME;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Effects of password hashing: (f) the life cycle of users, (k) reads during hashing. */
final class Passwords {

  /** Calls in a user's life cycle. */
  static final int STEPS = 4;

  /** Hashes that are computed in a user's life cycle. */
  private static final int PASSWORDS = 3;

  /** Requests per second on each connection while others hash. */
  private static final int PER_SECOND = 30;

  private static final int TRIES = 400;
  private static final int WARM_UP = 50;

  private final Bench bench;
  private final Servers servers;
  private final Report report;

  Passwords(Bench bench) {
    this.bench = bench;
    servers = bench.servers();
    report = bench.report();
  }

  /** Measures the life cycle of users through Milvus, which computes three hashes for each. */
  void changes() throws IOException, InterruptedException {
    report.title(
        "(f) Create, sign in, change password, delete, a second",
        "Doppel",
        "passwords",
        "the hash alone",
        "of it");
    for (var hash : List.of("fast", "argon2id")) {
      var alone = new ArrayList<Double>();
      var lives = new ArrayList<Double>();
      // A new process each time, because the JVM compiles the hash only once, better or worse.
      for (int round = 0; round < bench.rounds(); round++) {
        try (var doppel = servers.doppel(18240, "--journal", "0", "--hash", hash)) {
          Load.ofThreads(doppel, Scripts.life("warm"), 8, 2 * bench.seconds());
          var load = Load.ofThreads(doppel, Scripts.life("" + round), 8, 2 * bench.seconds());
          lives.add(load.rate() / STEPS);
        }
        alone.add(servers.hashRate(hash));
      }
      var whole = Load.median(lives);
      var bare = Load.median(alone);
      report.row(
          "`" + hash + "`",
          Report.one(whole),
          Report.one(whole * PASSWORDS),
          Report.one(bare),
          Report.ratio(whole * PASSWORDS / bare));
    }
  }

  /** Measures reads while the creation of users with Argon2id keeps all hashing workers busy. */
  void hashing() throws IOException, InterruptedException {
    report.title(
        "(k) `GET /api/v2/me`, %d connections, %d requests a second, ms"
            .formatted(Bench.CONNECTIONS, Bench.CONNECTIONS * PER_SECOND),
        "median",
        "99th");
    try (var doppel = servers.doppel(18280, "--journal", "0", "--hash", "argon2id")) {
      Load.of(doppel, ME, Bench.CONNECTIONS, 2 * bench.seconds());
      var idle = new ArrayList<long[]>();
      var busy = new ArrayList<long[]>();
      for (int round = 0; round < bench.rounds(); round++) {
        idle.add(reads(doppel));
        var writers = Load.begin(doppel, registering(round), 8, bench.seconds() + 6);
        Thread.sleep(2000);
        busy.add(reads(doppel));
        writers.waitFor();
      }
      row("idle", idle);
      row("all hashing workers busy", busy);
    }
  }

  private long[] reads(Running doppel) throws IOException, InterruptedException {
    return Http2Load.steadily(doppel, ME, Bench.CONNECTIONS, PER_SECOND, 1, bench.seconds());
  }

  private void row(String name, List<long[]> rounds) {
    report.row(name, median(rounds, 0.5), median(rounds, 0.99));
  }

  private static String median(List<long[]> rounds, double share) {
    var all = rounds.stream().map(micros -> Http2Load.percentile(micros, share)).toList();
    return milli(Load.median(all));
  }

  private static String milli(double millis) {
    return String.format(Locale.ROOT, "%.3f", millis);
  }

  /** Measures whether response times reveal users: wrong passwords of known and unknown names. */
  void timing() throws IOException, InterruptedException {
    report.title("Wrong password through Milvus, Argon2id, ms", "median", "z of Mann and Whitney");
    try (var doppel = servers.doppel(18295, "--journal", "0", "--hash", "argon2id")) {
      var known = new ArrayList<Double>();
      var unknown = new ArrayList<Double>();
      for (int i = 0; i < TRIES + WARM_UP; i++) {
        var first = i % 2 == 0; // alternate the order
        var a = millis(doppel, first ? "root" : "nobody" + i);
        var b = millis(doppel, first ? "nobody" + i : "root");
        if (i >= WARM_UP) {
          known.add(first ? a : b);
          unknown.add(first ? b : a);
        }
      }
      report.row("somebody", milli(Load.median(known)), Report.ratio(z(known, unknown)));
      report.row("nobody", milli(Load.median(unknown)), "");
    }
  }

  private static double millis(Running doppel, String name)
      throws IOException, InterruptedException {
    var began = System.nanoTime();
    var answer =
        doppel.send(
            Wire.post(
                "/v2/vectordb/users/list", "{}", "Authorization", "Bearer " + name + ":Wr0ng-one"));
    if (answer.statusCode() != 401) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return (System.nanoTime() - began) / 1e6;
  }

  /** Returns z of the Mann-Whitney test; beyond ±2.6, a difference by chance has probability 1%. */
  private static double z(List<Double> a, List<Double> b) {
    double u = 0;
    for (var one : a) {
      for (var other : b) {
        u += one > other ? 1 : one.equals(other) ? 0.5 : 0;
      }
    }
    double n = a.size();
    double m = b.size();
    return (u - n * m / 2) / Math.sqrt(n * m * (n + m + 1) / 12);
  }

  private static String registering(int round) {
    return """
        local sent = 0
        request = function()
          sent = sent + 1
          return wrk.format("POST", "/v1/auth/register", { ["Content-Type"] = "application/json" }, string.format(
            '{"email":"%%d-%d@example.com","password":"P@ssw0rd1","firstName":"A","lastName":"B","newsletter":false}', sent))
        end
        """
        .formatted(round);
  }
}
