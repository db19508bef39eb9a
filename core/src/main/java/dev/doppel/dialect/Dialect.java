package dev.doppel.dialect;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Failure;
import dev.doppel.users.User;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * One vendor's user API at one documented version, over one realm. {@link DialectRouter} serves it.
 *
 * <p>Implementations keep no state that a second instance over the same realm could miss.
 */
public interface Dialect {

  /** Short, lower case, unique among the dialects of a gateway. */
  String name();

  /** The version of the vendor's product that is spoken, in the vendor's own form. */
  String version();

  /** Which source decides where documentation and product disagree. */
  Fidelity fidelity();

  /**
   * Paths that are this vendor's: each is one itself, and so is all that starts with it and a
   * slash. A longer prefix wins over a shorter one of another dialect.
   */
  List<String> prefixes();

  /** One line per operation, in the order of the vendor's reference. */
  List<Operation> operations();

  /** How request paths are read before they are looked up. */
  default PathRules paths() {
    return PathRules.TRAILING_SLASH_IGNORED;
  }

  /**
   * An answer that comes before everything else, such as to a preflight request. What it throws is
   * answered like any other failure.
   */
  default Optional<Reply> intercept(Call call) {
    return Optional.empty();
  }

  /**
   * What serves the vendor's gRPC calls, whose paths begin with a prefix of this dialect too. It
   * gets the requests over HTTP/2 whose content type is gRPC's.
   *
   * @param limits for every call, as for every request
   * @param interceptor around every call, as around every request
   * @param proxies that tell where clients are
   */
  default Optional<Handler<HttpServerRequest>> grpc(
      Vertx vertx, DialectRouter.Limits limits, CallInterceptor interceptor, Proxies proxies) {
    return Optional.empty();
  }

  /** The names of what {@link #grpc} serves, in the order of the vendor's service. */
  default List<String> grpcOperations() {
    return List.of();
  }

  /** Whether credentials are looked at before path and method are, as the vendor does. */
  boolean authenticatesFirst();

  /**
   * Who asks. Called for every operation that is not open. Fails with NO_CREDENTIALS,
   * BAD_CREDENTIALS, EXPIRED_CREDENTIALS or INACTIVE_USER.
   */
  Future<Caller> authenticate(Call call);

  /**
   * The name of the user that a call is about, other than by who asks: whom it makes, shows,
   * changes or signs in, as far as the request says.
   */
  default Future<Optional<String>> subject(Call call) {
    return Future.succeededFuture(Optional.empty());
  }

  /** A user as this vendor shows it at its best, to whoever may see everything. */
  Future<ShownUser> show(User user);

  /**
   * Reads a request body. What can't be read is refused in the vendor's words.
   *
   * @param type a record in the vendor's words
   */
  <T> T decode(Call call, Class<T> type);

  /** How the vendor says no, for every reason there is. */
  VendorError error(Failure.Reason reason);

  /** Turns the values of replies into JSON, byte by byte as the vendor does. */
  ObjectMapper json();

  /** {@code Content-Type} of JSON replies; see {@link HttpHeaders#createOptimized}. */
  default CharSequence contentType(Call call) {
    return HttpHeaders.createOptimized("application/json");
  }

  /** Adds the headers that the vendor sends with every answer. */
  default void decorate(Call call, Reply reply, MultiMap headers) {}
}
