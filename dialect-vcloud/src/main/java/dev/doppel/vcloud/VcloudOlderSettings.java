package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.vcloud.VcloudOrganizationSettings.Lease;
import dev.doppel.vcloud.VcloudOrganizationSettings.PasswordPolicy;
import dev.doppel.vcloud.VcloudTenancy.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings in an organization's document of the older API. In a request, a missing element
 * keeps what is stored; within an element, a missing boolean means false and a missing number 0, as
 * clients don't send these.
 */
final class VcloudOlderSettings {

  private static final int DAY = 24 * 60 * 60;

  /** The product's defaults. */
  private static final int DEPLOYMENT_LEASE = 7 * DAY;

  private static final int STORAGE_LEASE = 30 * DAY;
  private static final int INVALID_LOGINS = 5;
  private static final int LOCKOUT_MINUTES = 10;

  private VcloudOlderSettings() {}

  static VcloudXml write(Organization organization, String href, Context context) {
    var settings = VcloudOrganizationExtras.of(organization).settingsOf();
    var base = href + "/settings";
    var type = "orgSettings";
    var element = settings("Settings", base, type);
    return (context.has(VcloudRight.ORGANIZATION_EDIT)
            ? element.with(
                VcloudXml.element("Link")
                    .with("rel", "edit")
                    .with("href", base)
                    .with("type", media(type)))
            : element)
        .with(general(settings, base))
        .with(vappLease(orNone(settings.vappLease()), base))
        .with(templateLease(orNone(settings.templateLease()), base))
        .with(
            settings("OrgLdapSettings", base + "/ldap", "organizationLdapSettings")
                .with(VcloudXml.element("OrgLdapMode", "NONE")))
        .with(passwordPolicy(settings.passwordPolicy(), base));
  }

  private static VcloudXml settings(String element, String href, String type) {
    return VcloudXml.element(element).with("href", href).with("type", media(type));
  }

  private static String media(String type) {
    return "application/vnd.vmware.admin." + type + "+xml";
  }

  private static Lease orNone(@Nullable Lease lease) {
    return lease == null ? Lease.NONE : lease;
  }

  private static VcloudXml general(VcloudOrganizationSettings settings, String base) {
    return settings("OrgGeneralSettings", base + "/general", "organizationGeneralSettings")
        .with(flag("CanPublishCatalogs", settings.canPublishCatalogs()))
        .with(flag("CanPublishExternally", settings.canPublishExternally()))
        .with(flag("CanSubscribe", settings.canSubscribe()))
        .with(number("DeployedVMQuota", settings.deployedVmQuota(), 0))
        .with(number("StoredVmQuota", settings.storedVmQuota(), 0))
        .with(flag("UseServerBootSequence", settings.useServerBootSequence()))
        .with(number("DelayAfterPowerOnSeconds", settings.delayAfterPowerOnSeconds(), 0));
  }

  private static VcloudXml vappLease(Lease lease, String base) {
    return settings("VAppLeaseSettings", base + "/vAppLeaseSettings", "vAppLeaseSettings")
        .with(flag("DeleteOnStorageLeaseExpiration", lease.deleteOnStorageLeaseExpiration()))
        .with(number("DeploymentLeaseSeconds", lease.deploymentSeconds(), DEPLOYMENT_LEASE))
        .with(number("StorageLeaseSeconds", lease.storageSeconds(), STORAGE_LEASE))
        .with(flag("PowerOffOnRuntimeLeaseExpiration", lease.powerOffOnRuntimeLeaseExpiration()));
  }

  private static VcloudXml templateLease(Lease lease, String base) {
    return settings(
            "VAppTemplateLeaseSettings",
            base + "/vAppTemplateLeaseSettings",
            "vAppTemplateLeaseSettings")
        .with(flag("DeleteOnStorageLeaseExpiration", lease.deleteOnStorageLeaseExpiration()))
        .with(number("StorageLeaseSeconds", lease.storageSeconds(), STORAGE_LEASE));
  }

  private static VcloudXml passwordPolicy(@Nullable PasswordPolicy kept, String base) {
    var policy = kept == null ? PasswordPolicy.NONE : kept;
    return settings(
            "OrgPasswordPolicySettings",
            base + "/passwordPolicy",
            "organizationPasswordPolicySettings")
        .with(flag("AccountLockoutEnabled", policy.accountLockoutEnabled()))
        .with(
            number(
                "InvalidLoginsBeforeLockout", policy.invalidLoginsBeforeLockout(), INVALID_LOGINS))
        .with(
            number(
                "AccountLockoutIntervalMinutes",
                policy.accountLockoutIntervalMinutes(),
                LOCKOUT_MINUTES));
  }

  private static VcloudXml flag(String element, @Nullable Boolean value) {
    return VcloudXml.element(element, value != null && value);
  }

  private static VcloudXml number(String element, @Nullable Integer value, int defaultValue) {
    return VcloudXml.element(element, value == null ? defaultValue : value);
  }

  /** Returns the settings after a request. */
  static VcloudOrganizationSettings read(VcloudXml document, VcloudOrganizationSettings before) {
    var settings = document.find("Settings");
    var general = settings.flatMap(all -> all.find("OrgGeneralSettings"));
    var vappLease = settings.flatMap(all -> all.find("VAppLeaseSettings"));
    var templateLease = settings.flatMap(all -> all.find("VAppTemplateLeaseSettings"));
    var policy = settings.flatMap(all -> all.find("OrgPasswordPolicySettings"));
    return new VcloudOrganizationSettings(
        flag(general, "CanPublishCatalogs", before.canPublishCatalogs()),
        flag(general, "CanPublishExternally", before.canPublishExternally()),
        flag(general, "CanSubscribe", before.canSubscribe()),
        number(general, "DeployedVMQuota", before.deployedVmQuota()),
        number(general, "StoredVmQuota", before.storedVmQuota()),
        flag(general, "UseServerBootSequence", before.useServerBootSequence()),
        number(general, "DelayAfterPowerOnSeconds", before.delayAfterPowerOnSeconds()),
        lease(vappLease, before.vappLease()),
        lease(templateLease, before.templateLease()),
        policy(policy, before.passwordPolicy()));
  }

  private static @Nullable Lease lease(Optional<VcloudXml> element, @Nullable Lease before) {
    return element.isEmpty()
        ? before
        : new Lease(
            flag(element, "DeleteOnStorageLeaseExpiration", null),
            flag(element, "PowerOffOnRuntimeLeaseExpiration", null),
            number(element, "DeploymentLeaseSeconds", null),
            number(element, "StorageLeaseSeconds", null));
  }

  private static @Nullable PasswordPolicy policy(
      Optional<VcloudXml> element, @Nullable PasswordPolicy before) {
    return element.isEmpty()
        ? before
        : new PasswordPolicy(
            flag(element, "AccountLockoutEnabled", null),
            number(element, "InvalidLoginsBeforeLockout", null),
            number(element, "AccountLockoutIntervalMinutes", null));
  }

  private static @Nullable Boolean flag(
      Optional<VcloudXml> parent, String element, @Nullable Boolean before) {
    return parent.isEmpty()
        ? before
        : parent.get().text(element).flatMap(VcloudSchema::toBoolean).orElse(false);
  }

  private static @Nullable Integer number(
      Optional<VcloudXml> parent, String element, @Nullable Integer before) {
    return parent.isEmpty()
        ? before
        : parent.get().text(element).flatMap(VcloudSchema::toNumber).orElse(0);
  }
}
