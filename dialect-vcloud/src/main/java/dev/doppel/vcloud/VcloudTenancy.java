package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The organization in which a request acts: that of its session, or, for a provider, the one that
 * its headers name. A missing and a forbidden organization get the same error.
 */
final class VcloudTenancy {

  private static final String TENANT = "X-VMWARE-VCLOUD-TENANT-CONTEXT";

  /** The header of older clients. */
  private static final String ORGANIZATION_ID = "X-VMWARE-VCLOUD-ORG-ID";

  /** The header with the organization's name, which clients send in addition to the first. */
  private static final String AUTH = "X-VMWARE-VCLOUD-AUTH-CONTEXT";

  /** An organization in which the caller acts: its own or, for a provider, any. */
  record Context(Organization organization, VcloudCaller caller) {

    boolean has(VcloudRight right) {
      return caller.has(right);
    }

    /**
     * Checks a right.
     *
     * @throws Failure FORBIDDEN with the vendor's error if the caller doesn't have it
     */
    void require(VcloudRight right, VendorError error) {
      if (!has(right)) {
        throw error.newException(Reason.FORBIDDEN, VcloudUrn.of(organization).uuid().toString());
      }
    }

    /** Returns whether the caller may view the organization's users. */
    boolean views() {
      return has(VcloudRight.GROUP_USER_VIEW);
    }

    /** Returns whether the caller may change users of the organization. */
    boolean manages() {
      return has(VcloudRight.GROUP_USER_MANAGE);
    }

    /**
     * Returns whether the caller may give a right to a role, and such a role to a user: an
     * administrator any right, others only those that they have.
     */
    boolean mayGrant(VcloudRight right) {
      return caller.roles().stream().anyMatch(VcloudRole::administers) || has(right);
    }

    /** Returns whether the caller may see the user. */
    boolean sees(User user, Organizations organizations) {
      return isSelf(user) || (views() && organizations.has(organization, user));
    }

    boolean isSelf(User user) {
      return caller.is(user);
    }

    /**
     * Returns whether the caller may change the user. A tenant's administrator may change the users
     * whose home is the tenant, but not other members.
     */
    boolean edits(User user) {
      return manages() && caller.authority().mayChange(user);
    }
  }

  private final Organizations organizations;

  VcloudTenancy(Organizations organizations) {
    this.organizations = organizations;
  }

  Future<Context> context(Call call) {
    return context(call, VcloudCaller.of(call));
  }

  /**
   * Returns the context of a request as it is in a change. Fails with BAD_CREDENTIALS if the
   * caller's own organization was deleted, which ended the session.
   */
  static Future<Context> context(Realm now, Call call) {
    return caller(now, call)
        .compose(caller -> new VcloudTenancy(now.organizations()).context(call, caller));
  }

  private static Future<VcloudCaller> caller(Realm now, Call call) {
    var caller = VcloudCaller.of(call);
    return now.organizations()
        .find(caller.organization().id())
        .recover(Failure.replacing(Reason.NO_SUCH_ORGANIZATION, Reason.BAD_CREDENTIALS))
        .map(caller::in);
  }

  /**
   * Returns the context of a request that names its organization in the path, whatever the headers.
   * A missing and a forbidden organization get the same error.
   */
  Future<Context> context(Call call, VcloudUrn organization) {
    return in(VcloudCaller.of(call), organization);
  }

  /** As above, as it is in a change. */
  static Future<Context> context(Realm now, Call call, VcloudUrn organization) {
    return caller(now, call)
        .compose(caller -> new VcloudTenancy(now.organizations()).in(caller, organization));
  }

  /** Returns the context of the caller's own organization in a change, whatever the headers. */
  static Future<Context> ownContext(Realm now, Call call) {
    return caller(now, call).map(caller -> new Context(caller.organization(), caller));
  }

  private Future<Context> in(VcloudCaller caller, VcloudUrn urn) {
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, find(urn))
        .map(
            found ->
                found
                    .filter(one -> caller.provider() || one.id().equals(caller.organization().id()))
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_ORGANIZATION.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())))
        .map(organization -> new Context(organization, caller));
  }

  /** Reads the roles of an organization. */
  Future<VcloudRoleSet> roles(Organization organization) {
    return VcloudRoleSet.of(organization, organizations);
  }

  /**
   * Reads the rights that roles of an organization can have: all for the provider's; for a tenant
   * {@linkplain VcloudRoleSet#availableRights those} of rights bundles.
   */
  Future<List<VcloudRight>> availableRights(Organization organization) {
    if (VcloudUrn.isProvider(organization)) {
      return Future.succeededFuture(VcloudRight.all());
    }
    return organizations
        .system()
        .map(system -> VcloudRoleSet.availableRights(organization, system))
        .map(available -> VcloudRight.all().stream().filter(available::contains).toList());
  }

  /** Reads at least the roles that these users have in the organization. */
  Future<VcloudRoleSet> roles(Organization organization, Collection<User> users) {
    return VcloudRoleSet.of(organization, organizations, users);
  }

  private Future<Context> context(Call call, VcloudCaller caller) {
    return organization(call, caller).map(organization -> new Context(organization, caller));
  }

  private Future<Organization> organization(Call call, VcloudCaller caller) {
    var own = caller.organization();
    var id = call.header(TENANT).or(() -> call.header(ORGANIZATION_ID));
    var wanted =
        id.isPresent()
            ? id.map(this::byId)
            : call.header(AUTH).map(name -> VcloudOrganizationNames.find(organizations, name));
    return wanted
        .map(other -> Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, other))
        .orElse(Future.succeededFuture(Optional.of(own)))
        .map(
            found ->
                found
                    .filter(one -> caller.provider() || one.id().equals(own.id()))
                    .orElseThrow(() -> VcloudErrors.NO_CONTEXT.newException(Reason.FORBIDDEN)));
  }

  /** Finds an organization by UUID or by URN. */
  private Future<Organization> byId(String text) {
    return VcloudUrn.parse(text)
        .or(() -> VcloudUrn.parse("urn:vcloud:org:" + text))
        .map(this::find)
        .orElse(Future.failedFuture(Failure.of(Reason.NO_SUCH_ORGANIZATION)));
  }

  /** Finds an organization by URN. Fails with NO_SUCH_ORGANIZATION. */
  Future<Organization> find(VcloudUrn urn) {
    if (urn.equals(VcloudUrn.SYSTEM)) {
      return organizations.system();
    }
    if (!urn.type().equals("org")) {
      return Future.failedFuture(Failure.of(Reason.NO_SUCH_ORGANIZATION));
    }
    var imported = new Alias(VcloudApi.NAME, urn.toString());
    return organizations
        .find(urn.organizationId(), imported)
        .compose(
            // The URN of the provider's organization is SYSTEM only, whatever its id.
            found ->
                VcloudUrn.isProvider(found)
                    ? Future.failedFuture(Failure.of(Reason.NO_SUCH_ORGANIZATION))
                    : Future.succeededFuture(found));
  }
}
