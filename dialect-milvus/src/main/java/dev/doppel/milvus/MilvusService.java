package dev.doppel.milvus;

import com.google.protobuf.MessageLite;
import dev.doppel.milvus.MilvusAccess.Asker;
import dev.doppel.milvus.MilvusDialect.Version;
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
import dev.doppel.milvus.grpc.ListDatabasesRequest;
import dev.doppel.milvus.grpc.ListDatabasesResponse;
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
import dev.doppel.users.Role;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoBase64;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC calls: what a request says, who may, and how the outcome looks (2.6.19:
 * internal/proxy/impl.go). Every answer that has a status has it set, for some clients read it
 * without looking whether it is there.
 */
final class MilvusService {

  /**
   * Who calls.
   *
   * @param named whom the credentials name, checked or not
   * @param address where the call comes from, as in {@link SignIn}
   */
  record Peer(Asker asker, Optional<String> named, String address) {}

  /**
   * One call.
   *
   * @param <Q> request
   * @param <A> answer
   */
  @FunctionalInterface
  interface Rpc<Q extends MessageLite, A> {
    Future<A> answer(Peer peer, Q request);
  }

  private static final Status OK = Status.getDefaultInstance();
  private static final String DEFAULT_DATABASE = "default";
  private static final long DEFAULT_DATABASE_ID = 1;

  private final MilvusAccess access;
  private final MilvusAccounts accounts;
  private final MilvusRoles roles;
  private final MilvusGroups groups;
  private final MilvusEra era;
  private final Version version;

  MilvusService(MilvusBackend backend, Version version) {
    access = backend.access();
    accounts = backend.accounts();
    roles = backend.roles();
    groups = backend.groups();
    era = backend.era();
    this.version = version;
  }

  private boolean describes() {
    return era == MilvusEra.THIRD;
  }

  private static Status ok(@Nullable Object done) {
    return OK;
  }

  private static String or(String given, String otherwise) {
    return given.isEmpty() ? otherwise : given;
  }

  // ---- connecting

  Future<ConnectResponse> connect(Peer peer, ConnectRequest request) {
    var database = peer.asker().database();
    if (!database.equals(DEFAULT_DATABASE)) {
      throw MilvusErrors.NO_DATABASE.newException(Reason.INVALID_VALUE, database);
    }
    return Future.succeededFuture(
        ConnectResponse.newBuilder()
            .setStatus(OK)
            .setServerInfo(
                ServerInfo.newBuilder().setBuildTags(version.text()).setDeployMode("STANDALONE"))
            // Node's client takes 0 for a server too old to know the call.
            .setIdentifier(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
            .build());
  }

  Future<GetVersionResponse> getVersion(Peer peer, GetVersionRequest request) {
    return Future.succeededFuture(
        GetVersionResponse.newBuilder().setStatus(OK).setVersion(version.text()).build());
  }

  Future<CheckHealthResponse> checkHealth(Peer peer, CheckHealthRequest request) {
    return Future.succeededFuture(
        CheckHealthResponse.newBuilder().setStatus(OK).setIsHealthy(true).build());
  }

  Future<ListDatabasesResponse> listDatabases(Peer peer, ListDatabasesRequest request) {
    return Future.succeededFuture(
        ListDatabasesResponse.newBuilder()
            .setStatus(OK)
            .addDbNames(DEFAULT_DATABASE)
            .addCreatedTimestamp(0)
            .addDbIds(DEFAULT_DATABASE_ID)
            .build());
  }

  // ---- users

  Future<Status> createCredential(Peer peer, CreateCredentialRequest request) {
    return access
        .changing(
            peer.asker(),
            MilvusPrivilege.CREATE_OWNERSHIP,
            () ->
                accounts.create(
                    peer.asker().authority(),
                    request.getUsername(),
                    () -> password(request.getPassword(), "decode password fail"),
                    describes() && request.hasDescription() ? request.getDescription() : null))
        .map(MilvusService::ok);
  }

  private Password password(String base64, String complaint) {
    var error = GoBase64.findError(base64);
    if (error.isPresent()) {
      throw era.notBase64(complaint, error.get());
    }
    return GoBase64.decodeText(base64)
        .map(Password::new)
        .orElseThrow(
            () ->
                MilvusErrors.INVALID.newException(
                    Reason.INVALID_PASSWORD, "the password must be valid UTF-8"));
  }

  Future<Status> updateCredential(Peer peer, UpdateCredentialRequest request) {
    var given = request.getUsername();
    // A user made elsewhere may have blanks around its name.
    var name = peer.asker().is(given) ? given : GoStrings.trimSpace(given);
    return access
        .changing(
            peer.asker(),
            MilvusPrivilege.UPDATE_USER,
            name,
            () -> {
              var current = password(request.getOldPassword(), "decode old password failed");
              var wanted = password(request.getNewPassword(), "decode password failed");
              return accounts.update(
                  peer.asker().authority(),
                  new SignIn(name, current, peer.address()),
                  describes()
                      ? Optional.of(wanted).filter(one -> one.length() > 0)
                      : Optional.of(wanted),
                  describes() && request.hasDescription() ? request.getDescription() : null);
            })
        .map(MilvusService::ok);
  }

  Future<Status> deleteCredential(Peer peer, DeleteCredentialRequest request) {
    return access
        .changing(
            peer.asker(),
            MilvusPrivilege.DROP_OWNERSHIP,
            () -> accounts.drop(peer.asker().authority(), request.getUsername()))
        .map(MilvusService::ok);
  }

  Future<ListCredUsersResponse> listCredUsers(Peer peer, ListCredUsersRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.SELECT_OWNERSHIP)
        .compose(may -> accounts.list())
        .map(
            users ->
                ListCredUsersResponse.newBuilder()
                    .setStatus(OK)
                    .addAllUsernames(users.stream().map(User::name).toList())
                    .build());
  }

  /** One that isn't there is nobody, not an error; without a name, everybody. */
  Future<SelectUserResponse> selectUser(Peer peer, SelectUserRequest request) {
    var name = request.getUser().getName();
    return (peer.asker().is(name)
            ? Future.<Void>succeededFuture()
            : access.require(peer.asker(), MilvusPrivilege.SELECT_USER, name))
        .compose(
            may ->
                request.hasUser()
                    ? accounts.find(name).map(user -> user.stream().toList())
                    : accounts.list())
        .map(
            users ->
                SelectUserResponse.newBuilder()
                    .setStatus(OK)
                    .addAllResults(
                        users.stream()
                            .map(user -> result(user, request.getIncludeRoleInfo()))
                            .toList())
                    .build());
  }

  private UserResult result(User user, boolean withRoles) {
    var result = UserResult.newBuilder().setUser(entity(user.name()));
    if (withRoles) {
      accounts.roles(user).forEach(role -> result.addRoles(RoleEntity.newBuilder().setName(role)));
    }
    if (describes()) {
      result.setDescription(MilvusExtras.description(user));
    }
    return result.build();
  }

  private static UserEntity entity(String name) {
    return UserEntity.newBuilder().setName(name).build();
  }

  Future<Status> operateUserRole(Peer peer, OperateUserRoleRequest request) {
    var authority = peer.asker().authority();
    return access
        .changing(
            peer.asker(),
            MilvusPrivilege.MANAGE_OWNERSHIP,
            () ->
                adds(request.getType())
                    ? accounts.grant(authority, request.getUsername(), request.getRoleName())
                    : accounts.revoke(authority, request.getUsername(), request.getRoleName()))
        .map(MilvusService::ok);
  }

  /** Whether a change adds or takes away. */
  private static boolean adds(int type) {
    return switch (type) {
      case 0 -> true;
      case 1 -> false;
      default ->
          throw MilvusErrors.INVALID.newException(
              Reason.INVALID_VALUE, "unknown type of operation [%s]".formatted(type));
    };
  }

  // ---- roles

  Future<Status> createRole(Peer peer, CreateRoleRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.CREATE_OWNERSHIP)
        .compose(
            may ->
                roles.create(
                    request.getEntity().getName(),
                    describes() ? request.getEntity().getDescription() : ""))
        .map(MilvusService::ok);
  }

  Future<Status> alterRole(Peer peer, AlterRoleRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.CREATE_OWNERSHIP)
        .compose(may -> roles.alter(request.getRoleName(), request.getDescription()))
        .map(MilvusService::ok);
  }

  Future<Status> dropRole(Peer peer, DropRoleRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.DROP_OWNERSHIP)
        .compose(may -> roles.drop(request.getRoleName(), request.getForceDrop()))
        .map(MilvusService::ok);
  }

  /** One that isn't there is none, not an error; without a name, all. */
  Future<SelectRoleResponse> selectRole(Peer peer, SelectRoleRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.SELECT_OWNERSHIP)
        .compose(
            may -> {
              if (!request.hasRole()) {
                return roles.list();
              }
              var name = request.getRole().getName();
              MilvusNames.checkRole(name, era);
              return roles.find(name).map(role -> role.stream().toList());
            })
        .compose(
            found ->
                Future.all(
                        found.stream()
                            .map(role -> result(role, request.getIncludeUserInfo()))
                            .toList())
                    .map(
                        all ->
                            SelectRoleResponse.newBuilder()
                                .setStatus(OK)
                                .addAllResults(all.<RoleResult>list())
                                .build()));
  }

  private Future<RoleResult> result(Role role, boolean withUsers) {
    var entity = RoleEntity.newBuilder().setName(role.name());
    if (describes()) {
      entity.setDescription(role.description());
    }
    var result = RoleResult.newBuilder().setRole(entity);
    return (withUsers ? accounts.holders(role.name()) : Future.succeededFuture(List.<String>of()))
        .map(
            names ->
                result.addAllUsers(names.stream().map(MilvusService::entity).toList()).build());
  }

  // ---- privileges

  Future<Status> operatePrivilege(Peer peer, OperatePrivilegeRequest request) {
    var entity = request.getEntity();
    return access
        .require(peer.asker(), MilvusPrivilege.MANAGE_OWNERSHIP)
        .compose(
            may ->
                roles.grant(
                    entity.getRole().getName(),
                    MilvusGrant.wanted(
                        or(entity.getDbName(), peer.asker().database()),
                        entity.getObjectName(),
                        entity.getObject().getName(),
                        entity.getGrantor().getPrivilege().getName()),
                    () -> grantor(peer),
                    adds(request.getType())))
        .map(MilvusService::ok);
  }

  Future<Status> operatePrivilegeV2(Peer peer, OperatePrivilegeV2Request request) {
    return access
        .require(peer.asker(), MilvusPrivilege.MANAGE_OWNERSHIP)
        .compose(
            may ->
                roles.grantByName(
                    request.getRole().getName(),
                    MilvusGrant.wanted(
                        or(request.getDbName(), peer.asker().database()),
                        request.getCollectionName(),
                        MilvusPrivileges.GLOBAL,
                        request.getGrantor().getPrivilege().getName()),
                    () -> grantor(peer),
                    adds(request.getType())))
        .map(MilvusService::ok);
  }

  /** Whom the credentials name; with authorization off nobody has looked yet who that is. */
  private String grantor(Peer peer) {
    return peer.named().orElseThrow(era::noGrantor);
  }

  /** Everybody may look at what its own roles were granted. */
  Future<SelectGrantResponse> selectGrant(Peer peer, SelectGrantRequest request) {
    var entity = request.getEntity();
    var role = entity.getRole().getName();
    return (MilvusRest.holds(peer.asker(), role)
            ? Future.<Void>succeededFuture()
            : access.require(peer.asker(), MilvusPrivilege.SELECT_OWNERSHIP))
        .compose(
            may -> {
              MilvusNames.checkRole(role, era);
              return roles.require(role);
            })
        .map(found -> MilvusRoles.grants(found, or(entity.getDbName(), peer.asker().database())))
        .map(
            grants ->
                SelectGrantResponse.newBuilder()
                    .setStatus(OK)
                    .addAllEntities(
                        grants.stream()
                            .filter(grant -> isAbout(entity, grant))
                            .map(grant -> entity(role, grant))
                            .toList())
                    .build());
  }

  private static boolean isAbout(GrantEntity asked, MilvusGrant grant) {
    return !asked.hasObject()
        || (grant.objectType().equals(asked.getObject().getName())
            && grant.objectName().equals(asked.getObjectName()));
  }

  private static GrantEntity entity(String role, MilvusGrant grant) {
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

  Future<Status> createPrivilegeGroup(Peer peer, CreatePrivilegeGroupRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.CREATE_PRIVILEGE_GROUP)
        .compose(may -> groups.create(request.getGroupName()))
        .map(MilvusService::ok);
  }

  Future<Status> dropPrivilegeGroup(Peer peer, DropPrivilegeGroupRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.DROP_PRIVILEGE_GROUP)
        .compose(may -> groups.drop(request.getGroupName()))
        .map(MilvusService::ok);
  }

  /** Those of users first. */
  Future<ListPrivilegeGroupsResponse> listPrivilegeGroups(
      Peer peer, ListPrivilegeGroupsRequest request) {
    return access
        .require(peer.asker(), MilvusPrivilege.LIST_PRIVILEGE_GROUPS)
        .compose(may -> groups.custom())
        .map(
            custom ->
                ListPrivilegeGroupsResponse.newBuilder()
                    .setStatus(OK)
                    .addAllPrivilegeGroups(
                        Stream.concat(
                                custom.entrySet().stream(),
                                MilvusPrivileges.BUILT_IN_GROUPS.entrySet().stream())
                            .map(group -> info(group.getKey(), group.getValue()))
                            .toList())
                    .build());
  }

  private static PrivilegeGroupInfo info(String name, List<String> privileges) {
    var info = PrivilegeGroupInfo.newBuilder().setGroupName(name);
    privileges.forEach(
        privilege -> info.addPrivileges(PrivilegeEntity.newBuilder().setName(privilege)));
    return info.build();
  }

  Future<Status> operatePrivilegeGroup(Peer peer, OperatePrivilegeGroupRequest request) {
    var name = request.getGroupName();
    var privileges = request.getPrivilegesList().stream().map(PrivilegeEntity::getName).toList();
    return access
        .require(peer.asker(), MilvusPrivilege.OPERATE_PRIVILEGE_GROUP)
        .compose(
            may ->
                adds(request.getType())
                    ? groups.add(name, privileges)
                    : groups.remove(name, privileges))
        .map(MilvusService::ok);
  }
}
