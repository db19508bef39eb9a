package dev.doppel.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The servers to compare, each in a process of its own.
 *
 * @param peers directory with the jars of WireMock and MockServer
 * @param scratch directory for logs and recorded responses
 */
record Servers(Path peers, Path scratch) {

  /** JVM options of the launcher on few processors, for the bare server. */
  private static final List<String> OPTIONS =
      Stream.concat(
              Stream.of(
                  "-XX:+UseParallelGC",
                  "-Xms96m",
                  "-XX:NewSize=48m",
                  "-XX:MaxNewSize=512m",
                  "-XX:CompileCommand=quiet"),
              Stream.of("f", "fBlaMka", "rotr64", "roundFunction")
                  .map(name -> "-XX:CompileCommand=inline,com.password4j.Argon2Function::" + name))
          .toList();

  Running doppel(int port, String... flags) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("./doppel", "--port", Integer.toString(port)));
    command.addAll(List.of(flags));
    return Running.start("Doppel", port, scratch.resolve("doppel-" + port), command, Bench.ME);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  Running bare(int port, List<Recorded> answers) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(java()));
    command.addAll(OPTIONS);
    command.addAll(
        List.of(
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

  /** Starts Doppel's jar directly, without the launcher's optimizations. */
  Running plainDoppel(int port) throws IOException, InterruptedException {
    var command =
        List.of(java(), "-jar", "cli/target/doppel.jar", "--port", Integer.toString(port));
    return Running.start("Doppel", port, scratch.resolve("plain"), command, Bench.ME);
  }

  /** Returns the result of {@link HashRate}, in hashes per second, with Doppel's JVM options. */
  double hashRate(String hash) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(java()));
    command.addAll(OPTIONS);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), HashRate.class.getName(), hash));
    return Double.parseDouble(Load.run(command).strip());
  }

  private static String pathOf(Wire wire) {
    var query = wire.path().indexOf('?');
    return query < 0 ? wire.path() : wire.path().substring(0, query);
  }

  Running wireMock(int port, List<Recorded> answers) throws IOException, InterruptedException {
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

  Running mockServer(int port, List<Recorded> answers) throws IOException, InterruptedException {
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
}
