package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.DialectRouter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One dialect behind a real socket, and a client that shows whole answers. */
public final class TestServer implements AutoCloseable {

  /** What came back; header names in lower case, several values of one joined by line feeds. */
  public record Answer(int status, Map<String, String> headers, String body) {}

  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  public TestServer(Vertx vertx, Dialect dialect) {
    this(vertx, dialect, DialectRouter.Limits.DEFAULT);
  }

  public TestServer(Vertx vertx, Dialect dialect, DialectRouter.Limits limits) {
    server =
        await(
            vertx
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(new DialectRouter(vertx, dialect, limits))
                .listen());
  }

  public int port() {
    return server.actualPort();
  }

  public Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, String body) {
    return send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a request as it is; an empty body is no body. */
  public Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(header -> request.header(header.getKey(), header.getValue()));
    try {
      return answer(client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8)));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer to " + method + " " + path, e);
    }
  }

  private static Answer answer(HttpResponse<String> response) {
    var headers =
        response.headers().map().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    header -> String.join("\n", header.getValue()),
                    (one, other) -> one,
                    TreeMap::new));
    return new Answer(response.statusCode(), headers, response.body());
  }

  @Override
  public void close() {
    await(server.close());
  }
}
