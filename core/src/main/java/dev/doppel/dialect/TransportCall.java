package dev.doppel.dialect;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One call as its transport, such as REST or gRPC, performs and answers it. A {@link CallServer}
 * calls these methods, on the event loop of the call.
 *
 * @param <R> responses of this transport
 */
public interface TransportCall<R extends TransportCall.Response> extends CallInfo {

  /** A response that is encoded and can be sent. */
  interface Response {

    /** HTTP status. */
    int httpStatus();

    /** The encoded body or message; empty if the response has none. */
    Optional<Buffer> body();

    /** Why the call failed; empty for a success. */
    Optional<Reason> reason();
  }

  /** HTTP method. */
  String method();

  /** Path and query as sent. */
  String uri();

  /** IP address of the client; empty if it is unknown. */
  String address();

  /** The request as interceptors see it. */
  CallMessage request();

  /** Time since the request was read. */
  Duration elapsed();

  /**
   * Authenticates the caller unless the operation is open to everyone. Fails if the call must not
   * be performed.
   */
  Future<?> authenticate();

  /** Performs the call once {@link #authenticate} has succeeded, and encodes its response. */
  Future<R> perform();

  /**
   * Returns the vendor's response to a failure, and logs it if it is unexpected.
   *
   * @param injected whether a fault was injected into this call, so that nothing is unexpected
   */
  R refusal(Throwable thrown, boolean injected);

  /** The differences in which the answer deviates from the product's so far. */
  List<Difference> deviates();

  /**
   * Sets status and headers of the response.
   *
   * @return false if the client is gone, so that nothing can be sent
   */
  boolean begin(R response);

  /** Adds a header to the response after {@link #begin}. */
  void addHeader(String name, String value);

  /**
   * The response as interceptors see it.
   *
   * @param sent the bytes that are sent as its body
   */
  CallMessage recorded(R response, Optional<Buffer> sent);

  /**
   * Sends the response after {@link #begin}.
   *
   * @param sent the bytes to send as its body
   * @param closes whether to close the connection after these bytes, although the response
   *     announced more
   */
  void send(R response, Optional<Buffer> sent, boolean closes);

  /** Closes the connection without a response. */
  void close();
}
