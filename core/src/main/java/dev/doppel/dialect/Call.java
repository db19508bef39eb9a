package dev.doppel.dialect;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
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
public final class Call implements CallInfo {

  private final Dialect dialect;
  private final HttpServerRequest request;
  private final String prefix;
  private final Buffer body;
  private final Proxies proxies;
  private final long began = System.nanoTime();
  private Map<String, String> parameters = Map.of();
  private @Nullable Operation operation;
  private @Nullable Caller caller;
  private @Nullable Future<Caller> identity;
  private @Nullable Future<Optional<String>> subject;
  private Optional<InjectedFault> fault = Optional.empty();
  private Optional<Reason> failed = Optional.empty();
  private @Nullable MultiMap query;
  private @Nullable Forwarded forwarded;
  private @Nullable UUID id;

  /**
   * @param prefix what the path begins with that isn't the vendor's
   * @param proxies that tell where the client is
   */
  Call(Dialect dialect, HttpServerRequest request, String prefix, Buffer body, Proxies proxies) {
    this.dialect = dialect;
    this.request = request;
    this.prefix = prefix;
    this.body = body;
    this.proxies = proxies;
  }

  void found(Operation operation, Map<String, String> parameters) {
    this.operation = operation;
    this.parameters = parameters;
  }

  /** Who asks, looked up once; fails as {@link Dialect#authenticate} does. */
  Future<Caller> identity() {
    if (identity == null) {
      try {
        identity = dialect.authenticate(this).onSuccess(known -> caller = known);
      } catch (RuntimeException refused) {
        identity = Future.failedFuture(refused);
      }
    }
    return identity;
  }

  void disturbedBy(Optional<InjectedFault> fault) {
    this.fault = fault;
  }

  void failedFor(Reason reason) {
    failed = Optional.of(reason);
  }

  HttpServerRequest request() {
    return request;
  }

  String prefix() {
    return prefix;
  }

  /** What goes wrong with it on purpose. */
  Optional<InjectedFault> fault() {
    return fault;
  }

  /** Why it was refused, if it was. */
  Optional<Reason> failed() {
    return failed;
  }

  @Override
  public Dialect dialect() {
    return dialect;
  }

  @Override
  public Optional<String> operationName() {
    return operation().map(Operation::name);
  }

  @Override
  public Future<Optional<String>> callerName() {
    return identity == null && (operation == null || operation.open())
        ? Future.succeededFuture(Optional.empty())
        : identity().map(known -> Optional.of(known.user().name())).otherwise(Optional.empty());
  }

  @Override
  public Future<Optional<String>> subjectName() {
    if (subject == null) {
      try {
        subject = dialect.subject(this).otherwise(Optional.empty());
      } catch (RuntimeException unreadable) {
        subject = Future.succeededFuture(Optional.empty());
      }
    }
    return subject;
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

  @Override
  public String path() {
    var path = request.path();
    return path == null ? "" : path.substring(prefix.length());
  }

  /** Path and query as sent. */
  public String uri() {
    return prefix.isEmpty() ? request.uri() : request.uri().substring(prefix.length());
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
    return optionalParameter(name)
        .orElseThrow(() -> new IllegalArgumentException("no path parameter " + name));
  }

  /** As above; empty if the operation's path has no such parameter. */
  public Optional<String> optionalParameter(String name) {
    return Optional.ofNullable(parameters.get(name)).map(Call::decoded);
  }

  private static String decoded(String raw) {
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
   * A text in the body's JSON object.
   *
   * @param path the member that has it, within the members before
   */
  public Optional<String> bodyText(String... path) {
    return BodyText.of(body, path);
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

  /** What trusted proxies say of it, looked up once. */
  private Forwarded forwarded() {
    if (forwarded == null) {
      forwarded =
          proxies.forwarded(request.headers(), request.remoteAddress(), request.authority());
    }
    return forwarded;
  }

  /** Where the client is, as an IP address; empty if that isn't known any more. */
  public String address() {
    return forwarded().address().orElseGet(() -> Proxies.address(request.remoteAddress()));
  }

  /** Whether the client's own connection, to us or to a trusted proxy, is encrypted. */
  public boolean encrypted() {
    return forwarded().scheme().map("https"::equals).orElseGet(request::isSSL);
  }

  /** Where the vendor's paths begin for the client, for absolute links. */
  public String origin() {
    return proxies.publicUrl().orElseGet(this::named) + prefix;
  }

  private String named() {
    var scheme = forwarded().scheme().orElseGet(request::scheme);
    var authority =
        forwarded()
            .authority()
            .or(() -> Optional.ofNullable(request.authority()).map(HostAndPort::toString));
    return scheme + "://" + authority.orElse("localhost");
  }
}
