package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
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
import java.util.function.Predicate;

/** Workspaces: the group "Organization". An administrator of the platform sees all of them. */
final class WorkspaceOrganizations {

  private static final int LONGEST = 128;

  private final Organizations organizations;
  private final Users users;

  WorkspaceOrganizations(Realm realm) {
    organizations = realm.organizations();
    users = realm.users();
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
    return named(call)
        .map(one -> allowed(one, user.administrator() || organizations.has(one, user)));
  }

  /** As {@link #seen}, if the caller may change what is in it. */
  Future<Organization> managed(Call call) {
    var user = call.caller().user();
    return named(call)
        .map(
            one ->
                allowed(
                    one,
                    user.administrator() || user.memberships().get(one.id()) == Membership.OWNER));
  }

  private static Organization allowed(Organization organization, boolean allowed) {
    if (!allowed) {
      throw WorkspaceFaults.FORBIDDEN.refuse(Reason.FORBIDDEN);
    }
    return organization;
  }

  /**
   * By id, or by slug. In stores in which several organizations have one, it is that of a marked
   * one, or else of the one that was made first.
   */
  private Future<Organization> named(Call call) {
    var text = call.parameter("organizationId");
    return WorkspaceId.parseOrganization(text)
        .map(organizations::find)
        .orElseGet(
            () ->
                organizations
                    .list()
                    .map(
                        all ->
                            all.stream()
                                .filter(one -> OrganizationView.slug(one).equals(text))
                                .min(
                                    Comparator.comparing(Organization::kind)
                                        .thenComparing(Organization::created)
                                        .thenComparing(one -> one.id().toString()))
                                .orElseThrow(() -> Failure.of(Reason.NO_SUCH_ORGANIZATION, text))));
  }

  /** Whoever owned it before is an administrator of it from then on. */
  Future<Reply> changeOwner(Call call) {
    var caller = call.caller().user();
    return managed(call)
        .compose(
            organization -> {
              allowed(
                  organization,
                  caller.administrator()
                      || WorkspaceCollaborators.role(caller, organization)
                          .equals(WorkspaceCollaborators.OWNER));
              var body = call.body(NewOwner.class);
              return WorkspaceId.find(users, body.newOwner())
                  .map(user -> collaborator(user, organization))
                  .compose(
                      user ->
                          users
                              .by(call.caller().authority())
                              .update(user.id(), one -> owning(one, organization))
                              .recover(WorkspaceFaults::forbidden))
                  .compose(
                      owner ->
                          owner.id().equals(caller.id())
                              ? Future.succeededFuture(owner)
                              : users
                                  .by(call.caller().authority())
                                  .update(caller.id(), one -> stepping(one, organization)));
            })
        .map(done -> Reply.ok(Success.of(new Changed(true))));
  }

  private User collaborator(User user, Organization organization) {
    if (!organizations.has(organization, user)) {
      throw Failure.of(Reason.NO_SUCH_USER, user.name());
    }
    return user;
  }

  private static User owning(User user, Organization organization) {
    var profile = WorkspaceProfile.of(user).withoutCollaboratorRole(organization);
    return user.withMembership(organization.id(), Membership.OWNER)
        .withExtras(WorkspaceDialect.NAME, profile.json());
  }

  private static User stepping(User user, Organization organization) {
    return user.memberships().get(organization.id()) == Membership.OWNER
        ? user.withExtras(
            WorkspaceDialect.NAME,
            WorkspaceProfile.of(user)
                .withCollaboratorRole(organization, WorkspaceCollaborators.ADMIN)
                .json())
        : user;
  }
}
