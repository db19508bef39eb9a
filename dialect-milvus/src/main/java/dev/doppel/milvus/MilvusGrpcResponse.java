package dev.doppel.milvus;

import com.google.protobuf.Message;
import dev.doppel.dialect.TransportCall;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Optional;

/**
 * A response over gRPC: a message, or a status other than OK.
 *
 * @param text that goes with a status other than OK
 * @param body the encoded message
 */
record MilvusGrpcResponse(
    GrpcStatus status,
    String text,
    Optional<Message> message,
    Optional<Buffer> body,
    Optional<Reason> reason)
    implements TransportCall.Response {

  /**
   * A response with a message.
   *
   * @param reason why the call failed, which the message says; empty for a success
   */
  static MilvusGrpcResponse of(Message message, Optional<Reason> reason) {
    var body = Buffer.buffer(message.toByteArray());
    return new MilvusGrpcResponse(
        GrpcStatus.OK, "", Optional.of(message), Optional.of(body), reason);
  }

  static MilvusGrpcResponse denied(GrpcStatus status, String text, Optional<Reason> reason) {
    return new MilvusGrpcResponse(status, text, Optional.empty(), Optional.empty(), reason);
  }

  /** gRPC sends its own status behind an HTTP status that is always OK. */
  @Override
  public int httpStatus() {
    return 200;
  }
}
