package dev.doppel.milvus;

import io.vertx.grpc.common.GrpcStatus;

/** A call that is refused by gRPC's own status instead of a message. It has no stack trace. */
final class MilvusGrpcDeniedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient GrpcStatus status;
  private final String text;

  MilvusGrpcDeniedException(GrpcStatus status, String text) {
    super(text, null, false, false);
    this.status = status;
    this.text = text;
  }

  GrpcStatus status() {
    return status;
  }

  /** The message that goes with the status. */
  String text() {
    return text;
  }
}
