package dev.doppel.users;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A group of users that a vendor calls organization or workspace. Who belongs to it is said by
 * {@link User#memberships()} and {@link User#home()}. Immutable.
 *
 * @param name unique in a store, case-sensitive
 * @param kind what it is for, whatever it is called
 * @param aliases ids that the organization had in the products it comes from, by dialect
 * @param extras what only one vendor knows, as JSON text under its dialect's name
 */
public record Organization(
    OrganizationId id,
    String name,
    String description,
    Kind kind,
    Instant created,
    Instant updated,
    Map<String, String> aliases,
    Map<String, String> extras) {

  private static final int MIN_SLUG_LENGTH = 3;
  private static final Pattern NOT_IN_SLUGS = Pattern.compile("[^a-z0-9]+");
  private static final Pattern OUTER_HYPHENS = Pattern.compile("^-|-$");

  /** What an organization is for. A store has at most one of each but of the ordinary ones. */
  public enum Kind {
    /** Administrators belong to it, and nobody else needs to. */
    SYSTEM,
    /** The home of every user that was made in no other organization. */
    DEFAULT,
    ORDINARY
  }

  public Organization {
    aliases = Map.copyOf(aliases);
    extras = Map.copyOf(extras);
  }

  /** One that comes from no other product. */
  public Organization(
      OrganizationId id,
      String name,
      String description,
      Kind kind,
      Instant created,
      Instant updated,
      Map<String, String> extras) {
    this(id, name, description, kind, created, updated, Map.of(), extras);
  }

  public Organization withName(String name) {
    return new Organization(id, name, description, kind, created, updated, aliases, extras);
  }

  public Organization withDescription(String description) {
    return new Organization(id, name, description, kind, created, updated, aliases, extras);
  }

  public Organization withExtras(String dialect, String json) {
    var all = new HashMap<>(extras);
    all.put(dialect, json);
    return new Organization(id, name, description, kind, created, updated, aliases, all);
  }

  public Organization withAliases(Map<String, String> aliases) {
    return new Organization(id, name, description, kind, created, updated, aliases, extras);
  }

  /** The id that the organization had in the dialect's vendor product, if it comes from there. */
  public Optional<String> alias(String dialect) {
    return Optional.ofNullable(aliases.get(dialect));
  }

  /** For stores that are older than kinds. */
  Organization withKind(Kind kind) {
    return new Organization(id, name, description, kind, created, updated, aliases, extras);
  }

  Organization updatedAt(Instant updated) {
    return new Organization(id, name, description, kind, created, updated, aliases, extras);
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

  /**
   * What addresses call it by where a vendor has such a word: letters, digits and hyphens of its
   * name in lower case. Empty if these are fewer than three.
   */
  public Optional<String> slug() {
    return slugOf(name);
  }

  /**
   * Whether the name has no other letters than slugs can have. Organizations with such names never
   * have one slug; of others, any number may.
   */
  public boolean isNamedInAscii() {
    return isAscii(name);
  }

  static boolean isAscii(String name) {
    return name.chars().allMatch(c -> c < 128);
  }

  static Optional<String> slugOf(String name) {
    var hyphened = NOT_IN_SLUGS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    return Optional.of(OUTER_HYPHENS.matcher(hyphened).replaceAll(""))
        .filter(slug -> slug.length() >= MIN_SLUG_LENGTH);
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
