package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The roles of an organization: the predefined ones, its own, and the global roles that are
 * published to it. Immutable.
 *
 * @param all in ascending order of name
 */
record VcloudRoleSet(Organization organization, List<VcloudRole> all) {

  VcloudRoleSet {
    all = List.copyOf(all);
  }

  /** Returns the predefined roles alone, which need not be read. */
  static VcloudRoleSet predefined(Organization organization) {
    return new VcloudRoleSet(
        organization,
        VcloudUrn.isProvider(organization) ? VcloudRole.OF_PROVIDERS : VcloudRole.OF_TENANTS);
  }

  /** Reads all roles of an organization. */
  static Future<VcloudRoleSet> of(Organization organization, Organizations organizations) {
    var predefined = predefined(organization);
    return VcloudUrn.isProvider(organization)
        ? Future.succeededFuture(predefined.with(ownOf(organization)))
        : organizations
            .system()
            .map(
                system -> {
                  var available = availableRights(organization, system);
                  return predefined.with(
                      Stream.concat(
                          ownOf(organization).map(role -> role.limitedTo(available)),
                          publishedTo(organization, system)));
                });
  }

  /** Reads a set that has all roles of these users, but perhaps no others. */
  static Future<VcloudRoleSet> of(
      Organization organization, Organizations organizations, Collection<User> users) {
    return users.stream()
            .flatMap(user -> VcloudProfile.of(user).rolesIn(organization).stream())
            .allMatch(VcloudRole::isPredefined)
        ? Future.succeededFuture(predefined(organization))
        : of(organization, organizations);
  }

  private static Stream<VcloudRole> ownOf(Organization organization) {
    return VcloudOrganizationExtras.of(organization).rolesOf().stream().map(VcloudRole::of);
  }

  private static Stream<VcloudRole> publishedTo(Organization organization, Organization system) {
    var urn = VcloudUrn.of(organization);
    return VcloudOrganizationExtras.of(system).globalRolesOf().stream()
        .filter(one -> one.isPublishedTo(urn))
        .map(VcloudRole::published);
  }

  /**
   * Returns the rights that own roles of a tenant can have: those of the predefined rights bundle
   * and of the bundles that are published to it.
   */
  static Set<VcloudRight> availableRights(Organization tenant, Organization system) {
    var urn = VcloudUrn.of(tenant);
    var available = new HashSet<>(VcloudRight.ofTenants());
    VcloudOrganizationExtras.of(system).rightsBundlesOf().stream()
        .filter(bundle -> bundle.isPublishedTo(urn))
        .forEach(bundle -> available.addAll(bundle.rightsOf()));
    return available;
  }

  private VcloudRoleSet with(Stream<VcloudRole> more) {
    return new VcloudRoleSet(
        organization,
        Stream.concat(all.stream(), more).sorted(Comparator.comparing(VcloudRole::name)).toList());
  }

  /**
   * Returns the roles of a user in the organization, at least one. The shared user decides whether
   * an administrator's role is one of them; a user who became an administrator through another
   * dialect has that role only. Users whose role was deleted have one without rights.
   */
  List<VcloudRole> of(User user) {
    var isAdministrator = isAdministrator(user);
    var stored =
        VcloudProfile.of(user).rolesIn(organization).stream()
            .flatMap(key -> all.stream().filter(role -> role.key().equals(key)))
            .filter(role -> isAdministrator || !role.administers())
            .toList();
    if (isAdministrator && stored.stream().noneMatch(VcloudRole::administers)) {
      return List.of(administratorRole());
    }
    if (!stored.isEmpty()) {
      return stored;
    }
    return List.of(hasDeletedRole(user) ? VcloudRole.DEFER_TO_IDENTITY_PROVIDER : defaultRole());
  }

  /** Returns whether the user was given a role that the organization has no longer. */
  private boolean hasDeletedRole(User user) {
    return VcloudProfile.of(user).rolesIn(organization).stream()
        .anyMatch(key -> !VcloudRole.isPredefined(key));
  }

  /**
   * Returns a role of this organization with only those rights that each of these users has there,
   * too; empty if only administrators can have the role, and one of the users is none. An
   * administrator, who can act in every organization, has all rights.
   */
  Optional<VcloudRole> limitedTo(List<User> users, VcloudRole role) {
    var others = users.stream().filter(user -> !user.administrator()).toList();
    if (role.isOfAdministrators() && !others.isEmpty()) {
      return Optional.empty();
    }
    var limited = role;
    for (var user : others) {
      limited = limited.limitedTo(of(user));
    }
    return Optional.of(limited);
  }

  private boolean isAdministrator(User user) {
    return user.administrator()
        || (!VcloudUrn.isProvider(organization) && user.owns(organization.id()));
  }

  /** Returns the role of members who were given no other role. */
  private VcloudRole defaultRole() {
    return VcloudUrn.isProvider(organization)
        ? VcloudRole.DEFER_TO_IDENTITY_PROVIDER
        : VcloudRole.VAPP_USER;
  }

  private VcloudRole administratorRole() {
    return VcloudUrn.isProvider(organization)
        ? VcloudRole.SYSTEM_ADMINISTRATOR
        : VcloudRole.ORGANIZATION_ADMINISTRATOR;
  }

  /** Finds the role that a reference identifies: by id, or by name if there is no id. */
  Optional<VcloudRole> find(EntityReference reference) {
    return reference.id() == null
        ? all.stream().filter(role -> role.name().equals(reference.name())).findFirst()
        : VcloudUrn.parse(reference.id()).flatMap(this::find);
  }

  Optional<VcloudRole> find(VcloudUrn urn) {
    return all.stream().filter(role -> role.urn().equals(urn)).findFirst();
  }
}
