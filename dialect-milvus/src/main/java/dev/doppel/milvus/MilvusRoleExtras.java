package dev.doppel.milvus;

import dev.doppel.users.Extras;
import dev.doppel.users.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * What Milvus alone knows about a role.
 *
 * @param grants in the order in which they are shown
 */
record MilvusRoleExtras(List<MilvusGrant> grants) {

  static MilvusRoleExtras of(Role role) {
    return role.extras(MilvusDialect.NAME)
        .map(json -> Extras.read(json, MilvusRoleExtras.class))
        .orElseGet(
            () ->
                new MilvusRoleExtras(
                    role.name().equals(Role.PUBLIC) ? MilvusGrant.OF_PUBLIC : List.of()));
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
    return role.withExtras(MilvusDialect.NAME, Extras.json(new MilvusRoleExtras(grants)));
  }
}
