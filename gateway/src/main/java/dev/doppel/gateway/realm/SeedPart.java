package dev.doppel.gateway.realm;

import dev.doppel.Seed;
import dev.doppel.Seed.SeededOrganization;
import dev.doppel.Seed.SeededRole;
import dev.doppel.Seed.SeededToken;
import dev.doppel.Seed.SeededUser;
import dev.doppel.dialect.Vendor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The part of a seed for a store that belongs to one dialect: all organizations, roles and users,
 * without what belongs to other dialects, which are their aliases, the extras of roles, and tokens
 * with permissions.
 */
record SeedPart(Vendor<?> vendor) {

  Seed of(Seed whole) {
    return new Seed(
        whole.organizations().stream().map(this::organization).toList(),
        whole.roles().stream().map(this::role).toList(),
        whole.users().stream().map(this::user).toList());
  }

  private SeededOrganization organization(SeededOrganization one) {
    return new SeededOrganization(one.name(), one.description(), one.id(), own(one.aliases()));
  }

  private SeededRole role(SeededRole one) {
    return new SeededRole(one.name(), one.description(), own(one.extras()));
  }

  private SeededUser user(SeededUser one) {
    return new SeededUser(
        one.name(),
        one.id(),
        one.password(),
        one.passwordHash(),
        one.status(),
        one.email(),
        one.fullName(),
        one.roles(),
        one.organizations(),
        own(one.aliases()),
        tokens(one.tokens()));
  }

  private List<SeededToken> tokens(List<SeededToken> all) {
    return all.stream()
        .filter(one -> one.permissions() == null || vendor.scopedTokens().isPresent())
        .toList();
  }

  private <T> Map<String, T> own(Map<String, T> byDialect) {
    return byDialect.entrySet().stream()
        .filter(one -> one.getKey().equals(vendor.name()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
