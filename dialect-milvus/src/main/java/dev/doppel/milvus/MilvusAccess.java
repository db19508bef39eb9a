package dev.doppel.milvus;

import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who may do what (2.6.19: internal/proxy/privilege_interceptor.go). Administrators may do
 * everything; others what their roles, and the role of everybody, were granted. With authorization
 * off, everybody may do everything that stays within Milvus.
 */
final class MilvusAccess {

  /**
   * Who asks, and about which database.
   *
   * @param user empty with authorization off
   * @param authority what the caller may do to users in every dialect
   */
  record Asker(Optional<User> user, Authority authority, String database) {

    /** Who calls with authorization off. */
    static Asker anonymous(String database) {
      return new Asker(Optional.empty(), Authority.NONE, database);
    }

    boolean is(String name) {
      return user.isPresent() && user.get().name().equals(name);
    }
  }

  private final Realm realm;
  private final MilvusGroups groups;

  MilvusAccess(Realm realm, MilvusGroups groups) {
    this.realm = realm;
    this.groups = groups;
  }

  /** Fails with FORBIDDEN, whose subject is the server's sentence. */
  Future<Void> require(Asker asker, MilvusPrivilege needed) {
    return require(asker, needed, MilvusPrivileges.ANY);
  }

  /**
   * As above, about one object.
   *
   * @param object a user's name
   */
  Future<Void> require(Asker asker, MilvusPrivilege needed, String object) {
    if (asker.user().isEmpty() || asker.user().get().administrator()) {
      return Future.succeededFuture();
    }
    var user = asker.user().get();
    return Future.all(grants(user), groups.custom())
        .compose(
            both -> {
              List<MilvusGrant> grants = both.resultAt(0);
              Map<String, List<String>> custom = both.resultAt(1);
              return grants.stream()
                      .filter(grant -> grant.isOf(asker.database()))
                      .filter(grant -> about(grant, needed, object))
                      .anyMatch(grant -> gives(grant, needed, custom))
                  ? Future.succeededFuture()
                  : Future.failedFuture(denied(needed, asker));
            });
  }

  /**
   * Makes a change that needs a privilege. A change that the caller's authority doesn't reach, such
   * as making an administrator, is refused as if the privilege was missing.
   */
  <T> Future<T> changing(Asker asker, MilvusPrivilege needed, Supplier<Future<T>> change) {
    return require(asker, needed)
        .compose(may -> change.get())
        .recover(thrown -> Future.failedFuture(told(asker, needed, thrown)));
  }

  /** As above, about oneself or, with the privilege, about another user. */
  <T> Future<T> changing(
      Asker asker, MilvusPrivilege needed, String name, Supplier<Future<T>> change) {
    return (asker.is(name) ? Future.<Void>succeededFuture() : require(asker, needed, name))
        .compose(may -> change.get())
        .recover(thrown -> Future.failedFuture(told(asker, needed, thrown)));
  }

  private static Throwable told(Asker asker, MilvusPrivilege needed, Throwable thrown) {
    return thrown instanceof Failure failure
            && failure.reason() == Reason.FORBIDDEN
            && failure.subject().isEmpty()
        ? denied(needed, asker)
        : thrown;
  }

  private static Failure denied(MilvusPrivilege needed, Asker asker) {
    return Failure.of(
        Reason.FORBIDDEN,
        "%s: permission deny to %s in the `%s` database"
            .formatted(
                needed.word(), asker.user().map(User::name).orElse("anonymous"), asker.database()));
  }

  private Future<List<MilvusGrant>> grants(User user) {
    return realm
        .roles()
        .list()
        .map(
            roles -> {
              var all = new ArrayList<MilvusGrant>();
              for (var role : roles) {
                if (role.name().equals(Role.PUBLIC) || user.roles().contains(role.name())) {
                  all.addAll(MilvusRoleExtras.of(role).grants());
                }
              }
              return all;
            });
  }

  /** A grant of a group, or of everything, counts for objects of every type. */
  private static boolean about(MilvusGrant grant, MilvusPrivilege needed, String object) {
    var global = grant.objectType().equals(MilvusPrivileges.GLOBAL);
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
