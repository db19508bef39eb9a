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
import java.util.Optional;

/**
 * Who may do what (2.6.19: internal/proxy/privilege_interceptor.go). {@code root} and whoever holds
 * the role {@code admin} may do everything; others what their roles, and the role of everybody,
 * were granted. With authorization off, everybody may do everything.
 */
final class MilvusAccess {

  /**
   * Who asks, and about which database.
   *
   * @param user empty with authorization off
   */
  record Asker(Optional<User> user, String database) {

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
    if (asker.user().isEmpty() || mayEverything(asker.user().get())) {
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
                  : Future.failedFuture(denied(needed, user, asker.database()));
            });
  }

  static boolean mayEverything(User user) {
    return user.name().equals(MilvusAccounts.ROOT) || user.administrator();
  }

  private static Failure denied(MilvusPrivilege needed, User user, String database) {
    return Failure.of(
        Reason.FORBIDDEN,
        "%s: permission deny to %s in the `%s` database"
            .formatted(needed.word(), user.name(), database));
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
