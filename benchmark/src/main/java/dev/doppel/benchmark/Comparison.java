package dev.doppel.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Doppel beside a bare Vert.x server and beside mock servers that send the same bytes: interleaved
 * rounds on one machine, medians, a table and a plot. Run by {@code benchmark/run}, from the top of
 * the project.
 *
 * <pre>Comparison ROUNDS SECONDS PEERS RESULTS [PART...]</pre>
 */
public final class Comparison {

  private static final int CONNECTIONS = 32;
  private static final int FEW_USERS = 1000;
  private static final int MANY_USERS = 1_000_000;
  private static final int VCD_USERS = 10_000;

  private static final String TOKEN = "doppel-operator-token";
  private static final Set<String> NOT_COPIED =
      Set.of("content-length", "transfer-encoding", "connection", ":status");

  private static final Wire ME = Wire.get("/api/v2/me", "Authorization", "Token " + TOKEN);
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

  private final int rounds;
  private final int seconds;
  private final Path peers;
  private final Path results;
  private final Path scratch = Files.createTempDirectory("comparison");
  private final StringBuilder report = new StringBuilder();
  private final Map<String, List<Double>> plotted = new LinkedHashMap<>();

  private Comparison(String[] args) throws IOException {
    rounds = Integer.parseInt(args[0]);
    seconds = Integer.parseInt(args[1]);
    peers = Path.of(args[2]);
    results = Path.of(args[3]);
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    var comparison = new Comparison(args);
    var parts = args.length > 4 ? List.of(args).subList(4, args.length) : Parts.ALL;
    for (var part : parts) {
      switch (part) {
        case "reads" -> comparison.reads();
        case "large" -> comparison.large();
        case "filter" -> comparison.filter();
        case "journal" -> comparison.journal();
        case "changes" -> comparison.changes();
        case "start" -> comparison.start();
        case "memory" -> comparison.memory();
        case "connections" -> comparison.connections();
        case "hashing" -> comparison.hashing();
        default -> throw new IllegalArgumentException(part + ": use " + Parts.ALL);
      }
    }
    comparison.finish();
    System.exit(0);
  }

  /** What can be measured by itself. */
  private static final class Parts {
    static final List<String> ALL =
        List.of(
            "reads",
            "large",
            "filter",
            "journal",
            "changes",
            "start",
            "memory",
            "connections",
            "hashing");
  }

  // ---- servers

  private Running doppel(int port, String... flags) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("./doppel", "--port", Integer.toString(port)));
    command.addAll(List.of(flags));
    return Running.start("Doppel", port, scratch.resolve("doppel-" + port), command, ME);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The same bytes that Doppel answers, for those who can only repeat them. */
  private record Recorded(Wire wire, int status, Map<String, String> headers, String body) {}

  private static Recorded record(Running doppel, Wire wire)
      throws IOException, InterruptedException {
    var answer = doppel.send(wire);
    if (answer.statusCode() != 200) {
      throw new IOException(wire.path() + ": " + answer.statusCode() + " " + answer.body());
    }
    var headers = new LinkedHashMap<String, String>();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!NOT_COPIED.contains(name)) {
                headers.put(name, values.get(0));
              }
            });
    return new Recorded(wire, 200, headers, answer.body());
  }

  private Running bare(int port, List<Recorded> answers) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                java(),
                "-cp",
                System.getProperty("java.class.path"),
                BareServer.class.getName(),
                Integer.toString(port)));
    for (var answer : answers) {
      var file = Files.createTempFile(scratch, "answer", "");
      var text = new StringBuilder(pathOf(answer.wire())).append('\n');
      answer.headers().forEach((name, value) -> text.append(name + ": " + value + "\n"));
      Files.writeString(file, text.append('\n').append(answer.body()), StandardCharsets.ISO_8859_1);
      command.add(file.toString());
    }
    return Running.start(
        "bare Vert.x", port, scratch.resolve("bare"), command, answers.get(0).wire());
  }

  private static String pathOf(Wire wire) {
    var query = wire.path().indexOf('?');
    return query < 0 ? wire.path() : wire.path().substring(0, query);
  }

  private Running wireMock(int port, List<Recorded> answers)
      throws IOException, InterruptedException {
    var root = Files.createDirectories(scratch.resolve("wiremock"));
    var mappings = Files.createDirectories(root.resolve("mappings"));
    for (int i = 0; i < answers.size(); i++) {
      var answer = answers.get(i);
      Files.writeString(
          mappings.resolve(i + ".json"),
          "{\"request\":{\"method\":\"%s\",\"url\":\"%s\"},\"response\":{\"status\":200,\"headers\":%s,\"base64Body\":\"%s\"}}"
              .formatted(
                  answer.wire().method(),
                  answer.wire().path(),
                  object(answer.headers()),
                  Base64.getEncoder()
                      .encodeToString(answer.body().getBytes(StandardCharsets.UTF_8))));
    }
    return Running.start(
        "WireMock",
        port,
        scratch.resolve("wiremock.log"),
        List.of(
            java(),
            "-jar",
            peers.resolve("wiremock.jar").toString(),
            "--port",
            Integer.toString(port),
            "--no-request-journal",
            "--disable-banner",
            "--root-dir",
            root.toString()),
        answers.get(0).wire());
  }

  private Running mockServer(int port, List<Recorded> answers)
      throws IOException, InterruptedException {
    var file = scratch.resolve("mockserver.json");
    var all = new ArrayList<String>();
    for (var answer : answers) {
      all.add(
          "{\"httpRequest\":{\"method\":\"%s\",\"path\":\"%s\"},\"httpResponse\":{\"statusCode\":200,\"headers\":%s,\"body\":{\"type\":\"BINARY\",\"base64Bytes\":\"%s\"}}}"
              .formatted(
                  answer.wire().method(),
                  pathOf(answer.wire()),
                  lists(answer.headers()),
                  Base64.getEncoder()
                      .encodeToString(answer.body().getBytes(StandardCharsets.UTF_8))));
    }
    Files.writeString(file, all.toString());
    return Running.start(
        "MockServer",
        port,
        scratch.resolve("mockserver.log"),
        List.of(
            java(),
            "-Dmockserver.logLevel=OFF",
            "-Dmockserver.disableLogging=true",
            "-Dmockserver.initializationJsonPath=" + file,
            "-jar",
            peers.resolve("mockserver.jar").toString(),
            "-serverPort",
            Integer.toString(port)),
        answers.get(0).wire());
  }

  private static String object(Map<String, String> headers) {
    var members = new ArrayList<String>();
    headers.forEach((name, value) -> members.add(quoted(name) + ":" + quoted(value)));
    return "{" + String.join(",", members) + "}";
  }

  private static String lists(Map<String, String> headers) {
    var members = new ArrayList<String>();
    headers.forEach((name, value) -> members.add(quoted(name) + ":[" + quoted(value) + "]"));
    return "{" + String.join(",", members) + "}";
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  // ---- what is measured

  /** Median rates in the order of the servers, the first round of each left out. */
  private List<Double> rates(List<Running> servers, Sending sending)
      throws IOException, InterruptedException {
    var all = new ArrayList<List<Double>>();
    servers.forEach(server -> all.add(new ArrayList<>()));
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        var load = sending.to(servers.get(i), round == 0 ? 2 * seconds : seconds);
        if (round > 0) {
          all.get(i).add(load.rate());
        }
      }
    }
    return all.stream().map(Load::median).toList();
  }

  /** One round of load. */
  @FunctionalInterface
  private interface Sending {
    Load to(Running server, int seconds) throws IOException, InterruptedException;
  }

  private List<Double> rates(Wire wire, List<Running> servers)
      throws IOException, InterruptedException {
    return rates(servers, (server, time) -> Load.of(server, wire, CONNECTIONS, time));
  }

  private void reads() throws IOException, InterruptedException {
    title(
        "Reads, requests a second",
        "Doppel",
        "bare Vert.x",
        "of bare",
        "WireMock",
        "times",
        "MockServer",
        "times");
    try (var doppel = doppel(18200, "--journal", "0")) {
      var answers = List.of(record(doppel, ME), record(doppel, DESCRIBE), record(doppel, PROFILE));
      try (var bare = bare(18201, answers);
          var wireMock = wireMock(18202, answers);
          var mockServer = mockServer(18203, answers)) {
        var servers = List.of(doppel, bare, wireMock, mockServer);
        compare("(a) `GET /api/v2/me`", rates(ME, servers));
        compare("(c) `POST /v2/vectordb/users/describe`", rates(DESCRIBE, servers));
        compare("(e) `GET /v1/users/profile`", rates(PROFILE, servers));
      }
    }
  }

  private void compare(String name, List<Double> rates) {
    var doppel = rates.get(0);
    row(
        name,
        whole(doppel),
        whole(rates.get(1)),
        ratio(doppel / rates.get(1)),
        whole(rates.get(2)),
        ratio(doppel / rates.get(2)),
        whole(rates.get(3)),
        ratio(doppel / rates.get(3)));
    plotted.put(name, rates);
  }

  /** Doppel's rate, the bare server's, and the one as a share of the other. */
  private void besideBare(String name, List<Double> rates) {
    row(name, whole(rates.get(0)), whole(rates.get(1)), ratio(rates.get(0) / rates.get(1)));
  }

  private static Wire byId(String id) {
    return Wire.get("/api/v2/users/" + id, "Authorization", "Token " + TOKEN);
  }

  private void large() throws IOException, InterruptedException {
    title("(b) `GET /api/v2/users/{id}`, requests a second", "Doppel", "bare Vert.x", "of bare");
    try (var many = doppel(18210, "--journal", "0");
        var few = doppel(18211, "--journal", "0")) {
      var before = many.residentMiB();
      var ids = fill(many, MANY_USERS);
      fill(few, FEW_USERS);
      var answer = record(many, byId(ids));
      try (var bare = bare(18212, List.of(answer))) {
        var rates = rates(answer.wire(), List.of(many, bare));
        var fewer = rates(byId(fill(few, 1)), List.of(few, bare));
        besideBare("1,000,000 users", rates);
        besideBare("1,000 users", fewer);
        report.append(
            "\nResident set with 1,000,000 users: %d MiB, with none %d MiB: %d bytes a user.\n"
                .formatted(
                    many.residentMiB(),
                    before,
                    (many.residentMiB() - before) * (1 << 20) / MANY_USERS));
      }
    }
  }

  private int filled;

  /** Makes so many users, and gives the id of one of them. */
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

  private void filter() throws IOException, InterruptedException {
    title("(d) VCD, requests a second", "Doppel", "bare Vert.x", "of bare");
    try (var doppel = doppel(18220, "--journal", "0")) {
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
        var answer = record(doppel, wire);
        try (var bare = bare(18221, List.of(answer))) {
          var rates = rates(wire, List.of(doppel, bare));
          besideBare("`" + path + "`", rates);
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

  /** One request after another of all dialects, with and without a journal. */
  private void journal() throws IOException, InterruptedException {
    title(
        "(g) A mix of (a), (c), (e), requests a second", "without a journal", "with it", "cost, %");
    var mix =
        """
        local wires = {
          { "GET", "/api/v2/me", { Authorization = "Token %1$s" } },
          { "POST", "/v2/vectordb/users/describe", { Authorization = "Bearer root:Milvus" }, '{"userName":"root"}' },
          { "GET", "/v1/users/profile", { Authorization = "Bearer %1$s" } },
        }
        local sent = 0
        request = function()
          sent = sent + 1
          local wire = wires[sent %% 3 + 1]
          return wrk.format(wire[1], wire[2], wire[3], wire[4])
        end
        """
            .formatted(TOKEN);
    try (var off = doppel(18230, "--journal", "0");
        var on = doppel(18231)) {
      var rates =
          rates(List.of(off, on), (server, time) -> Load.of(server, "", mix, CONNECTIONS, time));
      var cost = 100 * (1 - rates.get(1) / rates.get(0));
      row("mix", whole(rates.get(0)), whole(rates.get(1)), "%.1f".formatted(cost));
    }
  }

  private void changes() {
    report.append("\n(f) is not measured here yet.\n");
  }

  private void start() {}

  private void memory() {}

  private void connections() {}

  private void hashing() {}

  // ---- the report

  private void title(String... cells) {
    report.append('\n');
    row(cells);
    report.append("|---".repeat(cells.length)).append("|\n");
  }

  private void row(String... cells) {
    var line = "| " + String.join(" | ", cells) + " |\n";
    report.append(line);
    System.out.print(line);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private void finish() throws IOException {
    Files.createDirectories(results);
    Files.writeString(results.resolve("comparison.md"), report.toString());
  }
}
