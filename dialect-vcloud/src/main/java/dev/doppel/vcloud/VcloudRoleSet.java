package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
    var own = predefined(organization).with(ownOf(organization));
    return VcloudUrn.isProvider(organization)
        ? Future.succeededFuture(own)
        : organizations.system().map(system -> own.with(publishedTo(organization, system)));
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

  private VcloudRoleSet with(Stream<VcloudRole> more) {
    return new VcloudRoleSet(
        organization,
        Stream.concat(all.stream(), more).sorted(Comparator.comparing(VcloudRole::name)).toList());
  }

  /**
   * Returns the roles of a user in the organization, at least one. The shared user decides whether
   * an administrator's role is one of them; a user who became an administrator through another
   * dialect has that role only.
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
    return stored.isEmpty() ? List.of(defaultRole()) : stored;
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
