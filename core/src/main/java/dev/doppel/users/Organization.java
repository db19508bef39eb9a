package dev.doppel.users;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A group of users that a vendor calls organisation or workspace. Who belongs to it is said by
 * {@link User#memberships()}.
 *
 * @param name unique in a store, case-sensitive
 * @param extras what only one vendor knows, as JSON text under its dialect's name
 */
public record Organization(
    OrganizationId id,
    String name,
    String description,
    Instant created,
    Instant updated,
    Map<String, String> extras) {

  public Organization {
    extras = Map.copyOf(extras);
  }

  public Organization withName(String name) {
    return new Organization(id, name, description, created, updated, extras);
  }

  public Organization withDescription(String description) {
    return new Organization(id, name, description, created, updated, extras);
  }

  public Organization withExtras(String dialect, String json) {
    var all = new HashMap<>(extras);
    all.put(dialect, json);
    return new Organization(id, name, description, created, updated, all);
  }

  Organization updatedAt(Instant updated) {
    return new Organization(id, name, description, created, updated, extras);
  }

  /** What the dialect keeps about this organisation, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }
}
