package dev.doppel.dialect;

import dev.doppel.users.Failure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as a dialect and its actions see it. Immutable: serving goes from the request
 * ({@link #of}) over its operation ({@link #withOperation}) to its caller ({@link #withCaller}),
 * and each step is a new value. Used by one thread at a time.
 */
public final class Call {

  private final Dialect dialect;
  private final CallRequest request;
  private final @Nullable Operation operation;
  private final Map<String, String> parameters;
  private final @Nullable Caller caller;

  private Call(
      Dialect dialect,
      CallRequest request,
      @Nullable Operation operation,
      Map<String, String> parameters,
      @Nullable Caller caller) {
    this.dialect = dialect;
    this.request = request;
    this.operation = operation;
    this.parameters = parameters;
    this.caller = caller;
  }

  /**
   * Creates the call of a request.
   *
   * @param prefix start of the path that doesn't belong to the vendor; may be empty
   * @param proxies that report addresses of clients
   */
  public static Call of(
      Dialect dialect, HttpServerRequest request, String prefix, Buffer body, Proxies proxies) {
    var read = new CallRequest(request, prefix, body, proxies);
    return new Call(dialect, read, null, Map.of(), null);
  }

  /**
   * Returns this call with the operation that its request names.
   *
   * @param parameters of the path, decoded
   */
  public Call withOperation(Operation found, Map<String, String> parameters) {
    return new Call(dialect, request, found, parameters, caller);
  }

  /** Returns this call with the user who makes it. */
  public Call withCaller(Caller authenticated) {
    return new Call(dialect, request, operation, parameters, authenticated);
  }

  /** A random ID of this request, for headers and messages that name the request. */
  public UUID id() {
    return request.id();
  }

  /** Time since the request was read. */
  public Duration elapsed() {
    return request.elapsed();
  }

  public HttpMethod method() {
    return request.http().method();
  }

  public HttpVersion version() {
    return request.http().version();
  }

  /** The path as sent, still percent-encoded, without the query. */
  public String path() {
    return request.path();
  }

  /** Path and query as sent. */
  public String uri() {
    return request.uri();
  }

  /** The operation that was asked for; empty before it is looked up, and if there is none. */
  public Optional<Operation> operation() {
    return Optional.ofNullable(operation);
  }

  /** The vendor's name of {@link #operation}. */
  public Optional<String> operationName() {
    return operation().map(Operation::name);
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.http().getHeader(name));
  }

  /** All headers of the request. */
  public MultiMap headers() {
    return request.http().headers();
  }

  /**
   * The first value of a query parameter, decoded. Semicolons separate nothing.
   *
   * @throws Failure INVALID_VALUE if the query can't be decoded
   */
  public Optional<String> query(String name) {
    return request.query(name);
  }

  /**
   * All query parameters in the order in which they were sent, decoded.
   *
   * @throws Failure as {@link #query}
   */
  public List<Map.Entry<String, String>> queryParameters() {
    return request.queryParameters().entries();
  }

  /** A parameter of the operation's path, decoded as {@link PathRules} say. */
  public String parameter(String name) {
    return optionalParameter(name)
        .orElseThrow(() -> new IllegalArgumentException("no path parameter " + name));
  }

  /** As {@link #parameter}; empty if the operation's path has no such parameter. */
  public Optional<String> optionalParameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** Decides between documentation and product for this call. */
  public Deviations deviations() {
    return request.deviations(dialect.fidelity());
  }

  /** As {@link Deviations#asDocumented}. */
  public boolean asDocumented(Difference difference) {
    return deviations().asDocumented(difference);
  }

  /**
   * Performs what the documentation promises, or what the product does, which must be to refuse the
   * call without any effect. Marks the call unless it is refused as the product refuses it.
   */
  public <T> Future<T> asDocumentedOrRefused(
      Difference difference, Supplier<Future<T>> documented, Supplier<Future<T>> refusal) {
    return deviations().followsDocumentation()
        ? documented
            .get()
            .map(
                done -> {
                  asDocumented(difference);
                  return done;
                })
            .recover(thrown -> markUnlessSame(difference, thrown, refusal))
        : refusal.get();
  }

  private <T> Future<T> markUnlessSame(
      Difference difference, Throwable thrown, Supplier<Future<T>> refusal) {
    return Future.succeededFuture()
        .compose(start -> refusal.get())
        .transform(
            refused -> {
              if (!refusal(thrown).equals(refusal(refused.cause()))) {
                asDocumented(difference);
              }
              return Future.failedFuture(thrown);
            });
  }

  /** The differences in which the answer deviates from the product's so far. */
  public List<Difference> deviates() {
    return request.deviates();
  }

  /** Returns the vendor's response to a failure of this call. */
  public Reply refusal(Throwable thrown) {
    if (thrown instanceof VendorErrorException refusal) {
      return refusal.error().reply(this, refusal.failure());
    }
    var failure = Failure.from(thrown);
    return operation()
        .map(found -> found.errors().get(failure.reason()))
        .orElseGet(() -> dialect.error(failure.reason()))
        .reply(this, failure);
  }

  /** The bytes of the body; empty if there is none. */
  public Buffer body() {
    return request.body();
  }

  /**
   * Reads the body as the vendor's record.
   *
   * @throws RuntimeException the vendor's refusal of a body that can't be read
   */
  public <T> T body(Class<T> type) {
    return dialect.decode(this, type);
  }

  /**
   * A text in the body's JSON object.
   *
   * @param path names of members, from the outermost object inwards
   */
  public Optional<String> bodyText(String... path) {
    return BodyText.of(body(), path);
  }

  /**
   * The user who calls.
   *
   * @throws IllegalStateException in an operation that is open
   */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("an open operation has no caller");
    }
    return caller;
  }

  /** As {@link #caller()}, as the record that the dialect's {@code authenticate} returned. */
  public <C extends Caller> C caller(Class<C> type) {
    return type.cast(caller());
  }

  /** IP address of the client; empty if it is unknown. */
  public String address() {
    return request.address();
  }

  /** Whether the client's own connection, to us or to a trusted proxy, is encrypted. */
  public boolean encrypted() {
    return request.encrypted();
  }

  /** The URL below which the client finds the vendor's paths, for absolute links. */
  public String origin() {
    return request.origin();
  }
}
