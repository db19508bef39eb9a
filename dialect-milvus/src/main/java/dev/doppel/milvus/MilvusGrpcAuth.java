package dev.doppel.milvus;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Deviations;
import dev.doppel.users.Failure;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoBase64;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Optional;

/**
 * Authenticates the callers of gRPC (2.6.19: internal/proxy/authentication_interceptor.go).
 *
 * @param authorization whether callers must authenticate
 */
record MilvusGrpcAuth(MilvusAuth auth, boolean authorization) {

  private static final String WRONG_PAIR =
      "auth check failure, please check username and password are correct";

  /**
   * Returns the caller. Fails with {@link MilvusGrpcDeniedException} if the credentials are missing
   * or invalid.
   *
   * @param address the client's IP address; empty if it is unknown
   * @param deviations of the call
   */
  Future<MilvusGrpcCaller> caller(MultiMap metadata, String address, Deviations deviations) {
    var database =
        Optional.ofNullable(metadata.get("dbname"))
            .filter(name -> !name.isEmpty())
            .orElse(MilvusCaller.DEFAULT_DATABASE);
    var authorized = Optional.ofNullable(metadata.get("authorization"));
    if (!authorization) {
      var anonymous = MilvusCaller.anonymous(statedName(authorized), database, deviations);
      return Future.succeededFuture(new MilvusGrpcCaller(anonymous, address));
    }
    return verify(authorized, address)
        .map(user -> MilvusCaller.of(user, auth.authorityOf(user), database, deviations))
        .map(caller -> new MilvusGrpcCaller(caller, address));
  }

  private static Optional<String> statedName(Optional<String> authorized) {
    return authorized
        .filter(base64 -> GoBase64.findError(base64).isEmpty())
        .flatMap(GoBase64::decodeText)
        .flatMap(BasicCredentials::split)
        .map(BasicCredentials::name);
  }

  private Future<User> verify(Optional<String> authorized, String address) {
    if (authorized.isEmpty()) {
      return unauthenticated("missing authorization in header");
    }
    if (GoBase64.findError(authorized.get()).isPresent()) {
      return unauthenticated("invalid token format");
    }
    var pair = GoBase64.decodeText(authorized.get()).flatMap(BasicCredentials::split);
    if (pair.isEmpty()) {
      return unauthenticated("auth check failure, please check api key is correct");
    }
    return auth.user(new SignIn(pair.get().name(), pair.get().password(), address))
        .recover(
            thrown ->
                MilvusErrors.of(Failure.from(thrown).reason()) == MilvusErrors.NOT_AUTHENTICATED
                    ? unauthenticated(WRONG_PAIR)
                    : Future.failedFuture(thrown));
  }

  private static <T> Future<T> unauthenticated(String text) {
    return Future.failedFuture(new MilvusGrpcDeniedException(GrpcStatus.UNAUTHENTICATED, text));
  }

  /** The error for wrong credentials. */
  static MilvusGrpcResponse wrongPair(Failure failure) {
    return MilvusGrpcResponse.denied(
        GrpcStatus.UNAUTHENTICATED, WRONG_PAIR, Optional.of(failure.reason()));
  }
}
