package dev.doppel.users;

import java.time.Instant;
import java.util.Map;

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
}
