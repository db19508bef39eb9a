package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.User;

/**
 * Names are unique per organisation for this vendor, and per store for us: a namesake in another
 * organisation is kept as {@code name@organisation} and shown as {@code name}.
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

  static String suffix(Organization organization) {
    return "@" + organization.name();
  }
}
