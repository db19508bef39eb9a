package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.User;

/**
 * Names are unique per organization for this vendor, and per store for us: a namesake in another
 * organization is kept as {@code name@organization} and shown as {@code name}.
 */
final class VcloudNames {

  private VcloudNames() {}

  static String shown(User user, Organization organization) {
    var suffix = suffix(organization);
    var name = user.name();
    return shownAsItIs(name, organization)
        ? name
        : name.substring(0, name.length() - suffix.length());
  }

  /** Whether a user of this name is shown by all of it. */
  static boolean shownAsItIs(String name, Organization organization) {
    var suffix = suffix(organization);
    return !name.endsWith(suffix) || name.length() == suffix.length();
  }

  static String ofNamesake(String name, Organization organization) {
    return name + suffix(organization);
  }

  /** Whether the user was made in the organization, so that its names are told there first. */
  static boolean isHome(Organization organization, User user) {
    return user.home()
        .map(organization.id()::equals)
        .orElse(organization.kind() == Organization.Kind.DEFAULT);
  }

  static String suffix(Organization organization) {
    return "@" + organization.name();
  }
}
