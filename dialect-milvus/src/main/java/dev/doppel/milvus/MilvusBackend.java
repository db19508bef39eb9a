package dev.doppel.milvus;

import dev.doppel.users.Realm;

/** What stands behind REST and gRPC alike. */
record MilvusBackend(
    MilvusEra era,
    MilvusAccess access,
    MilvusAccounts accounts,
    MilvusRoles roles,
    MilvusGroups groups) {

  static MilvusBackend over(Realm realm, MilvusRules rules, MilvusEra era) {
    var groups = new MilvusGroups(realm, era);
    return new MilvusBackend(
        era,
        new MilvusAccess(realm, groups),
        new MilvusAccounts(realm, rules, era),
        new MilvusRoles(realm, rules, era),
        groups);
  }
}
