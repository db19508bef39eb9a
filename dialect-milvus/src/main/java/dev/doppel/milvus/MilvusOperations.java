package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import dev.doppel.dialect.ShownUser;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operations of Milvus, for REST and gRPC alike: the privilege that each requires and what it
 * does (2.6.19: internal/proxy/impl.go). Arguments that come as suppliers are evaluated after the
 * caller's privilege has been checked, as the server does.
 */
final class MilvusOperations {

  /**
   * A user to create.
   *
   * @param description null for none
   */
  record NewUser(String name, Supplier<Password> password, @Nullable String description) {}

  /**
   * The passwords of an update.
   *
   * @param current ignored without a new one
   * @param wanted the new password; empty to keep the current one
   */
  record NewPassword(Password current, Optional<Password> wanted) {}

  /**
   * An update of a user.
   *
   * @param address the client's IP address, as in {@link SignIn}
   * @param description null to keep the current one
   */
  record UserUpdate(
      String name, String address, Supplier<NewPassword> password, @Nullable String description) {}

  /**
   * A user as the server shows it.
   *
   * @param roles in ascending order; empty if not asked for
   * @param description empty for none, and in the first era
   */
  record UserInfo(String name, List<String> roles, String description) {}

  /**
   * A role as the server shows it.
   *
   * @param description empty for none, and in the first era
   * @param users names of users who were granted the role, in ascending order
   */
  record RoleInfo(String name, String description, List<String> users) {}

  /**
   * A privilege to grant or to revoke. Suppliers throw a refusal if a message of gRPC lacks the
   * part.
   *
   * @param objectType ignored in the newer form
   * @param dbName {@code *} for all databases
   * @param type 0 to grant, 1 to revoke
   */
  record PrivilegeChange(
      Supplier<String> role,
      Supplier<String> privilege,
      Supplier<String> objectType,
      String objectName,
      String dbName,
      int type) {

    static final int GRANT = 0;
    static final int REVOKE = 1;
  }

  /** What a privilege was granted for. */
  record GrantedObject(String type, String name) {

    boolean isOf(MilvusGrant grant) {
      return grant.objectType().equals(type) && grant.objectName().equals(name);
    }
  }

  /** The grants of a role in one database. */
  record RoleGrants(List<MilvusGrant> grants, String description) {}

  /** A named group of privileges. */
  record PrivilegeGroup(String name, List<String> privileges) {}

  private final MilvusAccess access;
  private final MilvusAccounts accounts;
  private final MilvusRoles roles;
  private final MilvusGroups groups;
  private final MilvusDatabases databases;
  private final MilvusCollections collections;
  private final MilvusServerInfo server;
  private final MilvusBackup backup;
  private final MilvusEra era;

  MilvusOperations(Realm realm, MilvusEra era) {
    groups = new MilvusGroups(realm, era);
    access = new MilvusAccess(realm, groups);
    accounts = new MilvusAccounts(realm, era);
    roles = new MilvusRoles(realm, era);
    databases = new MilvusDatabases(realm, access, era);
    collections = new MilvusCollections(access, databases, era);
    server = new MilvusServerInfo(access, realm.clock());
    backup = new MilvusBackup(realm, access, accounts, era);
    this.era = era;
  }

  /** Returns the operations on databases. */
  MilvusDatabases databases() {
    return databases;
  }

  /** Returns the operations on collections. */
  MilvusCollections collections() {
    return collections;
  }

  /** Returns the operations on the server itself. */
  MilvusServerInfo server() {
    return server;
  }

  /** Returns the operations that copy users, roles and grants. */
  MilvusBackup backup() {
    return backup;
  }

  MilvusEra era() {
    return era;
  }

  /** Returns a user with the values that Milvus can't show. */
  ShownUser shown(User user, Deviations deviations) {
    return accounts.shown(user, deviations);
  }

  /** Whether users and roles have descriptions. */
  boolean hasDescriptions() {
    return era == MilvusEra.THIRD;
  }

  // ---- users

  Future<Void> createUser(MilvusCaller caller, NewUser user) {
    return access
        .changing(
            caller,
            MilvusPrivilege.CREATE_OWNERSHIP,
            () ->
                accounts.create(
                    caller,
                    user.name(),
                    user.password(),
                    hasDescriptions() ? user.description() : null))
        .mapEmpty();
  }

  Future<Void> updateUser(MilvusCaller caller, UserUpdate update) {
    // A user created through another dialect may have blanks around its name.
    var given = update.name();
    var name = caller.is(given) ? given : GoStrings.trimSpace(given);
    return access
        .changing(
            caller,
            MilvusPrivilege.UPDATE_USER,
            name,
            () -> {
              var password = update.password().get();
              return accounts.update(
                  caller,
                  new SignIn(name, password.current(), update.address()),
                  password.wanted(),
                  hasDescriptions() ? update.description() : null);
            })
        .mapEmpty();
  }

  /** Succeeds if there is no such user. */
  Future<Void> dropUser(MilvusCaller caller, String name) {
    return access.changing(
        caller, MilvusPrivilege.DROP_OWNERSHIP, () -> accounts.drop(caller.authority(), name));
  }

  /** Returns the names of all users in ascending order. */
  Future<List<String>> listUsers(MilvusCaller caller) {
    return access
        .require(caller, MilvusPrivilege.SELECT_OWNERSHIP)
        .compose(may -> accounts.list())
        .map(users -> users.stream().map(User::name).toList());
  }

  /**
   * Returns one user; empty if there is none of this name.
   *
   * @param withRoles whether to return the user's roles
   */
  Future<Optional<UserInfo>> findUser(MilvusCaller caller, String name, boolean withRoles) {
    return (caller.is(name)
            ? Future.<Void>succeededFuture()
            : access.require(caller, MilvusPrivilege.SELECT_USER, name))
        .compose(may -> accounts.find(name, caller.deviations()))
        .map(user -> user.map(one -> info(caller, one, withRoles)));
  }

  /**
   * Returns all users in ascending order of their names.
   *
   * @param withRoles as for {@link #findUser}
   */
  Future<List<UserInfo>> findUsers(MilvusCaller caller, boolean withRoles) {
    return access
        .require(caller, MilvusPrivilege.SELECT_USER, "")
        .compose(may -> accounts.list())
        .map(users -> users.stream().map(one -> info(caller, one, withRoles)).toList());
  }

  private UserInfo info(MilvusCaller caller, User user, boolean withRoles) {
    return new UserInfo(
        user.name(),
        withRoles ? accounts.roles(user, caller.deviations()) : List.of(),
        hasDescriptions() ? MilvusExtras.description(user) : "");
  }

  /**
   * Grants a role to a user, or revokes it. A role that is granted already, or was never granted,
   * is no error.
   */
  Future<Void> operateUserRole(
      MilvusCaller caller, String userName, String roleName, BooleanSupplier granted) {
    return access.changing(
        caller,
        MilvusPrivilege.MANAGE_OWNERSHIP,
        () ->
            granted.getAsBoolean()
                ? accounts.grant(caller, userName, roleName)
                : accounts.revoke(caller, userName, roleName));
  }

  // ---- roles

  Future<Void> createRole(MilvusCaller caller, String name, String description) {
    return access
        .require(caller, MilvusPrivilege.CREATE_OWNERSHIP)
        .compose(
            may -> roles.create(name, hasDescriptions() ? description : "", caller.deviations()));
  }

  Future<Void> alterRole(MilvusCaller caller, String name, String description) {
    return access
        .require(caller, MilvusPrivilege.CREATE_OWNERSHIP)
        .compose(may -> roles.alter(name, description));
  }

  /**
   * Deletes a role.
   *
   * @param force whether to delete a role that was granted privileges
   */
  Future<Void> dropRole(MilvusCaller caller, String name, boolean force) {
    return access
        .require(caller, MilvusPrivilege.DROP_OWNERSHIP)
        .compose(may -> roles.drop(name, force));
  }

  /** Returns the names of all roles in ascending order. */
  Future<List<String>> listRoles(MilvusCaller caller) {
    return access
        .require(caller, MilvusPrivilege.SELECT_OWNERSHIP)
        .compose(may -> roles.list())
        .map(all -> all.stream().map(Role::name).toList());
  }

  /**
   * Returns roles in ascending order of their names.
   *
   * @param name of the only role to return, if there is one; empty for all roles
   * @param withUsers whether to look up the users of each role
   */
  Future<List<RoleInfo>> findRoles(MilvusCaller caller, Optional<String> name, boolean withUsers) {
    return access
        .require(caller, MilvusPrivilege.SELECT_OWNERSHIP)
        .compose(may -> name.map(this::findRole).orElseGet(roles::list))
        .compose(
            found -> Future.all(found.stream().map(role -> info(caller, role, withUsers)).toList()))
        .map(all -> all.<RoleInfo>list());
  }

  private Future<List<Role>> findRole(String name) {
    MilvusNames.checkRole(name, era);
    return roles.find(name).map(role -> role.stream().toList());
  }

  private Future<RoleInfo> info(MilvusCaller caller, Role role, boolean withUsers) {
    var description = hasDescriptions() ? role.description() : "";
    return (withUsers
            ? accounts.holders(role.name(), caller.deviations())
            : Future.succeededFuture(List.<String>of()))
        .map(users -> new RoleInfo(role.name(), description, users));
  }

  /**
   * Returns the grants of a role in the caller's database. Callers may see the grants of their own
   * roles in the first era only.
   */
  Future<RoleGrants> describeRole(MilvusCaller caller, String name) {
    return (!hasDescriptions() && caller.holds(name)
            ? Future.<Void>succeededFuture()
            : access.require(caller, MilvusPrivilege.SELECT_OWNERSHIP))
        .compose(may -> roles.require(name))
        .map(
            role ->
                new RoleGrants(MilvusRoles.grants(role, caller.database()), role.description()));
  }

  /**
   * Returns the grants of a role in a database. Callers may see the grants of their own roles.
   *
   * @param role empty if the request names none
   * @param object the only object to return the grants for; empty for all
   */
  Future<List<MilvusGrant>> selectGrants(
      MilvusCaller caller, Optional<String> role, Optional<GrantedObject> object, String database) {
    return (role.filter(caller::holds).isPresent()
            ? Future.<Void>succeededFuture()
            : access.require(caller, MilvusPrivilege.SELECT_OWNERSHIP))
        .compose(
            may ->
                roles.grants(() -> role.orElseThrow(MilvusOperations::noRole), object, database));
  }

  private static RuntimeException noRole() {
    return MilvusErrors.INVALID.newException(
        Reason.INVALID_VALUE, "the role entity in the grant entity is nil");
  }

  // ---- privileges

  /** Grants a privilege on objects of a named type to a role, or revokes it. */
  Future<Void> operatePrivilege(MilvusCaller caller, PrivilegeChange change) {
    return access
        .require(caller, MilvusPrivilege.MANAGE_OWNERSHIP)
        .compose(may -> roles.operate(change, () -> grantor(caller)));
  }

  /**
   * Grants a privilege or a group of privileges to a role, or revokes it. The type of objects
   * follows from the privilege.
   */
  Future<Void> operatePrivilegeV2(MilvusCaller caller, PrivilegeChange change) {
    return access
        .require(caller, MilvusPrivilege.MANAGE_OWNERSHIP)
        .compose(may -> roles.operateV2(change, () -> grantor(caller)));
  }

  private String grantor(MilvusCaller caller) {
    return caller.name().orElseThrow(era::noGrantor);
  }

  // ---- privilege groups

  Future<Void> createGroup(MilvusCaller caller, String name) {
    return access
        .require(caller, MilvusPrivilege.CREATE_PRIVILEGE_GROUP)
        .compose(may -> groups.create(name));
  }

  /** Succeeds if there is no such group. */
  Future<Void> dropGroup(MilvusCaller caller, String name) {
    return access
        .require(caller, MilvusPrivilege.DROP_PRIVILEGE_GROUP)
        .compose(may -> groups.drop(name));
  }

  /** Returns the groups that users defined, then the built-in ones. */
  Future<List<PrivilegeGroup>> listGroups(MilvusCaller caller) {
    return access
        .require(caller, MilvusPrivilege.LIST_PRIVILEGE_GROUPS)
        .compose(may -> groups.custom())
        .map(
            custom ->
                Stream.concat(
                        custom.entrySet().stream(),
                        MilvusPrivileges.BUILT_IN_GROUPS.entrySet().stream())
                    .map(group -> new PrivilegeGroup(group.getKey(), group.getValue()))
                    .toList());
  }

  /** Adds privileges to a group, or removes them. */
  Future<Void> operateGroup(
      MilvusCaller caller, String name, List<String> privileges, BooleanSupplier added) {
    return access
        .require(caller, MilvusPrivilege.OPERATE_PRIVILEGE_GROUP)
        .compose(
            may ->
                added.getAsBoolean()
                    ? groups.add(name, privileges)
                    : groups.remove(name, privileges));
  }

  // ---- connecting

  /** Checks that the caller's database exists, visible or not. */
  Future<Void> connect(MilvusCaller caller) {
    return databases.require(caller.database());
  }
}
