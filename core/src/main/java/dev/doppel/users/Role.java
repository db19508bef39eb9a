package dev.doppel.users;

import java.util.Map;

/**
 * A named set of rights.
 *
 * @param builtIn whether it came with the store and stays
 * @param extras a vendor's privileges, as JSON text under its dialect's name
 */
public record Role(String name, String description, boolean builtIn, Map<String, String> extras) {

  /** Holders may do everything in every dialect. */
  public static final String ADMINISTRATOR = "admin";

  /** Every user holds it without being granted it. */
  public static final String PUBLIC = "public";

  public Role {
    extras = Map.copyOf(extras);
  }
}
