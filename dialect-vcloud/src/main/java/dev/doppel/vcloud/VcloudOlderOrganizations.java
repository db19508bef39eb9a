package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Organization;
import dev.doppel.users.Page;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserQuery;
import dev.doppel.vcloud.VcloudOrganizationChanges.Wanted;
import dev.doppel.vcloud.VcloudTenancy.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Organizations in the older API: as everybody sees them, as administrators do, and changes by
 * providers. Elements and their order are those of the schema; clients need containers even if they
 * are empty.
 */
final class VcloudOlderOrganizations {

  /** What clients read the product's version from: the version, then the time of its build. */
  private static final String PRODUCT = "10.6.1.24532678 Tue Jan 28 04:37:23 UTC 2025";

  private static final String RECORDS = "application/vnd.vmware.vcloud.query.records+xml";

  private static final int PAGE_SIZE = 1000;

  /** The maximum number of users in one document. */
  private static final int MAX_USERS = 100_000;

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudOrganizationChanges changes;

  VcloudOlderOrganizations(Realm realm, VcloudTenancy tenancy, VcloudOrganizationChanges changes) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.changes = changes;
  }

  /** Lists the organizations that the caller may see: a provider all, a tenant its own. */
  Future<Reply> list(Call call) {
    return visible(call)
        .map(
            all ->
                VcloudDocument.ORG_LIST.ok(
                    call,
                    VcloudDocument.ORG_LIST
                        .at(VcloudHref.of(call, "org/"))
                        .withAll(
                            all.stream()
                                .map(
                                    one ->
                                        VcloudDocument.ORG
                                            .reference("Org", VcloudHref.organization(call, one))
                                            .with("name", one.name()))
                                .toList())));
  }

  private Future<List<Organization>> visible(Call call) {
    var caller = VcloudCaller.of(call);
    return caller.provider()
        ? realm.organizations().list()
        : Future.succeededFuture(List.of(caller.organization()));
  }

  private Future<Context> context(Call call) {
    return tenancy.context(call, urn(call));
  }

  private static VcloudUrn urn(Call call) {
    return VcloudHref.require(call, "orgId", "org");
  }

  Future<Reply> get(Call call) {
    return context(call).map(context -> VcloudDocument.ORG.ok(call, org(call, context)));
  }

  private static VcloudXml org(Call call, Context context) {
    var organization = context.organization();
    var href = VcloudHref.organization(call, organization);
    var uuid = VcloudUrn.of(organization).uuid();
    var org =
        named(VcloudDocument.ORG.at(href), organization)
            .with(VcloudDocument.TASKS_LIST.link("down", VcloudHref.of(call, "tasksList/" + uuid)))
            .with(VcloudDocument.METADATA.link("down", href + "/metadata"))
            .with(
                VcloudXml.element("Link")
                    .with("rel", "down")
                    .with("href", VcloudHref.of(call, "query?type=orgVdc&filter=org==" + href))
                    .with("type", RECORDS));
    return withFullName(
        (context.has(VcloudRight.ADMINISTRATOR_VIEW)
                ? org.with(
                    VcloudDocument.ADMIN_ORG.link(
                        "alternate", VcloudHref.adminOrganization(call, organization)))
                : org)
            .withText("Description", Optional.of(organization.description())),
        organization);
  }

  private static VcloudXml named(VcloudXml document, Organization organization) {
    return document
        .with("name", organization.name())
        .with("id", VcloudUrn.of(organization).toString());
  }

  private static VcloudXml withFullName(VcloudXml document, Organization organization) {
    var extras = VcloudOrganizationExtras.of(organization);
    return document
        .with(
            VcloudXml.element(
                "FullName", Objects.requireNonNullElse(extras.fullName(), organization.name())))
        .with(VcloudXml.element("IsEnabled", extras.isEnabled()));
  }

  /** Returns the root of administration, by which clients also find out the product's version. */
  Future<Reply> admin(Call call) {
    var caller = VcloudCaller.of(call);
    new Context(caller.organization(), caller)
        .require(VcloudRight.ADMINISTRATOR_VIEW, VcloudErrors.NO_ADMINISTRATOR_VIEW);
    return visible(call).map(all -> VcloudDocument.VCLOUD.ok(call, vcloud(call, caller, all)));
  }

  private static VcloudXml vcloud(Call call, VcloudCaller caller, List<Organization> all) {
    var root =
        VcloudDocument.VCLOUD
            .at(VcloudHref.of(call, "admin/"))
            .with("name", "VMware Cloud Director");
    var tenants = all.stream().filter(one -> !VcloudUrn.isProvider(one)).toList();
    var linked =
        caller.provider()
            ? root.with(VcloudDocument.ADMIN_ORG.link("add", VcloudHref.of(call, "admin/orgs")))
                .with(
                    VcloudXml.element("Link")
                        .with("rel", "down")
                        .with("href", VcloudHref.adminOrganization(call, caller.organization()))
                        .with("name", caller.organization().name())
                        .with("type", "application/vnd.vmware.admin.systemOrganization+xml"))
            : root;
    return linked
        .with(VcloudXml.element("Description", PRODUCT))
        .with(
            VcloudXml.element("OrganizationReferences")
                .withAll(
                    tenants.stream()
                        .map(
                            one ->
                                VcloudDocument.ADMIN_ORG
                                    .reference(
                                        "OrganizationReference",
                                        VcloudHref.adminOrganization(call, one))
                                    .with("name", one.name()))
                        .toList()))
        .with(VcloudXml.element("RightReferences"))
        .with(VcloudXml.element("RoleReferences"));
  }

  Future<Reply> getAdmin(Call call) {
    return context(call)
        .compose(context -> adminOrg(call, context))
        .map(document -> VcloudDocument.ADMIN_ORG.ok(call, document));
  }

  private Future<VcloudXml> adminOrg(Call call, Context context) {
    context.require(VcloudRight.ADMINISTRATOR_VIEW, VcloudErrors.NO_ADMINISTRATOR_VIEW);
    var organization = context.organization();
    var roles = tenancy.roles(organization);
    var rights = tenancy.availableRights(organization);
    var users = users(organization);
    return Future.all(roles, rights, users)
        .map(all -> adminOrg(call, context, roles.result(), rights.result(), users.result()));
  }

  /** Reads all users of an organization, of whom a document has all or none. */
  private Future<List<User>> users(Organization organization) {
    return users(organization, new ArrayList<>());
  }

  private Future<List<User>> users(Organization organization, List<User> read) {
    return page(organization, read.size())
        .compose(
            page -> {
              read.addAll(page.items());
              if (read.size() > MAX_USERS) {
                throw VcloudErrors.newInvalidValueException(
                    "An organization with more than %s users can only be read by CloudAPI."
                        .formatted(MAX_USERS));
              }
              return page.items().size() < PAGE_SIZE
                  ? Future.succeededFuture(read)
                  : users(organization, read);
            });
  }

  private Future<Page<User>> page(Organization organization, int from) {
    return realm
        .users()
        .list(
            UserQuery.first(PAGE_SIZE)
                .from(from)
                .by(Common.NAME)
                .matching(realm.organizations().membersOf(organization)));
  }

  private static VcloudXml adminOrg(
      Call call, Context context, VcloudRoleSet roles, List<VcloudRight> rights, List<User> users) {
    var organization = context.organization();
    var href = VcloudHref.adminOrganization(call, organization);
    var document =
        named(VcloudDocument.ADMIN_ORG.at(href), organization)
            .withAll(links(call, context, href))
            .withText("Description", Optional.of(organization.description()));
    return withFullName(document, organization)
        .with(VcloudOlderSettings.write(organization, href, context))
        .with(
            VcloudXml.element("Users")
                .withAll(users.stream().map(user -> reference(call, user, organization)).toList()))
        .with(VcloudXml.element("Groups"))
        .with(VcloudXml.element("Catalogs"))
        .with(VcloudXml.element("Vdcs"))
        .with(VcloudXml.element("Networks"))
        .with(
            VcloudDocument.ORG_RIGHTS
                .reference("RightReferences", href + "/rights")
                .withAll(
                    rights.stream().map(right -> VcloudOlderRoles.reference(call, right)).toList()))
        .with(
            VcloudXml.element("RoleReferences")
                .withAll(
                    roles.all().stream()
                        .map(
                            role ->
                                VcloudDocument.ROLE
                                    .reference(
                                        "RoleReference", VcloudHref.role(call, role, organization))
                                    .with("id", role.urn().toString())
                                    .with("name", role.name()))
                        .toList()));
  }

  private static VcloudXml reference(Call call, User user, Organization organization) {
    return VcloudDocument.USER
        .reference("UserReference", VcloudHref.user(call, user))
        .with("id", VcloudUrn.of(user))
        .with("name", VcloudNames.displayName(user, organization));
  }

  private static List<VcloudXml> links(Call call, Context context, String href) {
    var organization = context.organization();
    var links = Stream.<VcloudXml>builder();
    var isTenant = !VcloudUrn.isProvider(organization);
    if (context.manages()) {
      links.add(VcloudDocument.USER.link("add", href + "/users"));
    }
    if (context.has(VcloudRight.ROLE_MANAGE)) {
      links.add(VcloudDocument.ROLE.link("add", href + "/roles"));
    }
    if (context.has(VcloudRight.ORGANIZATION_EDIT)) {
      links.add(VcloudDocument.ADMIN_ORG.link("edit", href));
    }
    if (isTenant && context.caller().provider()) {
      links.add(
          VcloudOrganizationExtras.of(organization).isEnabled()
              ? link("disable", href + "/action/disable")
              : link("enable", href + "/action/enable"));
      links.add(link("remove", href));
    }
    links.add(VcloudDocument.METADATA.link("down", href + "/metadata"));
    links.add(VcloudDocument.ORG.link("alternate", VcloudHref.organization(call, organization)));
    return links.build().toList();
  }

  private static VcloudXml link(String relation, String href) {
    return VcloudXml.element("Link").with("rel", relation).with("href", href);
  }

  Future<Reply> create(Call call) {
    var caller = VcloudCaller.of(call);
    return changes
        .create(caller, wanted(VcloudDocument.ADMIN_ORG.read(call)))
        .compose(created -> adminOrg(call, new Context(created, caller)))
        .map(
            document ->
                VcloudDocument.ADMIN_ORG
                    .reply(call, 201, document)
                    .with("Location", document.attribute("href").orElseThrow()));
  }

  /**
   * Returns the properties that a document asks for. A missing {@code IsEnabled} means false, as
   * clients don't send what is false.
   */
  private static Wanted wanted(VcloudXml document) {
    var name = document.attribute("name");
    return Wanted.of(
        name,
        document.text("FullName").filter(text -> !text.isBlank()).or(() -> name).orElse(null),
        document.text("Description").orElse(null),
        document.text("IsEnabled").flatMap(VcloudSchema::toBoolean).or(() -> Optional.of(false)),
        before -> VcloudOlderSettings.read(document, before));
  }

  Future<Reply> update(Call call) {
    var document = VcloudDocument.ADMIN_ORG.read(call);
    var caller = VcloudCaller.of(call);
    return changes
        .update(call, urn(call), wanted(document))
        .compose(updated -> adminOrg(call, new Context(updated, caller)))
        .map(updated -> VcloudDocument.ADMIN_ORG.ok(call, updated));
  }

  Future<Reply> enable(Call call) {
    return changes.setEnabled(call, urn(call), true).map(done -> Reply.noContent());
  }

  Future<Reply> disable(Call call) {
    return changes.setEnabled(call, urn(call), false).map(done -> Reply.noContent());
  }

  /** Deletes an organization, and returns the completed task, which clients read. */
  Future<Reply> delete(Call call) {
    return changes
        .delete(call, urn(call))
        .compose(id -> VcloudTasks.find(realm, VcloudCaller.of(call), id))
        .map(task -> VcloudTasks.accepted(call, task));
  }

  /** Returns the metadata of an organization, which is empty. */
  Future<Reply> metadata(Call call) {
    return context(call)
        .map(
            context ->
                VcloudDocument.METADATA.ok(
                    call, VcloudDocument.METADATA.at(call.origin() + call.path())));
  }

  /** Returns the tasks of an organization that are not completed, which are none. */
  Future<Reply> tasks(Call call) {
    return context(call)
        .map(
            context ->
                VcloudDocument.TASKS_LIST.ok(
                    call,
                    VcloudDocument.TASKS_LIST
                        .at(call.origin() + call.path())
                        .with("name", "Tasks Lists")));
  }
}
