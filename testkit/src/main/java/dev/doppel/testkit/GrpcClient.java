package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A client for unary gRPC calls over HTTP/2 without TLS that shows every byte of an answer. */
public final class GrpcClient implements AutoCloseable {

  private static final int PREFIX_LENGTH = 5;
  private static final long TIMEOUT_SECONDS = 20;

  /**
   * An answer.
   *
   * @param body the message with its prefix; empty if there is none
   * @param status the {@code grpc-status}; empty if the answer isn't one of gRPC
   * @param text the {@code grpc-message} as it was sent; empty if there is none
   * @param metadata headers and trailers; names in lower case, the last value of each
   */
  public record Answer(Buffer body, String status, String text, Map<String, String> metadata) {

    /** Parses a message, as {@code parseFrom} of a generated class does. */
    @FunctionalInterface
    public interface Parser<A> {
      A parse(byte[] message) throws Exception;
    }

    /** Returns the message of a successful answer. */
    public <A> A message(Parser<A> parser) {
      if (!status.equals("0") || body.length() < PREFIX_LENGTH) {
        throw new AssertionError("not a successful answer: " + this);
      }
      try {
        return parser.parse(body.getBytes(PREFIX_LENGTH, body.length()));
      } catch (Exception e) {
        throw new AssertionError("not a message of the expected type", e);
      }
    }
  }

  private final HttpClient client;

  /**
   * The event loop on which answers are read, so that no body arrives before its handler is set.
   */
  private final Context context;

  public GrpcClient(Vertx vertx, int port) {
    context = vertx.getOrCreateContext();
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(port));
  }

  /**
   * Calls a method.
   *
   * @param path service and method, such as {@code /package.Service/Method}
   */
  public Answer call(String path, byte[] message, Map<String, String> metadata) {
    return callFramed(path, frame(message), metadata);
  }

  /** Returns a message with its prefix: a zero byte for 'not compressed', and the length. */
  public static Buffer frame(byte[] message) {
    return Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message);
  }

  /** Calls a method with a body that need not consist of valid messages. */
  public Answer callFramed(String path, Buffer frames, Map<String, String> metadata) {
    var headers = new HashMap<>(metadata);
    headers.put("content-type", "application/grpc");
    headers.put("te", "trailers");
    return post(path, frames, headers);
  }

  /** Sends a POST request with any headers, which need not be those of gRPC. */
  public Answer post(String path, Buffer body, Map<String, String> headers) {
    var answer = Promise.<Answer>promise();
    context.runOnContext(
        started ->
            client
                .request(HttpMethod.POST, path)
                .compose(request -> send(request, body, headers))
                .compose(GrpcClient::answer)
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .onComplete(answer));
    return await(answer.future());
  }

  private static Future<HttpClientResponse> send(
      HttpClientRequest request, Buffer body, Map<String, String> headers) {
    headers.forEach(request::putHeader);
    return body.length() == 0 ? request.send() : request.send(body);
  }

  private static Future<Answer> answer(HttpClientResponse response) {
    return response
        .body()
        .map(
            body -> {
              var all = MultiMap.caseInsensitiveMultiMap();
              all.addAll(response.headers()).addAll(response.trailers());
              var metadata = new TreeMap<String, String>();
              all.forEach(
                  one -> metadata.put(one.getKey().toLowerCase(Locale.ROOT), one.getValue()));
              return new Answer(
                  body,
                  Optional.ofNullable(all.get("grpc-status")).orElse(""),
                  Optional.ofNullable(all.get("grpc-message")).orElse(""),
                  metadata);
            });
  }

  @Override
  public void close() {
    await(client.close());
  }
}
