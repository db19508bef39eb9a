package dev.doppel.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.dialect.InjectedFault.Breakage;
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
 *   body → intercept → operation → (who asks?) → action → reply
 *               └─── a failure anywhere → fault → reply ──┘
 * </pre>
 *
 * <p>{@link CallInterceptor} may let a call go wrong on purpose once its operation is known, and
 * hear of every answer.
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

  private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");
  private static final CharSequence DATE = HttpHeaders.createOptimized("Date");
  private static final Buffer NOTHING = Buffer.buffer();
  private static final char DELETE = 0x7f;
  private static final System.Logger LOG = System.getLogger(DialectRouter.class.getName());

  private final Vertx vertx;
  private final Dialect dialect;
  private final Limits limits;
  private final Clock clock;
  private final CallInterceptor interceptor;
  private final Proxies proxies;
  private final RouteTable routes;
  private final Optional<Handler<HttpServerRequest>> grpc;

  public DialectRouter(Vertx vertx, Dialect dialect, Limits limits) {
    this(vertx, dialect, limits, Clock.systemUTC(), CallInterceptor.NONE, Proxies.NONE);
  }

  /**
   * As above.
   *
   * @param clock says the date of answers
   * @param interceptor around every call
   * @param proxies that tell where clients are
   */
  public DialectRouter(
      Vertx vertx,
      Dialect dialect,
      Limits limits,
      Clock clock,
      CallInterceptor interceptor,
      Proxies proxies) {
    this.vertx = vertx;
    this.clock = clock;
    this.dialect = dialect;
    this.limits = limits;
    this.interceptor = interceptor;
    this.proxies = proxies;
    this.routes = new RouteTable(dialect.operations(), dialect.paths());
    this.grpc = dialect.grpc(vertx, limits, interceptor, proxies);
  }

  @Override
  public void handle(HttpServerRequest request) {
    handle(request, "");
  }

  /**
   * As above.
   *
   * @param prefix what the path begins with that isn't the vendor's; none for gRPC, whose clients
   *     can't add one
   */
  public void handle(HttpServerRequest request, String prefix) {
    if (grpc.isPresent() && isGrpc(request)) {
      grpc.get().handle(request);
      return;
    }
    if (hasControlCharacters(request.uri())) { // no URI (RFC 3986), and no header if it is repeated
      refuseMalformed(request, prefix);
      return;
    }
    RequestBody.read(vertx, request, limits)
        .onSuccess(body -> serve(new Call(dialect, request, prefix, body, proxies)))
        .onFailure(thrown -> refuseBody(request, prefix, Failure.from(thrown)));
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

  private void refuseBody(HttpServerRequest request, String prefix, Failure failure) {
    if (failure.reason() == Reason.BODY_TOO_LARGE) {
      answerRefused(request, prefix, failure); // after all of it has come
    } else {
      refuse(request, prefix, failure);
    }
  }

  /** Answers a request that is no HTTP as it should be, and ends its connection. */
  public void refuseMalformed(HttpServerRequest request, String prefix) {
    refuse(request, prefix, Failure.of(Reason.INVALID_VALUE, "malformed HTTP request"));
  }

  /**
   * Answers a request that went wrong before it could be served, in the vendor's words, and ends
   * its connection: what is still to come would be read as the next request.
   */
  public void refuse(HttpServerRequest request, String prefix, Failure failure) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    answerRefused(request, prefix, failure);
    request.connection().close();
  }

  /**
   * Answers a request whose headers are too long, in the vendor's words. Over HTTP/2 its connection
   * serves other requests on.
   */
  public void refuseHeaders(HttpServerRequest request, String prefix) {
    var failure = Failure.of(Reason.HEADERS_TOO_LARGE);
    if (request.version() == HttpVersion.HTTP_2) {
      answerRefused(request, prefix, failure);
    } else {
      refuse(request, prefix, failure);
    }
  }

  private void answerRefused(HttpServerRequest request, String prefix, Failure failure) {
    var call = new Call(dialect, request, prefix, Buffer.buffer(), proxies);
    send(call, refusal(call, failure));
  }

  private void serve(Call call) {
    guarded(() -> answer(call))
        .map(reply -> encoded(call, reply))
        .onSuccess(reply -> send(call, reply))
        .onFailure(
            thrown -> {
              if (thrown instanceof InjectedFault.Dropped) {
                drop(call);
              } else {
                send(call, refusal(call, thrown));
              }
            });
  }

  /** Whatever goes wrong with an answer, the client doesn't wait for it in vain. */
  private void send(Call call, Reply reply) {
    try {
      write(call, reply);
    } catch (RuntimeException defect) {
      LOG.log(System.Logger.Level.ERROR, dialect.name() + " can't send an answer", defect);
      drop(call);
    }
  }

  private Future<Reply> answer(Call call) {
    var early = dialect.intercept(call);
    if (early.isPresent()) {
      return Future.succeededFuture(early.get());
    }
    var missing = find(call);
    if (!interceptor.hasFaults()) {
      return attempt(call, missing);
    }
    return interceptor
        .fault(call)
        .compose(
            fault -> {
              call.disturbedBy(fault);
              return fault.isPresent()
                  ? fault.get().around(vertx, () -> attempt(call, missing))
                  : attempt(call, missing);
            });
  }

  /** Why there is no such operation, if there is none. */
  private Optional<Failure> find(Call call) {
    try {
      var match = routes.find(call.method(), call.path());
      call.found(match.operation(), match.parameters());
      return Optional.empty();
    } catch (Failure notFound) {
      return Optional.of(notFound);
    }
  }

  private Future<Reply> attempt(Call call, Optional<Failure> missing) {
    return inTime(missing.isPresent() ? miss(call, missing.get()) : act(call));
  }

  private Future<Reply> miss(Call call, Failure notFound) {
    return dialect.authenticatesFirst()
        ? call.identity().compose(known -> Future.failedFuture(notFound))
        : Future.failedFuture(notFound);
  }

  private Future<Reply> act(Call call) {
    var operation = call.operation().orElseThrow();
    var ready = operation.open() ? Future.succeededFuture() : call.identity();
    if (interceptor.recordsCalls()) {
      ready = ready.compose(known -> call.subjectName()); // who may be gone afterwards
    }
    return ready.compose(known -> operation.action().answer(call));
  }

  private Future<Reply> inTime(Future<Reply> answer) {
    return Deadline.within(vertx, limits.answerTime().toMillis(), answer)
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof TimeoutException ? Failure.of(Reason.TIMED_OUT) : thrown));
  }

  private static <T> Future<T> guarded(Supplier<Future<T>> step) {
    try {
      return step.get();
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private Reply refusal(Call call, Throwable thrown) {
    if (thrown instanceof VendorErrorException refusal) {
      call.failedFor(refusal.failure().reason());
      return encoded(call, refusal.reply(call));
    }
    var failure = Failure.from(thrown);
    call.failedFor(failure.reason());
    if (failure.reason() == Reason.INTERNAL && call.fault().isEmpty()) {
      LOG.log(
          System.Logger.Level.ERROR,
          dialect.name() + " " + call.operation().map(Operation::name).orElse("(no operation)"),
          thrown);
    }
    var fault =
        call.operation()
            .map(operation -> operation.deviations().get(failure.reason()))
            .orElseGet(() -> dialect.error(failure.reason()));
    return encoded(call, fault.reply(call, failure));
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

  private void write(Call call, Reply reply) {
    var response = call.request().response();
    if (response.closed() || response.ended()) {
      note(call, 0, NOTHING);
      return;
    }
    response.setStatusCode(reply.status());
    var headers = response.headers();
    if (reply.body().isPresent()) {
      headers.set(CONTENT_TYPE, dialect.contentType(call));
    }
    headers.set(DATE, HttpDate.now(clock));
    dialect.decorate(call, reply, headers);
    reply.headers().forEach(header -> headers.remove(header.name()));
    reply.headers().forEach(header -> headers.add(header.name(), header.value()));
    if (!call.prefix().isEmpty()) {
      PathPrefix.add(call.prefix(), headers);
    }
    var whole = reply.body().map(Buffer.class::cast);
    var fault = call.fault();
    var body = fault.isPresent() ? whole.map(fault.get()::broken) : whole;
    note(call, reply.status(), body.orElse(NOTHING));
    if (body.isEmpty()) {
      response.end();
    } else if (fault.isPresent() && fault.get().breakage() == Breakage.TRUNCATED) {
      headers.set("Content-Length", Integer.toString(whole.get().length()));
      response.write(body.get()).onComplete(sent -> call.request().connection().close());
    } else {
      if (call.method().equals(HttpMethod.HEAD)) {
        headers.set("Content-Length", Integer.toString(body.get().length()));
      }
      response.end(body.get());
    }
  }

  private void drop(Call call) {
    note(call, 0, NOTHING);
    call.request().connection().close();
  }

  /** Before the answer goes out, so that whoever has it finds it noted. */
  private void note(Call call, int status, Buffer body) {
    var took = call.elapsed();
    interceptor.onResponse(call, status, took);
    if (interceptor.recordsCalls()) {
      call.callerName()
          .onSuccess(
              caller ->
                  call.subjectName()
                      .onSuccess(
                          subject ->
                              interceptor.onCompleted(
                                  served(call, caller, subject, status, body, took))));
    }
  }

  private static CompletedCall served(
      Call call,
      Optional<String> caller,
      Optional<String> subject,
      int status,
      Buffer body,
      Duration took) {
    var request = call.request();
    return new CompletedCall(
        call,
        call.method().name(),
        call.uri(),
        new CompletedCall.Message(request.headers(), call.body()),
        call.address(),
        caller,
        subject,
        status,
        new CompletedCall.Message(request.response().headers(), body),
        call.failed(),
        took,
        call.fault());
  }
}
