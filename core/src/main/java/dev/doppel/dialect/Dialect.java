package dev.doppel.dialect;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Failure;
import dev.doppel.users.User;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * One vendor's user API at one documented version, over one realm.
 *
 * <p>Thread-safe. Implementations keep no state that a second instance over the same realm would
 * lack.
 */
public interface Dialect {

  /** Short, lower case, unique among the dialects of a gateway. */
  String name();

  /** The emulated version of the vendor's product, in the vendor's own form. */
  String version();

  /** The source that decides where documentation and product disagree. */
  Fidelity fidelity();

  /**
   * The prefixes of this vendor's paths. A path belongs to the vendor if it equals a prefix or
   * starts with a prefix and a slash. A longer prefix wins over a shorter one of another dialect.
   */
  List<String> prefixes();

  /** One line per operation, in the order of the vendor's reference. */
  List<Operation> operations();

  /** How request paths are matched with those of operations. */
  default PathRules paths() {
    return PathRules.TRAILING_SLASH_IGNORED;
  }

  /**
   * Returns a response that precedes everything else, such as to a preflight request; empty to go
   * on. An exception is answered like any other failure.
   */
  default Optional<Reply> intercept(Call call) {
    return Optional.empty();
  }

  /**
   * Returns the handler of the vendor's gRPC calls, whose paths begin with a prefix of this dialect
   * too; empty if the vendor has no gRPC API. It receives the requests over HTTP/2 whose content
   * type is gRPC's, and passes each call to the server.
   */
  default Optional<Handler<HttpServerRequest>> grpc(CallServer server) {
    return Optional.empty();
  }

  /** The names of the calls that {@link #grpc} serves, in the order of the vendor's service. */
  default List<String> grpcOperations() {
    return List.of();
  }

  /** Whether the vendor checks credentials before path and method. */
  boolean authenticatesFirst();

  /**
   * Authenticates the caller. Called at most once per call, for every operation that is not open.
   * Fails with NO_CREDENTIALS, BAD_CREDENTIALS, EXPIRED_CREDENTIALS or INACTIVE_USER.
   */
  Future<Caller> authenticate(Call call);

  /**
   * Makes the checks that precede the answer that there is no such path or method. Only called if
   * the vendor {@linkplain #authenticatesFirst authenticates first}. Fails with the vendor's error.
   *
   * @param call without an operation, but with its caller
   */
  default Future<Void> checkMissing(Call call) {
    return Future.succeededFuture();
  }

  /**
   * Returns the name of the user whom a call creates, shows, changes or signs in, if the request
   * names one.
   */
  default Future<Optional<String>> subject(Call call) {
    return Future.succeededFuture(Optional.empty());
  }

  /** Returns a user as this vendor shows it to a caller who may see everything. */
  Future<ShownUser> show(User user);

  /**
   * Returns the code with which a user completes a sign-in now; empty if a sign-in with this
   * dialect needs the password alone.
   */
  default Optional<OneTimeCode> secondFactorCode(User user) {
    return Optional.empty();
  }

  /**
   * Reads a request body.
   *
   * @param type a record of the vendor's body
   * @throws RuntimeException the vendor's refusal of a body that can't be read
   */
  <T> T decode(Call call, Class<T> type);

  /** Returns the vendor's error for a reason. */
  VendorError error(Failure.Reason reason);

  /** The mapper that writes the bodies of replies as JSON, byte for byte as the vendor does. */
  ObjectMapper json();

  /** {@code Content-Type} of JSON replies; see {@link HttpHeaders#createOptimized}. */
  default CharSequence contentType(Call call) {
    return HttpHeaders.createOptimized("application/json");
  }

  /** Adds the headers that the vendor sends with every response. */
  default void decorate(Call call, Reply reply, MultiMap headers) {}
}
