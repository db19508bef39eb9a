package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A client that sends requests to one server as they are and returns whole answers. */
final class ReplayClient implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 20;
  private static final int MAX_HEADER_BYTES = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client;
  private final String prefix;

  /**
   * @param url {@code http} or {@code https}, host, port and, if any, the path before the vendor's
   * @param trustAll whether any certificate will do
   */
  ReplayClient(URI url, boolean trustAll) {
    var encrypted = "https".equals(url.getScheme());
    prefix = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/$", "");
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDefaultHost(url.getHost())
                .setDefaultPort(url.getPort() > 0 ? url.getPort() : encrypted ? 443 : 80)
                .setSsl(encrypted)
                .setTrustAll(trustAll)
                .setVerifyHost(!trustAll)
                .setMaxHeaderSize(MAX_HEADER_BYTES));
  }

  /** Sends one request; an empty body is no body. */
  TestServer.Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, byte[] body) {
    var answer = Promise.<TestServer.Answer>promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            started ->
                client
                    .request(HttpMethod.valueOf(method), prefix + path)
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

  private static TestServer.Answer answer(HttpClientResponse response, Buffer body) {
    var headers = new TreeMap<String, String>();
    response
        .headers()
        .forEach(
            header ->
                headers.merge(
                    header.getKey().toLowerCase(Locale.ROOT),
                    header.getValue(),
                    (one, other) -> one + "\n" + other));
    return new TestServer.Answer(
        response.statusCode(), headers, body.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    await(client.close());
    await(vertx.close());
  }
}
