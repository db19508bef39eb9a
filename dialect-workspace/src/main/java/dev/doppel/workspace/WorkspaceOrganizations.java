package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserQuery;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceWire.Actions;
import dev.doppel.workspace.WorkspaceWire.Changed;
import dev.doppel.workspace.WorkspaceWire.Deleted;
import dev.doppel.workspace.WorkspaceWire.LoginProviders;
import dev.doppel.workspace.WorkspaceWire.NewOrganization;
import dev.doppel.workspace.WorkspaceWire.NewOwner;
import dev.doppel.workspace.WorkspaceWire.OrganizationChange;
import dev.doppel.workspace.WorkspaceWire.OrganizationView;
import dev.doppel.workspace.WorkspaceWire.Segments;
import dev.doppel.workspace.WorkspaceWire.SlugCheck;
import dev.doppel.workspace.WorkspaceWire.Success;
import dev.doppel.workspace.WorkspaceWire.WorkspaceOrganization;
import dev.doppel.workspace.WorkspaceWire.WorkspaceView;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The operations on workspaces: the group "Organization". An administrator of the platform sees all
 * workspaces, any other caller those the caller belongs to.
 */
final class WorkspaceOrganizations {

  private static final int MAX_NAME_LENGTH = 128;

  private final Realm realm;
  private final Organizations organizations;

  WorkspaceOrganizations(Realm realm) {
    this.realm = realm;
    organizations = realm.organizations();
  }

  Future<Reply> list(Call call) {
    var query = WorkspaceQuery.of(call);
    var name = WorkspaceQuery.text(call, "name", MAX_NAME_LENGTH);
    var slug = WorkspaceQuery.text(call, "slug", MAX_NAME_LENGTH);
    Predicate<Organization> matches =
        organization ->
            name.filter(text -> !text.equalsIgnoreCase(organization.name())).isEmpty()
                && slug.filter(text -> !text.equals(WorkspaceSlugs.of(organization))).isEmpty();
    return visible(call.caller().user())
        .map(
            all -> {
              var found = all.stream().filter(matches).sorted(order(query)).toList();
              var page = query.pageOf(found).stream().map(OrganizationView::withTimes).toList();
              return Reply.ok(Success.of(query.toPaged(page, found.size())));
            });
  }

  private Future<List<Organization>> visible(User user) {
    return user.administrator() ? organizations.list() : organizations.of(user);
  }

  private static Comparator<Organization> order(WorkspaceQuery query) {
    Comparator<Organization> order =
        switch (query.property()) {
          case "name" -> Comparator.comparing(Organization::name);
          case "slug" -> Comparator.comparing(WorkspaceSlugs::of);
          case "updatedAt" -> Comparator.comparing(Organization::updated);
          default -> Comparator.comparing(organization -> organization.id().toString());
        };
    return query.descending() ? order.reversed() : order;
  }

  Future<Reply> get(Call call) {
    return requireVisible(call)
        .map(organization -> Reply.ok(Success.of(OrganizationView.withTimes(organization))));
  }

  /**
   * Finds the organization in the path. Fails with NO_SUCH_ORGANIZATION, or FORBIDDEN if the caller
   * neither belongs to it nor is an administrator.
   */
  Future<Organization> requireVisible(Call call) {
    var user = call.caller().user();
    return find(realm, call)
        .map(
            organization -> {
              requireAllowed(user.administrator() || organizations.has(organization, user));
              return organization;
            });
  }

  /** An organization, a caller who may change it, and the caller's changes to users. */
  record Managed(Organization organization, User caller, Users.Changes changes) {}

  /**
   * Finds the organization in the path, and the caller, as they are in a change. Fails with
   * NO_SUCH_ORGANIZATION, or FORBIDDEN if the caller may not change the organization.
   */
  static Future<Managed> requireManaged(Realm now, Call call) {
    return WorkspaceAuth.caller(now, call)
        .compose(
            user -> find(now, call).map(organization -> requireManaged(now, organization, user)));
  }

  private static Managed requireManaged(Realm now, Organization organization, User user) {
    requireAllowed(manages(user, organization));
    return new Managed(organization, user, now.users().by(now.organizations().authorityOf(user)));
  }

  /** Returns whether a user administers the organization or the platform. */
  static boolean manages(User user, Organization organization) {
    return user.administrator() || user.memberships().get(organization.id()) == Membership.OWNER;
  }

  private static void requireAllowed(boolean allowed) {
    if (!allowed) {
      throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
    }
  }

  /**
   * Finds the organization in the path, by id or by slug; of several with the slug, the one that
   * comes {@linkplain WorkspaceSlugs#PRECEDENCE first}. Fails with NO_SUCH_ORGANIZATION.
   */
  private static Future<Organization> find(Realm now, Call call) {
    var text = call.parameter("organizationId");
    var imported =
        now.organizations().find(new Alias(WorkspaceApi.NAME, text.toLowerCase(Locale.ROOT)));
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, imported)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get())
                    : findByIdOrSlug(now, text));
  }

  private static Future<Organization> findByIdOrSlug(Realm now, String text) {
    return WorkspaceId.parseOrganization(text)
        .map(id -> now.organizations().find(id))
        .orElseGet(
            () ->
                now.organizations()
                    .list()
                    .map(
                        all ->
                            all.stream()
                                .filter(one -> WorkspaceSlugs.of(one).equals(text))
                                .min(WorkspaceSlugs.PRECEDENCE)
                                .orElseThrow(() -> Failure.of(Reason.NO_SUCH_ORGANIZATION, text))));
  }

  /**
   * Creates an organization whose owner is the caller, an administrator of the platform: an
   * organization is one in every dialect, and its owner manages users.
   */
  Future<Reply> create(Call call) {
    requireAllowed(call.caller().authority().administrator());
    var body = call.body(NewOrganization.class);
    return realm
        .change(now -> WorkspaceAuth.caller(now, call).compose(user -> create(now, user, body)))
        .map(created -> Reply.ok(Success.of(OrganizationView.withTimes(created))));
  }

  private static Future<Organization> create(Realm now, User caller, NewOrganization body) {
    requireAllowed(caller.administrator());
    return now.organizations()
        .create(body.name(), "")
        .compose(
            created ->
                Optional.ofNullable(body.slug())
                    .filter(slug -> !created.slug().equals(Optional.of(slug)))
                    .map(slug -> withSlug(now, created, slug))
                    .orElseGet(() -> WorkspaceSlugs.requireNotChosen(now, created).map(created)))
        .compose(
            created ->
                now.users()
                    .by(now.organizations().authorityOf(caller))
                    .update(caller.id(), one -> one.withMembership(created.id(), Membership.OWNER))
                    .map(created));
  }

  private static Future<Organization> withSlug(Realm now, Organization organization, String slug) {
    return WorkspaceSlugs.requireFree(now, slug, organization.id())
        .compose(
            free ->
                now.organizations()
                    .updateExtras(
                        organization.id(),
                        WorkspaceApi.NAME,
                        json -> WorkspaceOrganizationProfile.of(json).withSlug(slug).toJson()));
  }

  /** Changes an organization. The default and the system organization are the platform's. */
  Future<Reply> update(Call call) {
    // Also checked outside the change: the body is read only if the caller is allowed to.
    return requireOrdinary(requireManaged(realm, call))
        .map(managed -> call.body(OrganizationChange.class))
        .compose(
            body ->
                realm.change(
                    now ->
                        requireOrdinary(requireManaged(now, call))
                            .compose(managed -> update(now, managed, body))))
        .map(changed -> Reply.ok(Success.of(OrganizationView.withTimes(changed))));
  }

  private static Future<Managed> requireOrdinary(Future<Managed> found) {
    return found.map(
        managed -> {
          requireAllowed(
              managed.caller.administrator()
                  || managed.organization.kind() == Organization.Kind.ORDINARY);
          return managed;
        });
  }

  private static Future<Organization> update(Realm now, Managed managed, OrganizationChange body) {
    var id = managed.organization.id();
    return requireFreeSlug(now, managed.organization, body)
        .compose(
            free ->
                now.organizations()
                    .update(
                        now.organizations().authorityOf(managed.caller),
                        id,
                        one -> withChange(one, body)))
        .recover(WorkspaceErrors::forbidden);
  }

  private static Future<Void> requireFreeSlug(
      Realm now, Organization organization, OrganizationChange body) {
    if (body.slug() != null) {
      return WorkspaceSlugs.requireFree(now, body.slug(), organization.id());
    }
    return body.name() == null
        ? Future.succeededFuture()
        : WorkspaceSlugs.requireNotChosen(now, organization.withName(body.name()));
  }

  private static Organization withChange(Organization organization, OrganizationChange body) {
    var profile = WorkspaceOrganizationProfile.of(organization);
    if (body.slug() != null) {
      profile = profile.withSlug(body.slug());
    }
    if (body.webSiteUrl() != null) {
      profile = profile.withWebSiteUrl(body.webSiteUrl());
    }
    if (body.picture() != null) {
      profile = profile.withPicture(body.picture());
    }
    var named = body.name() == null ? organization : organization.withName(body.name());
    return named.withExtras(WorkspaceApi.NAME, profile.toJson());
  }

  /**
   * Deletes an organization with its service accounts; other users stay. The system organization,
   * which administrators belong to, can't be deleted.
   */
  Future<Reply> delete(Call call) {
    return realm
        .change(
            now ->
                requireOwned(now, call)
                    .map(
                        owned -> {
                          requireAllowed(owned.organization.kind() != Organization.Kind.SYSTEM);
                          return owned;
                        })
                    .compose(
                        owned ->
                            deleteServiceAccounts(now, owned)
                                .compose(
                                    done ->
                                        now.organizations()
                                            .delete(
                                                now.organizations().authorityOf(owned.caller),
                                                owned.organization.id())))
                    .recover(WorkspaceErrors::forbidden))
        .map(deleted -> Reply.ok(Success.of(Deleted.OK)));
  }

  private static Future<Void> deleteServiceAccounts(Realm now, Managed owned) {
    return now.users()
        .list(
            UserQuery.first(Integer.MAX_VALUE)
                .matching(WorkspaceProfile.serviceAccountsOf(owned.organization)))
        .compose(
            page -> {
              var done = Future.<Void>succeededFuture();
              for (var user : page.items()) {
                done = done.compose(before -> owned.changes.delete(user.id()).mapEmpty());
              }
              return done;
            });
  }

  /** Says whether a slug is free. */
  Future<Reply> checkSlug(Call call) {
    var slug = call.parameter("slug");
    WorkspaceSlugs.requireValid(slug);
    return WorkspaceSlugs.isFree(realm, slug, new OrganizationId(realm.ids().next()))
        .map(free -> Reply.ok(Success.of(new SlugCheck(free, free ? "" : "Slug already in use"))));
  }

  /** Lists what the caller may do with an organization, in the vendor's words. */
  Future<Reply> actions(Call call) {
    var user = call.caller().user();
    return requireVisible(call)
        .map(
            organization ->
                Reply.ok(Success.of(new Actions(WorkspacePermissions.of(user, organization)))));
  }

  Future<Reply> workspace(Call call) {
    return requireVisible(call)
        .map(
            one ->
                Reply.ok(
                    Success.of(
                        new WorkspaceView(
                            new WorkspaceOrganization(
                                WorkspaceId.of(one),
                                one.name(),
                                WorkspaceSlugs.of(one),
                                WorkspaceOrganizationProfile.of(one).webSiteUrl().orElse(null),
                                List.of(),
                                LoginProviders.NONE,
                                Map.of(),
                                Map.of())))));
  }

  /** Lists the identity providers of an organization: none, because none can be created. */
  Future<Reply> providers(Call call) {
    var query = WorkspaceQuery.of(call);
    WorkspaceQuery.oneOf(call, "type", List.of("ldap", "saml", "google", "social"));
    WorkspaceQuery.oneOf(call, "target", List.of("dashboard", "store", "mdm"));
    return requireManaged(realm, call)
        .map(managed -> Reply.ok(Success.of(query.toPaged(List.of(), 0))));
  }

  /** Refuses an identity provider: sign-ins through others are not served. */
  Future<Reply> createProvider(Call call) {
    return requireManaged(realm, call)
        .compose(managed -> Future.failedFuture(Failure.of(Reason.NOT_SUPPORTED)));
  }

  Future<Reply> segments(Call call) {
    return requireVisible(call)
        .map(one -> Reply.ok(Success.of(new Segments(WorkspaceId.of(one), List.of()))));
  }

  Future<Reply> segmentRoles(Call call) {
    return requireVisible(call).map(one -> Reply.ok(Success.of(List.of())));
  }

  /** Makes another collaborator the owner. The previous owner becomes an administrator. */
  Future<Reply> changeOwner(Call call) {
    // Also checked outside the change: the body is read only if the caller is allowed to.
    return requireOwned(realm, call)
        .map(owned -> call.body(NewOwner.class))
        .compose(
            body ->
                realm.change(
                    now ->
                        requireOwned(now, call)
                            .compose(owned -> handOver(now, owned, body.newOwner()))))
        .map(done -> Reply.ok(Success.of(new Changed(true))));
  }

  /**
   * Finds what {@link #requireManaged} does. Fails with FORBIDDEN also if the caller is neither the
   * owner nor an administrator of the platform.
   */
  private static Future<Managed> requireOwned(Realm now, Call call) {
    return requireManaged(now, call)
        .map(
            managed -> {
              var caller = managed.caller();
              requireAllowed(
                  caller.administrator()
                      || WorkspaceRole.of(caller, managed.organization())
                          .equals(WorkspaceRole.OWNER));
              return managed;
            });
  }

  private static Future<Void> handOver(Realm now, Managed owned, String newOwner) {
    var organization = owned.organization();
    return findByIdOrName(now, newOwner)
        .map(user -> requireCollaborator(now, user, organization))
        .compose(
            user ->
                owned
                    .changes()
                    .update(user.id(), one -> asOwner(one, organization))
                    .recover(WorkspaceErrors::forbidden))
        .compose(
            owner ->
                WorkspaceRole.owners(now, organization)
                    .compose(owners -> stepDown(owned, owners, owner)));
  }

  /** Finds a user by id or, since the vendor takes a user's slug as well, by name. */
  private static Future<User> findByIdOrName(Realm now, String idOrName) {
    return WorkspaceId.find(now.users(), idOrName)
        .recover(Failure.on(Reason.NO_SUCH_USER, () -> now.users().find(idOrName)));
  }

  private static Future<Void> stepDown(Managed owned, List<User> owners, User newOwner) {
    var done = Future.<Void>succeededFuture();
    for (var owner : owners) {
      if (!owner.id().equals(newOwner.id())) {
        done =
            done.compose(
                before ->
                    owned
                        .changes()
                        .update(owner.id(), one -> asAdmin(one, owned.organization()))
                        .mapEmpty());
      }
    }
    return done;
  }

  /** Programs own nothing. */
  private static User requireCollaborator(Realm now, User user, Organization organization) {
    if (!now.organizations().has(organization, user)
        || WorkspaceProfile.of(user).isServiceAccount()) {
      throw Failure.of(Reason.NO_SUCH_USER, user.name());
    }
    return user;
  }

  private static User asOwner(User user, Organization organization) {
    var profile = WorkspaceProfile.of(user).withoutCollaboratorRole(organization);
    return user.withMembership(organization.id(), Membership.OWNER)
        .withExtras(WorkspaceApi.NAME, profile.toJson());
  }

  private static User asAdmin(User user, Organization organization) {
    return user.withExtras(
        WorkspaceApi.NAME,
        WorkspaceProfile.of(user).withCollaboratorRole(organization, WorkspaceRole.ADMIN).toJson());
  }
}
