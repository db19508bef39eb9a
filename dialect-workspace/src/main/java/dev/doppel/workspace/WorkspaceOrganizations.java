package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceWire.Changed;
import dev.doppel.workspace.WorkspaceWire.NewOwner;
import dev.doppel.workspace.WorkspaceWire.OrganizationView;
import dev.doppel.workspace.WorkspaceWire.Success;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Workspaces: the group "Organization". An administrator of the platform sees all of them. */
final class WorkspaceOrganizations {

  private static final int LONGEST = 128;

  private final Realm realm;
  private final Organizations organizations;

  WorkspaceOrganizations(Realm realm) {
    this.realm = realm;
    organizations = realm.organizations();
  }

  Future<Reply> list(Call call) {
    var query = WorkspaceQuery.of(call);
    var name = WorkspaceQuery.text(call, "name", LONGEST);
    var slug = WorkspaceQuery.text(call, "slug", LONGEST);
    Predicate<Organization> wanted =
        one ->
            name.filter(text -> !text.equalsIgnoreCase(one.name())).isEmpty()
                && slug.filter(text -> !text.equals(OrganizationView.slug(one))).isEmpty();
    return visible(call.caller().user())
        .map(
            all -> {
              var found = all.stream().filter(wanted).sorted(order(query)).toList();
              var page = query.of(found).stream().map(OrganizationView::whole).toList();
              return Reply.ok(Success.of(query.paged(page, found.size())));
            });
  }

  private Future<List<Organization>> visible(User user) {
    return user.administrator() ? organizations.list() : organizations.of(user);
  }

  private static Comparator<Organization> order(WorkspaceQuery query) {
    Comparator<Organization> order =
        switch (query.property()) {
          case "name" -> Comparator.comparing(Organization::name);
          case "slug" -> Comparator.comparing(OrganizationView::slug);
          case "updatedAt" -> Comparator.comparing(Organization::updated);
          default -> Comparator.comparing(one -> one.id().toString());
        };
    return query.descending() ? order.reversed() : order;
  }

  Future<Reply> get(Call call) {
    return seen(call).map(one -> Reply.ok(Success.of(OrganizationView.whole(one))));
  }

  /** The organization in the path, if the caller belongs to it. Fails with NO_SUCH_ORGANIZATION. */
  Future<Organization> seen(Call call) {
    var user = call.caller().user();
    return named(realm, call)
        .map(one -> allowed(one, user.administrator() || organizations.has(one, user)));
  }

  /** An organization, and the caller, who may change what is in it. */
  record Managed(Organization organization, User caller, Users.Changes changes) {}

  /**
   * Finds the organization in the path and the caller as they are in a change. Fails with
   * NO_SUCH_ORGANIZATION, or FORBIDDEN if the caller may not change what is in it.
   */
  static Future<Managed> managed(Realm now, Call call) {
    return WorkspaceAuth.caller(now, call)
        .compose(user -> named(now, call).map(one -> managed(now, one, user)));
  }

  private static Managed managed(Realm now, Organization organization, User user) {
    allowed(
        organization,
        user.administrator() || user.memberships().get(organization.id()) == Membership.OWNER);
    return new Managed(organization, user, now.users().by(now.organizations().authorityOf(user)));
  }

  private static Organization allowed(Organization organization, boolean allowed) {
    if (!allowed) {
      throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
    }
    return organization;
  }

  /**
   * By id, or by slug. Where several organizations have one, it is that of a marked one, else of
   * the one whose name is no more than the slug, else of the one that was made first.
   */
  private static Future<Organization> named(Realm now, Call call) {
    var text = call.parameter("organizationId");
    var imported =
        now.organizations().find(new Alias(WorkspaceApi.NAME, text.toLowerCase(Locale.ROOT)));
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, imported)
        .compose(known -> known.isPresent() ? Future.succeededFuture(known.get()) : own(now, text));
  }

  private static Future<Organization> own(Realm now, String text) {
    return WorkspaceId.parseOrganization(text)
        .map(id -> now.organizations().find(id))
        .orElseGet(
            () ->
                now.organizations()
                    .list()
                    .map(
                        all ->
                            all.stream()
                                .filter(one -> OrganizationView.slug(one).equals(text))
                                .min(
                                    Comparator.comparing(Organization::kind)
                                        .thenComparing(one -> !one.isNamedInAscii())
                                        .thenComparing(Organization::created)
                                        .thenComparing(one -> one.id().toString()))
                                .orElseThrow(() -> Failure.of(Reason.NO_SUCH_ORGANIZATION, text))));
  }

  /** Whoever owned it before is an administrator of it from then on. */
  Future<Reply> changeOwner(Call call) {
    // Checked before, too, for the body is read only if the caller may.
    return owned(realm, call)
        .map(owned -> call.body(NewOwner.class))
        .compose(
            body ->
                realm.change(
                    now ->
                        owned(now, call).compose(owned -> handOver(now, owned, body.newOwner()))))
        .map(done -> Reply.ok(Success.of(new Changed(true))));
  }

  /** As {@link #managed}, if the caller may hand it over. */
  private static Future<Managed> owned(Realm now, Call call) {
    return managed(now, call)
        .map(
            managed -> {
              var caller = managed.caller();
              allowed(
                  managed.organization(),
                  caller.administrator()
                      || WorkspaceRole.of(caller, managed.organization())
                          .equals(WorkspaceRole.OWNER));
              return managed;
            });
  }

  private static Future<Void> handOver(Realm now, Managed owned, String newOwner) {
    var organization = owned.organization();
    return WorkspaceId.find(now.users(), newOwner)
        .map(user -> collaborator(now, user, organization))
        .compose(
            user ->
                owned
                    .changes()
                    .update(user.id(), one -> owning(one, organization))
                    .recover(WorkspaceErrors::forbidden))
        .compose(
            owner ->
                WorkspaceRole.owners(now, organization)
                    .compose(owners -> stepDown(owned, owners, owner)));
  }

  private static Future<Void> stepDown(Managed owned, List<User> owners, User newOwner) {
    var last = Future.<Void>succeededFuture();
    for (var owner : owners) {
      if (!owner.id().equals(newOwner.id())) {
        last =
            last.compose(
                done ->
                    owned
                        .changes()
                        .update(owner.id(), one -> stepping(one, owned.organization()))
                        .mapEmpty());
      }
    }
    return last;
  }

  private static User collaborator(Realm now, User user, Organization organization) {
    if (!now.organizations().has(organization, user)) {
      throw Failure.of(Reason.NO_SUCH_USER, user.name());
    }
    return user;
  }

  private static User owning(User user, Organization organization) {
    var profile = WorkspaceProfile.of(user).withoutCollaboratorRole(organization);
    return user.withMembership(organization.id(), Membership.OWNER)
        .withExtras(WorkspaceApi.NAME, profile.json());
  }

  private static User stepping(User user, Organization organization) {
    return user.withExtras(
        WorkspaceApi.NAME,
        WorkspaceProfile.of(user).withCollaboratorRole(organization, WorkspaceRole.ADMIN).json());
  }
}
