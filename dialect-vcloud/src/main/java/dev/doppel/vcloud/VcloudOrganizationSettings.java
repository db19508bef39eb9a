package dev.doppel.vcloud;

import org.jspecify.annotations.Nullable;

/**
 * The settings of an organization that clients of the older API write and expect to read again.
 * Nothing else depends on them. A setting that was never set is null. Immutable.
 *
 * @param vappLease of virtual applications
 * @param templateLease of templates, without a deployment lease
 */
record VcloudOrganizationSettings(
    @Nullable Boolean canPublishCatalogs,
    @Nullable Boolean canPublishExternally,
    @Nullable Boolean canSubscribe,
    @Nullable Integer deployedVmQuota,
    @Nullable Integer storedVmQuota,
    @Nullable Boolean useServerBootSequence,
    @Nullable Integer delayAfterPowerOnSeconds,
    @Nullable Lease vappLease,
    @Nullable Lease templateLease,
    @Nullable PasswordPolicy passwordPolicy) {

  static final VcloudOrganizationSettings NONE =
      new VcloudOrganizationSettings(null, null, null, null, null, null, null, null, null, null);

  /**
   * A lease policy.
   *
   * @param deploymentSeconds runtime; 0 for unlimited
   * @param storageSeconds 0 for unlimited
   */
  record Lease(
      @Nullable Boolean deleteOnStorageLeaseExpiration,
      @Nullable Boolean powerOffOnRuntimeLeaseExpiration,
      @Nullable Integer deploymentSeconds,
      @Nullable Integer storageSeconds) {

    static final Lease NONE = new Lease(null, null, null, null);
  }

  /** What is kept of the policy; Doppel's own limits on sign-ins hold instead. */
  record PasswordPolicy(
      @Nullable Boolean accountLockoutEnabled,
      @Nullable Integer invalidLoginsBeforeLockout,
      @Nullable Integer accountLockoutIntervalMinutes) {

    static final PasswordPolicy NONE = new PasswordPolicy(null, null, null);
  }
}
