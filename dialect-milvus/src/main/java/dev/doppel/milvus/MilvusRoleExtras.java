package dev.doppel.milvus;

import dev.doppel.users.Extras;
import dev.doppel.users.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What Milvus alone knows about a role.
 *
 * @param grants in the order in which they are shown
 */
record MilvusRoleExtras(List<MilvusGrant> grants) {

  static MilvusRoleExtras of(Role role) {
    return role.extras(MilvusDialect.NAME)
        .map(json -> Extras.decode(json, MilvusRoleExtras.class))
        .orElseGet(
            () ->
                new MilvusRoleExtras(
                    role.name().equals(Role.PUBLIC) ? MilvusGrant.OF_PUBLIC : List.of()));
  }

  /**
   * Checks what was written elsewhere.
   *
   * @return the text to keep, with {@code *} for what is not told and {@code root} as the grantor
   * @throws IllegalArgumentException if it isn't of the form, or names what Milvus doesn't know;
   *     the message says what is wrong
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

  /** Granted twice is granted once. */
  static Role granting(Role role, MilvusGrant grant) {
    var grants = new ArrayList<>(of(role).grants);
    if (grants.stream().noneMatch(grant::sameAs)) {
      grants.add(grant);
      grants.sort(MilvusGrant.ORDER);
    }
    return with(role, grants);
  }

  static Role revoking(Role role, MilvusGrant grant) {
    return with(role, of(role).grants.stream().filter(one -> !grant.sameAs(one)).toList());
  }

  private static Role with(Role role, List<MilvusGrant> grants) {
    return role.withExtras(MilvusDialect.NAME, Extras.encode(new MilvusRoleExtras(grants)));
  }
}
