package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this vendor alone keeps of a user; what is null was never said.
 *
 * @param roles names of {@link VcloudRole}s by the organisation's id
 */
record VcloudProfile(
    @Nullable String description,
    @Nullable String phone,
    @Nullable ProviderType providerType,
    @Nullable Integer deployedVmQuota,
    @Nullable Integer storedVmQuota,
    @Nullable Map<String, List<String>> roles) {

  /** Who checks a user's password. */
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

  static final VcloudProfile NONE = new VcloudProfile(null, null, null, null, null, null);

  private static UserField extra(String member) {
    return new UserField.Extra(VcloudDialect.NAME, member);
  }

  private static UserField number(String member) {
    return new UserField.Defaulted(
        new UserField.ExtraNumber(VcloudDialect.NAME, member), Integer.toString(0));
  }

  static VcloudProfile of(User user) {
    return user.extras(VcloudDialect.NAME)
        .map(json -> Extras.decode(json, VcloudProfile.class))
        .orElse(NONE);
  }

  List<VcloudRole> rolesIn(Organization organization) {
    return roles == null
        ? List.of()
        : roles.getOrDefault(organization.id().toString(), List.of()).stream()
            .flatMap(name -> Stream.of(VcloudRole.values()).filter(r -> r.name().equals(name)))
            .toList();
  }

  Map<String, List<String>> rolesWith(Organization organization, List<VcloudRole> given) {
    var all = new HashMap<String, List<String>>();
    if (roles != null) {
      all.putAll(roles);
    }
    all.put(organization.id().toString(), given.stream().map(VcloudRole::name).toList());
    return all;
  }

  ProviderType provider() {
    return Objects.requireNonNullElse(providerType, ProviderType.LOCAL);
  }

  String json() {
    return Extras.encode(this);
  }
}
