package dev.doppel.vcloud;

import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A role in an organization. Immutable.
 *
 * @param key by which users' extras refer to the role: the name of a predefined role, otherwise its
 *     UUID
 * @param bundleKey by which the product translates the name
 * @param readOnly whether the role is defined by the provider, so that its organization can't
 *     change it
 */
record VcloudRole(
    String key,
    VcloudUrn urn,
    String name,
    String description,
    String bundleKey,
    boolean readOnly,
    Set<VcloudRight> rights) {

  static final VcloudRole CATALOG_AUTHOR =
      predefined(
          "CATALOG_AUTHOR",
          "03158989-6bc5-3f94-86bf-462ee51d5f1d",
          "Catalog Author",
          "Rights given to a user who creates and publishes new catalogs",
          VcloudRight.ofRole('C'));
  static final VcloudRole CONSOLE_ACCESS_ONLY =
      predefined(
          "CONSOLE_ACCESS_ONLY",
          "Console Access Only",
          "Rights given to a user who can only view virtual machine state and properties and use"
              + " the guest OS",
          VcloudRight.ofRole('K'));
  static final VcloudRole DEFER_TO_IDENTITY_PROVIDER =
      predefined(
          "DEFER_TO_IDENTITY_PROVIDER",
          "Defer to Identity Provider",
          "Rights will be determined based on information received from IDP",
          Set.of());
  static final VcloudRole ORGANIZATION_ADMINISTRATOR =
      predefined(
          "ORGANIZATION_ADMINISTRATOR",
          "38da3903-2149-30ac-a523-8e535480d094",
          "Organization Administrator",
          "Built-in rights for administering an organization",
          VcloudRight.ofRole('A'));
  static final VcloudRole SYSTEM_ADMINISTRATOR =
      predefined(
          "SYSTEM_ADMINISTRATOR",
          "67e119b7-083b-349e-8dfd-6cf0c19b83cf",
          "System Administrator",
          "Built-in rights for administering this installation",
          Set.copyOf(VcloudRight.all()));
  static final VcloudRole VAPP_AUTHOR =
      predefined(
          "VAPP_AUTHOR",
          "53256466-221f-3f1f-8cea-2fcfc7ab9ef7",
          "vApp Author",
          "Rights given to a user who uses catalogs and creates vApps",
          VcloudRight.ofRole('V'));
  static final VcloudRole VAPP_USER =
      predefined(
          "VAPP_USER",
          "vApp User",
          "Rights given to a user who uses vApps created by others",
          VcloudRight.ofRole('U'));

  /** The roles that every tenant has, in ascending order of name. */
  static final List<VcloudRole> OF_TENANTS =
      List.of(
          CATALOG_AUTHOR,
          CONSOLE_ACCESS_ONLY,
          DEFER_TO_IDENTITY_PROVIDER,
          ORGANIZATION_ADMINISTRATOR,
          VAPP_AUTHOR,
          VAPP_USER);

  /** The roles that the provider's organization has, in ascending order of name. */
  static final List<VcloudRole> OF_PROVIDERS =
      List.of(DEFER_TO_IDENTITY_PROVIDER, SYSTEM_ADMINISTRATOR);

  /** The bundle key of everything that the product has no translation for. */
  static final String NO_BUNDLE_KEY = "com.vmware.vcloud.undefined.key";

  private static final String TYPE = "role";

  VcloudRole {
    rights = Set.copyOf(rights);
  }

  private static VcloudRole predefined(
      String key, String name, String description, Set<VcloudRight> rights) {
    return predefined(key, VcloudUrn.named(TYPE, "ROLE_" + key), name, description, rights);
  }

  private static VcloudRole predefined(
      String key, String uuid, String name, String description, Set<VcloudRight> rights) {
    var urn = new VcloudUrn(TYPE, UUID.fromString(uuid));
    return predefined(key, urn, name, description, rights);
  }

  private static VcloudRole predefined(
      String key, VcloudUrn urn, String name, String description, Set<VcloudRight> rights) {
    return new VcloudRole(key, urn, name, description, "ROLE_" + key, true, rights);
  }

  /** Returns a role that an organization defined. */
  static VcloudRole of(VcloudRightsContainer defined) {
    return custom(defined, defined.id(), false);
  }

  /** Returns the role that an organization has because a global role is published to it. */
  static VcloudRole published(VcloudRightsContainer globalRole) {
    var id =
        UUID.nameUUIDFromBytes(
            ("role of " + globalRole.id()).getBytes(StandardCharsets.UTF_8)); // not the same URN
    return custom(globalRole, id, true);
  }

  private static VcloudRole custom(VcloudRightsContainer defined, UUID id, boolean readOnly) {
    return new VcloudRole(
        id.toString(),
        new VcloudUrn(TYPE, id),
        defined.name(),
        defined.description(),
        NO_BUNDLE_KEY,
        readOnly,
        Set.copyOf(defined.rightsOf()));
  }

  static boolean isPredefined(String key) {
    return OF_TENANTS.stream().anyMatch(role -> role.key.equals(key))
        || SYSTEM_ADMINISTRATOR.key.equals(key);
  }

  /**
   * Returns whether the shared user decides who has the role: administrators and owners of
   * organizations.
   */
  boolean administers() {
    return key.equals(SYSTEM_ADMINISTRATOR.key) || key.equals(ORGANIZATION_ADMINISTRATOR.key);
  }

  /** Returns whether only administrators, of all dialects, can have the role. */
  boolean isOfAdministrators() {
    return key.equals(SYSTEM_ADMINISTRATOR.key);
  }

  /** Returns this role with only those rights that one of the others has, too. */
  VcloudRole limitedTo(List<VcloudRole> others) {
    return limitedTo(
        others.stream().flatMap(role -> role.rights().stream()).collect(Collectors.toSet()));
  }

  /** Returns this role without rights that are not among these. */
  VcloudRole limitedTo(Set<VcloudRight> others) {
    var common = rights.stream().filter(others::contains).collect(Collectors.toSet());
    return new VcloudRole(key, urn, name, description, bundleKey, readOnly, common);
  }

  EntityReference reference() {
    return new EntityReference(name, urn.toString());
  }

  VcloudWire.Role view() {
    return new VcloudWire.Role(name, urn.toString(), description, bundleKey, readOnly);
  }
}
