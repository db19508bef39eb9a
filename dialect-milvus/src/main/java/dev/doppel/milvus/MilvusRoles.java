package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
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

  private static final Set<String> BUILT_IN = Set.of(Role.ADMINISTRATOR, Role.PUBLIC);

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

  private static void checkDescription(String description) {
    var length = description.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_DESCRIPTION_BYTES) {
      throw MilvusErrors.OUT_OF_RANGE.newException(
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
   * @param grantor name of the user who grants, or throws a refusal; evaluated after the role's
   *     name was checked
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

  /** Fails unless the role and the grantor exist. */
  private Future<Void> checkGrant(Realm now, String roleName, String grantor) {
    return find(now, roleName)
        .map(role -> role.orElseThrow(() -> era.noRoleToGrantTo(roleName)))
        .compose(role -> Failure.emptyIf(Reason.NO_SUCH_USER, now.users().find(grantor)))
        .map(user -> user.orElseThrow(() -> era.noUserToGrantAs(grantor)))
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
   * type follows from the privilege.
   *
   * @param wanted its type is ignored
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
