package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An organization as the vendor's {@code Org}. Its properties depend on the version and on the
 * caller's rights (OpenAPI description 37.2, page 39.1).
 *
 * @param complete whether the caller may see the restricted properties
 * @param users number of the organization's users
 * @param managed number of the organizations that this one manages
 */
record VcloudOrganizationView(
    Organization organization, VcloudVersion version, boolean complete, long users, long managed) {

  /** Returns the properties in the vendor's order. */
  Map<String, @Nullable Object> properties() {
    var provider = VcloudUrn.isProvider(organization);
    var extras = VcloudOrganizationExtras.of(organization);
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("id", VcloudUrn.of(organization).toString());
    all.put("name", organization.name());
    all.put("displayName", Objects.requireNonNullElse(extras.fullName(), organization.name()));
    all.put("description", organization.description());
    all.put("isEnabled", restricted(extras.isEnabled()));
    if (version.since(VcloudVersion.WITH_COUNTERS)) {
      all.put("orgVdcCount", restricted(0));
      all.put("catalogCount", restricted(0));
      all.put("vappCount", restricted(0));
      all.put("runningVMCount", restricted(0));
      all.put("userCount", restricted(users));
      if (version.since(VcloudVersion.WITH_DISK_COUNT)) {
        all.put("diskCount", restricted(0));
      }
      if (version.since(VcloudVersion.WITH_MANAGED_ORGANIZATIONS)) {
        all.put("managedBy", restricted(provider ? null : provider()));
        all.put("canManageOrgs", restricted(provider));
      }
      all.put("canPublish", restricted(false));
      if (version.since(VcloudVersion.WITH_MANAGED_ORGANIZATIONS)) {
        all.put("maskedEventTaskUsername", null);
        all.put("directlyManagedOrgCount", restricted(managed));
      }
    }
    return all;
  }

  /** Returns the properties to search and sort by in a version. */
  static List<String> searchable(VcloudVersion version) {
    var all = new ArrayList<>(List.of("id", "name", "displayName", "description", "isEnabled"));
    if (version.since(VcloudVersion.WITH_COUNTERS)) {
      all.addAll(
          List.of(
              "orgVdcCount",
              "catalogCount",
              "vappCount",
              "runningVMCount",
              "userCount",
              "canPublish"));
    }
    if (version.since(VcloudVersion.WITH_DISK_COUNT)) {
      all.add("diskCount");
    }
    if (version.since(VcloudVersion.WITH_MANAGED_ORGANIZATIONS)) {
      all.addAll(
          List.of(
              "managedBy.id",
              "managedBy.name",
              "canManageOrgs",
              "maskedEventTaskUsername",
              "directlyManagedOrgCount"));
    }
    return all;
  }

  private static EntityReference provider() {
    return new EntityReference(Organizations.SYSTEM, VcloudUrn.SYSTEM.toString());
  }

  private @Nullable Object restricted(@Nullable Object value) {
    return complete ? value : null;
  }
}
