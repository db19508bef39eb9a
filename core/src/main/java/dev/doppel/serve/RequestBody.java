package dev.doppel.serve;

import dev.doppel.dialect.Limits;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads the body of a request, within limits. The bytes are not interpreted, whatever content type
 * the request has: vendors that read JSON from a form post must get the JSON.
 */
public final class RequestBody {

  private final Buffer bytes = Buffer.buffer();
  private final Promise<Buffer> promise = Promise.promise();
  private final long limit;
  private boolean tooLarge;

  private RequestBody(long limit) {
    this.limit = limit;
  }

  /**
   * Reads all of the body. Fails with BODY_TOO_LARGE once all of a body that is too large has been
   * read and discarded, so that the client can read the response; with MALFORMED_BODY if the body
   * ends early; with TIMED_OUT.
   */
  public static Future<Buffer> read(Vertx vertx, HttpServerRequest request, Limits limits) {
    if (request.method().equals(HttpMethod.GET)
        && request.headers().get("Content-Length") == null
        && request.headers().get("Transfer-Encoding") == null) {
      return Future.succeededFuture(Buffer.buffer());
    }
    var body = new RequestBody(limits.maxBodyBytes());
    var timer =
        vertx.setTimer(
            limits.bodyTimeout().toMillis(),
            fired -> body.promise.tryFail(Failure.of(Reason.TIMED_OUT)));
    request.handler(body::append);
    request.exceptionHandler(
        broken -> body.promise.tryFail(Failure.of(Reason.MALFORMED_BODY, "unexpected EOF")));
    request.endHandler(end -> body.end());
    return body.promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void append(Buffer chunk) {
    tooLarge |= bytes.length() + (long) chunk.length() > limit;
    if (!tooLarge) {
      bytes.appendBuffer(chunk);
    }
  }

  private void end() {
    if (tooLarge) {
      promise.tryFail(Failure.of(Reason.BODY_TOO_LARGE));
    } else {
      promise.tryComplete(bytes);
    }
  }
}
