package dev.doppel.milvus;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.doppel.milvus.grpc.Status;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/**
 * A method of a gRPC service.
 *
 * @param <Q> request
 * @param <A> response
 * @param legacyCode the code that clients before 2.3.4 read, of the coordinator's errors
 * @param action performs a call
 * @param failure creates the response that has a status and nothing else; empty if responses have
 *     no status, so that gRPC's own status reports all errors
 * @param open whether everyone may call it without credentials
 */
record MilvusGrpcMethod<Q extends Message, A extends Message>(
    String name,
    Parser<Q> parser,
    int legacyCode,
    Action<Q, A> action,
    Optional<Function<Status, A>> failure,
    boolean open) {

  /** Performs a call. */
  @FunctionalInterface
  interface Action<Q, A> {
    Future<A> answer(MilvusGrpcCaller caller, Q request);
  }
}
