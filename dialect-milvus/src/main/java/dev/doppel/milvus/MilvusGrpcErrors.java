package dev.doppel.milvus;

import com.google.protobuf.Message;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.milvus.MilvusError.Origin;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The errors of gRPC (2.6.19: internal/proxy/authentication_interceptor.go,
 * pkg/util/merr/utils.go). Missing credentials and privileges are reported by gRPC's own status,
 * other errors by the {@link Status} within a message.
 */
record MilvusGrpcErrors(MilvusEra era) {

  /** Three of the older codes, the only ones that clients before 2.3.4 read. */
  static final int UNEXPECTED_ERROR = 1;

  private static final int COLLECTION_NOT_EXISTS = 4;
  private static final int ILLEGAL_ARGUMENT = 5;

  /** The key of the statuses' information about errors that the caller's input caused. */
  static final String INPUT_ERROR = "is_input_error";

  private static final System.Logger LOG = System.getLogger(MilvusGrpcErrors.class.getName());

  /** The message in which a method reports an error, and the older code of that error. */
  private record Form(Function<Status, ? extends Message> message, int legacyCode) {}

  /**
   * Returns the response to a failure.
   *
   * @param method that was called; empty if there is none
   * @param injected whether the failure may be an injected one, which is not logged
   */
  MilvusGrpcResponse response(
      Optional<? extends MilvusGrpcMethod<?, ?>> method, Throwable thrown, boolean injected) {
    if (thrown instanceof MilvusGrpcDeniedException denied) {
      return MilvusGrpcResponse.denied(denied.status(), denied.text(), Optional.empty());
    }
    if (thrown instanceof TimeoutException) {
      return timedOut(Optional.empty());
    }
    var form =
        method.flatMap(
            called -> called.failure().map(status -> new Form(status, called.legacyCode())));
    return form.isEmpty()
        ? internal(Optional.empty())
        : response(form.get(), method.get().name(), thrown, injected);
  }

  private MilvusGrpcResponse response(
      Form form, String operation, Throwable thrown, boolean injected) {
    if (thrown instanceof VendorErrorException refusal
        && refusal.error() instanceof MilvusError error) {
      return message(form, error, refusal.failure());
    }
    var failure = Failure.from(thrown);
    var reason = Optional.of(failure.reason());
    return switch (failure.reason()) {
      case FORBIDDEN ->
          MilvusGrpcResponse.denied(
              GrpcStatus.PERMISSION_DENIED, failure.subject().orElse(""), reason);
      case OVERLOADED ->
          MilvusGrpcResponse.denied(GrpcStatus.RESOURCE_EXHAUSTED, "too many requests", reason);
      case UNAVAILABLE ->
          MilvusGrpcResponse.denied(GrpcStatus.UNAVAILABLE, "service not ready", reason);
      case TIMED_OUT -> timedOut(reason);
      case INTERNAL -> {
        if (!injected) {
          LOG.log(System.Logger.Level.ERROR, MilvusExtras.DIALECT + " " + operation, thrown);
        }
        yield internal(reason);
      }
      case NO_SUCH_PATH, WRONG_METHOD ->
          MilvusGrpcResponse.denied(GrpcStatus.UNIMPLEMENTED, "unknown method", reason);
      default ->
          MilvusErrors.of(failure.reason()) instanceof MilvusError error
                  && !error.equals(MilvusErrors.NOT_AUTHENTICATED)
              ? message(form, error, failure)
              : MilvusGrpcAuth.wrongPair(failure);
    };
  }

  private static MilvusGrpcResponse timedOut(Optional<Reason> reason) {
    return MilvusGrpcResponse.denied(GrpcStatus.DEADLINE_EXCEEDED, "request timeout", reason);
  }

  private static MilvusGrpcResponse internal(Optional<Reason> reason) {
    return MilvusGrpcResponse.denied(GrpcStatus.INTERNAL, "internal error", reason);
  }

  private MilvusGrpcResponse message(Form form, MilvusError error, Failure failure) {
    return MilvusGrpcResponse.of(
        form.message().apply(status(error, failure, form.legacyCode())),
        Optional.of(failure.reason()));
  }

  private Status status(MilvusError error, Failure failure, int legacyCode) {
    var text = error.message(failure);
    var coordinator = error.origin() == Origin.COORDINATOR;
    var status =
        Status.newBuilder()
            .setCode(error.code())
            .setErrorCode(coordinator ? legacyCode : legacyCode(error.code()))
            .setRetriable(error.isRetriable())
            .setReason(text);
    if (!coordinator || era == MilvusEra.THIRD) {
      status.setDetail(text);
    }
    if (era == MilvusEra.THIRD && error.isInputError()) {
      status.putExtraInfo(INPUT_ERROR, "true");
    }
    return status.build();
  }

  private static int legacyCode(int code) {
    return switch (code) {
      case MilvusErrors.INVALID_PARAMETER -> ILLEGAL_ARGUMENT;
      case MilvusErrors.NO_COLLECTION -> COLLECTION_NOT_EXISTS;
      default -> UNEXPECTED_ERROR;
    };
  }
}
