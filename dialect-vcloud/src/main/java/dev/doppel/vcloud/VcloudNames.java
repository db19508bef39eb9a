package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.User;

/**
 * Names of users. They are unique in an organization for this vendor, and unique in the store for
 * all others. A user whose name is taken in another organization, a namesake, is stored as {@code
 * name@organization} and displayed as {@code name}.
 */
final class VcloudNames {

  private VcloudNames() {}

  /** Returns the name under which a user is displayed in an organization. */
  static String displayName(User user, Organization organization) {
    var suffix = suffix(organization);
    var name = user.name();
    return isDisplayedAsStored(name, organization)
        ? name
        : name.substring(0, name.length() - suffix.length());
  }

  /** Returns whether the stored name is the displayed name in an organization. */
  static boolean isDisplayedAsStored(String name, Organization organization) {
    var suffix = suffix(organization);
    return !name.endsWith(suffix) || name.length() == suffix.length();
  }

  /** Returns the stored name of a namesake. */
  static String ofNamesake(String name, Organization organization) {
    return name + suffix(organization);
  }

  /** Returns whether an organization is the home of a user, where its name takes precedence. */
  static boolean isHome(Organization organization, User user) {
    return user.home()
        .map(organization.id()::equals)
        .orElse(organization.kind() == Organization.Kind.DEFAULT);
  }

  /** Returns what is appended to the name of a namesake. */
  static String suffix(Organization organization) {
    return "@" + organization.name();
  }
}
