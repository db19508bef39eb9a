package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.User;

/**
 * Names of users. They are unique in an organization for this vendor, and unique in the store for
 * all others. A user whose name is taken in another organization, a namesake, is stored as {@code
 * name@organization} and displayed as {@code name}. The built-in account, whatever its stored name,
 * is displayed as {@value #BUILT_IN} in the provider's organization.
 */
final class VcloudNames {

  /** The name of the built-in account in the provider's organization. */
  static final String BUILT_IN = "administrator";

  private VcloudNames() {}

  /** Returns the name under which a user is displayed in an organization. */
  static String displayName(User user, Organization organization) {
    if (isBuiltIn(user, organization)) {
      return BUILT_IN;
    }
    var suffix = suffix(organization);
    var name = user.name();
    return isDisplayedAsStored(name, organization)
        ? name
        : name.substring(0, name.length() - suffix.length());
  }

  /** Returns whether a user is displayed as {@value #BUILT_IN} in an organization. */
  static boolean isBuiltIn(User user, Organization organization) {
    return user.builtIn() && VcloudUrn.isProvider(organization);
  }

  /**
   * Returns whether the stored name of a user other than the built-in account is the displayed name
   * in an organization.
   */
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
