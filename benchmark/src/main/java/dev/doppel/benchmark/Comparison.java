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
import java.util.function.ToDoubleFunction;

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

  /** Calls in a user's life, and how often a password is hashed or checked in full in it. */
  private static final int STEPS = 4;

  private static final int PASSWORDS = 3;

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
        var load = sending.to(servers.get(i), round == 0 ? 3 * seconds : seconds);
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
      var ofMany = record(many, byId(fill(many, MANY_USERS)));
      var ofFew = record(few, byId(fill(few, FEW_USERS)));
      try (var bare = bare(18212, List.of(ofMany, ofFew))) {
        var rates = rates(ofMany.wire(), List.of(many, bare));
        var fewer = rates(ofFew.wire(), List.of(few, bare));
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

  /** A user's whole life through Milvus; a password is hashed or checked in full three times. */
  private void changes() throws IOException, InterruptedException {
    title(
        "(f) Create, sign in, change password, delete, a second",
        "Doppel",
        "passwords",
        "the hash alone",
        "of it");
    var life =
        """
        local made, step, first = 0, 0, true
        local threads = 0
        function setup(thread) threads = threads + 1; thread:set("number", threads) end
        local function sent(path, by, body)
          return wrk.format("POST", "/v2/vectordb/users/" .. path, { Authorization = "Bearer " .. by }, body)
        end
        request = function()
          if first then -- wrk makes one request of a script before it begins
            first = false
            return sent("list", "root:Milvus", "{}")
          end
          local name = "life_ROUND_" .. number .. "_" .. made
          step = step + 1
          if step == 1 then
            return sent("create", "root:Milvus", '{"userName":"' .. name .. '","password":"P@ssw0rd1"}')
          elseif step == 2 then
            return sent("describe", name .. ":P@ssw0rd1", '{"userName":"' .. name .. '"}')
          elseif step == 3 then
            return sent("update_password", "root:Milvus", '{"userName":"' .. name .. '","password":"P@ssw0rd1","newPassword":"P@ssw0rd2"}')
          end
          made, step = made + 1, 0
          return sent("drop", "root:Milvus", '{"userName":"' .. name .. '"}')
        end
        response = function(status, headers, body)
          if not body:find('"code":0', 1, true) then os.exit(1) end
        end
        """;
    for (var hash : List.of("fast", "argon2id")) {
      var alone = new ArrayList<Double>();
      var lives = new ArrayList<Double>();
      try (var doppel = doppel(18240, "--journal", "0", "--hash", hash)) {
        for (int round = 0; round <= rounds; round++) {
          var load = Load.ofThreads(doppel, life.replace("ROUND", "" + round), 8, 2 * seconds);
          if (round > 0) {
            lives.add(load.rate() / STEPS);
          }
        }
      }
      for (int round = 0; round < rounds; round++) {
        var rate =
            Load.run(
                List.of(
                    java(),
                    "-XX:InlineSmallCode=5000",
                    "-cp",
                    System.getProperty("java.class.path"),
                    HashRate.class.getName(),
                    hash));
        alone.add(Double.parseDouble(rate.strip()));
      }
      var life1 = Load.median(lives);
      var bare = Load.median(alone);
      row(
          "`" + hash + "`",
          one(life1),
          one(life1 * PASSWORDS),
          one(bare),
          ratio(life1 * PASSWORDS / bare));
    }
  }

  private void start() throws IOException, InterruptedException {
    title("(h) From the process's start to its first answer, ms", "median", "of WireMock's");
    var answers = new ArrayList<Recorded>();
    try (var doppel = doppel(18250)) {
      answers.add(record(doppel, ME));
    }
    var plain = List.of(java(), "-jar", "gateway/target/doppel.jar", "--port", "18250");
    var launcher = new ArrayList<Double>();
    var jar = new ArrayList<Double>();
    var wireMock = new ArrayList<Double>();
    for (int round = 0; round < 2 * rounds; round++) {
      try (var running = doppel(18250)) {
        launcher.add(millis(running));
      }
      try (var running = Running.start("Doppel", 18250, scratch.resolve("plain"), plain, ME)) {
        jar.add(millis(running));
      }
      try (var running = wireMock(18250, answers)) {
        wireMock.add(millis(running));
      }
    }
    var theirs = Load.median(wireMock);
    row("`./doppel`", whole(Load.median(launcher)), ratio(Load.median(launcher) / theirs));
    row("`java -jar doppel.jar`", whole(Load.median(jar)), ratio(Load.median(jar) / theirs));
    row("WireMock", whole(theirs), "");
  }

  private static double millis(Running running) {
    return running.firstAnswer().toNanos() / 1e6;
  }

  private void memory() throws IOException, InterruptedException {
    title("(i) Resident set, MiB", "after the start", "after 100,000 requests");
    try (var doppel = doppel(18260)) {
      var answers = List.of(record(doppel, ME));
      try (var bare = bare(18261, answers);
          var wireMock = wireMock(18262, answers)) {
        for (var server : List.of(doppel, bare, wireMock)) {
          var before = server.residentMiB();
          Load.run(h2load(server, "-n", "100000", "-c", "32"));
          row(server.name(), Long.toString(before), Long.toString(server.residentMiB()));
        }
      }
    }
  }

  private static List<String> h2load(Running server, String... flags) {
    var command = new ArrayList<>(List.of("h2load", "--h1", "-t", "1"));
    command.addAll(List.of(flags));
    ME.headers().forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
    command.add("http://127.0.0.1:" + server.port() + ME.path());
    return command;
  }

  /** Each of 5,000 connections asks twice a second. */
  private void connections() throws IOException, InterruptedException {
    title("(j) 5,000 connections, 10,000 requests a second, ms", "median", "99th", "99.9th");
    try (var doppel = doppel(18270, "--journal", "0")) {
      var answers = List.of(record(doppel, ME));
      try (var bare = bare(18271, answers)) {
        for (var server : List.of(doppel, bare, doppel, bare)) {
          var log = Files.createTempFile(scratch, "h2load", "");
          Files.delete(log);
          Load.run(
              h2load(
                  server,
                  "-c",
                  "5000",
                  "--rps=2",
                  "-D",
                  Integer.toString(3 * seconds),
                  "--warm-up-time=5",
                  "--log-file=" + log));
          var micros =
              Files.readAllLines(log).stream()
                  .map(line -> line.split("\t", -1))
                  .filter(fields -> fields[1].equals("200"))
                  .mapToLong(fields -> Long.parseLong(fields[2]))
                  .sorted()
                  .toArray();
          row(
              server.name(),
              percentile(micros, 0.5),
              percentile(micros, 0.99),
              percentile(micros, 0.999));
        }
      }
    }
  }

  private static String percentile(long[] micros, double share) {
    return ratio(micros[(int) (share * (micros.length - 1))] / 1000.0);
  }

  /** Users who are made with Argon2id keep all hashing workers busy. */
  private void hashing() throws IOException, InterruptedException {
    title("(k) `GET /api/v2/me` on one connection, ms", "median", "99th");
    try (var doppel = doppel(18280, "--journal", "0", "--hash", "argon2id")) {
      Load.of(doppel, ME, CONNECTIONS, 2 * seconds);
      var idle = new ArrayList<Load>();
      var busy = new ArrayList<Load>();
      for (int round = 0; round < rounds; round++) {
        idle.add(Load.of(doppel, ME, 1, seconds));
        var script = scratch.resolve("register.lua");
        Files.writeString(script, registering(round));
        var writers =
            new ProcessBuilder(
                    "wrk",
                    "-t1",
                    "-c8",
                    "-d" + (seconds + 4) + "s",
                    "-s",
                    script.toString(),
                    "http://127.0.0.1:" + doppel.port())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread.sleep(2000);
        busy.add(Load.of(doppel, ME, 1, seconds));
        writers.waitFor();
      }
      row("idle", millis(idle, Load::medianMillis), millis(idle, Load::p99Millis));
      row(
          "all hashing workers busy",
          millis(busy, Load::medianMillis),
          millis(busy, Load::p99Millis));
    }
  }

  private static String millis(List<Load> loads, ToDoubleFunction<Load> part) {
    return String.format(
        Locale.ROOT, "%.3f", Load.median(loads.stream().mapToDouble(part).boxed().toList()));
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

  private static String one(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private void finish() throws IOException {
    Files.createDirectories(results);
    Files.writeString(results.resolve("comparison.md"), report.toString());
    if (!plotted.isEmpty()) {
      Files.writeString(
          results.resolve("reads.svg"),
          Plot.bars(
              "Requests a second",
              List.of("Doppel", "bare Vert.x", "WireMock", "MockServer"),
              plotted));
    }
  }
}
