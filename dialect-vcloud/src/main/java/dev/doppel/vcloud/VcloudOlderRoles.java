package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.vcloud.VcloudTenancy.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Roles and rights in the older API: the same as in CloudAPI. */
final class VcloudOlderRoles {

  private final Realm realm;
  private final VcloudTenancy tenancy;

  VcloudOlderRoles(Realm realm, VcloudTenancy tenancy) {
    this.realm = realm;
    this.tenancy = tenancy;
  }

  private static VcloudUrn urn(Call call) {
    return VcloudHref.require(call, "roleId", "role");
  }

  /** Returns the context of the organization in the path, or that of the headers if none is. */
  private static Future<Context> context(Realm now, Call call) {
    return call.optionalParameter("orgId").isPresent()
        ? VcloudTenancy.context(now, call, VcloudHref.require(call, "orgId", "org"))
        : VcloudTenancy.context(now, call);
  }

  private static VcloudRoles roles(Realm now) {
    return new VcloudRoles(now, new VcloudTenancy(now.organizations()));
  }

  Future<Reply> get(Call call) {
    var urn = urn(call);
    return context(realm, call)
        .compose(
            context -> roles(realm).find(urn, context).map(role -> document(call, role, context)))
        .map(document -> VcloudDocument.ROLE.ok(call, document));
  }

  private static VcloudXml document(Call call, VcloudRole role, Context context) {
    var href = VcloudHref.role(call, role, context.organization());
    var document =
        VcloudDocument.ROLE.at(href).with("name", role.name()).with("id", role.urn().toString());
    var isChangeable = !role.readOnly() && context.has(VcloudRight.ROLE_MANAGE);
    return (isChangeable
            ? document
                .with(VcloudDocument.ROLE.link("edit", href))
                .with(VcloudXml.element("Link").with("rel", "remove").with("href", href))
            : document)
        .withText("Description", Optional.of(role.description()))
        .with(
            VcloudXml.element("RightReferences")
                .withAll(
                    VcloudRoles.sorted(role).stream()
                        .map(right -> reference(call, right))
                        .toList()));
  }

  /** Returns a reference to a right. */
  static VcloudXml reference(Call call, VcloudRight right) {
    return VcloudDocument.RIGHT
        .reference("RightReference", VcloudHref.right(call, right))
        .with("id", right.urn().toString())
        .with("name", right.name());
  }

  Future<Reply> create(Call call) {
    return change(
            call,
            (roles, wanted, context) ->
                roles.create(wanted.name, wanted.description, wanted.rights, context))
        .map(
            created ->
                VcloudDocument.ROLE
                    .reply(call, 201, created)
                    .with("Location", created.attribute("href").orElseThrow()));
  }

  /** What a document asks for. */
  private record Wanted(String name, String description, List<VcloudRight> rights) {}

  /** A change of an organization's roles. */
  private interface Change {
    Future<VcloudRole> apply(VcloudRoles roles, Wanted wanted, Context context);
  }

  /** Makes the change that the body asks for, and returns the document of the role after it. */
  private Future<VcloudXml> change(Call call, Change change) {
    var document = VcloudDocument.ROLE.read(call);
    var name = VcloudContainerRequest.requireName(document.attribute("name").orElse(null));
    var description = description(document);
    return realm.change(
        now ->
            context(now, call)
                .compose(
                    context ->
                        rights(now, document, context.organization())
                            .map(rights -> new Wanted(name, description, rights))
                            .compose(wanted -> change.apply(roles(now), wanted, context))
                            .map(role -> document(call, role, context))));
  }

  private static String description(VcloudXml document) {
    return VcloudContainerRequest.requireDescription(document.text("Description").orElse(null));
  }

  /** Returns the rights that a document refers to, which the organization's roles can have. */
  private static Future<List<VcloudRight>> rights(
      Realm now, VcloudXml document, Organization organization) {
    var references =
        document.find("RightReferences").stream()
            .flatMap(list -> list.elements("RightReference"))
            .toList();
    return new VcloudTenancy(now.organizations())
        .availableRights(organization)
        .map(
            available -> {
              var rights = new ArrayList<VcloudRight>();
              for (var reference : references) {
                rights.add(
                    find(reference)
                        .filter(available::contains)
                        .orElseThrow(() -> newNoSuchRightException(reference)));
              }
              return rights.stream().distinct().toList();
            });
  }

  private static Optional<VcloudRight> find(VcloudXml reference) {
    return reference
        .attribute("href")
        .flatMap(href -> VcloudHref.parse(href, "right"))
        .flatMap(VcloudRight::find);
  }

  private static Failure newNoSuchRightException(VcloudXml reference) {
    return Failure.of(
        Reason.NO_SUCH_ROLE,
        reference.attribute("name").or(() -> reference.attribute("href")).orElse(""));
  }

  /** Replaces a role with all of its rights. */
  Future<Reply> update(Call call) {
    var urn = urn(call);
    return change(
            call,
            (roles, wanted, context) ->
                roles.update(
                    urn,
                    wanted.name,
                    one -> one.named(wanted.name, wanted.description).withRights(wanted.rights),
                    context))
        .map(updated -> VcloudDocument.ROLE.ok(call, updated));
  }

  Future<Reply> delete(Call call) {
    var urn = urn(call);
    return realm
        .change(now -> context(now, call).compose(context -> roles(now).delete(urn, context)))
        .map(deleted -> Reply.noContent());
  }

  Future<Reply> getRight(Call call) {
    var urn = VcloudHref.require(call, "rightId", "right");
    var caller = VcloudCaller.of(call);
    return tenancy
        .availableRights(caller.organization())
        .map(
            available ->
                available.stream()
                    .filter(right -> right.urn().equals(urn))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_RIGHT.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())))
        .map(
            right ->
                VcloudDocument.RIGHT.ok(
                    call,
                    VcloudDocument.RIGHT
                        .at(VcloudHref.right(call, right))
                        .with("name", right.name())
                        .with("id", right.urn().toString())
                        .with(VcloudXml.element("Description", right.name()))
                        .with(VcloudXml.element("Category", right.categoryName()))
                        .with(VcloudXml.element("BundleKey", right.bundleKey()))));
  }

  /** Lists the rights that roles of an organization can have. */
  Future<Reply> rights(Call call) {
    return context(realm, call)
        .compose(context -> tenancy.availableRights(context.organization()))
        .map(
            rights ->
                VcloudDocument.ORG_RIGHTS.ok(
                    call,
                    VcloudDocument.ORG_RIGHTS
                        .at(call.origin() + call.path())
                        .withAll(rights.stream().map(right -> reference(call, right)).toList())));
  }
}
