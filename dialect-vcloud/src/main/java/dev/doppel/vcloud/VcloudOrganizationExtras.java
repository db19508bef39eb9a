package dev.doppel.vcloud;

import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import dev.doppel.vcloud.VcloudTasks.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The properties of an organization that only this vendor has, kept as JSON in its extras. A
 * property that was never set is null. Immutable.
 *
 * @param sessionEpoch how often the organization was disabled, which ends its sessions. The first
 *     member, since every request reads it
 * @param disabled whether users can't sign in to the organization. Read by every request, too
 * @param settings what the older API keeps of the organization's settings
 * @param roles the organization's own roles
 * @param globalRoles of the provider's organization only
 * @param rightsBundles of the provider's organization only
 * @param tasks of the users who signed in to the organization, the newest last
 */
record VcloudOrganizationExtras(
    @Nullable Integer sessionEpoch,
    @Nullable Boolean disabled,
    @Nullable String fullName,
    @Nullable VcloudOrganizationSettings settings,
    @Nullable List<VcloudRightsContainer> roles,
    @Nullable List<VcloudRightsContainer> globalRoles,
    @Nullable List<VcloudRightsContainer> rightsBundles,
    @Nullable List<Task> tasks) {

  private static final int MAX_TASKS = 64;
  private static final VcloudOrganizationExtras NONE =
      new VcloudOrganizationExtras(null, null, null, null, null, null, null, null);

  static VcloudOrganizationExtras of(Organization organization) {
    return decode(organization.extras(VcloudApi.NAME));
  }

  /** Decodes a stored text, or returns extras without any property if there is none. */
  static VcloudOrganizationExtras decode(Optional<String> json) {
    return json.map(text -> Extras.decode(text, VcloudOrganizationExtras.class)).orElse(NONE);
  }

  String toJson() {
    return Extras.encode(this);
  }

  /** Returns the {@link #sessionEpoch()} of an organization without reading everything else. */
  static int sessionEpoch(Organization organization) {
    return organization
        .extras(VcloudApi.NAME)
        .flatMap(json -> Extras.member(json, "sessionEpoch"))
        .map(Integer::parseInt)
        .orElse(0);
  }

  /** Returns whether users can sign in to an organization, without reading everything else. */
  static boolean isEnabled(Organization organization) {
    return organization
        .extras(VcloudApi.NAME)
        .flatMap(json -> Extras.member(json, "disabled"))
        .filter(Boolean::parseBoolean)
        .isEmpty();
  }

  boolean isEnabled() {
    return disabled == null || !disabled;
  }

  VcloudOrganizationSettings settingsOf() {
    return Objects.requireNonNullElse(settings, VcloudOrganizationSettings.NONE);
  }

  List<VcloudRightsContainer> rolesOf() {
    return Objects.requireNonNullElse(roles, List.of());
  }

  List<VcloudRightsContainer> globalRolesOf() {
    return Objects.requireNonNullElse(globalRoles, List.of());
  }

  List<VcloudRightsContainer> rightsBundlesOf() {
    return Objects.requireNonNullElse(rightsBundles, List.of());
  }

  List<Task> tasksOf() {
    return Objects.requireNonNullElse(tasks, List.of());
  }

  /** Returns these extras enabled or disabled. Disabling ends all sessions permanently. */
  VcloudOrganizationExtras withEnabled(boolean enabled) {
    var ends = isEnabled() && !enabled;
    var epoch = Objects.requireNonNullElse(sessionEpoch, 0) + (ends ? 1 : 0);
    return new VcloudOrganizationExtras(
        epoch == 0 ? null : epoch,
        enabled ? null : true,
        fullName,
        settings,
        roles,
        globalRoles,
        rightsBundles,
        tasks);
  }

  VcloudOrganizationExtras withFullName(String fullName) {
    return new VcloudOrganizationExtras(
        sessionEpoch, disabled, fullName, settings, roles, globalRoles, rightsBundles, tasks);
  }

  VcloudOrganizationExtras withSettings(VcloudOrganizationSettings settings) {
    return new VcloudOrganizationExtras(
        sessionEpoch, disabled, fullName, settings, roles, globalRoles, rightsBundles, tasks);
  }

  VcloudOrganizationExtras withRoles(List<VcloudRightsContainer> roles) {
    return new VcloudOrganizationExtras(
        sessionEpoch, disabled, fullName, settings, roles, globalRoles, rightsBundles, tasks);
  }

  VcloudOrganizationExtras withGlobalRoles(List<VcloudRightsContainer> globalRoles) {
    return new VcloudOrganizationExtras(
        sessionEpoch, disabled, fullName, settings, roles, globalRoles, rightsBundles, tasks);
  }

  VcloudOrganizationExtras withRightsBundles(List<VcloudRightsContainer> rightsBundles) {
    return new VcloudOrganizationExtras(
        sessionEpoch, disabled, fullName, settings, roles, globalRoles, rightsBundles, tasks);
  }

  /** Returns these extras with one more task, and without the oldest if there are too many. */
  VcloudOrganizationExtras withTask(Task task) {
    var newest = new ArrayList<>(tasksOf());
    newest.add(task);
    var from = Math.max(0, newest.size() - MAX_TASKS);
    return new VcloudOrganizationExtras(
        sessionEpoch,
        disabled,
        fullName,
        settings,
        roles,
        globalRoles,
        rightsBundles,
        List.copyOf(newest.subList(from, newest.size())));
  }
}
