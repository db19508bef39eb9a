package dev.doppel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayerTest {

  private static final String LINE =
      "{\"n\":1,\"label\":\"a\",\"method\":\"GET\",\"path\":\"/p/x;y\","
          + "\"expect\":{\"status\":200,\"headers\":[],\"body\":\"%s\"}}\n";

  @TempDir private Path folder;
  private HttpServer server;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = "hello".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int run(String... args) throws IOException {
    return Replayer.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        args);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void run_comparesAnswers() throws IOException {
    assertThat(run(url() + "/", file("a.ndjson", LINE.formatted("hello")))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("1 answers compared, 0 differ\n");
    assertThat(run(url(), file("b.ndjson", LINE.formatted("bye")))).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("--- b.ndjson: 1 a\nGET /p/x;y\nexpected:\nHTTP 200\n\nbye\n")
        .contains("answered:\nHTTP 200\n\nhello\n");
  }

  @Test
  void run_skipsExchangesOfTheOtherFidelity() throws IOException {
    var text = "# verified: own (a test)\n# fidelity: %s\n\n### t\nGET /a\n\nHTTP 200\n\nhello\n";
    var documented = file("d.http", text.formatted("documented"));
    var observed = file("o.http", text.formatted("observed"));
    assertThat(run(url(), documented, observed)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("d.http: skipped, for fidelity documented")
        .contains("o.http: 1 answers compared, 0 differ");
    assertThat(run(url(), documented, "--fidelity", "documented", "--set", "a=b")).isZero();
  }

  @Test
  void run_saysThatNothingAnswers() throws IOException {
    server.stop(0);
    assertThat(run(url(), file("a.ndjson", LINE.formatted("hello")))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("no answer from " + url());
  }

  @Test
  void run_refusesWrongArguments() throws IOException {
    assertThat(run(url())).isEqualTo(2);
    assertThat(run("localhost:1", "f")).isEqualTo(2);
    assertThat(run(url(), "f", "--set", "x")).isEqualTo(2);
    assertThat(run(url(), "f", "--fidelity", "x")).isEqualTo(2);
    assertThat(run(url(), "f", "--nonsense")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("usage: replay URL FILE...")
        .contains("URL 'localhost:1'")
        .contains("--set: TEXT=VALUE is allowed")
        .contains("--fidelity 'x': documented and observed are allowed");
  }
}
