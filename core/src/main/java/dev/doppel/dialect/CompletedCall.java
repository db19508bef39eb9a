package dev.doppel.dialect;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A call and its answer, whole, for {@link CallInterceptor}. It holds the secrets that travelled,
 * so it is not for keeping.
 *
 * @param uri path and query as sent
 * @param address of the client; empty if it isn't known any more
 * @param caller name of the user who asked
 * @param subject name of the user it was about
 * @param status of HTTP; 0 if no answer got out
 * @param reason why it failed, if it did
 * @param took from the last byte of the request until the answer was ready
 */
public record CompletedCall(
    CallInfo call,
    String method,
    String uri,
    Message request,
    String address,
    Optional<String> caller,
    Optional<String> subject,
    int status,
    Message response,
    Optional<Reason> reason,
    Duration took,
    Optional<InjectedFault> fault) {

  /**
   * One direction.
   *
   * @param body of gRPC as JSON, else as it travelled
   */
  public record Message(MultiMap headers, Buffer body) {
    @Override
    public String toString() {
      return "Message[hidden]";
    }
  }
}
