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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes gRPC calls of one message and one response, byte by byte, over HTTP/2 without TLS. */
public final class GrpcClient implements AutoCloseable {

  private static final int PREFIX = 5;
  private static final long ANSWER_SECONDS = 20;

  /**
   * A response.
   *
   * @param body the message behind its prefix; empty for none
   * @param status gRPC's own; empty if it isn't a response of gRPC
   * @param text that goes with the status, as sent; empty for none
   */
  public record Answer(Buffer body, String status, String text) {

    /** Parses a message, as a generated class's {@code parseFrom} does. */
    @FunctionalInterface
    public interface Parser<A> {
      A parse(byte[] message) throws Exception;
    }

    /** Returns the message of a successful response. */
    public <A> A message(Parser<A> parser) {
      if (!status.equals("0") || body.length() < PREFIX) {
        throw new AssertionError("no message but " + this);
      }
      try {
        return parser.parse(body.getBytes(PREFIX, body.length()));
      } catch (Exception e) {
        throw new AssertionError("not the message that was expected", e);
      }
    }
  }

  private final HttpClient client;

  /**
   * The context that reads responses: in another, a body could arrive before its handler is set.
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
   * Makes a call.
   *
   * @param path service and method
   */
  public Answer call(String path, byte[] message, Map<String, String> metadata) {
    return callFramed(path, frame(message), metadata);
  }

  /** Returns a message behind its prefix: not compressed, and its length. */
  public static Buffer frame(byte[] message) {
    return Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message);
  }

  /** Makes a call with any bytes as its body, whether they are messages or not. */
  public Answer callFramed(String path, Buffer frames, Map<String, String> metadata) {
    var headers = new HashMap<>(metadata);
    headers.put("content-type", "application/grpc");
    headers.put("te", "trailers");
    return post(path, frames, headers);
  }

  /** Sends a request that need not be gRPC's. */
  public Answer post(String path, Buffer body, Map<String, String> headers) {
    var answer = Promise.<Answer>promise();
    context.runOnContext(
        started ->
            client
                .request(HttpMethod.POST, path)
                .compose(request -> send(request, body, headers))
                .compose(GrpcClient::answer)
                .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
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
              return new Answer(
                  body,
                  Optional.ofNullable(all.get("grpc-status")).orElse(""),
                  Optional.ofNullable(all.get("grpc-message")).orElse(""));
            });
  }

  @Override
  public void close() {
    await(client.close());
  }
}
