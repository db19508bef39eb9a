package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import java.util.Optional;

/**
 * The caller of a gRPC call.
 *
 * @param address the client's IP address; empty if it is unknown
 */
record MilvusGrpcCaller(MilvusCaller caller, String address) {

  /** The caller of methods that are open to everyone. */
  static MilvusGrpcCaller anyone(Deviations deviations) {
    return new MilvusGrpcCaller(
        MilvusCaller.anonymous(Optional.empty(), MilvusCaller.DEFAULT_DATABASE, deviations), "");
  }
}
