package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserQuery;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.ContainerRequest;
import dev.doppel.vcloud.VcloudWire.References;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The operations on the roles that users can have (CloudAPI "Roles"). The predefined roles and
 * published global roles can't be changed in an organization.
 */
final class VcloudRoles {

  private static final VcloudListing LISTING =
      new VcloudListing("Roles", List.of("name", "id", "description", "bundleKey", "readOnly"));

  private static final int PAGE_SIZE = 1000;

  private final Realm realm;
  private final VcloudTenancy tenancy;

  VcloudRoles(Realm realm, VcloudTenancy tenancy) {
    this.realm = realm;
    this.tenancy = tenancy;
  }

  /** Returns the same operations in a change. */
  private VcloudRoles in(Realm now) {
    return new VcloudRoles(now, new VcloudTenancy(now.organizations()));
  }

  Future<Reply> query(Call call) {
    return tenancy
        .context(call)
        .compose(context -> tenancy.roles(context.organization()))
        .map(roles -> LISTING.page(call, roles.all().stream().map(VcloudRole::view).toList()));
  }

  Future<Reply> get(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> find(urn, context))
        .map(role -> Reply.ok(role.view()));
  }

  private static VcloudUrn urn(Call call) {
    return VcloudUrn.require(call.parameter("roleUrn"), "role");
  }

  /** Finds a role of the context's organization. */
  Future<VcloudRole> find(VcloudUrn urn, Context context) {
    return tenancy
        .roles(context.organization())
        .map(
            roles ->
                roles
                    .find(urn)
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_ROLE.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())));
  }

  Future<Reply> create(Call call, ContainerRequest body) {
    var name = VcloudContainerRequest.requireName(body.name());
    var description = VcloudContainerRequest.requireDescription(body.description());
    return realm
        .change(
            now ->
                VcloudTenancy.context(now, call)
                    .compose(context -> in(now).create(name, description, List.of(), context)))
        .map(role -> Reply.created(role.view()));
  }

  /**
   * Creates a role; part of a change. Fails with ROLE_EXISTS if the organization has one of that
   * name.
   */
  Future<VcloudRole> create(
      String name, String description, List<VcloudRight> rights, Context context) {
    requireManages(context);
    requireGranted(rights, context);
    var created =
        new VcloudRightsContainer(
                VcloudUrn.newUuid(realm.secrets()), name, description, List.of(), null, null)
            .withRights(rights);
    return tenancy
        .roles(context.organization())
        .compose(
            roles -> {
              requireFree(name, roles, Optional.empty());
              var own = ownOf(context.organization());
              VcloudContainerRequest.checkFree(name, own, Optional.empty());
              var all = Stream.concat(own.stream(), Stream.of(created)).toList();
              return keep(context.organization(), all);
            })
        .map(kept -> VcloudRole.of(created));
  }

  private static void requireManages(Context context) {
    context.require(VcloudRight.ROLE_MANAGE, VcloudErrors.NO_ROLE_EDIT);
  }

  private static void requireGranted(Collection<VcloudRight> added, Context context) {
    added.stream()
        .filter(right -> !context.mayGrant(right))
        .forEach(right -> context.require(right, VcloudErrors.NO_ROLE_EDIT));
  }

  private static void requireFree(String name, VcloudRoleSet roles, Optional<VcloudUrn> renamed) {
    if (roles.all().stream()
        .filter(role -> renamed.filter(role.urn()::equals).isEmpty())
        .anyMatch(role -> role.name().equals(name))) {
      throw Failure.of(Reason.ROLE_EXISTS, name);
    }
  }

  private static List<VcloudRightsContainer> ownOf(Organization organization) {
    return VcloudOrganizationExtras.of(organization).rolesOf();
  }

  private Future<Organization> keep(Organization organization, List<VcloudRightsContainer> roles) {
    return realm
        .organizations()
        .updateExtras(
            organization.id(),
            VcloudApi.NAME,
            before -> VcloudOrganizationExtras.decode(before).withRoles(roles).toJson());
  }

  Future<Reply> update(Call call, ContainerRequest body) {
    var urn = urn(call);
    var name = VcloudContainerRequest.requireName(body.name());
    var description = VcloudContainerRequest.requireDescription(body.description());
    return realm
        .change(
            now ->
                VcloudTenancy.context(now, call)
                    .compose(
                        context ->
                            in(now)
                                .update(urn, name, one -> one.named(name, description), context)))
        .map(role -> Reply.ok(role.view()));
  }

  /**
   * Changes one of the organization's own roles; part of a change.
   *
   * @param name after the change
   */
  Future<VcloudRole> update(
      VcloudUrn urn, String name, UnaryOperator<VcloudRightsContainer> change, Context context) {
    requireManages(context);
    return find(urn, context)
        .map(VcloudRoles::requireChangeable)
        .compose(role -> tenancy.roles(context.organization()))
        .compose(
            roles -> {
              requireFree(name, roles, Optional.of(urn));
              return replace(urn.uuid(), change, context);
            });
  }

  private static VcloudRole requireChangeable(VcloudRole role) {
    if (role.readOnly()) {
      throw VcloudErrors.newInvalidValueException(
          "The role \"%s\" is read-only in this organization.".formatted(role.name()));
    }
    return role;
  }

  private Future<VcloudRole> replace(
      UUID id, UnaryOperator<VcloudRightsContainer> change, Context context) {
    var all = new ArrayList<>(ownOf(context.organization()));
    var before = all.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    var changed = change.apply(before);
    var added = new LinkedHashSet<>(changed.rightsOf());
    before.rightsOf().forEach(added::remove);
    requireGranted(added, context);
    all.replaceAll(one -> one.id().equals(id) ? changed : one);
    return keep(context.organization(), all).map(kept -> VcloudRole.of(changed));
  }

  Future<Reply> delete(Call call) {
    var urn = urn(call);
    return realm
        .change(
            now ->
                VcloudTenancy.context(now, call).compose(context -> in(now).delete(urn, context)))
        .map(deleted -> Reply.noContent());
  }

  /** Deletes one of the organization's own roles, which no user may have; part of a change. */
  Future<Void> delete(VcloudUrn urn, Context context) {
    requireManages(context);
    return find(urn, context)
        .map(VcloudRoles::requireChangeable)
        .compose(role -> requireUnused(role, context, 0))
        .compose(
            unused -> {
              var rest =
                  ownOf(context.organization()).stream()
                      .filter(one -> !one.id().equals(urn.uuid()))
                      .toList();
              return keep(context.organization(), rest);
            })
        .mapEmpty();
  }

  /** A role that is in use can't be deleted (vendor's administration guide, "Delete a Role"). */
  private Future<Void> requireUnused(VcloudRole role, Context context, long from) {
    var organization = context.organization();
    return realm
        .users()
        .list(
            UserQuery.first(PAGE_SIZE)
                .from(from)
                .matching(realm.organizations().membersOf(organization)))
        .compose(
            page -> {
              if (page.items().stream().anyMatch(user -> has(user, role, organization))) {
                throw VcloudErrors.newInvalidValueException(
                    "The role \"%s\" can not be deleted because it is in use."
                        .formatted(role.name()));
              }
              return page.items().size() < PAGE_SIZE
                  ? Future.succeededFuture()
                  : requireUnused(role, context, from + PAGE_SIZE);
            });
  }

  private static boolean has(User user, VcloudRole role, Organization organization) {
    return VcloudProfile.of(user).rolesIn(organization).contains(role.key());
  }

  /** Lists the rights of a role. */
  Future<Reply> queryRights(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> find(urn, context))
        .map(role -> VcloudRights.page(call, sorted(role)));
  }

  static List<VcloudRight> sorted(VcloudRole role) {
    return VcloudRight.all().stream().filter(role.rights()::contains).toList();
  }

  /** Adds rights to a role. */
  Future<Reply> addRights(Call call, References body) {
    return changeRights(call, body, VcloudRightsChange.ADD);
  }

  /** Replaces the rights of a role. */
  Future<Reply> replaceRights(Call call, References body) {
    return changeRights(call, body, VcloudRightsChange.REPLACE);
  }

  private Future<Reply> changeRights(Call call, References body, VcloudRightsChange change) {
    var urn = urn(call);
    return realm
        .change(
            now ->
                VcloudTenancy.context(now, call)
                    .compose(context -> in(now).changeRights(urn, body, change, context)))
        .map(role -> VcloudRightsChange.reply(call, role.rights()));
  }

  private Future<VcloudRole> changeRights(
      VcloudUrn urn, References body, VcloudRightsChange change, Context context) {
    requireManages(context);
    return tenancy
        .availableRights(context.organization())
        .map(available -> VcloudContainerRequest.requireRights(body.values(), available))
        .compose(
            wanted ->
                find(urn, context)
                    .compose(
                        role ->
                            update(
                                urn,
                                role.name(),
                                one -> one.withRights(change.apply(one.rightsOf(), wanted)),
                                context)));
  }
}
