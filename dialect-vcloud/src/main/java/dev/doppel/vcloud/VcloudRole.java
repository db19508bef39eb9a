package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The built-in roles. The administrators' roles follow from the shared user; the others are kept in
 * this vendor's extras.
 */
enum VcloudRole {
  CATALOG_AUTHOR(
      "Catalog Author",
      "Rights given to a user who creates and publishes new catalogs",
      "03158989-6bc5-3f94-86bf-462ee51d5f1d"),
  CONSOLE_ACCESS_ONLY(
      "Console Access Only",
      "Rights given to a user who can only view virtual machine state and properties and use the"
          + " guest OS"),
  DEFER_TO_IDENTITY_PROVIDER(
      "Defer to Identity Provider",
      "Rights will be determined based on information received from IDP"),
  ORGANIZATION_ADMINISTRATOR(
      "Organization Administrator",
      "Built-in rights for administering an organization",
      "38da3903-2149-30ac-a523-8e535480d094"),
  SYSTEM_ADMINISTRATOR(
      "System Administrator",
      "Built-in rights for administering this installation",
      "67e119b7-083b-349e-8dfd-6cf0c19b83cf"),
  VAPP_AUTHOR(
      "vApp Author",
      "Rights given to a user who uses catalogs and creates vApps",
      "53256466-221f-3f1f-8cea-2fcfc7ab9ef7"),
  VAPP_USER("vApp User", "Rights given to a user who uses vApps created by others");

  private final String displayName;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // a record of a string and a UUID
  private final VcloudUrn urn;

  VcloudRole(String displayName, String description) {
    this.displayName = displayName;
    this.description = description;
    this.urn = VcloudUrn.named("role", bundleKey());
  }

  VcloudRole(String displayName, String description, String uuid) {
    this.displayName = displayName;
    this.description = description;
    this.urn = new VcloudUrn("role", UUID.fromString(uuid));
  }

  /**
   * Returns the roles of a user in an organization, at least one. The shared user decides whether
   * an administrator's role is one of them; a user who became an administrator through another
   * dialect has that role only.
   */
  static List<VcloudRole> of(User user, Organization organization) {
    var isAdministrator = isAdministrator(user, organization);
    var stored =
        VcloudProfile.of(user).rolesIn(organization).stream()
            .flatMap(name -> Arrays.stream(values()).filter(role -> role.name().equals(name)))
            .filter(role -> role.existsIn(organization))
            .filter(role -> isAdministrator || !role.managesUsers())
            .toList();
    if (isAdministrator && stored.stream().noneMatch(VcloudRole::managesUsers)) {
      return List.of(administratorOf(organization));
    }
    return stored.isEmpty() ? List.of(defaultIn(organization)) : stored;
  }

  private static boolean isAdministrator(User user, Organization organization) {
    return user.administrator()
        || (!VcloudUrn.isProvider(organization) && user.owns(organization.id()));
  }

  /** Returns the role of members who were given no other role. */
  private static VcloudRole defaultIn(Organization organization) {
    return VcloudUrn.isProvider(organization) ? DEFER_TO_IDENTITY_PROVIDER : VAPP_USER;
  }

  static VcloudRole administratorOf(Organization organization) {
    return VcloudUrn.isProvider(organization) ? SYSTEM_ADMINISTRATOR : ORGANIZATION_ADMINISTRATOR;
  }

  /** Returns the roles of an organization, in ascending order of name. */
  static List<VcloudRole> allIn(Organization organization) {
    return Arrays.stream(values()).filter(role -> role.existsIn(organization)).toList();
  }

  /** Finds the role that a reference identifies: by id, or by name if there is no id. */
  static Optional<VcloudRole> find(EntityReference reference, Organization organization) {
    return allIn(organization).stream()
        .filter(
            role ->
                reference.id() == null
                    ? role.displayName.equals(reference.name())
                    : VcloudUrn.parse(reference.id()).filter(role.urn::equals).isPresent())
        .findFirst();
  }

  private boolean existsIn(Organization organization) {
    return switch (this) {
      case DEFER_TO_IDENTITY_PROVIDER -> true;
      case SYSTEM_ADMINISTRATOR -> VcloudUrn.isProvider(organization);
      default -> !VcloudUrn.isProvider(organization);
    };
  }

  /** Returns whether the role has the rights to view and manage users. */
  boolean managesUsers() {
    return this == SYSTEM_ADMINISTRATOR || this == ORGANIZATION_ADMINISTRATOR;
  }

  String displayName() {
    return displayName;
  }

  VcloudUrn urn() {
    return urn;
  }

  private String bundleKey() {
    return "ROLE_" + name();
  }

  EntityReference reference() {
    return new EntityReference(displayName, urn.toString());
  }

  VcloudWire.Role view() {
    return new VcloudWire.Role(displayName, urn.toString(), description, bundleKey(), true);
  }
}
