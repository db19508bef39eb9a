package dev.doppel.milvus;

import dev.doppel.users.Extras;
import dev.doppel.users.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/**
 * The properties of a role that only Milvus has.
 *
 * @param grants in the order in which they are shown
 */
record MilvusRoleExtras(List<MilvusGrant> grants) {

  static MilvusRoleExtras of(Role role) {
    return role.extras(MilvusExtras.DIALECT)
        .map(json -> Extras.decode(json, MilvusRoleExtras.class))
        .orElseGet(
            () ->
                new MilvusRoleExtras(
                    role.name().equals(Role.PUBLIC) ? MilvusGrant.OF_PUBLIC : List.of()));
  }

  /**
   * Checks extras that were written elsewhere.
   *
   * @return the text to store, with {@code *} for missing members and {@code root} for a missing
   *     grantor
   * @throws IllegalArgumentException if the text has another form, or names a type or a privilege
   *     that Milvus doesn't have; the message names the invalid part
   */
  static String checked(String json) {
    MilvusRoleExtras given;
    try {
      given = Extras.decode(json, MilvusRoleExtras.class);
    } catch (IllegalStateException malformed) {
      throw new IllegalArgumentException(
          "{grants: [{objectType, objectName, privilege, …}]} is allowed");
    }
    if (given == null || given.grants == null || given.grants.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("grants: a list of objects is needed");
    }
    var grants = given.grants.stream().map(MilvusGrant::checked).sorted(MilvusGrant.ORDER).toList();
    return Extras.encode(new MilvusRoleExtras(grants));
  }

  /** Returns the role with a grant, unless it has the grant already. */
  static Role granting(Role role, MilvusGrant grant) {
    var grants = new ArrayList<>(of(role).grants);
    if (grants.stream().noneMatch(grant::sameAs)) {
      grants.add(grant);
      grants.sort(MilvusGrant.ORDER);
    }
    return with(role, grants);
  }

  /** Returns the role with grants, except for those that it has already. */
  static Role grantingAll(Role role, Collection<MilvusGrant> grants) {
    var byContent = new LinkedHashMap<MilvusGrant, MilvusGrant>();
    for (var grant : of(role).grants) {
      byContent.putIfAbsent(grant.by(""), grant);
    }
    for (var grant : grants) {
      byContent.putIfAbsent(grant.by(""), grant);
    }
    return with(role, byContent.values().stream().sorted(MilvusGrant.ORDER).toList());
  }

  static Role revoking(Role role, MilvusGrant grant) {
    return with(role, of(role).grants.stream().filter(one -> !grant.sameAs(one)).toList());
  }

  private static Role with(Role role, List<MilvusGrant> grants) {
    return role.withExtras(MilvusExtras.DIALECT, Extras.encode(new MilvusRoleExtras(grants)));
  }
}
