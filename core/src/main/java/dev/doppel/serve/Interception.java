package dev.doppel.serve;

import dev.doppel.dialect.CallMessage;
import dev.doppel.dialect.CallServer;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.TransportCall;
import dev.doppel.dialect.TransportCall.Response;
import dev.doppel.serve.InjectedFault.Breakage;
import dev.doppel.users.Deadline;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Applies a {@link CallInterceptor} to the calls of every transport of a dialect.
 *
 * <pre>
 *   fault? → delay → authenticate → perform → (failure → vendor's error) → record → send
 * </pre>
 *
 * @param interceptor around every call
 * @param marksDeviations whether a response names the differences in which it deviates from the
 *     product's, in headers
 */
record Interception(
    Vertx vertx,
    Limits limits,
    Proxies proxies,
    CallInterceptor interceptor,
    boolean marksDeviations)
    implements CallServer {

  private static final String DEVIATES = "Doppel-Deviates";

  private static final System.Logger LOG = System.getLogger(Interception.class.getName());

  /** Stands for a response whose connection is closed instead. */
  private static final class DroppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DroppedException() {
      super("connection dropped by an injected fault", null, false, false);
    }
  }

  @Override
  public <R extends Response> void serve(TransportCall<R> call) {
    if (interceptor.hasFaults()) {
      interceptor
          .fault(call)
          .onSuccess(fault -> serve(call, fault))
          .onFailure(defect -> respond(call, Future.failedFuture(defect), Optional.empty()));
    } else {
      serve(call, Optional.empty());
    }
  }

  private <R extends Response> void serve(TransportCall<R> call, Optional<InjectedFault> fault) {
    var performed = fault.isPresent() ? perform(call, fault.get()) : perform(call);
    performed.onComplete(done -> respond(call, done, fault));
  }

  @Override
  public <R extends Response> void respond(TransportCall<R> call, R response) {
    respond(call, Future.succeededFuture(response), Optional.empty());
  }

  // ---- performing

  private <R extends Response> Future<R> perform(TransportCall<R> call, InjectedFault fault) {
    return fault.after()
        ? perform(call).transform(done -> delay(fault).compose(waited -> replace(fault, done)))
        : delay(fault)
            .compose(waited -> Interception.<R>replacement(fault).orElseGet(() -> perform(call)));
  }

  private <R extends Response> Future<R> perform(TransportCall<R> call) {
    var answer = start(call);
    return answer.succeeded() // Most are: the work was done at once.
        ? answer
        : Deadline.within(vertx, limits.answerTimeout().toMillis(), answer)
            .recover(
                thrown ->
                    Future.failedFuture(
                        thrown instanceof TimeoutException
                            ? Failure.of(Reason.TIMED_OUT)
                            : thrown));
  }

  private <R extends Response> Future<R> start(TransportCall<R> call) {
    try {
      return interceptor.recordsCalls()
          ? call.authenticate()
              .compose(known -> call.subjectName()) // The call may delete its subject.
              .compose(known -> call.perform())
          : call.authenticate().compose(known -> call.perform());
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  // ---- faults

  private Future<Void> delay(InjectedFault fault) {
    return fault.delay().isZero()
        ? Future.succeededFuture()
        : Future.future(
            done ->
                vertx.setTimer(Math.max(1, fault.delay().toMillis()), fired -> done.complete()));
  }

  private static <R> Future<R> replace(InjectedFault fault, AsyncResult<R> done) {
    return Interception.<R>replacement(fault)
        .orElseGet(
            () ->
                done.succeeded()
                    ? Future.succeededFuture(done.result())
                    : Future.failedFuture(done.cause()));
  }

  private static <R> Optional<Future<R>> replacement(InjectedFault fault) {
    return fault.breakage() == Breakage.DROPPED
        ? Optional.of(Future.failedFuture(new DroppedException()))
        : fault.failure().map(Future::failedFuture);
  }

  /** Returns the bytes that are sent of a response's body. */
  private static Buffer damaged(Buffer body, InjectedFault fault) {
    return switch (fault.breakage()) {
      case NONE, DROPPED -> body;
      case TRUNCATED -> body.getBuffer(0, body.length() / 2);
      case GARBAGE -> garbage(body.length());
    };
  }

  /** Neither UTF-8 nor JSON nor a message; always the same bytes for one length. */
  private static Buffer garbage(int length) {
    var bytes = new byte[Math.max(1, length)];
    new Random(bytes.length).nextBytes(bytes);
    bytes[0] = (byte) 0xff;
    return Buffer.buffer(bytes);
  }

  // ---- responding

  /** Whatever fails here, the client is not left waiting. */
  private <R extends Response> void respond(
      TransportCall<R> call, AsyncResult<R> done, Optional<InjectedFault> fault) {
    try {
      if (done.succeeded()) {
        send(call, done.result(), fault);
      } else if (done.cause() instanceof DroppedException) {
        drop(call, fault, Optional.empty());
      } else {
        send(call, call.refusal(done.cause(), fault.isPresent()), fault);
      }
    } catch (RuntimeException defect) {
      LOG.log(System.Logger.Level.ERROR, call.dialectName() + " can't send an answer", defect);
      drop(call, fault, Optional.of(Reason.INTERNAL));
    }
  }

  private <R extends Response> void send(
      TransportCall<R> call, R response, Optional<InjectedFault> fault) {
    if (!call.begin(response)) {
      record(call, 0, CallMessage::empty, response.reason(), fault);
      return;
    }
    if (marksDeviations) {
      deviates(call, response.reason(), fault)
          .forEach(difference -> call.addHeader(DEVIATES, difference.mark()));
    }
    var sent =
        fault.isPresent()
            ? response.body().map(body -> damaged(body, fault.get()))
            : response.body();
    record(
        call, response.httpStatus(), () -> call.recorded(response, sent), response.reason(), fault);
    try {
      call.send(response, sent, sent.isPresent() && isTruncated(fault));
    } catch (RuntimeException defect) { // recorded already
      LOG.log(System.Logger.Level.ERROR, call.dialectName() + " can't send an answer", defect);
      call.close();
    }
  }

  private static boolean isTruncated(Optional<InjectedFault> fault) {
    return fault.isPresent() && fault.get().breakage() == Breakage.TRUNCATED;
  }

  private void drop(TransportCall<?> call, Optional<InjectedFault> fault, Optional<Reason> reason) {
    record(call, 0, CallMessage::empty, reason, fault);
    call.close();
  }

  /** A response that a fault or a timeout replaces, or a fault damages, tells of no product. */
  private static List<Difference> deviates(
      TransportCall<?> call, Optional<Reason> reason, Optional<InjectedFault> fault) {
    var replaced =
        reason.equals(Optional.of(Reason.TIMED_OUT))
            || (fault.isPresent()
                && (fault.get().failure().isPresent() || fault.get().breakage() != Breakage.NONE));
    return replaced ? List.of() : call.deviates();
  }

  // ---- recording

  /**
   * Records a call before its response is sent, so that a client that has the response finds it
   * recorded. A call that can't be recorded gets its response nevertheless.
   */
  private void record(
      TransportCall<?> call,
      int status,
      Supplier<CallMessage> recorded,
      Optional<Reason> reason,
      Optional<InjectedFault> fault) {
    var took = call.elapsed();
    try {
      interceptor.onResponse(call, status, took);
      if (interceptor.recordsCalls()) {
        complete(call, status, recorded.get(), reason, fault, took);
      }
    } catch (RuntimeException defect) {
      LOG.log(System.Logger.Level.ERROR, call.dialectName() + " can't record a call", defect);
    }
  }

  private void complete(
      TransportCall<?> call,
      int status,
      CallMessage response,
      Optional<Reason> reason,
      Optional<InjectedFault> fault,
      Duration took) {
    var deviates = deviates(call, reason, fault); // Looking for the caller may add some.
    call.callerName()
        .onSuccess(
            caller ->
                call.subjectName()
                    .onSuccess(
                        subject ->
                            interceptor.onCompleted(
                                new CompletedCall(
                                    call,
                                    call.method(),
                                    call.uri(),
                                    call.request(),
                                    call.address(),
                                    caller,
                                    subject,
                                    status,
                                    response,
                                    reason,
                                    deviates,
                                    took,
                                    fault))));
  }
}
