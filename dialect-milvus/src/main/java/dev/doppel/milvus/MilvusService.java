package dev.doppel.milvus;

import dev.doppel.milvus.MilvusOperations.GrantedObject;
import dev.doppel.milvus.MilvusOperations.NewPassword;
import dev.doppel.milvus.MilvusOperations.NewUser;
import dev.doppel.milvus.MilvusOperations.PrivilegeChange;
import dev.doppel.milvus.MilvusOperations.PrivilegeGroup;
import dev.doppel.milvus.MilvusOperations.RoleInfo;
import dev.doppel.milvus.MilvusOperations.UserInfo;
import dev.doppel.milvus.MilvusOperations.UserUpdate;
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
import dev.doppel.milvus.grpc.GrantEntity;
import dev.doppel.milvus.grpc.GrantorEntity;
import dev.doppel.milvus.grpc.ListCredUsersRequest;
import dev.doppel.milvus.grpc.ListCredUsersResponse;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsRequest;
import dev.doppel.milvus.grpc.ListPrivilegeGroupsResponse;
import dev.doppel.milvus.grpc.ObjectEntity;
import dev.doppel.milvus.grpc.OperatePrivilegeGroupRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeRequest;
import dev.doppel.milvus.grpc.OperatePrivilegeV2Request;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.PrivilegeEntity;
import dev.doppel.milvus.grpc.PrivilegeGroupInfo;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.RoleResult;
import dev.doppel.milvus.grpc.SelectGrantRequest;
import dev.doppel.milvus.grpc.SelectGrantResponse;
import dev.doppel.milvus.grpc.SelectRoleRequest;
import dev.doppel.milvus.grpc.SelectRoleResponse;
import dev.doppel.milvus.grpc.SelectUserRequest;
import dev.doppel.milvus.grpc.SelectUserResponse;
import dev.doppel.milvus.grpc.ServerInfo;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.milvus.grpc.UpdateCredentialRequest;
import dev.doppel.milvus.grpc.UserEntity;
import dev.doppel.milvus.grpc.UserResult;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import dev.doppel.wire.go.GoBase64;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The methods of gRPC: reads the messages of requests, and writes the results of {@link
 * MilvusOperations} (2.6.19: internal/proxy/impl.go). Every response that has a status has it set,
 * since some clients read it without checking whether it is present.
 */
final class MilvusService {

  private static final Status OK = Status.getDefaultInstance();

  private final MilvusOperations operations;
  private final String version;

  /**
   * @param version of the server, in its own form
   */
  MilvusService(MilvusOperations operations, String version) {
    this.operations = operations;
    this.version = version;
  }

  private static Status ok(@Nullable Object done) {
    return OK;
  }

  private static String orElse(String given, String otherwise) {
    return given.isEmpty() ? otherwise : given;
  }

  // ---- connecting

  Future<ConnectResponse> connect(MilvusGrpcCaller caller, ConnectRequest request) {
    return operations
        .connect(caller.caller())
        .map(
            connected ->
                ConnectResponse.newBuilder()
                    .setStatus(OK)
                    .setServerInfo(
                        ServerInfo.newBuilder().setBuildTags(version).setDeployMode("STANDALONE"))
                    // Node's client takes 0 for a server too old to have the call.
                    .setIdentifier(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
                    .build());
  }

  Future<GetVersionResponse> getVersion(MilvusGrpcCaller caller, GetVersionRequest request) {
    return Future.succeededFuture(
        GetVersionResponse.newBuilder().setStatus(OK).setVersion(version).build());
  }

  Future<CheckHealthResponse> checkHealth(MilvusGrpcCaller caller, CheckHealthRequest request) {
    return Future.succeededFuture(
        CheckHealthResponse.newBuilder().setStatus(OK).setIsHealthy(true).build());
  }

  // ---- users

  Future<Status> createCredential(MilvusGrpcCaller caller, CreateCredentialRequest request) {
    var user =
        new NewUser(
            request.getUsername(),
            () -> password(request.getPassword(), "decode password fail"),
            request.hasDescription() ? request.getDescription() : null);
    return operations.createUser(caller.caller(), user).map(MilvusService::ok);
  }

  private Password password(String base64, String complaint) {
    var error = GoBase64.findError(base64);
    if (error.isPresent()) {
      throw operations.era().notBase64(complaint, error.get());
    }
    return GoBase64.decodeText(base64)
        .map(Password::new)
        .orElseThrow(
            () ->
                MilvusErrors.INVALID.newException(
                    Reason.INVALID_PASSWORD, "the password must be valid UTF-8"));
  }

  Future<Status> updateCredential(MilvusGrpcCaller caller, UpdateCredentialRequest request) {
    var update =
        new UserUpdate(
            request.getUsername(),
            caller.address(),
            () -> newPassword(request),
            request.hasDescription() ? request.getDescription() : null);
    return operations.updateUser(caller.caller(), update).map(MilvusService::ok);
  }

  /** With descriptions, an empty new password keeps the current one. */
  private NewPassword newPassword(UpdateCredentialRequest request) {
    var current = password(request.getOldPassword(), "decode old password failed");
    var wanted = password(request.getNewPassword(), "decode password failed");
    return new NewPassword(
        current,
        operations.hasDescriptions() && wanted.length() == 0
            ? Optional.empty()
            : Optional.of(wanted));
  }

  Future<Status> deleteCredential(MilvusGrpcCaller caller, DeleteCredentialRequest request) {
    return operations.dropUser(caller.caller(), request.getUsername()).map(MilvusService::ok);
  }

  Future<ListCredUsersResponse> listCredUsers(
      MilvusGrpcCaller caller, ListCredUsersRequest request) {
    return operations
        .listUsers(caller.caller())
        .map(
            names ->
                ListCredUsersResponse.newBuilder().setStatus(OK).addAllUsernames(names).build());
  }

  /** Returns all users if the request names none, and no user if there is none of the name. */
  Future<SelectUserResponse> selectUser(MilvusGrpcCaller caller, SelectUserRequest request) {
    var users =
        request.hasUser()
            ? operations
                .findUser(
                    caller.caller(), request.getUser().getName(), request.getIncludeRoleInfo())
                .map(user -> user.stream().toList())
            : operations.findUsers(caller.caller(), request.getIncludeRoleInfo());
    return users.map(
        found ->
            SelectUserResponse.newBuilder()
                .setStatus(OK)
                .addAllResults(found.stream().map(MilvusService::result).toList())
                .build());
  }

  private static UserResult result(UserInfo user) {
    var result =
        UserResult.newBuilder().setUser(entity(user.name())).setDescription(user.description());
    user.roles().forEach(role -> result.addRoles(RoleEntity.newBuilder().setName(role)));
    return result.build();
  }

  private static UserEntity entity(String name) {
    return UserEntity.newBuilder().setName(name).build();
  }

  Future<Status> operateUserRole(MilvusGrpcCaller caller, OperateUserRoleRequest request) {
    return operations
        .operateUserRole(
            caller.caller(),
            request.getUsername(),
            request.getRoleName(),
            () -> isAddition(request.getType()))
        .map(MilvusService::ok);
  }

  /** Returns whether a change adds, rather than removes. */
  private static boolean isAddition(int type) {
    return switch (type) {
      case 0 -> true;
      case 1 -> false;
      default ->
          throw MilvusErrors.INVALID.newException(
              Reason.INVALID_VALUE, "unknown type of operation [%s]".formatted(type));
    };
  }

  // ---- roles

  Future<Status> createRole(MilvusGrpcCaller caller, CreateRoleRequest request) {
    var role = request.getEntity();
    return operations
        .createRole(caller.caller(), role.getName(), role.getDescription())
        .map(MilvusService::ok);
  }

  Future<Status> alterRole(MilvusGrpcCaller caller, AlterRoleRequest request) {
    return operations
        .alterRole(caller.caller(), request.getRoleName(), request.getDescription())
        .map(MilvusService::ok);
  }

  Future<Status> dropRole(MilvusGrpcCaller caller, DropRoleRequest request) {
    return operations
        .dropRole(caller.caller(), request.getRoleName(), request.getForceDrop())
        .map(MilvusService::ok);
  }

  /** Returns all roles if the request names none, and no role if there is none of the name. */
  Future<SelectRoleResponse> selectRole(MilvusGrpcCaller caller, SelectRoleRequest request) {
    var name = Optional.of(request.getRole().getName()).filter(given -> request.hasRole());
    return operations
        .findRoles(caller.caller(), name, request.getIncludeUserInfo())
        .map(
            roles ->
                SelectRoleResponse.newBuilder()
                    .setStatus(OK)
                    .addAllResults(roles.stream().map(MilvusService::result).toList())
                    .build());
  }

  private static RoleResult result(RoleInfo role) {
    return RoleResult.newBuilder()
        .setRole(RoleEntity.newBuilder().setName(role.name()).setDescription(role.description()))
        .addAllUsers(role.users().stream().map(MilvusService::entity).toList())
        .build();
  }

  // ---- privileges

  Future<Status> operatePrivilege(MilvusGrpcCaller caller, OperatePrivilegeRequest request) {
    var entity = request.getEntity();
    var change =
        new PrivilegeChange(
            () -> {
              requirePart(entity.hasRole(), "object entity in the grant entity");
              return entity.getRole().getName();
            },
            () -> {
              requirePart(request.hasEntity(), "entity in the request");
              requirePart(entity.hasGrantor(), "grantor entity in the grant entity");
              requirePart(
                  entity.getGrantor().hasPrivilege(), "privilege entity in the grantor entity");
              return entity.getGrantor().getPrivilege().getName();
            },
            () -> {
              requirePart(entity.hasObject(), "resource entity in the grant entity");
              return entity.getObject().getName();
            },
            entity.getObjectName(),
            orElse(entity.getDbName(), caller.caller().database()),
            request.getType());
    return operations.operatePrivilege(caller.caller(), change).map(MilvusService::ok);
  }

  /**
   * Fails unless a message to grant a privilege in the older form has a part.
   *
   * @param part the server's words, which call the role an object
   */
  private void requirePart(boolean present, String part) {
    if (!present) {
      throw operations.era().noPartOfGrant(part);
    }
  }

  /** As above, for other messages, which all versions refuse alike. */
  private static void require(boolean present, String part) {
    if (!present) {
      throw MilvusErrors.INVALID.newException(Reason.INVALID_VALUE, "the " + part + " is nil");
    }
  }

  Future<Status> operatePrivilegeV2(MilvusGrpcCaller caller, OperatePrivilegeV2Request request) {
    var change =
        new PrivilegeChange(
            () -> {
              require(request.hasRole(), "role in the request");
              return request.getRole().getName();
            },
            () -> request.getGrantor().getPrivilege().getName(),
            () -> MilvusPrivileges.GLOBAL,
            request.getCollectionName(),
            orElse(request.getDbName(), caller.caller().database()),
            request.getType());
    return operations.operatePrivilegeV2(caller.caller(), change).map(MilvusService::ok);
  }

  Future<SelectGrantResponse> selectGrant(MilvusGrpcCaller caller, SelectGrantRequest request) {
    require(request.hasEntity(), "grant entity in the request");
    var entity = request.getEntity();
    var role = Optional.of(entity.getRole().getName()).filter(name -> entity.hasRole());
    var object =
        Optional.of(new GrantedObject(entity.getObject().getName(), entity.getObjectName()))
            .filter(given -> entity.hasObject());
    return operations
        .selectGrants(
            caller.caller(), role, object, orElse(entity.getDbName(), caller.caller().database()))
        .map(
            grants ->
                SelectGrantResponse.newBuilder()
                    .setStatus(OK)
                    .addAllEntities(
                        grants.stream()
                            .map(grant -> entity(entity.getRole().getName(), grant))
                            .toList())
                    .build());
  }

  /** Returns a grant of a role. */
  static GrantEntity entity(String role, MilvusGrant grant) {
    return GrantEntity.newBuilder()
        .setRole(RoleEntity.newBuilder().setName(role))
        .setObject(ObjectEntity.newBuilder().setName(grant.objectType()))
        .setObjectName(grant.objectName())
        .setGrantor(
            GrantorEntity.newBuilder()
                .setUser(entity(grant.grantor()))
                .setPrivilege(PrivilegeEntity.newBuilder().setName(grant.privilege())))
        .setDbName(grant.dbName())
        .build();
  }

  // ---- privilege groups

  Future<Status> createPrivilegeGroup(
      MilvusGrpcCaller caller, CreatePrivilegeGroupRequest request) {
    return operations.createGroup(caller.caller(), request.getGroupName()).map(MilvusService::ok);
  }

  Future<Status> dropPrivilegeGroup(MilvusGrpcCaller caller, DropPrivilegeGroupRequest request) {
    return operations.dropGroup(caller.caller(), request.getGroupName()).map(MilvusService::ok);
  }

  Future<ListPrivilegeGroupsResponse> listPrivilegeGroups(
      MilvusGrpcCaller caller, ListPrivilegeGroupsRequest request) {
    return operations
        .listGroups(caller.caller())
        .map(
            groups ->
                ListPrivilegeGroupsResponse.newBuilder()
                    .setStatus(OK)
                    .addAllPrivilegeGroups(groups.stream().map(MilvusService::info).toList())
                    .build());
  }

  static PrivilegeGroupInfo info(PrivilegeGroup group) {
    var info = PrivilegeGroupInfo.newBuilder().setGroupName(group.name());
    group
        .privileges()
        .forEach(privilege -> info.addPrivileges(PrivilegeEntity.newBuilder().setName(privilege)));
    return info.build();
  }

  Future<Status> operatePrivilegeGroup(
      MilvusGrpcCaller caller, OperatePrivilegeGroupRequest request) {
    var privileges = request.getPrivilegesList().stream().map(PrivilegeEntity::getName).toList();
    return operations
        .operateGroup(
            caller.caller(),
            request.getGroupName(),
            privileges,
            () -> isAddition(request.getType()))
        .map(MilvusService::ok);
  }
}
