package dev.doppel.vcloud;

import dev.doppel.dialect.ShownUser;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user as the vendor's {@code VcdUser}. Its properties depend on the version and on the caller's
 * rights (OpenAPI description 37.2, page 39.1).
 *
 * @param roles of the organization in which the user is viewed
 * @param complete whether the caller may see the restricted properties
 */
record VcloudUserView(User user, VcloudRoleSet roles, VcloudVersion version, boolean complete) {

  /** Returns the properties in the vendor's order. */
  Map<String, @Nullable Object> properties() {
    var organization = roles.organization();
    var all = new LinkedHashMap<String, @Nullable Object>();
    var name = VcloudNames.displayName(user, organization);
    var profile = VcloudProfile.of(user);
    all.put("username", name);
    all.put("fullName", user.fullName().orElse(""));
    all.put("description", Objects.requireNonNullElse(profile.description(), ""));
    all.put("id", VcloudUrn.of(user));
    all.put("roleEntityRefs", roles.of(user).stream().map(VcloudRole::reference).toList());
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

  /** Returns the properties, and where the value of each comes from. */
  ShownUser shown() {
    var all = properties();
    var profile = VcloudProfile.of(user);
    return new ShownUser.Builder()
        .kept("username", all.get("username"))
        .keptIf(user.fullName().isPresent(), "fullName", all.get("fullName"))
        .keptIf(profile.description() != null, "description", all.get("description"))
        .id("id", VcloudUrn.of(user), user.alias(VcloudApi.NAME))
        .derived("roleEntityRefs", all.get("roleEntityRefs"))
        .derived("orgEntityRef", all.get("orgEntityRef"))
        .kept("email", all.get("email"))
        .derived("nameInSource", all.get("nameInSource"))
        .kept("enabled", all.get("enabled"))
        .defaulted("isGroupRole", all.get("isGroupRole"))
        .keptIf(profile.providerType() != null, "providerType", all.get("providerType"))
        .defaulted("locked", all.get("locked"))
        .defaulted("stranded", all.get("stranded"))
        .kept("phone", all.get("phone"))
        .build(user, VcloudApi.NAME);
  }

  private static int quota(@Nullable Integer stored) {
    return Objects.requireNonNullElse(stored, 0);
  }

  private @Nullable Object restricted(@Nullable Object value) {
    return complete ? value : null;
  }

  static EntityReference reference(Organization organization) {
    return new EntityReference(organization.name(), VcloudUrn.of(organization).toString());
  }
}
