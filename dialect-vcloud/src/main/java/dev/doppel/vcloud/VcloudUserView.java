package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user as the vendor's {@code VcdUser}, whose properties depend on the version and on what the
 * caller may see (OpenAPI description 37.2, page 39.1).
 *
 * @param organization the one it is seen in
 * @param whole whether the caller may see the restricted properties
 */
record VcloudUserView(User user, Organization organization, VcloudVersion version, boolean whole) {

  /** Properties in the vendor's order. */
  Map<String, @Nullable Object> properties() {
    var all = new LinkedHashMap<String, @Nullable Object>();
    var name = VcloudNames.shown(user, organization);
    var profile = VcloudProfile.of(user);
    all.put("username", name);
    all.put("fullName", user.fullName().orElse(""));
    all.put("description", Objects.requireNonNullElse(profile.description(), ""));
    all.put("id", VcloudUrn.of(user));
    all.put(
        "roleEntityRefs",
        VcloudRole.of(user, organization).stream().map(VcloudRole::reference).toList());
    all.put("orgEntityRef", reference(organization));
    all.put("password", null);
    if (!version.since(VcloudVersion.WITHOUT_QUOTAS)) {
      all.put("deployedVmQuota", restricted(quota(profile.deployedVmQuota())));
      all.put("storedVmQuota", restricted(quota(profile.storedVmQuota())));
    }
    all.put("email", restricted(user.email().orElse(null)));
    all.put("nameInSource", restricted(name));
    all.put("enabled", restricted(user.active()));
    all.put("isGroupRole", restricted(false));
    all.put("providerType", restricted(profile.provider()));
    if (version.since(VcloudVersion.WITH_LOCKED)) {
      all.put("locked", restricted(false));
      all.put("stranded", restricted(false));
    }
    if (version.since(VcloudVersion.WITH_PHONE)) {
      all.put("phone", profile.phone());
    }
    return all;
  }

  private static int quota(@Nullable Integer kept) {
    return Objects.requireNonNullElse(kept, 0);
  }

  private @Nullable Object restricted(@Nullable Object value) {
    return whole ? value : null;
  }

  static EntityReference reference(Organization organization) {
    return new EntityReference(organization.name(), VcloudUrn.of(organization).toString());
  }
}
