package dev.doppel.milvus;

import com.google.protobuf.Message;
import dev.doppel.dialect.CallMessage;
import dev.doppel.dialect.CallServer;
import dev.doppel.dialect.Deviations;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.TransportCall;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Timer;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call over gRPC. Its caller is looked up on first use, and once. */
final class MilvusGrpcCall<Q extends Message, A extends Message>
    implements TransportCall<MilvusGrpcResponse> {

  /** The services that all calls share. */
  record Services(
      CallServer server, Fidelity fidelity, MilvusGrpcAuth auth, MilvusGrpcErrors errors) {}

  private static final String IDENTITY = "identity";

  private final Services services;
  private final GrpcServerRequest<Buffer, Buffer> request;
  private final Optional<MilvusGrpcMethod<Q, A>> method;
  private final Optional<Q> message;
  private final Deviations deviations;
  private final long began = System.nanoTime();
  private @Nullable Future<MilvusGrpcCaller> caller;

  /** The client's deadline; the request forgets it when it has passed. */
  private final Optional<Timer> deadline;

  private boolean canceled;

  /**
   * @param method that is called; empty if there is none of this name
   * @param message of the request; empty if it is invalid
   */
  MilvusGrpcCall(
      Services services,
      GrpcServerRequest<Buffer, Buffer> request,
      Optional<MilvusGrpcMethod<Q, A>> method,
      Optional<Q> message) {
    this.services = services;
    this.request = request;
    this.method = method;
    this.message = message;
    deviations = new Deviations(services.fidelity());
    deadline = Optional.ofNullable(request.deadline());
    request.errorHandler(error -> canceled = true);
    request.exceptionHandler(reset -> canceled = true);
  }

  // ---- properties

  @Override
  public String dialectName() {
    return MilvusExtras.DIALECT;
  }

  @Override
  public Fidelity fidelity() {
    return services.fidelity();
  }

  @Override
  public Optional<String> operationName() {
    return method.map(MilvusGrpcMethod::name);
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/" + request.fullMethodName();
  }

  @Override
  public String uri() {
    return path();
  }

  @Override
  public String address() {
    return services
        .server()
        .proxies()
        .address(request.headers(), request.connection().remoteAddress());
  }

  @Override
  public CallMessage request() {
    var json = message.map(MilvusMessage::json).orElse("");
    return new CallMessage(request.headers(), Buffer.buffer(json));
  }

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Override
  public Future<Optional<String>> callerName() {
    return method.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : caller().map(known -> known.caller().name()).otherwise(Optional.empty());
  }

  @Override
  public Future<Optional<String>> subjectName() {
    return Future.succeededFuture(message.flatMap(MilvusMessage::userName));
  }

  private Future<MilvusGrpcCaller> caller() {
    if (caller == null) {
      caller = services.auth().caller(request.headers(), address(), deviations);
    }
    return caller;
  }

  // ---- performing

  @Override
  public Future<?> authenticate() {
    return method.orElseThrow().open() ? Future.succeededFuture() : caller();
  }

  @Override
  public Future<MilvusGrpcResponse> perform() {
    var action = method.orElseThrow().action();
    var answer =
        method.get().open()
            ? action.answer(MilvusGrpcCaller.anyone(deviations), message.orElseThrow())
            : caller().compose(known -> action.answer(known, message.orElseThrow()));
    return answer.map(done -> MilvusGrpcResponse.of(done, Optional.empty()));
  }

  @Override
  public MilvusGrpcResponse refusal(Throwable thrown, boolean injected) {
    return services.errors().response(method, thrown, injected);
  }

  // ---- responding

  @Override
  public List<Difference> deviates() {
    return deviations.list();
  }

  /**
   * Some clients decode the text of a status as if it were a whole URI, which leaves commas and the
   * like encoded. So it is encoded as the server does, no more than necessary, and not by
   * vertx-grpc.
   */
  @Override
  public boolean begin(MilvusGrpcResponse response) {
    if (isOver()) {
      return false;
    }
    if (response.status() != GrpcStatus.OK) {
      request
          .response()
          .status(response.status())
          .trailers()
          .set("grpc-message", percentEncode(response.text()));
    }
    return true;
  }

  /** Returns whether the client has canceled the call or its deadline has answered it. */
  private boolean isOver() {
    return canceled || deadline.filter(Timer::succeeded).isPresent();
  }

  /** Adds a header to the metadata that precedes the message. */
  @Override
  public void addHeader(String name, String value) {
    request.response().headers().add(name.toLowerCase(Locale.ROOT), value);
  }

  /** Encodes all but printable ASCII, and the percent sign (gRPC over HTTP/2, "Status-Message"). */
  static String percentEncode(String text) {
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

  /** The whole message, even if a fault damages the bytes that are sent. */
  @Override
  public CallMessage recorded(MilvusGrpcResponse response, Optional<Buffer> sent) {
    var headers =
        MultiMap.caseInsensitiveMultiMap()
            .addAll(request.response().headers())
            .set("content-type", "application/grpc")
            .set("grpc-status", Integer.toString(response.status().code))
            .addAll(request.response().trailers());
    var json = response.message().map(MilvusMessage::json).orElse("");
    return new CallMessage(headers, Buffer.buffer(json));
  }

  @Override
  public void send(MilvusGrpcResponse response, Optional<Buffer> sent, boolean closes) {
    if (sent.isEmpty()) {
      request.response().end();
    } else if (closes) {
      request
          .response()
          .writeMessage(GrpcMessage.message(IDENTITY, sent.get()))
          .onComplete(written -> close());
    } else {
      request.response().endMessage(GrpcMessage.message(IDENTITY, sent.get()));
    }
  }

  @Override
  public void close() {
    // The timer would send a status on the closed connection.
    deadline.ifPresent(Timer::cancel);
    request.connection().close();
  }
}
