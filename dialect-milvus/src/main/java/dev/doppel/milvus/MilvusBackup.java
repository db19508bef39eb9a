package dev.doppel.milvus;

import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Copies users with their password hashes, roles, grants and groups of privileges out of the server
 * and into another, as milvus-backup asks for (2.6.19: kv_catalog.go {@code BackupRBAC}, {@code
 * RestoreRBAC}; meta_table.go {@code CheckIfRBACRestorable}).
 */
final class MilvusBackup {

  private static final System.Logger LOG = System.getLogger(MilvusBackup.class.getName());

  /**
   * A user.
   *
   * @param hash of the password; empty for a user without one
   */
  record SavedUser(String name, Optional<PasswordHash> hash, List<String> roles) {}

  /** A grant with the name of the role that has it. */
  record SavedGrant(String role, MilvusGrant grant) {}

  /**
   * What is copied: all but the built-in user and the built-in roles.
   *
   * @param roles without their grants
   * @param groups privileges by the name of the group that users defined
   */
  record Saved(
      List<SavedUser> users,
      List<Role> roles,
      List<SavedGrant> grants,
      Map<String, List<String>> groups) {

    private boolean isEmpty() {
      return users.isEmpty() && roles.isEmpty() && grants.isEmpty() && groups.isEmpty();
    }
  }

  private final Realm realm;
  private final MilvusAccess access;
  private final MilvusAccounts accounts;
  private final MilvusEra era;

  MilvusBackup(Realm realm, MilvusAccess access, MilvusAccounts accounts, MilvusEra era) {
    this.realm = realm;
    this.access = access;
    this.accounts = accounts;
    this.era = era;
  }

  /**
   * Returns everything. Unlike the server, this needs an administrator besides the privilege, since
   * the hashes are those of every dialect's users.
   */
  Future<Saved> backUp(MilvusCaller caller) {
    return access
        .changing(caller, MilvusPrivilege.BACKUP_RBAC, () -> requireAdministrator(caller))
        .compose(
            may -> Future.all(accounts.list(), realm.roles().list(), MilvusGroups.custom(realm)))
        .map(
            all -> {
              List<User> users = all.resultAt(0);
              List<Role> roles = all.resultAt(1);
              return saved(caller, users, roles, all.resultAt(2));
            });
  }

  private static Future<Void> requireAdministrator(MilvusCaller caller) {
    return caller.authority().administrator()
        ? Future.succeededFuture()
        : Future.failedFuture(Failure.of(Reason.FORBIDDEN));
  }

  private Saved saved(
      MilvusCaller caller, List<User> users, List<Role> roles, Map<String, List<String>> groups) {
    var copied = users.stream().filter(user -> !user.builtIn()).toList();
    warn(copied, user -> !user.active(), "are inactive, and are copied without their passwords");
    warn(
        copied,
        user -> user.active() && user.password().filter(hash -> !isBcrypt(hash)).isPresent(),
        "have passwords that are not hashed with bcrypt, and can't sign in to Milvus");
    var own = roles.stream().filter(role -> !MilvusRoles.BUILT_IN.contains(role.name())).toList();
    var grants =
        own.stream()
            .flatMap(
                role ->
                    MilvusRoleExtras.of(role).grants().stream()
                        .map(grant -> new SavedGrant(role.name(), grant)))
            .toList();
    return new Saved(
        copied.stream().map(user -> saved(caller, user)).toList(), own, grants, groups);
  }

  /** Milvus has no inactive users: restored with its password, one could sign in again. */
  private SavedUser saved(MilvusCaller caller, User user) {
    return new SavedUser(
        user.name(),
        user.password().filter(hash -> user.active()),
        accounts.roles(user, caller.deviations()));
  }

  private static void warn(List<User> users, Predicate<User> concerned, String what) {
    var found = users.stream().filter(concerned).map(User::name).toList();
    if (!found.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "BackupRBAC: %s users %s; the first is %s"
              .formatted(found.size(), what, GoStrings.quote(found.get(0))));
    }
  }

  private static boolean isBcrypt(PasswordHash hash) {
    return hash.encoded().matches("\\$2[aby]\\$.*");
  }

  /**
   * Adds everything, or nothing if a part of it exists already, has a name that Milvus couldn't
   * use, or refers to what doesn't exist. Unlike the server, this needs an administrator besides
   * the privilege, since the users are every dialect's.
   */
  Future<Void> restore(MilvusCaller caller, Saved saved) {
    return access.changing(
        caller,
        MilvusPrivilege.RESTORE_RBAC,
        () ->
            requireAdministrator(caller)
                .compose(
                    may -> {
                      if (saved.isEmpty()) {
                        throw era.emptyBackup();
                      }
                      return realm
                          .users()
                          .hashPasswords(saved.users().stream().map(this::newUser).toList());
                    })
                .compose(
                    users -> realm.change(now -> restore(now, caller.authority(), saved, users))));
  }

  private NewUser newUser(SavedUser saved) {
    if (GoStrings.trimSpace(saved.name()).isEmpty()) {
      throw era.notRestorable("username must be not empty");
    }
    var user = NewUser.named(saved.name());
    for (var role : saved.roles()) {
      user = role.equals(Role.ADMINISTRATOR) ? user.withAdministrator(true) : user.withRole(role);
    }
    if (saved.hash().isEmpty()) {
      return user;
    }
    checkHash(saved.name(), saved.hash().get());
    return user.withHash(saved.hash().get());
  }

  /** The server stores any text; a user whose hash it can't verify can't sign in there. */
  private void checkHash(String user, PasswordHash hash) {
    hash.findError()
        .ifPresent(
            error -> {
              throw era.notRestorable("password of user [" + user + "]: " + error);
            });
  }

  private Future<Void> restore(Realm now, Authority by, Saved saved, List<NewUser> users) {
    return Future.all(now.roles().list(), MilvusGroups.custom(now))
        .compose(
            both -> {
              List<Role> roles = both.resultAt(0);
              check(saved, roles, both.resultAt(1));
              return insertRoles(now, saved);
            })
        .compose(
            inserted ->
                MilvusServerExtras.change(
                    now,
                    extras -> {
                      var groups = extras.sortedGroups();
                      groups.putAll(saved.groups());
                      return extras.withGroups(groups);
                    }))
        .compose(changed -> insertUsers(now, by, users));
  }

  private void check(Saved saved, List<Role> there, Map<String, List<String>> groups) {
    var roles = there.stream().map(Role::name).collect(Collectors.toCollection(HashSet::new));
    for (var role : saved.roles()) {
      checked(() -> MilvusNames.checkRole(role.name(), era));
      checked(() -> MilvusRoles.checkDescription(role.description()));
      if (!roles.add(role.name())) {
        throw era.notRestorable("role [" + role.name() + "] already exists");
      }
    }
    var privileges = checkGroups(saved, groups);
    saved.grants().forEach(one -> checkGrant(one, roles, privileges));
    for (var user : saved.users()) {
      user.roles().forEach(role -> requireRole(role, roles));
    }
  }

  /** Makes a check of another operation, whose refusal is one of the restoration here. */
  private void checked(Runnable check) {
    try {
      check.run();
    } catch (VendorErrorException refused) {
      throw refused.error() instanceof MilvusError error
          ? era.notRestorable(error, refused.failure())
          : refused;
    }
  }

  /** Returns the names of all privileges and groups that there are afterwards. */
  private Set<String> checkGroups(Saved saved, Map<String, List<String>> there) {
    var privileges = new HashSet<>(MilvusPrivileges.names());
    privileges.addAll(there.keySet());
    for (var group : saved.groups().keySet()) {
      checked(() -> MilvusNames.checkGroup(group));
      if (!privileges.add(group)) {
        throw era.notRestorable("privilege group [" + group + "] already exists");
      }
    }
    saved.groups().values().forEach(all -> all.forEach(one -> requirePrivilege(one, privileges)));
    return privileges;
  }

  private void requirePrivilege(String name, Set<String> privileges) {
    if (!privileges.contains(name)) {
      throw era.notRestorable("privilege [" + name + "] does not exist");
    }
  }

  private void checkGrant(SavedGrant one, Set<String> roles, Set<String> privileges) {
    var grant = one.grant();
    if (!grant.privilege().equals(MilvusPrivileges.ANY)) {
      requirePrivilege(grant.privilege(), privileges);
    }
    if (!MilvusPrivileges.isObject(grant.objectType())) {
      throw era.notRestorable("object type [" + grant.objectType() + "] does not exist");
    }
    checked(() -> MilvusNames.checkObject(grant.objectName(), era));
    if (!grant.dbName().equals(MilvusPrivileges.ANY)) {
      checked(() -> MilvusNames.checkDatabase(grant.dbName()));
    }
    requireRole(one.role(), roles);
  }

  private void requireRole(String role, Set<String> roles) {
    if (!roles.contains(role)) {
      throw era.notRestorable("role [" + role + "] does not exist");
    }
  }

  private static Future<Void> insertRoles(Realm now, Saved saved) {
    var grants =
        saved.grants().stream()
            .collect(
                Collectors.groupingBy(
                    SavedGrant::role,
                    TreeMap::new,
                    Collectors.mapping(SavedGrant::grant, Collectors.toList())));
    var all = Future.<Void>succeededFuture();
    for (var role : saved.roles()) {
      all = all.compose(before -> now.roles().insert(role).mapEmpty());
    }
    for (var one : grants.entrySet()) {
      all =
          all.compose(
              before ->
                  now.roles()
                      .update(
                          one.getKey(), role -> MilvusRoleExtras.grantingAll(role, one.getValue()))
                      .mapEmpty());
    }
    return all;
  }

  private Future<Void> insertUsers(Realm now, Authority by, List<NewUser> users) {
    return now.users()
        .by(by)
        .createAll(users)
        .map(
            results -> {
              for (var result : results) {
                if (result.failure().isPresent()) {
                  throw refusal(result.user().name(), result.failure().get());
                }
              }
              return null;
            });
  }

  private RuntimeException refusal(String user, Failure failure) {
    return failure.reason() == Reason.USER_EXISTS
        ? era.notRestorable("user [" + user + "] already exists")
        : failure;
  }
}
