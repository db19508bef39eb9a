package dev.doppel.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own. */
final class Running implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String name;
  private final int port;
  private final Process process;
  private final Duration firstAnswer;

  private Running(String name, int port, Process process, Duration firstAnswer) {
    this.name = name;
    this.port = port;
    this.process = process;
    this.firstAnswer = firstAnswer;
  }

  /**
   * Starts a server, and repeats a request until it succeeds.
   *
   * @param asked the request, which succeeds with status 200
   */
  static Running start(String name, int port, Path log, List<String> command, Wire asked)
      throws IOException, InterruptedException {
    var began = System.nanoTime();
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var running = new Running(name, port, process, Duration.ZERO);
    while (true) {
      if (!process.isAlive() || System.nanoTime() - began > PATIENCE.toNanos()) {
        process.destroyForcibly();
        throw new IOException(name + " doesn't serve:\n" + Files.readString(log));
      }
      if (listens(port) && running.send(asked).statusCode() == 200) {
        return new Running(name, port, process, Duration.ofNanos(System.nanoTime() - began));
      }
      Thread.sleep(2);
    }
  }

  /** Returns whether the port is open, with less processor time than the HTTP client would take. */
  private static boolean listens(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** Returns the time from the process's start to the first response. */
  Duration firstAnswer() {
    return firstAnswer;
  }

  HttpResponse<String> send(Wire wire) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + wire.path()))
            .timeout(Duration.ofSeconds(20))
            .method(
                wire.method(),
                wire.body().isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(wire.body()));
    wire.headers().forEach(request::header);
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /** Returns the processor time of the process since its start. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Returns the resident set in MiB, of the JVM that replaced the launcher. */
  long residentMiB() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no resident set of " + name);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
