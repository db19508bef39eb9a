package dev.doppel.users;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A named set of rights. Immutable.
 *
 * @param builtIn whether it exists in every store and can't be deleted
 * @param extras a vendor's privileges, as JSON text under its dialect's name
 */
public record Role(String name, String description, boolean builtIn, Map<String, String> extras) {

  /**
   * The role as which lists of roles show {@link User#administrator()}. Never among {@link
   * User#roles()}.
   */
  public static final String ADMINISTRATOR = "admin";

  /** A role that every user has without having been granted it. */
  public static final String PUBLIC = "public";

  public Role {
    extras = Map.copyOf(extras);
  }

  public Role withExtras(String dialect, String json) {
    var all = new HashMap<>(extras);
    all.put(dialect, json);
    return new Role(name, description, builtIn, all);
  }

  public Role withDescription(String description) {
    return new Role(name, description, builtIn, extras);
  }

  /** Returns what the dialect stores about this role, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }
}
