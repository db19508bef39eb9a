package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a user that only this vendor has, kept as JSON in the user's extras. A property
 * that was never set is null.
 *
 * @param roles keys of {@link VcloudRole}s, by the organization's id
 * @param im instant messenger, of the older API only
 */
record VcloudProfile(
    @Nullable String description,
    @Nullable String phone,
    @Nullable ProviderType providerType,
    @Nullable Integer deployedVmQuota,
    @Nullable Integer storedVmQuota,
    @Nullable Map<String, List<String>> roles,
    @Nullable String im) {

  /** The identity provider that verifies a user's password. */
  enum ProviderType {
    LOCAL,
    LDAP,
    SAML,
    OAUTH
  }

  static final UserField DESCRIPTION = new UserField.Defaulted(extra("description"), "");
  static final UserField PHONE = extra("phone");
  static final UserField PROVIDER_TYPE =
      new UserField.Defaulted(extra("providerType"), ProviderType.LOCAL.name());
  static final UserField DEPLOYED_VM_QUOTA = number("deployedVmQuota");
  static final UserField STORED_VM_QUOTA = number("storedVmQuota");

  static final VcloudProfile NONE = new VcloudProfile(null, null, null, null, null, null, null);

  private static UserField extra(String member) {
    return new UserField.Extra(VcloudApi.NAME, member);
  }

  private static UserField number(String member) {
    return new UserField.Defaulted(
        new UserField.ExtraNumber(VcloudApi.NAME, member), Integer.toString(0));
  }

  static VcloudProfile of(User user) {
    return user.extras(VcloudApi.NAME)
        .map(json -> Extras.decode(json, VcloudProfile.class))
        .orElse(NONE);
  }

  /** Returns the keys of the roles that the user was given in an organization. */
  List<String> rolesIn(Organization organization) {
    return roles == null ? List.of() : roles.getOrDefault(organization.id().toString(), List.of());
  }

  /** Returns all {@link #roles()}, with those in one organization replaced. */
  Map<String, List<String>> rolesWith(Organization organization, List<String> replacement) {
    var all = new HashMap<String, List<String>>();
    if (roles != null) {
      all.putAll(roles);
    }
    all.put(organization.id().toString(), replacement);
    return all;
  }

  ProviderType provider() {
    return Objects.requireNonNullElse(providerType, ProviderType.LOCAL);
  }

  /** Returns the text to keep as the user's extras. */
  String toJson() {
    return Extras.encode(this);
  }
}
