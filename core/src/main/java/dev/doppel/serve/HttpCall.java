package dev.doppel.serve;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.CallMessage;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.TransportCall;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.serve.ReplyWriter.Encoded;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call over HTTP. Its caller and its subject are looked up on first use, and once. */
final class HttpCall implements TransportCall<Encoded> {

  private static final System.Logger LOG = System.getLogger(HttpCall.class.getName());

  private final ReplyWriter writer;
  private final Dialect dialect;
  private final HttpServerRequest request;
  private final String prefix;
  private final Call call;
  private final Optional<Failure> missing;
  private @Nullable Future<Caller> caller;
  private @Nullable Future<Optional<String>> subject;

  /**
   * @param prefix start of the path that doesn't belong to the vendor; may be empty
   * @param missing why the request names no operation; empty if it names one
   */
  HttpCall(
      ReplyWriter writer,
      HttpServerRequest request,
      String prefix,
      Call call,
      Optional<Failure> missing) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.request = request;
    this.prefix = prefix;
    this.call = call;
    this.missing = missing;
  }

  // ---- properties

  @Override
  public String dialectName() {
    return dialect.name();
  }

  @Override
  public Fidelity fidelity() {
    return dialect.fidelity();
  }

  @Override
  public Optional<String> operationName() {
    return call.operationName();
  }

  @Override
  public String method() {
    return call.method().name();
  }

  @Override
  public String path() {
    return call.path();
  }

  @Override
  public String uri() {
    return call.uri();
  }

  @Override
  public String address() {
    return call.address();
  }

  @Override
  public CallMessage request() {
    return new CallMessage(call.headers(), call.body());
  }

  @Override
  public Duration elapsed() {
    return call.elapsed();
  }

  /** Looks for a caller only where the dialect has done so or will do so. */
  @Override
  public Future<Optional<String>> callerName() {
    return caller == null && !needsCaller()
        ? Future.succeededFuture(Optional.empty())
        : caller().map(known -> Optional.of(known.user().name())).otherwise(Optional.empty());
  }

  private boolean needsCaller() {
    return !call.operation().map(Operation::open).orElse(true);
  }

  /** The caller; fails as {@link Dialect#authenticate} does. */
  private Future<Caller> caller() {
    if (caller == null) {
      try {
        caller = dialect.authenticate(call);
      } catch (RuntimeException refused) {
        caller = Future.failedFuture(refused);
      }
    }
    return caller;
  }

  @Override
  public Future<Optional<String>> subjectName() {
    if (subject == null) {
      try {
        subject = dialect.subject(call).otherwise(Optional.empty());
      } catch (RuntimeException unreadable) {
        subject = Future.succeededFuture(Optional.empty());
      }
    }
    return subject;
  }

  // ---- performing

  @Override
  public Future<?> authenticate() {
    if (missing.isPresent()) {
      return dialect.authenticatesFirst()
          ? caller()
              .compose(known -> dialect.checkMissing(call.withCaller(known)))
              .compose(checked -> Future.failedFuture(missing.get()))
          : Future.failedFuture(missing.get());
    }
    return needsCaller() ? caller() : Future.succeededFuture();
  }

  @Override
  public Future<Encoded> perform() {
    var action = call.operation().orElseThrow().action();
    var ready = needsCaller() ? call.withCaller(caller().result()) : call;
    return action.answer(ready).map(reply -> writer.encode(reply, Optional.empty()));
  }

  @Override
  public Encoded refusal(Throwable thrown, boolean injected) {
    if (thrown instanceof VendorErrorException refusal) {
      return refusal(thrown, refusal.failure());
    }
    var failure = Failure.from(thrown);
    if (failure.reason() == Reason.INTERNAL && !injected) {
      LOG.log(
          System.Logger.Level.ERROR,
          dialect.name() + " " + call.operationName().orElse("(no operation)"),
          thrown);
    }
    return refusal(thrown, failure);
  }

  private Encoded refusal(Throwable thrown, Failure failure) {
    return writer.encode(call.refusal(thrown), Optional.of(failure.reason()));
  }

  // ---- responding

  @Override
  public List<Difference> deviates() {
    return call.deviates();
  }

  @Override
  public boolean begin(Encoded response) {
    var http = request.response();
    if (http.closed() || http.ended()) {
      return false;
    }
    writer.begin(call, request, prefix, response.reply());
    return true;
  }

  @Override
  public void addHeader(String name, String value) {
    request.response().headers().add(name, value);
  }

  @Override
  public CallMessage recorded(Encoded response, Optional<Buffer> sent) {
    return new CallMessage(request.response().headers(), sent.orElseGet(Buffer::buffer));
  }

  @Override
  public void send(Encoded response, Optional<Buffer> sent, boolean closes) {
    if (closes) {
      var whole = response.body().orElseThrow().length();
      ReplyWriter.sendPart(request, sent.orElseThrow(), whole);
    } else {
      ReplyWriter.send(request, sent);
    }
  }

  @Override
  public void close() {
    request.connection().close();
  }
}
