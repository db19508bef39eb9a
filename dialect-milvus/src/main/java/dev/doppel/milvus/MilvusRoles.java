package dev.doppel.milvus;

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
 * Roles and what they were granted, as REST and gRPC both see them (2.6.19: internal/proxy/impl.go,
 * internal/rootcoord/root_coord.go). Whether the caller may is looked at before.
 */
final class MilvusRoles {

  private static final Set<String> BUILT_IN = Set.of(Role.ADMINISTRATOR, Role.PUBLIC);
  private static final int LONGEST_DESCRIPTION = 1024;

  private final Realm realm;
  private final MilvusRules rules;
  private final MilvusEra era;

  MilvusRoles(Realm realm, MilvusRules rules, MilvusEra era) {
    this.realm = realm;
    this.rules = rules;
    this.era = era;
  }

  /** In ascending order of name. */
  Future<List<Role>> list() {
    return realm.roles().list();
  }

  Future<Optional<Role>> find(String name) {
    return find(realm, name);
  }

  private static Future<Optional<Role>> find(Realm now, String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, now.roles().find(name));
  }

  Future<Void> create(String name, String description) {
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
                      if (rules.mostRoles().filter(most -> roles.size() >= most).isPresent()) {
                        throw era.tooManyRoles();
                      }
                      return now.roles()
                          .insert(new Role(name, description, false, Map.of()))
                          .mapEmpty();
                    }));
  }

  private static void checkDescription(String description) {
    var length = description.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_DESCRIPTION) {
      throw MilvusErrors.OUT_OF_RANGE.newException(
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
      throw MilvusErrors.BUILT_IN.newException(
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

  /** Fails as the server does where it is asked what a role was granted. */
  Future<Role> require(String name) {
    return find(name).map(found -> found.orElseThrow(() -> era.noRoleToDescribe(name)));
  }

  /** What a role was granted in one database, or everywhere. */
  static List<MilvusGrant> grants(Role role, String database) {
    return MilvusRoleExtras.of(role).grants().stream()
        .filter(grant -> grant.isOf(database))
        .toList();
  }

  /**
   * In the older form, which names the type of object.
   *
   * @param grantor the name of who grants, or a refusal; asked for after the role's name was
   *     checked
   */
  Future<Void> grant(
      String roleName, MilvusGrant wanted, Supplier<String> grantor, boolean granted) {
    MilvusNames.checkRole(roleName, era);
    var by = grantor.get();
    return realm.change(
        now ->
            checkGrant(now, roleName, by)
                .compose(
                    checked -> {
                      if (!MilvusPrivileges.isObject(wanted.objectType())) {
                        throw era.unknownObject(wanted.objectType());
                      }
                      if (!MilvusPrivileges.has(wanted.objectType(), wanted.privilege())) {
                        throw era.unknownPrivilege(wanted.privilege(), wanted.objectType());
                      }
                      return change(now, roleName, general(wanted).by(by), granted);
                    }));
  }

  /** Fails unless there is such a role, and such a user to grant as. */
  private Future<Void> checkGrant(Realm now, String roleName, String grantor) {
    return find(now, roleName)
        .map(role -> role.orElseThrow(() -> era.noRoleToGrantTo(roleName)))
        .compose(role -> Failure.emptyIf(Reason.NO_SUCH_USER, now.users().find(grantor)))
        .map(user -> user.orElseThrow(() -> era.noUserToGrantAs(grantor)))
        .mapEmpty();
  }

  /** What is about the server as a whole is about no single object. */
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
   * In the newer form, which also takes groups of privileges; the type follows from them.
   *
   * @param wanted its type is not looked at
   * @param grantor as above
   */
  Future<Void> grantByName(
      String roleName, MilvusGrant wanted, Supplier<String> grantor, boolean granted) {
    MilvusNames.checkRole(roleName, era);
    if (wanted.objectName().isEmpty()) {
      throw MilvusErrors.INVALID.newException(
          Reason.INVALID_VALUE, "collection name should be not empty");
    }
    var by = grantor.get();
    return realm.change(
        now ->
            checkGrant(now, roleName, by)
                .compose(checked -> MilvusGroups.custom(now))
                .compose(
                    custom -> {
                      var privilege = wanted.privilege();
                      var single = MilvusPrivileges.isPrivilege(privilege);
                      if (!single
                          && !privilege.equals(MilvusPrivileges.ANY)
                          && !MilvusPrivileges.BUILT_IN_GROUPS.containsKey(privilege)
                          && !custom.containsKey(privilege)) {
                        throw era.unknownPrivilege(privilege);
                      }
                      var typed = wanted.of(MilvusPrivileges.objectOf(privilege)).by(by);
                      return change(now, roleName, single ? general(typed) : typed, granted);
                    }));
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
