package dev.doppel.users;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A group of users, which vendors call organization or workspace. Its members are the users whose
 * {@link User#memberships()} or {@link User#home()} refer to it. Immutable.
 *
 * @param name unique in a store, case-sensitive
 * @param kind its purpose, independent of its name
 * @param aliases ids of the organization in the products it was imported from, by dialect
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

  /** The purpose of an organization. A store has at most one of each kind but ORDINARY. */
  public enum Kind {
    /** Every administrator belongs to it. */
    SYSTEM,
    /** The home of every user that was created in no other organization. */
    DEFAULT,
    ORDINARY
  }

  public Organization {
    aliases = Map.copyOf(aliases);
    extras = Map.copyOf(extras);
  }

  /** Creates an organization without aliases. */
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

  /** Returns the id of the organization in the dialect's vendor product, if it was imported. */
  public Optional<String> alias(String dialect) {
    return Optional.ofNullable(aliases.get(dialect));
  }

  /** For stores from before organizations had kinds. */
  Organization withKind(Kind kind) {
    return new Organization(id, name, description, kind, created, updated, aliases, extras);
  }

  Organization updatedAt(Instant updated) {
    return new Organization(id, name, description, kind, created, updated, aliases, extras);
  }

  /**
   * Returns the name under which this organization shows a user if the vendor's names are unique
   * per organization only: {@code bob} for {@code bob@acme} in {@code acme}, otherwise the name
   * itself. No two of its users are shown under the same name.
   */
  public String shownName(String userName) {
    var suffix = "@" + name;
    return userName.endsWith(suffix) && userName.length() > suffix.length()
        ? userName.substring(0, userName.length() - suffix.length())
        : userName;
  }

  /**
   * Returns the name of a user that this organization shows as {@code shown} while a user outside
   * of it has that name.
   */
  public String qualifiedName(String shown) {
    return shown + "@" + name;
  }

  /**
   * Returns the short name that some vendors use in URLs: the letters and digits of the name in
   * lower case, with hyphens between them. Empty if it would have fewer than three characters.
   */
  public Optional<String> slug() {
    return slugOf(name);
  }

  /**
   * Returns whether the name is plain ASCII. No two organizations with such names have the same
   * slug; several with other names may.
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

  /** Returns the names of users that this organization would show under a name: one or two. */
  public List<String> namesShownAs(String shown) {
    return shownName(shown).equals(shown)
        ? List.of(shown, qualifiedName(shown))
        : List.of(qualifiedName(shown));
  }

  /** Returns what the dialect stores about this organization, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }
}
