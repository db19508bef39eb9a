package dev.doppel.milvus;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.MessageLite;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Parser;
import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.CallInterceptor;
import dev.doppel.dialect.DialectRouter.Limits;
import dev.doppel.dialect.InjectedFault;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.milvus.MilvusAccess.Asker;
import dev.doppel.milvus.MilvusError.Origin;
import dev.doppel.milvus.MilvusGrpcCall.Denied;
import dev.doppel.milvus.MilvusService.Peer;
import dev.doppel.milvus.MilvusService.Rpc;
import dev.doppel.milvus.grpc.AlterRoleRequest;
import dev.doppel.milvus.grpc.CheckHealthRequest;
import dev.doppel.milvus.grpc.CheckHealthResponse;
import dev.doppel.milvus.grpc.ConnectRequest;
import dev.doppel.milvus.grpc.ConnectResponse;
import dev.doppel.milvus.grpc.CreateCredentialRequest;
import dev.doppel.milvus.grpc.CreatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.CreateRoleRequest;
import dev.doppel.milvus.grpc.DeleteCredentialRequest;
import dev.doppel.milvus.grpc.DropPrivilegeGroupRequest;
import dev.doppel.milvus.grpc.DropRoleRequest;
import dev.doppel.milvus.grpc.GetVersionRequest;
import dev.doppel.milvus.grpc.GetVersionResponse;
import dev.doppel.milvus.grpc.HealthCheckRequest;
import dev.doppel.milvus.grpc.HealthCheckResponse;
import dev.doppel.milvus.grpc.ListCredUsersRequest;
import dev.doppel.milvus.grpc.ListCredUsersResponse;
import dev.doppel.milvus.grpc.ListDatabasesRequest;
import dev.doppel.milvus.grpc.ListDatabasesResponse;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsRequest;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsResponse;
import dev.doppel.milvus.grpc.OperatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeV2Request;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.SelectGrantRequest;
import dev.doppel.milvus.grpc.SelectGrantResponse;
import dev.doppel.milvus.grpc.SelectRoleRequest;
import dev.doppel.milvus.grpc.SelectRoleResponse;
import dev.doppel.milvus.grpc.SelectUserRequest;
import dev.doppel.milvus.grpc.SelectUserResponse;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.milvus.grpc.UpdateCredentialRequest;
import dev.doppel.users.Failure;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoBase64;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Milvus over gRPC: which calls there are, who calls, and how errors travel (2.6.19:
 * internal/proxy/authentication_interceptor.go, pkg/util/merr/utils.go). Who isn't known or may not
 * is told by gRPC's own status; everything else by the {@link Status} inside of an answer.
 */
final class MilvusGrpc implements Handler<HttpServerRequest> {

  static final String SERVICE = "milvus.proto.milvus.MilvusService";
  static final String HEALTH = "grpc.health.v1.Health";

  private static final System.Logger LOG = System.getLogger(MilvusGrpc.class.getName());
  private static final ServiceName MILVUS = ServiceName.create(SERVICE);
  private static final String ALTER_ROLE = "AlterRole";
  private static final String CHECK = "Check";
  private static final String ENCODING = "grpc-encoding";
  private static final int SERVING = 1;

  /** Two of the older codes, which clients before 2.3.4 look at alone. */
  private static final int UNEXPECTED_ERROR = 1;

  private static final int ILLEGAL_ARGUMENT = 5;

  private final MilvusAuth auth;
  private final MilvusEra era;
  private final boolean authorization;
  private final MilvusGrpcCall.Server calls;
  private final GrpcServer server;

  MilvusGrpc(
      Vertx vertx,
      Limits limits,
      CallInterceptor interceptor,
      Proxies proxies,
      MilvusDialect dialect,
      MilvusAuth auth,
      MilvusBackend backend,
      MilvusDialect.Settings settings) {
    this.auth = auth;
    calls = new MilvusGrpcCall.Server(vertx, dialect, limits, interceptor, proxies, this::peer);
    era = backend.era();
    authorization = settings.authorization();
    server =
        GrpcServer.server(
            vertx,
            new GrpcServerOptions()
                .setMaxMessageSize(limits.body())
                .setScheduleDeadlineAutomatically(true)
                .removeEnabledProtocol(GrpcProtocol.WEB)
                .removeEnabledProtocol(GrpcProtocol.WEB_TEXT));
    server.callHandler(this::unimplemented);
    serve(new MilvusService(backend, settings.version()));
    serveHealth();
  }

  /** What this era's service has, and what probes ask. */
  static List<String> operations(MilvusEra era) {
    var service =
        ConnectRequest.getDescriptor().getFile().findServiceByName("MilvusService").getMethods();
    return Stream.concat(
            service.stream()
                .map(MethodDescriptor::getName)
                .filter(name -> era == MilvusEra.THIRD || !name.equals(ALTER_ROLE)),
            Stream.of(CHECK))
        .toList();
  }

  private void serve(MilvusService service) {
    // spotless:off
    query("Connect", ConnectRequest.parser(), UNEXPECTED_ERROR, service::connect, status -> ConnectResponse.newBuilder().setStatus(status).build());
    query("GetVersion", GetVersionRequest.parser(), UNEXPECTED_ERROR, service::getVersion, status -> GetVersionResponse.newBuilder().setStatus(status).build());
    query("CheckHealth", CheckHealthRequest.parser(), UNEXPECTED_ERROR, service::checkHealth, status -> CheckHealthResponse.newBuilder().setStatus(status).build());
    query("ListDatabases", ListDatabasesRequest.parser(), UNEXPECTED_ERROR, service::listDatabases, status -> ListDatabasesResponse.newBuilder().setStatus(status).build());

    command("CreateCredential", CreateCredentialRequest.parser(), 29, service::createCredential);
    command("UpdateCredential", UpdateCredentialRequest.parser(), 30, service::updateCredential);
    command("DeleteCredential", DeleteCredentialRequest.parser(), 31, service::deleteCredential);
    query("ListCredUsers", ListCredUsersRequest.parser(), UNEXPECTED_ERROR, service::listCredUsers, status -> ListCredUsersResponse.newBuilder().setStatus(status).build());

    command("CreateRole", CreateRoleRequest.parser(), 35, service::createRole);
    if (era == MilvusEra.THIRD) {
      command(ALTER_ROLE, AlterRoleRequest.parser(), UNEXPECTED_ERROR, service::alterRole);
    }
    command("DropRole", DropRoleRequest.parser(), 36, service::dropRole);
    command("OperateUserRole", OperateUserRoleRequest.parser(), 37, service::operateUserRole);
    query("SelectRole", SelectRoleRequest.parser(), 38, service::selectRole, status -> SelectRoleResponse.newBuilder().setStatus(status).build());
    query("SelectUser", SelectUserRequest.parser(), 39, service::selectUser, status -> SelectUserResponse.newBuilder().setStatus(status).build());
    command("OperatePrivilege", OperatePrivilegeRequest.parser(), 41, service::operatePrivilege);
    command("OperatePrivilegeV2", OperatePrivilegeV2Request.parser(), 41, service::operatePrivilegeV2);
    query("SelectGrant", SelectGrantRequest.parser(), 42, service::selectGrant, status -> SelectGrantResponse.newBuilder().setStatus(status).build());

    command("CreatePrivilegeGroup", CreatePrivilegeGroupRequest.parser(), 58, service::createPrivilegeGroup);
    command("DropPrivilegeGroup", DropPrivilegeGroupRequest.parser(), 59, service::dropPrivilegeGroup);
    query("ListPrivilegeGroups", ListPrivilegeGroupsRequest.parser(), 60, service::listPrivilegeGroups, status -> ListPrivilegeGroupsResponse.newBuilder().setStatus(status).build());
    command("OperatePrivilegeGroup", OperatePrivilegeGroupRequest.parser(), 61, service::operatePrivilegeGroup);
    // spotless:on
  }

  /** Serves a call that answers with nothing but a status. */
  private <Q extends MessageLite & MessageOrBuilder> void command(
      String name, Parser<Q> parser, int legacy, Rpc<Q, Status> rpc) {
    query(name, parser, legacy, rpc, Function.identity());
  }

  /**
   * Serves a call.
   *
   * @param legacy the older code of the coordinator's errors
   * @param refused the answer that holds a status and nothing else
   */
  private <Q extends MessageLite & MessageOrBuilder, A extends MessageLite> void query(
      String name, Parser<Q> parser, int legacy, Rpc<Q, A> rpc, Function<Status, A> refused) {
    server.callHandler(
        MilvusGrpc.<A>method(MILVUS, name),
        request -> {
          var call = new MilvusGrpcCall<Q, A>(calls, Optional.of(name), request);
          call.message(parser)
              .compose(message -> call.inTime(() -> answer(rpc, call, message)))
              .recover(thrown -> told(call, thrown, legacy).map(refused))
              .onSuccess(call::answer)
              .onFailure(call::fail);
        });
  }

  private static <Q extends MessageLite & MessageOrBuilder, A> Future<A> answer(
      Rpc<Q, A> rpc, MilvusGrpcCall<Q, A> call, Q message) {
    return call.peer().compose(peer -> rpc.answer(peer, message));
  }

  /** Messages are read by {@link MilvusGrpcPayload}. */
  private static <A extends MessageLite> ServiceMethod<Buffer, A> method(
      ServiceName service, String name) {
    return ServiceMethod.server(
        service, name, GrpcMessageEncoder.<A>encoder(), GrpcMessageDecoder.IDENTITY);
  }

  /** Open, as probes can't show who they are. */
  private void serveHealth() {
    server.callHandler(
        MilvusGrpc.<HealthCheckResponse>method(ServiceName.create(HEALTH), CHECK),
        request -> {
          var call =
              new MilvusGrpcCall<HealthCheckRequest, HealthCheckResponse>(
                  calls, Optional.of(CHECK), request);
          call.message(HealthCheckRequest.parser())
              .compose(
                  asked ->
                      call.inTime(
                          () ->
                              Future.succeededFuture(
                                  HealthCheckResponse.newBuilder().setStatus(SERVING).build())))
              .onSuccess(call::answer)
              .onFailure(call::fail);
        });
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.path().lastIndexOf('/') > 0) {
      serve(request);
    } else {
      var text = "malformed method name: \"" + request.path() + "\"";
      request
          .response()
          .putHeader("content-type", "application/grpc")
          .putHeader("grpc-status", Integer.toString(GrpcStatus.UNIMPLEMENTED.code))
          .putHeader("grpc-message", MilvusGrpcCall.percentEncoded(text))
          .end();
    }
  }

  /** vertx-grpc can't read a message that says it is encoded where the call doesn't say how. */
  private void serve(HttpServerRequest request) {
    var headers = request.headers();
    var said = Optional.ofNullable(headers.get(ENCODING));
    headers.set(
        ENCODING,
        said.filter(encoding -> !encoding.equals("identity"))
            .orElse(MilvusGrpcPayload.NO_ENCODING));
    server.handle(request);
    headers.remove(ENCODING);
    said.ifPresent(encoding -> headers.set(ENCODING, encoding));
  }

  private <Q, A> void unimplemented(GrpcServerRequest<Q, A> request) {
    new MilvusGrpcCall<Void, A>(calls, Optional.empty(), request)
        .fail(
            new Denied(
                GrpcStatus.UNIMPLEMENTED,
                "unknown method %s for service %s"
                    .formatted(request.methodName(), request.serviceName().fullyQualifiedName())));
  }

  // ---- who calls

  private Future<Peer> peer(GrpcServerRequest<?, ?> request) {
    var metadata = request.headers();
    var database =
        Optional.ofNullable(metadata.get("dbname"))
            .filter(name -> !name.isEmpty())
            .orElse("default");
    var authorized = Optional.ofNullable(metadata.get("authorization"));
    return authorization
        ? user(authorized, address(request))
            .map(
                user ->
                    new Peer(
                        new Asker(Optional.of(user), auth.authorityOf(user), database),
                        Optional.of(user.name()),
                        address(request)))
        : Future.succeededFuture(
            new Peer(
                Asker.anonymous(database),
                authorized
                    .flatMap(GoBase64::decodeText)
                    .flatMap(BasicCredentials::split)
                    .map(BasicCredentials::name),
                address(request)));
  }

  private String address(GrpcServerRequest<?, ?> request) {
    return calls.proxies().address(request.headers(), request.connection().remoteAddress());
  }

  private Future<User> user(Optional<String> authorized, String address) {
    var base64 = authorized.orElseThrow(() -> unauthenticated("missing authorization in header"));
    if (GoBase64.findError(base64).isPresent()) {
      throw unauthenticated("invalid token format");
    }
    var pair =
        GoBase64.decodeText(base64)
            .flatMap(BasicCredentials::split)
            .orElseThrow(
                () -> unauthenticated("auth check failure, please check api key is correct"));
    return auth.user(new SignIn(pair.name(), pair.password(), address))
        .recover(thrown -> Future.failedFuture(isAboutCredentials(thrown) ? wrongPair() : thrown));
  }

  private static boolean isAboutCredentials(Throwable thrown) {
    return MilvusErrors.of(Failure.from(thrown).reason()) == MilvusErrors.NOT_AUTHENTICATED;
  }

  private static Denied wrongPair() {
    return unauthenticated("auth check failure, please check username and password are correct");
  }

  private static Denied unauthenticated(String text) {
    return new Denied(GrpcStatus.UNAUTHENTICATED, text);
  }

  // ---- how it went wrong

  /** What an answer says about a failure; fails where gRPC says it itself. */
  private Future<Status> told(MilvusGrpcCall<?, ?> call, Throwable thrown, int legacy) {
    if (thrown instanceof Denied
        || thrown instanceof InjectedFault.Dropped
        || thrown instanceof TimeoutException) {
      return Future.failedFuture(thrown);
    }
    if (thrown instanceof VendorErrorException refusal
        && refusal.error() instanceof MilvusError error) {
      call.failedFor(refusal.failure().reason());
      return Future.succeededFuture(status(error, refusal.failure(), legacy));
    }
    var failure = Failure.from(thrown);
    call.failedFor(failure.reason());
    return switch (failure.reason()) {
      case FORBIDDEN -> denied(GrpcStatus.PERMISSION_DENIED, failure.subject().orElse(""));
      case OVERLOADED -> denied(GrpcStatus.RESOURCE_EXHAUSTED, "too many requests");
      case UNAVAILABLE -> denied(GrpcStatus.UNAVAILABLE, "service not ready");
      case TIMED_OUT -> Future.failedFuture(new TimeoutException());
      case INTERNAL -> {
        if (!call.disturbed()) {
          LOG.log(
              System.Logger.Level.ERROR,
              MilvusDialect.NAME + " " + call.operationName().orElse(""),
              thrown);
        }
        yield denied(GrpcStatus.INTERNAL, "internal error");
      }
      case NO_SUCH_PATH, WRONG_METHOD -> denied(GrpcStatus.UNIMPLEMENTED, "unknown method");
      default ->
          MilvusErrors.of(failure.reason()) instanceof MilvusError error
                  && !isAboutCredentials(failure)
              ? Future.succeededFuture(status(error, failure, legacy))
              : Future.failedFuture(wrongPair());
    };
  }

  private static <T> Future<T> denied(GrpcStatus status, String text) {
    return Future.failedFuture(new Denied(status, text));
  }

  private Status status(MilvusError error, Failure failure, int legacy) {
    var text = error.message(failure);
    var coordinator = error.origin() == Origin.COORDINATOR;
    var status =
        Status.newBuilder()
            .setCode(error.code())
            .setErrorCode(coordinator ? legacy : legacy(error.code()))
            .setReason(text);
    if (!coordinator || era == MilvusEra.THIRD) {
      status.setDetail(text);
    }
    if (era == MilvusEra.THIRD && error.isCallers()) {
      status.putExtraInfo("is_input_error", "true");
    }
    return status.build();
  }

  private static int legacy(int code) {
    return code == MilvusErrors.INVALID_PARAMETER ? ILLEGAL_ARGUMENT : UNEXPECTED_ERROR;
  }
}
