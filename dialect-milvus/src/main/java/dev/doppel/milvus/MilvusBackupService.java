package dev.doppel.milvus;

import dev.doppel.milvus.MilvusBackup.Saved;
import dev.doppel.milvus.MilvusBackup.SavedGrant;
import dev.doppel.milvus.MilvusBackup.SavedUser;
import dev.doppel.milvus.MilvusOperations.PrivilegeGroup;
import dev.doppel.milvus.grpc.BackupRBACMetaRequest;
import dev.doppel.milvus.grpc.BackupRBACMetaResponse;
import dev.doppel.milvus.grpc.GrantEntity;
import dev.doppel.milvus.grpc.PrivilegeEntity;
import dev.doppel.milvus.grpc.RBACMeta;
import dev.doppel.milvus.grpc.RestoreRBACMetaRequest;
import dev.doppel.milvus.grpc.RoleEntity;
import dev.doppel.milvus.grpc.Status;
import dev.doppel.milvus.grpc.UserInfo;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Role;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The methods of gRPC that copy users, roles and grants: reads the messages of requests, and writes
 * the results of {@link MilvusBackup}.
 */
final class MilvusBackupService {

  private final MilvusBackup backup;

  MilvusBackupService(MilvusBackup backup) {
    this.backup = backup;
  }

  Future<BackupRBACMetaResponse> backupRbac(
      MilvusGrpcCaller caller, BackupRBACMetaRequest request) {
    return backup
        .backUp(caller.caller())
        .map(
            saved ->
                BackupRBACMetaResponse.newBuilder()
                    .setStatus(Status.getDefaultInstance())
                    .setRBACMeta(message(saved))
                    .build());
  }

  private static RBACMeta message(Saved saved) {
    var message = RBACMeta.newBuilder();
    saved.users().forEach(user -> message.addUsers(message(user)));
    for (var role : saved.roles()) {
      message.addRoles(
          RoleEntity.newBuilder().setName(role.name()).setDescription(role.description()));
    }
    for (var one : saved.grants()) {
      message.addGrants(MilvusService.entity(one.role(), one.grant()));
    }
    saved
        .groups()
        .forEach(
            (name, privileges) ->
                message.addPrivilegeGroups(
                    MilvusService.info(new PrivilegeGroup(name, privileges))));
    return message.build();
  }

  private static UserInfo message(SavedUser user) {
    var message = UserInfo.newBuilder().setUser(user.name());
    user.hash().ifPresent(hash -> message.setPassword(hash.encoded()));
    user.roles().forEach(role -> message.addRoles(RoleEntity.newBuilder().setName(role)));
    return message.build();
  }

  Future<Status> restoreRbac(MilvusGrpcCaller caller, RestoreRBACMetaRequest request) {
    return backup
        .restore(caller.caller(), saved(request.getRBACMeta()))
        .map(done -> Status.getDefaultInstance());
  }

  private static Saved saved(RBACMeta message) {
    var groups = new TreeMap<String, List<String>>();
    message
        .getPrivilegeGroupsList()
        .forEach(
            group ->
                groups.put(
                    group.getGroupName(),
                    group.getPrivilegesList().stream().map(PrivilegeEntity::getName).toList()));
    return new Saved(
        message.getUsersList().stream().map(MilvusBackupService::user).toList(),
        message.getRolesList().stream()
            .map(role -> new Role(role.getName(), role.getDescription(), false, Map.of()))
            .toList(),
        message.getGrantsList().stream().map(MilvusBackupService::grant).toList(),
        groups);
  }

  private static SavedUser user(UserInfo message) {
    return new SavedUser(
        message.getUser(),
        Optional.of(message.getPassword()).filter(hash -> !hash.isEmpty()).map(PasswordHash::new),
        message.getRolesList().stream().map(RoleEntity::getName).toList());
  }

  private static SavedGrant grant(GrantEntity message) {
    return new SavedGrant(
        message.getRole().getName(),
        new MilvusGrant(
            message.getDbName().isEmpty() ? MilvusCaller.DEFAULT_DATABASE : message.getDbName(),
            message.getGrantor().getUser().getName(),
            message.getObjectName(),
            message.getObject().getName(),
            message.getGrantor().getPrivilege().getName()));
  }
}
