package dev.doppel.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.TransportCall;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.Optional;

/**
 * Writes the replies of a dialect as HTTP responses.
 *
 * @param clock for the dates of responses
 */
record ReplyWriter(Dialect dialect, Clock clock) {

  private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");
  private static final CharSequence DATE = HttpHeaders.createOptimized("Date");

  /**
   * A reply whose body is bytes.
   *
   * @param reason why the call failed; empty for a success
   */
  record Encoded(Reply reply, Optional<Buffer> body, Optional<Reason> reason)
      implements TransportCall.Response {

    @Override
    public int httpStatus() {
      return reply.status();
    }
  }

  /**
   * @throws IllegalStateException if the dialect can't encode the body
   */
  Encoded encode(Reply reply, Optional<Reason> reason) {
    return new Encoded(reply, reply.body().map(this::bytes), reason);
  }

  private Buffer bytes(Object body) {
    if (body instanceof Buffer bytes) {
      return bytes;
    }
    try {
      return Buffer.buffer(dialect.json().writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply that can't be encoded: " + body.getClass(), e);
    }
  }

  /**
   * Sets status and headers.
   *
   * @param prefix start of the path that doesn't belong to the vendor; may be empty
   */
  void begin(Call call, HttpServerRequest request, String prefix, Reply reply) {
    var response = request.response();
    response.setStatusCode(reply.status());
    var headers = response.headers();
    if (reply.body().isPresent()) {
      headers.set(CONTENT_TYPE, dialect.contentType(call));
    }
    headers.set(DATE, HttpDate.now(clock));
    dialect.decorate(call, reply, headers);
    reply.headers().forEach(header -> headers.remove(header.name()));
    reply.headers().forEach(header -> headers.add(header.name(), header.value()));
    if (!prefix.isEmpty()) {
      PathPrefix.add(prefix, headers);
    }
  }

  /** Sends the body, and with it the response. */
  static void send(HttpServerRequest request, Optional<Buffer> body) {
    var response = request.response();
    if (body.isEmpty()) {
      response.end();
      return;
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.headers().set("Content-Length", Integer.toString(body.get().length()));
    }
    response.end(body.get());
  }

  /**
   * Sends less than the whole body, then closes the connection.
   *
   * @param announced length of the whole body, in bytes
   */
  static void sendPart(HttpServerRequest request, Buffer part, int announced) {
    var response = request.response();
    response.headers().set("Content-Length", Integer.toString(announced));
    response.write(part).onComplete(sent -> request.connection().close());
  }
}
