package dev.doppel.benchmark;

import static dev.doppel.benchmark.Bench.ME;
import static dev.doppel.benchmark.Bench.TOKEN;

import dev.doppel.benchmark.Bench.Medians;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads per second: (a) to (e), and (g). */
final class Reads {

  private static final int FEW_USERS = 1000;
  private static final int MANY_USERS = 1_000_000;
  private static final int VCD_USERS = 10_000;

  private static final Wire DESCRIBE =
      Wire.post(
          "/v2/vectordb/users/describe",
          "{\"userName\":\"root\"}",
          "Authorization",
          "Bearer root:Milvus",
          "Content-Type",
          "application/json");
  private static final Wire PROFILE =
      Wire.get("/v1/users/profile", "Authorization", "Bearer " + TOKEN);

  private final Bench bench;
  private final Servers servers;
  private final Report report;
  private int filled;

  Reads(Bench bench) {
    this.bench = bench;
    servers = bench.servers();
    report = bench.report();
  }

  void reads() throws IOException, InterruptedException {
    report.title(
        "Reads, requests a second",
        "Doppel",
        "bare Vert.x",
        "of bare",
        "WireMock",
        "times",
        "MockServer",
        "times",
        "µs of processor",
        "bare");
    try (var doppel = servers.doppel(18200, "--journal", "0")) {
      var answers =
          List.of(
              Recorded.of(doppel, ME), Recorded.of(doppel, DESCRIBE), Recorded.of(doppel, PROFILE));
      try (var bare = servers.bare(18201, answers);
          var wireMock = servers.wireMock(18202, answers);
          var mockServer = servers.mockServer(18203, answers)) {
        var all = List.of(doppel, bare, wireMock, mockServer);
        compare("(a) `GET /api/v2/me`", bench.measure(ME, all));
        compare("(c) `POST /v2/vectordb/users/describe`", bench.measure(DESCRIBE, all));
        compare("(e) `GET /v1/users/profile`", bench.measure(PROFILE, all));
      }
    }
  }

  private void compare(String name, List<Medians> medians) {
    var rates = medians.stream().map(Medians::rate).toList();
    var doppel = rates.get(0);
    report.row(
        name,
        Report.whole(doppel),
        Report.whole(rates.get(1)),
        Report.ratio(doppel / rates.get(1)),
        Report.whole(rates.get(2)),
        Report.ratio(doppel / rates.get(2)),
        Report.whole(rates.get(3)),
        Report.ratio(doppel / rates.get(3)),
        Report.one(medians.get(0).micros()),
        Report.one(medians.get(1).micros()));
    report.plot(name, rates);
  }

  private void besideBare(String title) {
    report.title(title, "Doppel", "bare Vert.x", "of bare", "µs of processor", "bare");
  }

  private static Wire byId(String id) {
    return Wire.get("/api/v2/users/" + id, "Authorization", "Token " + TOKEN);
  }

  void large() throws IOException, InterruptedException {
    besideBare("(b) `GET /api/v2/users/{id}`, requests a second");
    try (var many = servers.doppel(18210, "--journal", "0");
        var few = servers.doppel(18211, "--journal", "0")) {
      var before = many.residentMiB();
      var ofMany = Recorded.of(many, byId(fill(many, MANY_USERS)));
      var ofFew = Recorded.of(few, byId(fill(few, FEW_USERS)));
      try (var bare = servers.bare(18212, List.of(ofMany, ofFew))) {
        var rates = bench.measure(ofMany.wire(), List.of(many, bare));
        var fewer = bench.measure(ofFew.wire(), List.of(few, bare));
        bench.besideBare("1,000,000 users", rates);
        bench.besideBare("1,000 users", fewer);
        report.line(
            "\nResident set with 1,000,000 users: %d MiB, with none %d MiB: %d bytes a user."
                .formatted(
                    many.residentMiB(),
                    before,
                    (many.residentMiB() - before) * (1 << 20) / MANY_USERS));
      }
    }
  }

  /** Creates users and returns the id of one of them. */
  private String fill(Running doppel, int users) throws IOException, InterruptedException {
    var size = 20_000;
    for (int made = 0; made < users; made += size) {
      var seed = new StringBuilder("{\"users\":[");
      for (int i = 0; i < Math.min(size, users - made); i++) {
        seed.append(i == 0 ? "" : ",").append("{\"name\":\"user%08d\"}".formatted(++filled));
      }
      var answer = doppel.send(Wire.post("/_doppel/seed", seed.append("]}").toString()));
      if (answer.statusCode() != 200) {
        throw new IOException(answer.body());
      }
    }
    var found =
        doppel.send(
            Wire.get(
                "/api/v2/users?name=user%08d".formatted(filled),
                "Authorization",
                "Token " + TOKEN));
    return found.body().replaceAll("(?s).*\"id\": \"([0-9a-f]{16})\".*", "$1");
  }

  void filter() throws IOException, InterruptedException {
    besideBare("(d) VCD, 10,000 users, requests a second");
    try (var doppel = servers.doppel(18220, "--journal", "0")) {
      fill(doppel, VCD_USERS);
      var session =
          doppel.send(
              Wire.post(
                  "/cloudapi/1.0.0/sessions/provider",
                  "",
                  "Authorization",
                  "Basic "
                      + Base64.getEncoder()
                          .encodeToString("root@System:Milvus".getBytes(StandardCharsets.UTF_8)),
                  "Accept",
                  "application/json;version=39.1"));
      var token = session.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow();
      var tenant =
          doppel
              .send(vcloud("/cloudapi/1.0.0/orgs?filter=name==doppel", token, ""))
              .body()
              .replaceAll("(?s).*\"id\":\"urn:vcloud:org:([0-9a-f-]{36})\".*", "$1");
      for (var path :
          List.of(
              "/cloudapi/1.0.0/users?page=1&pageSize=1&filter=username==user00005000",
              "/cloudapi/1.0.0/users?page=3&pageSize=25&filter=enabled==true")) {
        var wire = vcloud(path, token, tenant);
        var answer = Recorded.of(doppel, wire);
        try (var bare = servers.bare(18221, List.of(answer))) {
          var rates = bench.measure(wire, List.of(doppel, bare));
          bench.besideBare("`" + path + "`", rates);
        }
      }
    }
  }

  private static Wire vcloud(String path, String token, String tenant) {
    var headers =
        new LinkedHashMap<String, String>(
            Map.of("Authorization", "Bearer " + token, "Accept", "application/json;version=39.1"));
    if (!tenant.isEmpty()) {
      headers.put("X-VMWARE-VCLOUD-TENANT-CONTEXT", tenant);
    }
    return new Wire("GET", path, headers, "");
  }

  /** Measures requests of all dialects in turn, with and without a journal. */
  void journal() throws IOException, InterruptedException {
    report.title(
        "(g) A mix of (a), (c), (e), requests a second",
        "without a journal",
        "with it",
        "cost, %",
        "µs of processor",
        "with it");
    try (var off = servers.doppel(18230, "--journal", "0");
        var on = servers.doppel(18231)) {
      var both =
          bench.measure(
              List.of(off, on),
              (server, time) -> Load.of(server, "", Scripts.mix(), Bench.CONNECTIONS, time));
      var without = both.get(0);
      var with = both.get(1);
      report.row(
          "mix",
          Report.whole(without.rate()),
          Report.whole(with.rate()),
          Report.one(100 * (1 - with.rate() / without.rate())),
          Report.one(without.micros()),
          Report.one(with.micros()));
    }
  }
}
