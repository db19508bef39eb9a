package dev.doppel.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.users.Deadline;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Serves one dialect over HTTP: body within limits, authentication, operation, reply, and every
 * failure in the vendor's own words.
 *
 * <pre>
 *   body → intercept → (who asks?) → operation → (who asks?) → action → reply
 *                  └────── a failure anywhere → fault → reply ──────┘
 * </pre>
 */
public final class DialectRouter implements Handler<HttpServerRequest> {

  /**
   * How much a request may take.
   *
   * @param body longest body that is read, in bytes
   * @param bodyTime how long a client may take to send it
   * @param answerTime how long we may take to answer; what was begun may still be done
   */
  public record Limits(long body, Duration bodyTime, Duration answerTime) {

    /** 1 MiB within 30 seconds, and as long for the answer. */
    public static final Limits DEFAULT =
        new Limits(1 << 20, Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  private static final System.Logger LOG = System.getLogger(DialectRouter.class.getName());

  private final Vertx vertx;
  private final Dialect dialect;
  private final Limits limits;
  private final Clock clock;
  private final RouteTable routes;
  private final Optional<Handler<HttpServerRequest>> grpc;

  public DialectRouter(Vertx vertx, Dialect dialect, Limits limits) {
    this(vertx, dialect, limits, Clock.systemUTC());
  }

  /**
   * As above.
   *
   * @param clock says the date of answers
   */
  public DialectRouter(Vertx vertx, Dialect dialect, Limits limits, Clock clock) {
    this.vertx = vertx;
    this.clock = clock;
    this.dialect = dialect;
    this.limits = limits;
    this.routes = new RouteTable(dialect.operations(), dialect.paths());
    this.grpc = dialect.grpc(vertx, limits);
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (grpc.isPresent() && isGrpc(request)) {
      grpc.get().handle(request);
      return;
    }
    RequestBody.read(vertx, request, limits)
        .onSuccess(body -> serve(new Call(dialect, request, body), request))
        .onFailure(thrown -> refuseBody(request, Failure.from(thrown)));
  }

  private static boolean isGrpc(HttpServerRequest request) {
    var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return request.version() == HttpVersion.HTTP_2
        && type != null
        && type.startsWith("application/grpc");
  }

  private void refuseBody(HttpServerRequest request, Failure failure) {
    refuse(request, failure);
    if (failure.reason() != Reason.BODY_TOO_LARGE) {
      request.connection().close(); // what is still to come would be read as the next request
    }
  }

  /** Answers a request that went wrong before it could be served, in the vendor's words. */
  public void refuse(HttpServerRequest request, Failure failure) {
    var call = new Call(dialect, request, Buffer.buffer());
    write(call, request, refusal(call, failure));
  }

  private void serve(Call call, HttpServerRequest request) {
    inTime(guarded(() -> answer(call)))
        .map(reply -> encoded(call, reply))
        .otherwise(thrown -> refusal(call, thrown))
        .onComplete(reply -> write(call, request, reply.result()));
  }

  private Future<Reply> inTime(Future<Reply> answer) {
    return Deadline.within(vertx, limits.answerTime().toMillis(), answer)
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof TimeoutException ? Failure.of(Reason.TIMED_OUT) : thrown));
  }

  private Future<Reply> answer(Call call) {
    var early = dialect.intercept(call);
    if (early.isPresent()) {
      return Future.succeededFuture(early.get());
    }
    try {
      find(call);
    } catch (Failure notFound) {
      if (dialect.authenticatesFirst()) {
        return identify(call).compose(known -> Future.failedFuture(notFound));
      }
      throw notFound;
    }
    var operation = call.operation().orElseThrow();
    return operation.open()
        ? operation.action().answer(call)
        : identify(call).compose(known -> operation.action().answer(call));
  }

  private void find(Call call) {
    var match = routes.find(call.method(), call.path());
    call.found(match.operation(), match.parameters());
  }

  private Future<Void> identify(Call call) {
    return dialect.authenticate(call).onSuccess(call::askedBy).mapEmpty();
  }

  private static <T> Future<T> guarded(Supplier<Future<T>> step) {
    try {
      return step.get();
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private Reply refusal(Call call, Throwable thrown) {
    if (thrown instanceof Refusal refusal) {
      return encoded(call, refusal.tell(call));
    }
    var failure = Failure.from(thrown);
    if (failure.reason() == Reason.INTERNAL) {
      LOG.log(
          System.Logger.Level.ERROR,
          dialect.name() + " " + call.operation().map(Operation::name).orElse("(no operation)"),
          thrown);
    }
    var fault =
        call.operation()
            .map(operation -> operation.deviations().get(failure.reason()))
            .orElseGet(() -> dialect.fault(failure.reason()));
    return encoded(call, fault.tell(call, failure));
  }

  private Reply encoded(Call call, Reply reply) {
    if (reply.body().isEmpty() || reply.body().get() instanceof Buffer) {
      return reply;
    }
    try {
      var bytes = Buffer.buffer(dialect.json().writeValueAsBytes(reply.body().get()));
      return new Reply(reply.status(), Optional.of(bytes), reply.headers());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply that isn't JSON: " + call.operation(), e);
    }
  }

  private void write(Call call, HttpServerRequest request, Reply reply) {
    var response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(reply.status());
    var headers = response.headers();
    if (reply.body().isPresent()) {
      headers.set("Content-Type", dialect.contentType(call));
    }
    headers.set("Date", HttpDate.now(clock));
    dialect.decorate(call, reply, headers);
    reply.headers().forEach(header -> headers.remove(header.name()));
    reply.headers().forEach(header -> headers.add(header.name(), header.value()));
    if (reply.body().isPresent()) {
      var bytes = (Buffer) reply.body().get();
      if (request.method().equals(HttpMethod.HEAD)) {
        headers.set("Content-Length", Integer.toString(bytes.length()));
      }
      response.end(bytes);
    } else {
      response.end();
    }
  }
}
