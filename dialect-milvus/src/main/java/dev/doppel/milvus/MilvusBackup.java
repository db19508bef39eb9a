package dev.doppel.milvus;

import dev.doppel.passwords.HashFamilies;
import dev.doppel.passwords.UnsupportedHashException;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Copies users with their password hashes, roles, grants and groups of privileges out of the server
 * and into another, as milvus-backup asks for (2.6.19: kv_catalog.go {@code BackupRBAC}, {@code
 * RestoreRBAC}; meta_table.go {@code CheckIfRBACRestorable}).
 */
final class MilvusBackup {

  private static final System.Logger LOG = System.getLogger(MilvusBackup.class.getName());

  private static final Set<String> BUILT_IN_ROLES = Set.of(Role.ADMINISTRATOR, Role.PUBLIC);

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
    var copied =
        users.stream()
            .filter(user -> !user.builtIn())
            .map(
                user ->
                    new SavedUser(
                        user.name(), user.password(), accounts.roles(user, caller.deviations())))
            .toList();
    warnOfForeignHashes(copied);
    var own = roles.stream().filter(role -> !BUILT_IN_ROLES.contains(role.name())).toList();
    var grants =
        own.stream()
            .flatMap(
                role ->
                    MilvusRoleExtras.of(role).grants().stream()
                        .map(grant -> new SavedGrant(role.name(), grant)))
            .toList();
    return new Saved(copied, own, grants, groups);
  }

  private static void warnOfForeignHashes(List<SavedUser> users) {
    var foreign =
        users.stream()
            .filter(user -> user.hash().filter(hash -> !isBcrypt(hash)).isPresent())
            .map(SavedUser::name)
            .toList();
    if (!foreign.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "BackupRBAC: the passwords of {0} users aren''t hashed with bcrypt, so that these users"
              + " can''t sign in to Milvus where it is restored; the first is {1}",
          foreign.size(),
          foreign.get(0));
    }
  }

  private static boolean isBcrypt(PasswordHash hash) {
    return hash.encoded().matches("\\$2[aby]\\$.*");
  }

  /** Adds everything, or nothing if a part of it exists already or names what doesn't exist. */
  Future<Void> restore(MilvusCaller caller, Saved saved) {
    return access.changing(
        caller,
        MilvusPrivilege.RESTORE_RBAC,
        () -> {
          if (saved.isEmpty()) {
            throw era.emptyBackup();
          }
          return realm
              .users()
              .hashPasswords(saved.users().stream().map(this::newUser).toList())
              .compose(
                  users -> realm.change(now -> restore(now, caller.authority(), saved, users)));
        });
  }

  private NewUser newUser(SavedUser saved) {
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

  /** The server stores any text, so that the user could never sign in. */
  private void checkHash(String user, PasswordHash hash) {
    try {
      HashFamilies.parse(hash.encoded());
    } catch (UnsupportedHashException e) {
      throw era.notRestorable("password of user [" + user + "] is no hash that is known");
    }
  }

  private Future<Void> restore(Realm now, Authority by, Saved saved, List<NewUser> users) {
    return check(now, saved)
        .compose(checked -> insertRoles(now, saved))
        .compose(
            inserted ->
                MilvusServerExtras.change(
                    now,
                    extras -> {
                      var groups = new TreeMap<>(extras.groups());
                      groups.putAll(saved.groups());
                      return extras.withGroups(groups);
                    }))
        .compose(changed -> insertUsers(now, by, users));
  }

  private Future<Void> check(Realm now, Saved saved) {
    return Future.all(now.roles().list(), MilvusGroups.custom(now))
        .compose(
            both -> {
              List<Role> there = both.resultAt(0);
              Map<String, List<String>> groups = both.resultAt(1);
              var roles = new HashSet<>(there.stream().map(Role::name).toList());
              for (var role : saved.roles()) {
                MilvusRoles.checkDescription(role.description());
                if (!roles.add(role.name())) {
                  throw era.notRestorable("role [" + role.name() + "] already exists");
                }
              }
              var privileges = new HashSet<>(MilvusPrivileges.names());
              privileges.addAll(groups.keySet());
              checkGroups(saved, groups);
              privileges.addAll(saved.groups().keySet());
              checkGrants(saved, roles, privileges);
              return checkUsers(now, saved, roles);
            });
  }

  private void checkGroups(Saved saved, Map<String, List<String>> there) {
    for (var group : saved.groups().keySet()) {
      if (there.containsKey(group)) {
        throw era.notRestorable("privilege group [" + group + "] already exists");
      }
    }
  }

  private void checkGrants(Saved saved, Set<String> roles, Set<String> privileges) {
    for (var one : saved.grants()) {
      var privilege = one.grant().privilege();
      if (!privilege.equals(MilvusPrivileges.ANY) && !privileges.contains(privilege)) {
        throw era.notRestorable("privilege [" + privilege + "] does not exist");
      }
      requireRole(one.role(), roles);
    }
  }

  private void requireRole(String role, Set<String> roles) {
    if (!roles.contains(role)) {
      throw era.notRestorable("role [" + role + "] does not exist");
    }
  }

  private Future<Void> checkUsers(Realm now, Saved saved, Set<String> roles) {
    var all = Future.<Void>succeededFuture();
    for (var user : saved.users()) {
      all =
          all.compose(
              before ->
                  MilvusAuth.named(now, user.name())
                      .map(
                          found -> {
                            if (found.isPresent()) {
                              throw era.notRestorable("user [" + user.name() + "] already exists");
                            }
                            user.roles().forEach(role -> requireRole(role, roles));
                            return null;
                          }));
    }
    return all;
  }

  private static Future<Void> insertRoles(Realm now, Saved saved) {
    var all = Future.<Void>succeededFuture();
    for (var role : saved.roles()) {
      all = all.compose(before -> now.roles().insert(role).mapEmpty());
    }
    for (var one : saved.grants()) {
      all =
          all.compose(
              before ->
                  now.roles()
                      .update(one.role(), role -> MilvusRoleExtras.granting(role, one.grant()))
                      .mapEmpty());
    }
    return all;
  }

  private static Future<Void> insertUsers(Realm now, Authority by, List<NewUser> users) {
    var all = Future.<Void>succeededFuture();
    for (var user : users) {
      all = all.compose(before -> now.users().by(by).create(user).mapEmpty());
    }
    return all;
  }
}
