package dev.doppel.serve;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.Proxies;
import dev.doppel.serve.ReplyWriter.Encoded;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Clock;
import java.util.Optional;

/**
 * Serves one dialect over HTTP: body within limits, authentication, operation, response, and every
 * failure as the vendor reports it.
 *
 * <pre>
 *   read → (early reply) → look up the operation → {@link Interception} → write
 * </pre>
 */
public final class DialectRouter implements Handler<HttpServerRequest> {

  private static final char DELETE = 0x7f;

  private final Dialect dialect;
  private final RouteTable routes;
  private final Interception calls;
  private final ReplyWriter writer;
  private final Optional<Handler<HttpServerRequest>> grpc;

  public DialectRouter(Vertx vertx, Dialect dialect, Limits limits) {
    this(vertx, dialect, limits, Clock.systemUTC(), CallInterceptor.NONE, Proxies.NONE, false);
  }

  /**
   * As above.
   *
   * @param clock for the dates of responses
   * @param interceptor around every call
   * @param proxies that report addresses of clients
   * @param marksDeviations whether the header {@code Doppel-Deviates} of a response names each
   *     difference in which it deviates from the product's
   */
  public DialectRouter(
      Vertx vertx,
      Dialect dialect,
      Limits limits,
      Clock clock,
      CallInterceptor interceptor,
      Proxies proxies,
      boolean marksDeviations) {
    this.dialect = dialect;
    this.routes = new RouteTable(dialect.operations(), dialect.paths());
    this.calls = new Interception(vertx, limits, proxies, interceptor, marksDeviations);
    this.writer = new ReplyWriter(dialect, clock);
    this.grpc = dialect.grpc(calls);
  }

  @Override
  public void handle(HttpServerRequest request) {
    handle(request, "");
  }

  /**
   * As above.
   *
   * @param prefix start of the path that doesn't belong to the vendor; empty for gRPC, whose
   *     clients can't add one
   */
  public void handle(HttpServerRequest request, String prefix) {
    if (grpc.isPresent() && isGrpc(request)) {
      grpc.get().handle(request);
    } else if (hasControlCharacters(request.uri())) {
      // Not a URI (RFC 3986), and not a header value where a response repeats it.
      refuseMalformed(request, prefix);
    } else {
      RequestBody.read(calls.vertx(), request, calls.limits())
          .onSuccess(body -> serve(request, prefix, body))
          .onFailure(thrown -> refuseBody(request, prefix, Failure.from(thrown)));
    }
  }

  private static boolean hasControlCharacters(String uri) {
    for (int i = 0; i < uri.length(); i++) {
      if (uri.charAt(i) < ' ' || uri.charAt(i) == DELETE) {
        return true;
      }
    }
    return false;
  }

  private static boolean isGrpc(HttpServerRequest request) {
    var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return request.version() == HttpVersion.HTTP_2
        && type != null
        && type.startsWith("application/grpc");
  }

  private void serve(HttpServerRequest request, String prefix, Buffer body) {
    var call = Call.of(dialect, request, prefix, body, calls.proxies());
    Optional<Encoded> early;
    try {
      early = dialect.intercept(call).map(reply -> writer.encode(reply, Optional.empty()));
    } catch (RuntimeException refused) {
      refuse(new HttpCall(writer, request, prefix, call, Optional.empty()), refused);
      return;
    }
    if (early.isPresent()) {
      calls.respond(new HttpCall(writer, request, prefix, call, Optional.empty()), early.get());
    } else {
      calls.serve(identify(request, prefix, call));
    }
  }

  private void refuse(HttpCall call, Throwable thrown) {
    calls.respond(call, call.refusal(thrown, false));
  }

  private HttpCall identify(HttpServerRequest request, String prefix, Call call) {
    try {
      var match = routes.find(call.method(), call.path());
      var identified = call.withOperation(match.operation(), match.parameters());
      return new HttpCall(writer, request, prefix, identified, Optional.empty());
    } catch (Failure missing) {
      return new HttpCall(writer, request, prefix, call, Optional.of(missing));
    }
  }

  private void refuseBody(HttpServerRequest request, String prefix, Failure failure) {
    if (failure.reason() == Reason.BODY_TOO_LARGE) {
      respond(request, prefix, failure); // All of the body has been received.
    } else {
      refuse(request, prefix, failure);
    }
  }

  /** Answers a request that is not valid HTTP, and closes its connection. */
  public void refuseMalformed(HttpServerRequest request, String prefix) {
    refuse(request, prefix, Failure.of(Reason.INVALID_VALUE, "malformed HTTP request"));
  }

  /**
   * Answers a request that failed before it could be served, as the vendor reports it, and closes
   * its connection: what follows would be read as the next request.
   */
  public void refuse(HttpServerRequest request, String prefix, Failure failure) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    respond(request, prefix, failure);
    request.connection().close();
  }

  /**
   * Answers a request whose headers are too long, as the vendor reports it. Over HTTP/2 its
   * connection stays open for other requests.
   */
  public void refuseHeaders(HttpServerRequest request, String prefix) {
    var failure = Failure.of(Reason.HEADERS_TOO_LARGE);
    if (request.version() == HttpVersion.HTTP_2) {
      respond(request, prefix, failure);
    } else {
      refuse(request, prefix, failure);
    }
  }

  private void respond(HttpServerRequest request, String prefix, Failure failure) {
    var call = Call.of(dialect, request, prefix, Buffer.buffer(), calls.proxies());
    refuse(new HttpCall(writer, request, prefix, call, Optional.empty()), failure);
  }
}
