package dev.doppel.milvus;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Roles and what they were granted, as REST and gRPC both see them (2.6.19: internal/proxy/impl.go,
 * internal/rootcoord/root_coord.go). Whether the caller may is looked at before.
 */
final class MilvusRoles {

  private static final Set<String> BUILT_IN = Set.of(Role.ADMINISTRATOR, Role.PUBLIC);
  private static final int LONGEST_DESCRIPTION = 1024;

  private final Realm realm;
  private final MilvusRules rules;
  private final MilvusEra era;
  private final MilvusGroups groups;

  MilvusRoles(Realm realm, MilvusRules rules, MilvusEra era, MilvusGroups groups) {
    this.realm = realm;
    this.rules = rules;
    this.era = era;
    this.groups = groups;
  }

  /** In ascending order of name. */
  Future<List<Role>> list() {
    return realm
        .roles()
        .list()
        .map(
            roles ->
                roles.stream()
                    .sorted((one, other) -> MilvusAccounts.bytewise(one.name(), other.name()))
                    .toList());
  }

  Future<Optional<Role>> find(String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, realm.roles().find(name));
  }

  /** Names of those who hold it, in ascending order. */
  Future<List<String>> holders(Role role) {
    return realm
        .users()
        .list(UserQuery.first(Integer.MAX_VALUE).matching(new UserFilter.Holds(role.name())))
        .map(
            page ->
                page.items().stream().map(User::name).sorted(MilvusAccounts::bytewise).toList());
  }

  Future<Void> create(String name, String description) {
    MilvusNames.checkRole(name, era);
    checkDescription(description);
    return list()
        .compose(
            roles -> {
              if (roles.stream().anyMatch(role -> role.name().equals(name))) {
                throw era.roleExists(name, description);
              }
              if (rules.mostRoles().isPresent() && roles.size() >= rules.mostRoles().get()) {
                throw era.tooManyRoles();
              }
              return realm.roles().insert(new Role(name, description, false, Map.of()));
            })
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.ROLE_EXISTS
                        ? era.roleExists(name, description)
                        : thrown))
        .mapEmpty();
  }

  private static void checkDescription(String description) {
    var length = description.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_DESCRIPTION) {
      throw MilvusFaults.OUT_OF_RANGE.refuse(
          Reason.INVALID_VALUE,
          "the length of role description must be not greater than limit: invalid parameter[%s out of range 0 <= value <= %s]"
              .formatted(length, LONGEST_DESCRIPTION));
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
      throw MilvusFaults.BUILT_IN.refuse(
          Reason.FORBIDDEN,
          "the role[%s] is a default role, which can't be %s".formatted(name, done));
    }
  }

  /**
   * Removes a role, also from those who hold it.
   *
   * @param force also if it was granted something
   */
  Future<Void> drop(String name, boolean force) {
    MilvusNames.checkRole(name, era);
    checkBuiltIn(name, "dropped");
    return find(name)
        .compose(
            found -> {
              var role = found.orElseThrow(era::noRoleToDropOrBind);
              if (!force && !MilvusRoleExtras.of(role).grants().isEmpty()) {
                throw era.roleHasPrivileges();
              }
              return realm.roles().delete(name);
            })
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.NO_SUCH_ROLE
                        ? era.noRoleToDropOrBind()
                        : thrown))
        .mapEmpty();
  }

  /** What a role was granted in one database, or everywhere. */
  Future<List<MilvusGrant>> grants(String name, String database) {
    return find(name)
        .map(
            found ->
                MilvusRoleExtras.of(found.orElseThrow(() -> era.noRoleToDescribe(name)))
                    .grants()
                    .stream()
                    .filter(grant -> grant.isOf(database))
                    .toList());
  }

  /** In the older form, which names the type of object. */
  Future<Void> grant(String roleName, MilvusGrant grant, boolean granted) {
    MilvusNames.checkRole(roleName, era);
    return roleToGrantTo(roleName)
        .compose(
            role -> {
              if (!MilvusPrivileges.isObject(grant.objectType())) {
                throw era.unknownObject(grant.objectType());
              }
              if (!MilvusPrivileges.has(grant.objectType(), grant.privilege())) {
                throw era.unknownPrivilege(grant.privilege(), grant.objectType());
              }
              return change(
                  roleName,
                  grant.objectType().equals(MilvusPrivileges.GLOBAL) ? onAny(grant) : grant,
                  granted);
            });
  }

  private static MilvusGrant onAny(MilvusGrant grant) {
    return new MilvusGrant(
        grant.dbName(),
        grant.grantor(),
        MilvusPrivileges.ANY,
        grant.objectType(),
        grant.privilege());
  }

  /** In the newer form, which also takes groups of privileges; the type follows from them. */
  Future<Void> grantByName(
      String roleName,
      String privilege,
      String database,
      String collection,
      String grantor,
      boolean granted) {
    MilvusNames.checkRole(roleName, era);
    if (collection.isEmpty()) {
      throw MilvusFaults.INVALID.refuse(
          Reason.INVALID_VALUE, "collection name should be not empty");
    }
    return Future.all(roleToGrantTo(roleName), groups.custom())
        .compose(
            both -> {
              Map<String, List<String>> custom = both.resultAt(1);
              if (!MilvusPrivileges.isPrivilege(privilege)
                  && !privilege.equals(MilvusPrivileges.ANY)
                  && !MilvusPrivileges.BUILT_IN_GROUPS.containsKey(privilege)
                  && !custom.containsKey(privilege)) {
                throw era.unknownPrivilege(privilege);
              }
              var type = MilvusPrivileges.objectOf(privilege);
              return change(
                  roleName,
                  new MilvusGrant(database, grantor, collection, type, privilege),
                  granted);
            });
  }

  private Future<Role> roleToGrantTo(String name) {
    return find(name).map(role -> role.orElseThrow(() -> era.noRoleToGrantTo(name)));
  }

  private Future<Void> change(String roleName, MilvusGrant grant, boolean granted) {
    return realm
        .roles()
        .update(
            roleName,
            role ->
                granted
                    ? MilvusRoleExtras.granting(role, grant)
                    : MilvusRoleExtras.revoking(role, grant))
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.NO_SUCH_ROLE
                        ? era.noRoleToGrantTo(roleName)
                        : thrown))
        .mapEmpty();
  }
}
