package dev.doppel.dialect;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request, as a dialect and its actions see it. Used by one thread at a time. */
public final class Call {

  private final Dialect dialect;
  private final HttpServerRequest request;
  private final Buffer body;
  private final long began = System.nanoTime();
  private Map<String, String> parameters = Map.of();
  private @Nullable Operation operation;
  private @Nullable Caller caller;
  private @Nullable MultiMap query;
  private @Nullable UUID id;

  Call(Dialect dialect, HttpServerRequest request, Buffer body) {
    this.dialect = dialect;
    this.request = request;
    this.body = body;
  }

  void found(Operation operation, Map<String, String> parameters) {
    this.operation = operation;
    this.parameters = parameters;
  }

  void askedBy(Caller caller) {
    this.caller = caller;
  }

  /** Drawn for this request alone, for headers and messages that name the request. */
  public UUID id() {
    if (id == null) {
      id = UUID.randomUUID();
    }
    return id;
  }

  /** How long it has taken so far. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  public HttpMethod method() {
    return request.method();
  }

  /** The path as sent, still percent-encoded, without the query. */
  public String path() {
    return Optional.ofNullable(request.path()).orElse("");
  }

  /** Path and query as sent. */
  public String uri() {
    return request.uri();
  }

  /** The operation that was asked for; empty until it is found, or if there is none. */
  public Optional<Operation> operation() {
    return Optional.ofNullable(operation);
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** All headers of the request. */
  public MultiMap headers() {
    return request.headers();
  }

  /** The first value of a query parameter, decoded. Semicolons separate nothing. */
  public Optional<String> query(String name) {
    if (query == null) {
      try {
        query = request.params(true);
      } catch (IllegalArgumentException undecodable) {
        throw Failure.of(Reason.INVALID_VALUE, "query");
      }
    }
    return Optional.ofNullable(query.get(name));
  }

  /**
   * A parameter of the operation's path, decoded; text that isn't percent-encoded rightly is given
   * as it came.
   */
  public String parameter(String name) {
    var raw = parameters.get(name);
    if (raw == null) {
      throw new IllegalArgumentException("no path parameter " + name);
    }
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return raw;
    }
  }

  /** The bytes of the body; empty if there was none. */
  public Buffer body() {
    return body;
  }

  /** The body as the vendor's record, or the vendor's refusal. */
  public <T> T body(Class<T> type) {
    return dialect.decode(this, type);
  }

  /**
   * Who asks.
   *
   * @throws IllegalStateException in an operation that is open
   */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("an open operation has no caller");
    }
    return caller;
  }

  /** As {@link #caller()}, as the record that the dialect's {@code authenticate} gave. */
  public <C extends Caller> C caller(Class<C> type) {
    return type.cast(caller());
  }

  /** Whether the client's own connection to us is encrypted. */
  public boolean encrypted() {
    return request.isSSL();
  }

  /** Scheme and authority by which the client reached us, for absolute links. */
  public String origin() {
    var authority = Optional.ofNullable(request.authority()).map(HostAndPort::toString);
    return request.scheme() + "://" + authority.orElse("localhost");
  }
}
