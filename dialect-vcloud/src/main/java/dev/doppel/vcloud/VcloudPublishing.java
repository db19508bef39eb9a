package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.vcloud.VcloudWire.ContainerRequest;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import dev.doppel.vcloud.VcloudWire.Published;
import dev.doppel.vcloud.VcloudWire.References;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider defines and publishes to tenants: global roles, which become roles of the tenants
 * (CloudAPI "GlobalRoles"), or rights bundles, whose rights the tenants' own roles can have
 * (CloudAPI "RightsBundles"). Predefined ones are published to all tenants and can't be changed
 * here.
 */
final class VcloudPublishing {

  /**
   * A kind of what is published.
   *
   * @param model the vendor's name for a list of them
   */
  private record Kind(
      String type,
      String model,
      VcloudRight view,
      VcloudRight edit,
      VendorError noView,
      VendorError noEdit,
      List<Predefined> predefined,
      Function<VcloudOrganizationExtras, List<VcloudRightsContainer>> stored,
      BiFunction<VcloudOrganizationExtras, List<VcloudRightsContainer>, VcloudOrganizationExtras>
          replace) {

    VcloudUrn urn(UUID id) {
      return new VcloudUrn(type, id);
    }
  }

  /** A predefined global role or rights bundle, published to all tenants. */
  private record Predefined(
      VcloudUrn urn, String name, String description, String bundleKey, Set<VcloudRight> rights) {

    Published view() {
      return new Published(name, urn.toString(), description, bundleKey, true, true);
    }
  }

  private static final Kind GLOBAL_ROLES =
      new Kind(
          "globalRole",
          "GlobalRoles",
          VcloudRight.GLOBAL_ROLE_VIEW,
          VcloudRight.GLOBAL_ROLE_EDIT,
          VcloudErrors.NO_GLOBAL_ROLE,
          VcloudErrors.NO_GLOBAL_ROLE_EDIT,
          VcloudRole.OF_TENANTS.stream().map(VcloudPublishing::globalRole).toList(),
          VcloudOrganizationExtras::globalRolesOf,
          VcloudOrganizationExtras::withGlobalRoles);

  private static final Kind RIGHTS_BUNDLES =
      new Kind(
          "rightsBundle",
          "RightsBundles",
          VcloudRight.RIGHTS_BUNDLE_VIEW,
          VcloudRight.RIGHTS_BUNDLE_EDIT,
          VcloudErrors.NO_RIGHTS_BUNDLE,
          VcloudErrors.NO_RIGHTS_BUNDLE_EDIT,
          List.of(
              new Predefined(
                  VcloudUrn.named("rightsBundle", "Default Rights Bundle"),
                  "Default Rights Bundle",
                  "Default set of tenant rights",
                  VcloudRole.NO_BUNDLE_KEY,
                  VcloudRight.ofTenants())),
          VcloudOrganizationExtras::rightsBundlesOf,
          VcloudOrganizationExtras::withRightsBundles);

  private static final VcloudListing TENANTS = VcloudRightsChange.REFERENCES;

  private final Realm realm;
  private final Kind kind;
  private final VcloudListing listing;

  private VcloudPublishing(Realm realm, Kind kind) {
    this.realm = realm;
    this.kind = kind;
    listing =
        new VcloudListing(
            kind.model,
            List.of("name", "id", "description", "bundleKey", "readOnly", "publishAll"));
  }

  static VcloudPublishing ofGlobalRoles(Realm realm) {
    return new VcloudPublishing(realm, GLOBAL_ROLES);
  }

  static VcloudPublishing ofRightsBundles(Realm realm) {
    return new VcloudPublishing(realm, RIGHTS_BUNDLES);
  }

  /** The vendor publishes vApp Author and vApp User under these ids. */
  private static Predefined globalRole(VcloudRole role) {
    var urn =
        switch (role.name()) {
          case "vApp Author" -> id("1bf4457f-a253-3cf1-b163-f319f1a31802");
          case "vApp User" -> id("ff1e0c91-1288-3664-82b7-a6fa303af4d1");
          default -> VcloudUrn.named("globalRole", "global " + role.bundleKey());
        };
    return new Predefined(urn, role.name(), role.description(), role.bundleKey(), role.rights());
  }

  private static VcloudUrn id(String uuid) {
    return new VcloudUrn("globalRole", UUID.fromString(uuid));
  }

  /** Returns the same operations in a change. */
  private VcloudPublishing in(Realm now) {
    return new VcloudPublishing(now, kind);
  }

  private void requireView(Call call) {
    require(call, kind.view, kind.noView);
  }

  private void requireEdit(Call call) {
    require(call, kind.edit, kind.noEdit);
  }

  private static void require(Call call, VcloudRight right, VendorError error) {
    var caller = VcloudCaller.of(call);
    if (!VcloudUrn.isProvider(caller.organization()) || !caller.has(right)) {
      throw error.newException(
          Reason.FORBIDDEN, VcloudUrn.of(caller.organization()).uuid().toString());
    }
  }

  private Future<List<VcloudRightsContainer>> stored() {
    return realm
        .organizations()
        .system()
        .map(system -> kind.stored.apply(VcloudOrganizationExtras.of(system)));
  }

  private VcloudUrn urn(Call call) {
    return VcloudUrn.require(call.parameter("urn"), kind.type);
  }

  private Published view(VcloudRightsContainer one) {
    return new Published(
        one.name(),
        kind.urn(one.id()).toString(),
        one.description(),
        VcloudRole.NO_BUNDLE_KEY,
        false,
        one.isPublishedToAll());
  }

  Future<Reply> query(Call call) {
    requireView(call);
    return stored()
        .map(
            own ->
                Stream.concat(
                        kind.predefined.stream().map(Predefined::view),
                        own.stream().map(this::view))
                    .sorted(Comparator.comparing(Published::name))
                    .toList())
        .map(all -> listing.page(call, all));
  }

  Future<Reply> get(Call call) {
    requireView(call);
    var urn = urn(call);
    return predefined(urn)
        .map(one -> Future.succeededFuture(one.view()))
        .orElseGet(() -> find(urn).map(this::view))
        .map(Reply::ok);
  }

  private Optional<Predefined> predefined(VcloudUrn urn) {
    return kind.predefined.stream().filter(one -> one.urn.equals(urn)).findFirst();
  }

  private Future<VcloudRightsContainer> find(VcloudUrn urn) {
    return stored()
        .map(
            all ->
                all.stream()
                    .filter(one -> one.id().equals(urn.uuid()))
                    .findFirst()
                    .orElseThrow(() -> newException(urn)));
  }

  private VendorErrorException newException(VcloudUrn urn) {
    return kind.noView.newException(Reason.FORBIDDEN, urn.uuid().toString());
  }

  Future<Reply> create(Call call, ContainerRequest body) {
    requireEdit(call);
    var created =
        new VcloudRightsContainer(
            VcloudUrn.newUuid(realm.secrets()),
            VcloudContainerRequest.requireName(body.name()),
            VcloudContainerRequest.requireDescription(body.description()),
            List.of(),
            null,
            null);
    return realm.change(now -> in(now).insert(created)).map(kept -> Reply.created(view(created)));
  }

  private Future<Organization> insert(VcloudRightsContainer created) {
    return stored()
        .compose(
            all -> {
              checkFree(created.name(), all, Optional.empty());
              return keep(Stream.concat(all.stream(), Stream.of(created)).toList());
            });
  }

  private void checkFree(
      String name, List<VcloudRightsContainer> all, Optional<VcloudRightsContainer> renamed) {
    if (kind.predefined.stream().anyMatch(one -> one.name.equals(name))) {
      throw Failure.of(Reason.ROLE_EXISTS, name);
    }
    VcloudContainerRequest.checkFree(name, all, renamed);
  }

  private Future<Organization> keep(List<VcloudRightsContainer> all) {
    return realm
        .organizations()
        .system()
        .compose(
            system ->
                realm
                    .organizations()
                    .updateExtras(
                        system.id(),
                        VcloudApi.NAME,
                        before ->
                            kind.replace
                                .apply(VcloudOrganizationExtras.decode(before), all)
                                .toJson()));
  }

  Future<Reply> update(Call call, ContainerRequest body) {
    var name = VcloudContainerRequest.requireName(body.name());
    var description = VcloudContainerRequest.requireDescription(body.description());
    return change(call, one -> one.named(name, description))
        .map(changed -> Reply.ok(view(changed)));
  }

  /** Changes the global role or rights bundle in the path. */
  private Future<VcloudRightsContainer> change(
      Call call, UnaryOperator<VcloudRightsContainer> change) {
    requireEdit(call);
    var urn = requireChangeable(urn(call));
    return realm.change(now -> in(now).change(urn, change));
  }

  private VcloudUrn requireChangeable(VcloudUrn urn) {
    predefined(urn)
        .ifPresent(
            one -> {
              throw VcloudErrors.newInvalidValueException(
                  "\"%s\" is predefined and can not be changed here.".formatted(one.name));
            });
    return urn;
  }

  private Future<VcloudRightsContainer> change(
      VcloudUrn urn, UnaryOperator<VcloudRightsContainer> change) {
    return find(urn)
        .compose(
            before -> {
              var after = change.apply(before);
              return stored()
                  .compose(
                      all -> {
                        checkFree(after.name(), all, Optional.of(before));
                        var changed = new ArrayList<>(all);
                        changed.replaceAll(one -> one.id().equals(before.id()) ? after : one);
                        return keep(changed);
                      })
                  .map(kept -> after);
            });
  }

  Future<Reply> delete(Call call) {
    requireEdit(call);
    var urn = requireChangeable(urn(call));
    return realm
        .change(
            now ->
                in(now)
                    .find(urn)
                    .compose(found -> in(now).stored())
                    .compose(
                        all ->
                            in(now)
                                .keep(
                                    all.stream()
                                        .filter(one -> !one.id().equals(urn.uuid()))
                                        .toList())))
        .map(deleted -> Reply.noContent());
  }

  Future<Reply> queryRights(Call call) {
    requireView(call);
    var urn = urn(call);
    return predefined(urn)
        .<Future<? extends Collection<VcloudRight>>>map(one -> Future.succeededFuture(one.rights))
        .orElseGet(() -> find(urn).map(VcloudRightsContainer::rightsOf))
        .map(
            rights ->
                VcloudRights.page(
                    call, VcloudRight.all().stream().filter(rights::contains).toList()));
  }

  Future<Reply> addRights(Call call, References body) {
    return changeRights(call, body, VcloudRightsChange.ADD);
  }

  Future<Reply> replaceRights(Call call, References body) {
    return changeRights(call, body, VcloudRightsChange.REPLACE);
  }

  private Future<Reply> changeRights(Call call, References body, VcloudRightsChange change) {
    requireEdit(call);
    var wanted = VcloudContainerRequest.requireRights(body.values(), VcloudRight.all());
    return change(call, one -> one.withRights(change.apply(one.rightsOf(), wanted)))
        .map(changed -> VcloudRightsChange.reply(call, changed.rightsOf()));
  }

  /** Lists the tenants that it is published to: all of them if it is published to all. */
  Future<Reply> queryTenants(Call call) {
    requireView(call);
    var urn = urn(call);
    return predefined(urn).isPresent()
        ? tenantsOf(one -> true).map(tenants -> TENANTS.page(call, tenants))
        : find(urn).compose(found -> tenants(call, found));
  }

  private Future<Reply> tenants(Call call, VcloudRightsContainer published) {
    return tenantsOf(published::isPublishedTo).map(tenants -> TENANTS.page(call, tenants));
  }

  private Future<List<EntityReference>> tenantsOf(Predicate<VcloudUrn> condition) {
    return realm
        .organizations()
        .list()
        .map(
            all ->
                all.stream()
                    .filter(one -> !VcloudUrn.isProvider(one))
                    .filter(one -> condition.test(VcloudUrn.of(one)))
                    .map(VcloudUserView::reference)
                    .toList());
  }

  Future<Reply> replaceTenants(Call call, References body) {
    return changeTenants(call, body, (before, wanted) -> wanted);
  }

  Future<Reply> publish(Call call, References body) {
    return changeTenants(
        call,
        body,
        (before, wanted) -> {
          before.addAll(wanted);
          return before;
        });
  }

  Future<Reply> unpublish(Call call, References body) {
    return changeTenants(
        call,
        body,
        (before, wanted) -> {
          before.removeAll(wanted);
          return before;
        });
  }

  private Future<Reply> changeTenants(
      Call call, References body, BiFunction<Set<String>, Set<String>, Set<String>> change) {
    requireEdit(call);
    var urn = requireChangeable(urn(call));
    return realm
        .change(
            now -> {
              var publishing = in(now);
              return publishing
                  .tenants(body.values())
                  .compose(
                      wanted ->
                          publishing.change(
                              urn,
                              one ->
                                  one.publishedTo(
                                      List.copyOf(
                                          change.apply(
                                              new LinkedHashSet<>(one.tenantUrns()), wanted)))));
            })
        .compose(changed -> tenants(call, changed));
  }

  /** Returns the URNs of the tenants that references identify. */
  private Future<Set<String>> tenants(@Nullable List<@Nullable EntityReference> references) {
    if (references == null) {
      throw VcloudErrors.newMissingException("values");
    }
    return tenantsOf(urn -> true)
        .map(
            all -> {
              var urns = new LinkedHashSet<String>();
              for (var reference : references) {
                urns.add(String.valueOf(find(reference, all).id()));
              }
              return urns;
            });
  }

  private static EntityReference find(
      @Nullable EntityReference reference, List<EntityReference> tenants) {
    if (reference == null) {
      throw VcloudErrors.newInvalidValueException(
          "The property values must refer to organizations.");
    }
    return tenants.stream()
        .filter(
            tenant ->
                reference.id() == null
                    ? String.valueOf(tenant.name()).equals(reference.name())
                    : String.valueOf(tenant.id()).equalsIgnoreCase(reference.id()))
        .findFirst()
        .orElseThrow(
            () ->
                VcloudContainerRequest.newNoSuchReferenceException(
                    reference.name(), reference.id()));
  }

  Future<Reply> publishAll(Call call) {
    return publishAll(call, true);
  }

  Future<Reply> unpublishAll(Call call) {
    return publishAll(call, false);
  }

  private Future<Reply> publishAll(Call call, boolean all) {
    return change(call, one -> one.publishedToAll(all).publishedTo(List.of()))
        .compose(changed -> tenants(call, changed));
  }
}
