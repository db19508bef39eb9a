package dev.doppel.milvus;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Named groups of privileges, built-in ones and ones that users define. The latter belong to the
 * server as a whole, so they are stored with the system organization (2.6.19:
 * internal/rootcoord/meta_table.go).
 */
final class MilvusGroups {

  /** Not the server's; they are stored together, and read with every check of a privilege. */
  private static final int MAX_GROUPS = 1_000;

  private final Realm realm;
  private final MilvusEra era;

  MilvusGroups(Realm realm, MilvusEra era) {
    this.realm = realm;
    this.era = era;
  }

  /** Returns the groups that users defined, names and privileges in ascending order. */
  Future<Map<String, List<String>>> custom() {
    return custom(realm);
  }

  /** As above, within a change. */
  static Future<Map<String, List<String>>> custom(Realm now) {
    return MilvusServerExtras.of(now).map(MilvusServerExtras::sortedGroups);
  }

  Future<Void> create(String name) {
    MilvusNames.checkGroup(name);
    if (MilvusPrivileges.BUILT_IN_GROUPS.containsKey(name) || MilvusPrivileges.isPrivilege(name)) {
      throw era.groupIsBuiltIn(name);
    }
    return change(
        realm,
        groups -> {
          if (groups.containsKey(name)) {
            throw era.groupIsUsers(name);
          }
          if (groups.size() >= MAX_GROUPS) {
            throw MilvusErrors.INVALID.newException(
                Reason.INVALID_VALUE,
                "the number of privilege groups has reached the limit of " + MAX_GROUPS);
          }
          groups.put(name, List.of());
          return groups;
        });
  }

  /** Deletes a group; succeeds if there is none, and fails if a role was granted it. */
  Future<Void> drop(String name) {
    MilvusNames.checkGroup(name);
    return realm.change(
        now ->
            now.roles()
                .list()
                .compose(
                    roles -> {
                      var holder = holder(roles, name);
                      if (holder.isPresent()) {
                        throw era.groupInUse(name, holder.get().name());
                      }
                      return change(now, groups -> dropped(groups, name));
                    }));
  }

  private static Map<String, List<String>> dropped(Map<String, List<String>> groups, String name) {
    groups.remove(name);
    groups.replaceAll((group, members) -> without(members, name));
    return groups;
  }

  private static List<String> without(List<String> members, String name) {
    return members.stream().filter(member -> !member.equals(name)).toList();
  }

  private static Optional<Role> holder(List<Role> roles, String group) {
    return roles.stream()
        .filter(
            role ->
                MilvusRoleExtras.of(role).grants().stream()
                    .anyMatch(grant -> grant.privilege().equals(group)))
        .findFirst();
  }

  Future<Void> add(String name, List<String> privileges) {
    return change(name, privileges, true);
  }

  Future<Void> remove(String name, List<String> privileges) {
    return change(name, privileges, false);
  }

  private Future<Void> change(String name, List<String> privileges, boolean added) {
    MilvusNames.checkGroup(name);
    privileges.forEach(privilege -> MilvusNames.checkPrivilege(privilege, era));
    if (MilvusPrivileges.BUILT_IN_GROUPS.containsKey(name)) {
      throw era.groupIsBuiltIn(name);
    }
    return change(
        realm,
        groups -> {
          var group = groups.get(name);
          if (group == null) {
            throw era.noGroupToChange(name);
          }
          if (privileges.isEmpty() && era == MilvusEra.THIRD) {
            throw era.noPrivileges();
          }
          var changed = new TreeSet<>(group);
          for (var privilege : new LinkedHashSet<>(privileges)) {
            var isThere = !added && changed.contains(privilege);
            if (!isThere && (!known(privilege, groups) || privilege.equals(name))) {
              throw era.noPrivilegeForGroup(privilege);
            }
            if (added) {
              changed.add(privilege);
            } else {
              changed.remove(privilege);
            }
          }
          if (added && changed.stream().map(MilvusPrivileges::levelOf).distinct().count() > 1) {
            throw era.privilegesOfDifferentLevels();
          }
          groups.put(name, new ArrayList<>(changed));
          return groups;
        });
  }

  private static boolean known(String privilege, Map<String, List<String>> groups) {
    return MilvusPrivileges.isPrivilege(privilege)
        || MilvusPrivileges.BUILT_IN_GROUPS.containsKey(privilege)
        || groups.containsKey(privilege);
  }

  private static Future<Void> change(Realm now, UnaryOperator<Map<String, List<String>>> change) {
    return MilvusServerExtras.change(
        now, extras -> extras.withGroups(change.apply(extras.sortedGroups())));
  }
}
