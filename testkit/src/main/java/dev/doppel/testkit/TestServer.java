package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.Proxies;
import dev.doppel.serve.CallInterceptor;
import dev.doppel.serve.DialectRouter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A server for one dialect on a real socket, with a client that returns whole answers. */
public final class TestServer implements AutoCloseable {

  /** An answer; header names in lower case, several values of one name joined by line feeds. */
  public record Answer(int status, Map<String, String> headers, String body) {}

  private static final long TIMEOUT_SECONDS = 20;

  private final HttpServer server;
  private final HttpClient client;

  /**
   * The event loop on which answers are read, so that no body arrives before its handler is set.
   */
  private final Context context;

  public TestServer(Vertx vertx, Dialect dialect) {
    this(vertx, dialect, Limits.DEFAULT);
  }

  public TestServer(Vertx vertx, Dialect dialect, Limits limits) {
    this(vertx, new DialectRouter(vertx, dialect, limits));
  }

  private TestServer(Vertx vertx, DialectRouter router) {
    server =
        await(
            vertx
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(router)
                .invalidRequestHandler(request -> router.refuseMalformed(request, ""))
                .listen());
    context = vertx.getOrCreateContext();
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(server.actualPort())
                .setMaxHeaderSize(1 << 20));
  }

  /** Starts a server whose answers have a header {@code Doppel-Deviates} where they deviate. */
  static TestServer markingDeviations(Vertx vertx, Dialect dialect) {
    return new TestServer(
        vertx,
        new DialectRouter(
            vertx,
            dialect,
            Limits.DEFAULT,
            Clock.systemUTC(),
            CallInterceptor.NONE,
            Proxies.NONE,
            true));
  }

  public int port() {
    return server.actualPort();
  }

  /** Sends a request with a body in UTF-8; without a body if it is empty. */
  public Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, String body) {
    return send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a request with a body; without one if it is empty. */
  public Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, byte[] body) {
    var answer = Promise.<Answer>promise();
    context.runOnContext(
        started ->
            client
                .request(HttpMethod.valueOf(method), path)
                .compose(request -> send(request, headers, body))
                .compose(response -> response.body().map(bytes -> answer(response, bytes)))
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .onComplete(answer));
    return await(answer.future());
  }

  private static Future<HttpClientResponse> send(
      HttpClientRequest request, List<Map.Entry<String, String>> headers, byte[] body) {
    headers.forEach(header -> request.headers().add(header.getKey(), header.getValue()));
    return body.length == 0 ? request.send() : request.send(Buffer.buffer(body));
  }

  private static Answer answer(HttpClientResponse response, Buffer body) {
    var headers = new TreeMap<String, String>();
    response
        .headers()
        .forEach(
            header ->
                headers.merge(
                    header.getKey().toLowerCase(Locale.ROOT),
                    header.getValue(),
                    (one, other) -> one + "\n" + other));
    return new Answer(response.statusCode(), headers, body.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    await(client.close());
    await(server.close());
  }
}
