package dev.doppel.milvus;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Checks privileges (2.6.19: internal/proxy/privilege_interceptor.go). Administrators have all
 * privileges; others have the ones that were granted to their roles and to the role that every user
 * has. With authorization off, everyone has all privileges within Milvus.
 */
final class MilvusAccess {

  private final Realm realm;
  private final MilvusGroups groups;

  MilvusAccess(Realm realm, MilvusGroups groups) {
    this.realm = realm;
    this.groups = groups;
  }

  /** Requires a privilege. Fails with FORBIDDEN, whose subject is the server's sentence. */
  Future<Void> require(MilvusCaller caller, MilvusPrivilege needed) {
    return require(caller, needed, MilvusPrivileges.ANY);
  }

  /**
   * Requires a privilege on one object.
   *
   * @param object name of a user or a collection
   */
  Future<Void> require(MilvusCaller caller, MilvusPrivilege needed, String object) {
    if (caller.user().isEmpty() || caller.user().get().administrator()) {
      return Future.succeededFuture();
    }
    var user = caller.user().get();
    return Future.all(grants(user), groups.custom())
        .compose(
            both -> {
              List<MilvusGrant> grants = both.resultAt(0);
              Map<String, List<String>> custom = both.resultAt(1);
              return grants.stream()
                      .filter(grant -> grant.isOf(caller.database()))
                      .filter(grant -> concerns(grant, needed, object))
                      .anyMatch(grant -> gives(grant, needed, custom))
                  ? Future.succeededFuture()
                  : Future.failedFuture(denied(needed, caller));
            });
  }

  /**
   * Makes a change that requires a privilege. A change that exceeds the caller's authority, such as
   * creating an administrator, is refused as if the privilege were missing.
   */
  <T> Future<T> changing(MilvusCaller caller, MilvusPrivilege needed, Supplier<Future<T>> change) {
    return require(caller, needed)
        .compose(may -> change.get())
        .recover(thrown -> Future.failedFuture(refusal(caller, needed, thrown)));
  }

  /** As above, without the privilege if callers change themselves. */
  <T> Future<T> changing(
      MilvusCaller caller, MilvusPrivilege needed, String name, Supplier<Future<T>> change) {
    return (caller.is(name) ? Future.<Void>succeededFuture() : require(caller, needed, name))
        .compose(may -> change.get())
        .recover(thrown -> Future.failedFuture(refusal(caller, needed, thrown)));
  }

  private static Throwable refusal(MilvusCaller caller, MilvusPrivilege needed, Throwable thrown) {
    return thrown instanceof Failure failure
            && failure.reason() == Reason.FORBIDDEN
            && failure.subject().isEmpty()
        ? denied(needed, caller)
        : thrown;
  }

  private static Failure denied(MilvusPrivilege needed, MilvusCaller caller) {
    return Failure.of(
        Reason.FORBIDDEN,
        "%s: permission deny to %s in the `%s` database"
            .formatted(
                needed.word(),
                caller.user().map(User::name).orElse("anonymous"),
                caller.database()));
  }

  /**
   * Returns which databases the caller sees in lists: all of them with authorization off and for
   * administrators, otherwise the ones that a grant to one of the caller's own roles names (2.6.19:
   * internal/rootcoord/root_coord.go).
   */
  Future<Predicate<String>> visibleDatabases(MilvusCaller caller) {
    if (caller.user().isEmpty() || caller.user().get().administrator()) {
      return Future.succeededFuture(database -> true);
    }
    var roles = caller.user().get().roles();
    return grants(role -> roles.contains(role) && !role.equals(Role.PUBLIC))
        .map(grants -> database -> grants.stream().anyMatch(grant -> grant.isOf(database)));
  }

  private Future<List<MilvusGrant>> grants(User user) {
    return grants(role -> role.equals(Role.PUBLIC) || user.roles().contains(role));
  }

  /**
   * Returns the grants of some roles.
   *
   * @param wanted whether the grants of the role of this name are included
   */
  private Future<List<MilvusGrant>> grants(Predicate<String> wanted) {
    return realm
        .roles()
        .list()
        .map(
            roles -> {
              var all = new ArrayList<MilvusGrant>();
              for (var role : roles) {
                if (wanted.test(role.name())) {
                  all.addAll(MilvusRoleExtras.of(role).grants());
                }
              }
              return all;
            });
  }

  /**
   * Returns whether a grant covers an object. A global grant covers objects of every type. A global
   * privilege has no object, whatever object its group was granted on.
   */
  private static boolean concerns(MilvusGrant grant, MilvusPrivilege needed, String object) {
    var global = grant.objectType().equals(MilvusPrivileges.GLOBAL);
    if (global && needed.object().equals(MilvusPrivileges.GLOBAL)) {
      return true;
    }
    return (global || grant.objectType().equals(needed.object()))
        && (grant.objectName().equals(MilvusPrivileges.ANY) || grant.objectName().equals(object));
  }

  private static boolean gives(
      MilvusGrant grant, MilvusPrivilege needed, Map<String, List<String>> custom) {
    var expanded = MilvusPrivileges.expanded(grant.privilege(), custom);
    return expanded.contains(needed.privilege())
        || expanded.contains("All")
        || grant.privilege().equals(MilvusPrivileges.ANY);
  }
}
