package dev.doppel.users;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group of users that a vendor calls organization or workspace. Who belongs to it is said by
 * {@link User#memberships()} and {@link User#home()}. Immutable.
 *
 * @param name unique in a store, case-sensitive
 * @param kind what it is for, whatever it is called
 * @param extras what only one vendor knows, as JSON text under its dialect's name
 */
public record Organization(
    OrganizationId id,
    String name,
    String description,
    Kind kind,
    Instant created,
    Instant updated,
    Map<String, String> extras) {

  /** What an organization is for. A store has at most one of each but of the ordinary ones. */
  public enum Kind {
    /** Administrators belong to it, and nobody else needs to. */
    SYSTEM,
    /** The home of every user that was made in no other organization. */
    DEFAULT,
    ORDINARY
  }

  public Organization {
    extras = Map.copyOf(extras);
  }

  public Organization withName(String name) {
    return new Organization(id, name, description, kind, created, updated, extras);
  }

  public Organization withDescription(String description) {
    return new Organization(id, name, description, kind, created, updated, extras);
  }

  public Organization withExtras(String dialect, String json) {
    var all = new HashMap<>(extras);
    all.put(dialect, json);
    return new Organization(id, name, description, kind, created, updated, all);
  }

  /** For stores that are older than kinds. */
  Organization withKind(Kind kind) {
    return new Organization(id, name, description, kind, created, updated, extras);
  }

  Organization updatedAt(Instant updated) {
    return new Organization(id, name, description, kind, created, updated, extras);
  }

  /**
   * The name by which a user is shown in this organization where a vendor's names are unique per
   * organization only: {@code bob} for {@code bob@acme} in {@code acme}, and else the name. No two
   * of its users are shown by one name.
   */
  public String shownName(String userName) {
    var suffix = "@" + name;
    return userName.endsWith(suffix) && userName.length() > suffix.length()
        ? userName.substring(0, userName.length() - suffix.length())
        : userName;
  }

  /** The name of a user that is shown as another is called whom this organization hasn't. */
  public String namesakeOf(String shown) {
    return shown + "@" + name;
  }

  /** The names of users that are shown by this one here, two at most. */
  public List<String> namesShownAs(String shown) {
    return shownName(shown).equals(shown)
        ? List.of(shown, namesakeOf(shown))
        : List.of(namesakeOf(shown));
  }

  /** What the dialect keeps about this organization, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }
}
