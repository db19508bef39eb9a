package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.OrgRequest;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Creation, change and deletion of organizations (CloudAPI "Orgs" and the older API). Providers may
 * do all of it; an organization's administrator may change its properties, but not its name.
 */
final class VcloudOrganizationChanges {

  private static final int MAX_LENGTH = 128;
  private static final int MAX_DESCRIPTION_LENGTH = 256;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_\\-.!'(),$]+");

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudTasks tasks;

  VcloudOrganizationChanges(Realm realm, VcloudTenancy tenancy, VcloudTasks tasks) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.tasks = tasks;
  }

  /** Returns the same operations in a change. */
  private VcloudOrganizationChanges in(Realm now) {
    return new VcloudOrganizationChanges(now, new VcloudTenancy(now.organizations()), tasks);
  }

  /**
   * The wanted properties of an organization.
   *
   * @param name empty to keep it
   * @param enabled empty to keep it
   * @param settings changes what is kept of the settings
   */
  record Wanted(
      Optional<String> name,
      String fullName,
      String description,
      Optional<Boolean> enabled,
      UnaryOperator<VcloudOrganizationSettings> settings) {

    /**
     * Validates the properties.
     *
     * @throws Failure INVALID_VALUE if one is missing, too long or has characters that are not
     *     allowed
     */
    static Wanted of(
        Optional<String> name,
        @Nullable String fullName,
        @Nullable String description,
        Optional<Boolean> enabled,
        UnaryOperator<VcloudOrganizationSettings> settings) {
      if (fullName == null || fullName.isBlank()) {
        throw VcloudErrors.newMissingException("displayName");
      }
      return new Wanted(
          name,
          VcloudProperties.requireShort("displayName", fullName, MAX_LENGTH),
          VcloudProperties.requireShort(
              "description", Objects.requireNonNullElse(description, ""), MAX_DESCRIPTION_LENGTH),
          enabled,
          settings);
    }

    private static String requireValid(String name) {
      if (!NAME.matcher(name).matches()) {
        throw VcloudErrors.newInvalidValueException(
            "The property name may have only letters, digits and the characters _ - . ! ' ( ) , $");
      }
      return VcloudProperties.requireShort("name", name, MAX_LENGTH);
    }

    private String requireName() {
      return requireValid(name.orElseThrow(() -> VcloudErrors.newMissingException("name")));
    }
  }

  private static Wanted wanted(OrgRequest body) {
    return Wanted.of(
        Optional.ofNullable(body.name()).filter(name -> !name.isEmpty()),
        body.displayName(),
        body.description(),
        Optional.ofNullable(body.isEnabled()),
        UnaryOperator.identity());
  }

  Future<Reply> create(Call call, OrgRequest body) {
    return create(VcloudCaller.of(call), wanted(body))
        .compose(created -> new VcloudOrganizations(realm, tenancy).view(call, created))
        .map(Reply::created);
  }

  /** Creates an organization, disabled unless it shall be enabled. */
  Future<Organization> create(VcloudCaller caller, Wanted wanted) {
    var name = wanted.requireName();
    requireCreates(caller, VcloudUrn.of(caller.organization()));
    return realm.change(now -> in(now).insert(name, wanted));
  }

  private static void requireCreates(VcloudCaller caller, VcloudUrn about) {
    if (!caller.provider() || !caller.has(VcloudRight.ORGANIZATION_CREATE)) {
      throw VcloudErrors.NO_ORGANIZATION_CREATE.newException(
          Reason.FORBIDDEN, about.uuid().toString());
    }
  }

  private Future<Organization> insert(String name, Wanted wanted) {
    return realm
        .organizations()
        .create(name, wanted.description)
        .compose(created -> keep(created, wanted, wanted.enabled.orElse(false)));
  }

  private Future<Organization> keep(Organization organization, Wanted wanted, boolean enabled) {
    return realm
        .organizations()
        .updateExtras(
            organization.id(),
            VcloudApi.NAME,
            json -> {
              var before = VcloudOrganizationExtras.decode(json);
              return before
                  .withFullName(wanted.fullName)
                  .withSettings(wanted.settings.apply(before.settingsOf()))
                  .withEnabled(enabled)
                  .toJson();
            });
  }

  Future<Reply> update(Call call, OrgRequest body) {
    var urn = urn(call);
    return update(call, urn, wanted(body))
        .compose(updated -> new VcloudOrganizations(realm, tenancy).view(call, updated))
        .map(Reply::ok);
  }

  private static VcloudUrn urn(Call call) {
    return VcloudUrn.require(call.parameter("orgUrn"), "org");
  }

  /** Changes an organization. Only a provider can give it another name, enable or disable it. */
  Future<Organization> update(Call call, VcloudUrn urn, Wanted wanted) {
    return realm.change(
        now ->
            VcloudTenancy.context(now, call, urn)
                .compose(context -> in(now).update(context, wanted)));
  }

  private Future<Organization> update(Context context, Wanted wanted) {
    context.require(VcloudRight.ORGANIZATION_EDIT, VcloudErrors.NO_ORGANIZATION_EDIT);
    var organization = context.organization();
    var wasEnabled = VcloudOrganizationExtras.of(organization).isEnabled();
    var enabled = wanted.enabled.orElse(wasEnabled);
    var renames = wanted.name.filter(name -> !name.equals(organization.name())).isPresent();
    if (renames || enabled != wasEnabled) {
      requireProvider(context);
      requireTenant(organization);
    }
    var name = renames ? wanted.requireName() : organization.name();
    return realm
        .organizations()
        .update(
            context.caller().authority(),
            organization.id(),
            one -> one.withName(name).withDescription(wanted.description))
        .compose(updated -> keep(updated, wanted, enabled));
  }

  private static void requireProvider(Context context) {
    if (!context.caller().provider()) {
      throw VcloudErrors.NO_ORGANIZATION_EDIT.newException(
          Reason.FORBIDDEN, VcloudUrn.of(context.organization()).uuid().toString());
    }
  }

  private static void requireTenant(Organization organization) {
    if (VcloudUrn.isProvider(organization)) {
      throw VcloudErrors.newInvalidValueException(
          "The organization \"%s\" can not be renamed, disabled or deleted."
              .formatted(organization.name()));
    }
  }

  /** Enables or disables an organization. Disabling ends all sessions in it. */
  Future<Organization> setEnabled(Call call, VcloudUrn urn, boolean enabled) {
    return realm.change(
        now ->
            VcloudTenancy.context(now, call, urn)
                .compose(
                    context -> {
                      requireProvider(context);
                      requireTenant(context.organization());
                      return in(now).setEnabled(context.organization(), enabled);
                    }));
  }

  private Future<Organization> setEnabled(Organization organization, boolean enabled) {
    return realm
        .organizations()
        .updateExtras(
            organization.id(),
            VcloudApi.NAME,
            json -> VcloudOrganizationExtras.decode(json).withEnabled(enabled).toJson());
  }

  Future<Reply> delete(Call call) {
    var urn = urn(call);
    return delete(call, urn).map(task -> VcloudTasks.accepted(call, task));
  }

  /**
   * Deletes an organization, which must be disabled unless the query has {@code force=true}, and
   * returns the id of the task. Its users stay, since other dialects know them, too.
   */
  Future<UUID> delete(Call call, VcloudUrn urn) {
    var force = call.query("force").filter(Boolean::parseBoolean).isPresent();
    return realm.change(
        now ->
            VcloudTenancy.context(now, call, urn)
                .compose(context -> in(now).delete(context, force)));
  }

  private Future<UUID> delete(Context context, boolean force) {
    var organization = context.organization();
    requireCreates(context.caller(), VcloudUrn.of(organization));
    requireTenant(organization);
    if (!force && VcloudOrganizationExtras.of(organization).isEnabled()) {
      throw VcloudErrors.newInvalidValueException(
          "The organization \"%s\" must be disabled before it can be deleted."
              .formatted(organization.name()));
    }
    return realm
        .organizations()
        .delete(context.caller().authority(), organization.id())
        .recover(VcloudOrganizationChanges::asInUse)
        .compose(
            deleted ->
                tasks.add(
                    realm,
                    VcloudTasks.Action.DELETE_ORGANIZATION,
                    VcloudUserView.reference(organization),
                    context));
  }

  /** A member who would have the name of another user outside the organization. */
  private static <T> Future<T> asInUse(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof Failure failure && failure.reason() == Reason.USER_EXISTS
            ? VcloudErrors.newInvalidValueException(
                "The organization can not be deleted before its user \"%s\" is renamed or deleted."
                    .formatted(failure.subject().orElse("")))
            : thrown);
  }
}
