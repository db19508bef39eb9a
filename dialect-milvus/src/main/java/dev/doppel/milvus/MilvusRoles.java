package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import dev.doppel.milvus.MilvusOperations.GrantedObject;
import dev.doppel.milvus.MilvusOperations.PrivilegeChange;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Creates, changes and deletes roles and their grants (2.6.19: internal/proxy/impl.go,
 * internal/rootcoord/root_coord.go). Callers check privileges first.
 */
final class MilvusRoles {

  static final Set<String> BUILT_IN = Set.of(Role.ADMINISTRATOR, Role.PUBLIC);

  /** The server's limit of roles, with the built-in ones. */
  private static final int MAX_ROLES = 10;

  private static final int MAX_DESCRIPTION_BYTES = 1024;

  private final Realm realm;
  private final MilvusEra era;

  MilvusRoles(Realm realm, MilvusEra era) {
    this.realm = realm;
    this.era = era;
  }

  /** Returns all roles in ascending order of name. */
  Future<List<Role>> list() {
    return realm.roles().list();
  }

  Future<Optional<Role>> find(String name) {
    return find(realm, name);
  }

  private static Future<Optional<Role>> find(Realm now, String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, now.roles().find(name));
  }

  Future<Void> create(String name, String description, Deviations deviations) {
    MilvusNames.checkRole(name, era);
    checkDescription(description);
    return realm.change(
        now ->
            now.roles()
                .list()
                .compose(
                    roles -> {
                      if (roles.stream().anyMatch(role -> role.name().equals(name))) {
                        throw era.roleExists(name, description);
                      }
                      if (roles.size() >= MAX_ROLES
                          && !deviations.asDocumented(MilvusDifference.NUMBER_OF_ROLES)) {
                        throw era.tooManyRoles();
                      }
                      return now.roles()
                          .insert(new Role(name, description, false, Map.of()))
                          .mapEmpty();
                    }));
  }

  static void checkDescription(String description) {
    var length = description.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_DESCRIPTION_BYTES) {
      throw MilvusErrors.WRONG_VALUE.newException(
          Reason.INVALID_VALUE,
          "the length of role description must be not greater than limit: invalid parameter[%s out of range 0 <= value <= %s]"
              .formatted(length, MAX_DESCRIPTION_BYTES));
    }
  }

  Future<Void> alter(String name, String description) {
    MilvusNames.checkRole(name, era);
    checkBuiltIn(name, "altered");
    checkDescription(description);
    return realm
        .roles()
        .update(name, role -> role.withDescription(description))
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.NO_SUCH_ROLE
                        ? era.noRoleToAlter()
                        : thrown))
        .mapEmpty();
  }

  private static void checkBuiltIn(String name, String done) {
    if (BUILT_IN.contains(name)) {
      throw MilvusErrors.BUILT_IN.newException(
          Reason.FORBIDDEN,
          "the role[%s] is a default role, which can't be %s".formatted(name, done));
    }
  }

  /**
   * Deletes a role, and removes it from all users.
   *
   * @param force whether to delete a role that has grants
   */
  Future<Void> drop(String name, boolean force) {
    MilvusNames.checkRole(name, era);
    checkBuiltIn(name, "dropped");
    return realm.change(
        now ->
            find(now, name)
                .compose(
                    found -> {
                      var role = found.orElseThrow(era::noRoleToDropOrBind);
                      if (!force && !MilvusRoleExtras.of(role).grants().isEmpty()) {
                        throw era.roleHasPrivileges();
                      }
                      return now.roles().delete(name).mapEmpty();
                    }));
  }

  /**
   * Returns the grants of a role in a database.
   *
   * @param role evaluated after the object was checked, since a message of gRPC may lack it
   * @param object the type and name of the only object to return the grants for; empty for all
   */
  Future<List<MilvusGrant>> grants(
      Supplier<String> role, Optional<GrantedObject> object, String database) {
    object.ifPresent(
        asked -> {
          MilvusNames.checkObjectType(asked.type(), era);
          MilvusNames.checkObject(asked.name(), era);
        });
    var name = role.get();
    MilvusNames.checkRole(name, era);
    return require(name)
        .map(
            found -> {
              object
                  .filter(asked -> !MilvusPrivileges.isObject(asked.type()))
                  .ifPresent(
                      asked -> {
                        throw era.unknownObject(asked.type());
                      });
              return grants(found, database).stream()
                  .filter(grant -> object.isEmpty() || object.get().isOf(grant))
                  .toList();
            });
  }

  /** Returns a role; fails as the server does when it looks up the grants of an unknown role. */
  Future<Role> require(String name) {
    return find(name).map(found -> found.orElseThrow(() -> era.noRoleToDescribe(name)));
  }

  /** Returns the grants of a role in a database, including the ones for all databases. */
  static List<MilvusGrant> grants(Role role, String database) {
    return MilvusRoleExtras.of(role).grants().stream()
        .filter(grant -> grant.isOf(database))
        .toList();
  }

  /**
   * Grants or revokes a privilege in the older form, which names the type of object.
   *
   * @param grantor name of the user who grants, or throws a refusal; evaluated after the names were
   *     checked
   */
  Future<Void> operate(PrivilegeChange change, Supplier<String> grantor) {
    var privilege = change.privilege().get();
    MilvusNames.checkPrivilege(privilege, era);
    var type = change.objectType().get();
    MilvusNames.checkObjectType(type, era);
    MilvusNames.checkObject(change.objectName(), era);
    var role = change.role().get();
    MilvusNames.checkRole(role, era);
    var wanted =
        new MilvusGrant(change.dbName(), grantor.get(), change.objectName(), type, privilege);
    var granted = isGrant(change);
    return realm.change(
        now ->
            checkGrant(now, role, wanted)
                .compose(checked -> MilvusGroups.custom(now))
                .compose(
                    custom -> {
                      if (custom.containsKey(privilege)) {
                        throw era.groupInOlderForm("custom", privilege);
                      }
                      if (MilvusPrivileges.BUILT_IN_GROUPS.containsKey(privilege)) {
                        throw era.groupInOlderForm("built-in", privilege);
                      }
                      if (!MilvusPrivileges.has(type, privilege)) {
                        throw era.unknownPrivilege(privilege, type);
                      }
                      return change(now, role, general(wanted), granted);
                    }));
  }

  private boolean isGrant(PrivilegeChange change) {
    return switch (change.type()) {
      case 0 -> true;
      case 1 -> false;
      default -> throw era.unknownChangeOfPrivilege(change.type());
    };
  }

  /** Fails unless the type of object, the role and the grantor exist. */
  private Future<Void> checkGrant(Realm now, String roleName, MilvusGrant wanted) {
    if (!MilvusPrivileges.isObject(wanted.objectType())) {
      throw era.unknownObjectToGrant();
    }
    return find(now, roleName)
        .map(role -> role.orElseThrow(() -> era.noRoleToGrantTo(roleName)))
        .compose(role -> Failure.emptyIf(Reason.NO_SUCH_USER, now.users().find(wanted.grantor())))
        .map(user -> user.orElseThrow(() -> era.noUserToGrantAs(wanted.grantor())))
        .mapEmpty();
  }

  /** Returns the grant for all objects if its privilege concerns the server as a whole. */
  private static MilvusGrant general(MilvusGrant grant) {
    if (!grant.objectType().equals(MilvusPrivileges.GLOBAL)) {
      return grant;
    }
    return new MilvusGrant(
        grant.dbName(),
        grant.grantor(),
        MilvusPrivileges.ANY,
        grant.objectType(),
        grant.privilege());
  }

  /**
   * Grants or revokes a privilege in the newer form, which also accepts groups of privileges; the
   * type of object follows from the privilege.
   *
   * @param grantor as above
   */
  Future<Void> operateV2(PrivilegeChange change, Supplier<String> grantor) {
    var role = change.role().get();
    MilvusNames.checkRole(role, era);
    var privilege = change.privilege().get();
    MilvusNames.checkPrivilege(privilege, era);
    if (!change.dbName().equals(MilvusPrivileges.ANY)) {
      MilvusNames.checkDatabase(change.dbName());
    }
    MilvusNames.checkCollection(change.objectName(), era);
    var wanted =
        new MilvusGrant(
            change.dbName(),
            grantor.get(),
            change.objectName(),
            MilvusPrivileges.objectOf(privilege),
            privilege);
    var granted = isGrant(change);
    return realm.change(
        now ->
            checkGrant(now, role, wanted)
                .compose(checked -> MilvusGroups.custom(now))
                .compose(
                    custom -> {
                      var single = MilvusPrivileges.isPrivilege(privilege);
                      if (!single && !privilege.equals(MilvusPrivileges.ANY)) {
                        checkLevel(wanted, custom);
                      }
                      return change(now, role, single ? general(wanted) : wanted, granted);
                    }));
  }

  /** Fails unless there is the group of privileges, and what it is granted for is of its level. */
  private void checkLevel(MilvusGrant wanted, Map<String, List<String>> custom) {
    var group = wanted.privilege();
    var privileges = MilvusPrivileges.BUILT_IN_GROUPS.getOrDefault(group, custom.get(group));
    if (privileges == null) {
      throw era.unknownPrivilege(group);
    }
    if (privileges.isEmpty()) {
      return;
    }
    var anyDatabase = wanted.dbName().equals(MilvusPrivileges.ANY);
    var anyCollection = wanted.objectName().equals(MilvusPrivileges.ANY);
    var level = MilvusPrivileges.levelOf(privileges.get(0)).orElseThrow(era::noLevel);
    switch (level) {
      case CLUSTER -> {
        if (!anyDatabase || !anyCollection) {
          throw era.wrongLevel(
              "dbName and collectionName should be * for the cluster level privilege", group);
        }
      }
      case DATABASE -> {
        if (!anyCollection) {
          throw era.wrongLevel(
              "collectionName should be * for the database level privilege", group);
        }
      }
      case COLLECTION -> {
        if (anyDatabase && !anyCollection) {
          throw era.wrongLevel(
              "please specify database name for the collection level privilege", group);
        }
      }
    }
  }

  private static Future<Void> change(
      Realm now, String roleName, MilvusGrant grant, boolean granted) {
    return now.roles()
        .update(
            roleName,
            role ->
                granted
                    ? MilvusRoleExtras.granting(role, grant)
                    : MilvusRoleExtras.revoking(role, grant))
        .mapEmpty();
  }
}
