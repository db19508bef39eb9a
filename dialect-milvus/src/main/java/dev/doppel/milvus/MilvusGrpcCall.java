package dev.doppel.milvus;

import com.google.protobuf.MessageLite;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Parser;
import dev.doppel.dialect.CallInfo;
import dev.doppel.dialect.CallInterceptor;
import dev.doppel.dialect.CompletedCall;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.DialectRouter.Limits;
import dev.doppel.dialect.InjectedFault;
import dev.doppel.dialect.InjectedFault.Breakage;
import dev.doppel.dialect.InjectedFault.Dropped;
import dev.doppel.dialect.Proxies;
import dev.doppel.milvus.MilvusService.Peer;
import dev.doppel.users.Deadline;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.MessageSizeOverflowException;
import io.vertx.grpc.server.GrpcServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call over gRPC: its message, who asks, and how the answer goes out. */
final class MilvusGrpcCall<Q, A> implements CallInfo {

  /** How gRPC itself says no. */
  static final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient GrpcStatus status;
    private final String text;

    Denied(GrpcStatus status, String text) {
      super(text, null, false, false);
      this.status = status;
      this.text = text;
    }

    GrpcStatus status() {
      return status;
    }
  }

  /**
   * What all calls have in common.
   *
   * @param proxies that tell where clients are
   * @param peer who calls
   */
  record Server(
      Vertx vertx,
      Dialect dialect,
      Limits limits,
      CallInterceptor interceptor,
      Proxies proxies,
      Function<GrpcServerRequest<?, ?>, Future<Peer>> peer) {}

  private final Server server;
  private final Optional<String> operation;
  private final GrpcServerRequest<?, A> request;
  private final long began = System.nanoTime();
  private @Nullable Future<Peer> peer;
  private Optional<MessageOrBuilder> asked = Optional.empty();
  private Optional<InjectedFault> fault = Optional.empty();
  private Optional<Reason> failed = Optional.empty();

  MilvusGrpcCall(Server server, Optional<String> operation, GrpcServerRequest<?, A> request) {
    this.server = server;
    this.operation = operation;
    this.request = request;
  }

  @Override
  public Dialect dialect() {
    return server.dialect();
  }

  @Override
  public Optional<String> operationName() {
    return operation;
  }

  @Override
  public String path() {
    return "/" + request.fullMethodName();
  }

  @Override
  public Future<Optional<String>> callerName() {
    return operation.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : peer().map(Peer::named).otherwise(Optional.empty());
  }

  @Override
  public Future<Optional<String>> subjectName() {
    return Future.succeededFuture(asked.flatMap(MilvusMessage::userName));
  }

  /** Who calls, looked up once; fails as gRPC says it. */
  Future<Peer> peer() {
    if (peer == null) {
      peer = Future.<GrpcServerRequest<?, ?>>succeededFuture(request).compose(server.peer());
    }
    return peer;
  }

  void failedFor(Reason reason) {
    failed = Optional.of(reason);
  }

  /** Whether it goes wrong on purpose. */
  boolean disturbed() {
    return fault.isPresent();
  }

  /** The one message of a call; whatever comes instead is refused here, and once. */
  Future<Q> message(Parser<Q> parser) {
    var limit = server.limits().body();
    var payload = Promise.<GrpcMessage>promise();
    request.invalidMessageHandler(
        invalid ->
            payload.tryFail(
                invalid instanceof MessageSizeOverflowException overflow
                    ? MilvusGrpcPayload.tooLarge(overflow.messageSize(), limit)
                    : invalid));
    request.messageHandler(payload::tryComplete);
    request.endHandler(end -> payload.tryFail(MilvusGrpcPayload.missing()));
    return Deadline.within(server.vertx(), server.limits().bodyTime().toMillis(), payload.future())
        .map(came -> MilvusGrpcPayload.read(came, parser, limit))
        .onSuccess(
            came -> asked = Optional.ofNullable(came instanceof MessageOrBuilder it ? it : null));
  }

  /** What the attempt gives within the time there is, or what is to go wrong with it. */
  <T> Future<T> inTime(Supplier<Future<T>> attempt) {
    Supplier<Future<T>> limited =
        () ->
            Deadline.within(server.vertx(), server.limits().answerTime().toMillis(), attempt.get());
    if (!server.interceptor().hasFaults()) {
      return limited.get();
    }
    return server
        .interceptor()
        .fault(this)
        .compose(
            found -> {
              fault = found;
              return found.isPresent()
                  ? found.get().around(server.vertx(), limited)
                  : limited.get();
            });
  }

  // ---- the answer

  void answer(A answer) {
    note(GrpcStatus.OK, answer instanceof MessageOrBuilder it ? MilvusMessage.json(it) : "");
    var response = request.response();
    if (fault.isEmpty() || !(answer instanceof MessageLite message)) {
      response.end(answer);
      return;
    }
    var broken = fault.get().broken(Buffer.buffer(message.toByteArray()));
    var sent = GrpcMessage.message("identity", broken);
    if (fault.get().breakage() == Breakage.TRUNCATED) {
      response.writeMessage(sent).onComplete(written -> closeConnection());
    } else {
      response.endMessage(sent);
    }
  }

  /** Answers what gRPC says itself; closes the connection where it is to be dropped. */
  void fail(Throwable thrown) {
    if (thrown instanceof Dropped) {
      note(Optional.empty(), "");
      closeConnection();
    } else {
      deny(denied(thrown));
    }
  }

  /** Nothing is left then to be told that the client's time is over. */
  private void closeConnection() {
    Optional.ofNullable(request.deadline()).ifPresent(Timer::cancel);
    request.connection().close();
  }

  private static Denied denied(Throwable thrown) {
    if (thrown instanceof Denied denied) {
      return denied;
    }
    return thrown instanceof TimeoutException
        ? new Denied(GrpcStatus.DEADLINE_EXCEEDED, "request timeout")
        : new Denied(GrpcStatus.INTERNAL, "internal error");
  }

  /**
   * Some clients decode a message as if it were a whole URI, which leaves commas and the like
   * encoded. So it is encoded as the server does, no more than it must be, and not by vertx-grpc.
   */
  private void deny(Denied denied) {
    var response = request.response().status(denied.status);
    response.trailers().set("grpc-message", percentEncoded(denied.text));
    note(denied.status, "");
    response.end();
  }

  /** All but printable ASCII, and the percent sign (gRPC over HTTP/2, "Status-Message"). */
  static String percentEncoded(String text) {
    var encoded = new StringBuilder(text.length());
    for (var one : text.getBytes(StandardCharsets.UTF_8)) {
      if (one >= ' ' && one <= '~' && one != '%') {
        encoded.append((char) one);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
      }
    }
    return encoded.toString();
  }

  private void note(GrpcStatus status, String body) {
    note(Optional.of(status), body);
  }

  private void note(Optional<GrpcStatus> status, String body) {
    var interceptor = server.interceptor();
    var took = Duration.ofNanos(System.nanoTime() - began);
    var httpStatus = status.isPresent() ? 200 : 0;
    interceptor.onResponse(this, httpStatus, took);
    if (!interceptor.recordsCalls()) {
      return;
    }
    var headers = MultiMap.caseInsensitiveMultiMap();
    status.ifPresent(
        known ->
            headers
                .addAll(request.response().headers())
                .set("content-type", "application/grpc")
                .set("grpc-status", Integer.toString(known.code))
                .addAll(request.response().trailers()));
    callerName()
        .onSuccess(
            caller ->
                interceptor.onCompleted(
                    new CompletedCall(
                        this,
                        "POST",
                        path(),
                        new CompletedCall.Message(
                            request.headers(),
                            Buffer.buffer(asked.map(MilvusMessage::json).orElse(""))),
                        server
                            .proxies()
                            .address(request.headers(), request.connection().remoteAddress()),
                        caller,
                        asked.flatMap(MilvusMessage::userName),
                        httpStatus,
                        new CompletedCall.Message(headers, Buffer.buffer(body)),
                        failed,
                        took,
                        fault)));
  }
}
